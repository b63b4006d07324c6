import type { Party, Share, Slice } from '../knowledge/fact.ts'
import {
  contractTable,
  largestOf,
  moreThan,
  paragraphs,
  placeIn,
  rankingAnswer,
  shareRows,
  sourced,
} from './answer-data.ts'
import { plain, table } from './format.ts'
import { type Answering, type Scope, scopeOf, supplierMissing, suppliersOf } from './scope.ts'

const LISTED = 5
const LISTED_FURTHER = 10
/** Partners in an answer about nothing else. */
const LISTED_PARTNERS = 20

/** Lists the contracts of a party after those in the answer about it. */
const furtherContracts = async (answering: Answering, id: string, own: Slice): Promise<string> => {
  const { knowledge, texts, asked, signal } = answering
  const after = LISTED + (asked.page - 1) * LISTED_FURTHER
  const page = await knowledge.contracts(id, { ...own, limit: LISTED_FURTHER, after }, { signal })
  if (page.items.length === 0) return texts.thatIsAll
  return paragraphs(
    contractTable(answering, page.items),
    moreThan(answering, after + page.items.length, page.total),
  )
}

/** Describes one supplier or buyer: its share, its partners, its largest contracts. */
const describeParty = async (
  answering: Answering,
  { dataset, slice }: Scope,
  kind: Party,
  name: string,
): Promise<string> => {
  const { knowledge, texts, format, asked, signal } = answering
  const id = dataset.dataset_id
  const own = { ...slice, [kind]: name }
  const { [kind]: _own, ...others } = own
  const partner = kind === 'supplier' ? 'buyer' : 'supplier'
  if (asked.page > 0) return furtherContracts(answering, id, own)
  const [mine, whole, partnered, page] = [
    await knowledge.overview(id, own, { signal }),
    await knowledge.overview(id, others, { signal }),
    await knowledge.ranking(id, partner, own, asked.partners ? LISTED_PARTNERS : LISTED, { signal }),
    await knowledge.contracts(id, { ...own, limit: LISTED }, { signal }),
  ]
  const share = whole.total_value > 0 ? mine.total_value / whole.total_value : 0
  return paragraphs(
    texts.partyFigures(
      plain(name),
      format.number(mine.contracts),
      format.money(mine.total_value),
      format.share(share),
    ),
    partnered.items.length > 0 &&
      paragraphs(
        texts.partnersHead(partner),
        table(texts.rankingColumns, shareRows(answering, partnered.items)),
      ),
    partnered.of > partnered.items.length &&
      texts.andMore(format.number(partnered.of - partnered.items.length)),
    !asked.partners &&
      page.items.length > 0 &&
      paragraphs(texts.largestContracts, contractTable(answering, page.items)),
  )
}

/** Describes the party at a place of an earlier answer's ranking. */
const ranked = async (answering: Answering, scope: Scope, kind: Party, ordinal: number) => {
  const { texts, format, asked } = answering
  const { startDate, endDate, minValue } = asked.counted ?? asked.entities
  const slice = { ...scope.slice, startDate, endDate, minValue }
  const { items } = await largestOf(answering, scope, kind, slice)
  const at = placeIn(ordinal, items.length)
  return at === undefined
    ? texts.noSuchPlace(format.number(items.length))
    : describeParty(answering, scope, kind, (items[at] as Share).name)
}

/** Answers about a supplier, found by name, CNPJ or place in a ranking. */
export const supplierAnswer = async (answering: Answering): Promise<string> => {
  const { texts, format, asked } = answering
  const scope = await scopeOf(answering, { buyer: true, supplier: false })
  if (typeof scope === 'string') return scope
  const suppliers = await suppliersOf(answering, scope.dataset)
  const { ordinal } = asked.entities
  if (!suppliers)
    return ordinal === undefined
      ? rankingAnswer(answering, 'supplier')
      : sourced(scope, await ranked(answering, scope, 'supplier', ordinal))
  const exact = suppliers.names.filter((one) => one.exact)
  const at = placeIn(ordinal ?? 1, exact.length)
  if (exact.length === 0) return sourced(scope, supplierMissing(answering, suppliers.asked, suppliers.names))
  if (exact.length > 1 && ordinal === undefined)
    return sourced(
      scope,
      texts.severalNames(plain(suppliers.asked), format.number(exact.length)),
      exact
        .map((one, place) => `${place + 1}. **${plain(one.name)}**: ${format.money(one.total_value)}`)
        .join('\n'),
    )
  if (at === undefined) return texts.noSuchPlace(format.number(exact.length))
  return sourced(
    scope,
    await describeParty(answering, scope, 'supplier', (exact[at] as { name: string }).name),
  )
}

/** Answers about a buyer or one of its units, found by name or place in a ranking. */
export const buyerAnswer = async (answering: Answering): Promise<string> => {
  const scope = await scopeOf(answering, { buyer: true, supplier: true })
  if (typeof scope === 'string') return scope
  const { ordinal } = answering.asked.entities
  const { buyer, ...slice } = scope.slice
  if (buyer !== undefined)
    return sourced(scope, await describeParty(answering, { ...scope, slice }, 'buyer', buyer))
  if (scope.unmatched) return sourced(scope)
  return ordinal === undefined
    ? rankingAnswer(answering, 'buyer')
    : sourced(scope, await ranked(answering, scope, 'buyer', ordinal))
}
