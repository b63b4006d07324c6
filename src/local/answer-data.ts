import type { FoundContract, Overview, Party, Ranking, Share, Slice } from '../knowledge/fact.ts'
import { bar, plain, table } from './format.ts'
import { type Answering, type Scope, scopeOf, supplierMissing, suppliersOf } from './scope.ts'

/** Rows of a table in an answer. */
const LISTED = 10
const LISTED_WITH_PARTY = 5

/** What there is to say, each in a paragraph of its own. */
export const paragraphs = (...parts: (string | false | undefined)[]): string =>
  parts.filter((part): part is string => Boolean(part)).join('\n\n')

/** Tells an answer out of a scope, its notes first. */
const within = async (
  answering: Answering,
  names: { buyer: boolean; supplier: boolean },
  tell: (scope: Scope) => Promise<string>,
): Promise<string> => {
  const scope = await scopeOf(answering, names)
  if (typeof scope === 'string') return scope
  return paragraphs(...scope.notes, await tell(scope))
}

/** The datasets at hand. */
export const datasetsAnswer = async ({ knowledge, texts, format }: Answering): Promise<string> => {
  const datasets = await knowledge.datasets()
  if (datasets.length === 0) return texts.noDatasets
  const rows = datasets
    .slice(0, LISTED)
    .map((one) => [
      `**${plain(one.name)}**`,
      format.number(one.rows),
      format.day(one.created_at.slice(0, 10)),
    ])
  return paragraphs(
    table(texts.datasetsHead, rows),
    datasets.length > LISTED && texts.andMore(format.number(datasets.length - LISTED)),
    datasets.some((one) => one.synthetic) && `**sample**: ${texts.synthetic}`,
  )
}

const yearTable = ({ texts, format }: Answering, { years }: Overview): string =>
  table(
    texts.yearsHead,
    years.map(({ year, contracts, total_value }) => [
      String(year),
      format.number(contracts),
      format.money(total_value),
    ]),
  )

/** A dataset, or a slice of it, in figures. */
export const statisticsAnswer = (answering: Answering): Promise<string> =>
  within(answering, { buyer: true, supplier: true }, async ({ dataset, slice }) => {
    const { knowledge, texts, format, signal } = answering
    const overview = await knowledge.overview(dataset.dataset_id, slice, { signal })
    const { rows, counted_rows, median_value, largest_value, first_day, last_day } = overview
    const lines = [
      texts.rows(format.number(rows)),
      counted_rows < rows && texts.counted(format.number(counted_rows)),
      texts.total(format.money(overview.total_value)),
      median_value !== null &&
        largest_value !== null &&
        texts.median(format.money(median_value), format.money(largest_value)),
      first_day && last_day && texts.days(format.day(first_day), format.day(last_day)),
      texts.parties(format.number(overview.buyers), format.number(overview.suppliers)),
    ]
    return paragraphs(
      texts.statisticsHead(plain(dataset.name)),
      lines
        .filter(Boolean)
        .map((line) => `- ${line}`)
        .join('\n'),
      overview.years.length > 1 && yearTable(answering, overview),
    )
  })

/** Value by year as bars of text. */
export const chartAnswer = (answering: Answering): Promise<string> =>
  within(answering, { buyer: true, supplier: true }, async ({ dataset, slice }) => {
    const { knowledge, texts, format, signal } = answering
    const { years } = await knowledge.overview(dataset.dataset_id, slice, { signal })
    const largest = Math.max(...years.map((one) => one.total_value))
    if (years.length === 0) return texts.noContracts
    const rows = years.map(({ year, contracts, total_value }) => [
      `${year}`,
      format.number(contracts),
      `${bar(total_value / largest)} ${format.money(total_value)}`,
    ])
    return paragraphs(texts.chartHead(plain(dataset.name)), table(texts.yearsHead, rows))
  })

const shareRows = ({ format }: Answering, items: readonly Share[]): string[][] =>
  items.map(({ name, contracts, total_value, share }, at) => [
    String(at + 1),
    plain(name),
    format.number(contracts),
    format.money(total_value),
    format.share(share),
  ])

const rankingTold = (answering: Answering, ranking: Ranking): string => {
  const { texts, format } = answering
  const first = ranking.items[0] as Share
  const three = ranking.items.slice(0, 3).reduce((sum, { share }) => sum + share, 0)
  return paragraphs(
    table(texts.rankingColumns, shareRows(answering, ranking.items)),
    [
      texts.leads(plain(first.name), format.share(first.share), format.money(ranking.total_value)),
      ranking.of > 3 && texts.firstThree(format.share(three)),
      ranking.of > ranking.items.length && texts.andMore(format.number(ranking.of - ranking.items.length)),
    ]
      .filter(Boolean)
      .join(' '),
  )
}

/** The largest of a slice, as many as were asked for. */
const largestOf = ({ knowledge, asked, signal }: Answering, { dataset }: Scope, kind: Party, slice: Slice) =>
  knowledge.ranking(dataset.dataset_id, kind, slice, Math.min(asked.entities.count ?? LISTED, 50), { signal })

/** The largest suppliers or buyers. */
export const rankingAnswer = (answering: Answering, kind: Party): Promise<string> =>
  within(answering, { buyer: kind === 'supplier', supplier: kind === 'buyer' }, async (scope) => {
    const { texts } = answering
    const ranking = await largestOf(answering, scope, kind, scope.slice)
    if (ranking.items.length === 0) return texts.noContracts
    return paragraphs(texts.rankingHead(kind, plain(scope.dataset.name)), rankingTold(answering, ranking))
  })

type ListedContract = Pick<FoundContract, 'contract_id' | 'contract_number' | 'date' | 'object' | 'value'>

/** The cells of a contract in a table, without whose it is: number, day, object, amount. */
export const contractCells = (
  { format }: Answering,
  { contract_id, contract_number, date, object, value }: ListedContract,
): [number: string, day: string, object: string, amount: string] => [
  plain(contract_number ?? contract_id),
  date ? format.day(date) : '—',
  plain(object ?? '—'),
  value === null ? '—' : format.money(value),
]

export const contractTable = (answering: Answering, items: readonly FoundContract[]): string =>
  table(
    answering.texts.contractColumns,
    items.map((one) =>
      contractCells(answering, one).toSpliced(3, 0, plain(one.supplier_name ?? one.supplier_id ?? '—')),
    ),
  )

/** Says how many are shown where that is not all of them. */
export const moreThan = ({ texts, format }: Answering, shown: number, total: number): string | undefined =>
  total > shown ? texts.more(format.number(shown), format.number(total)) : undefined

/** One supplier or buyer: its part of the whole, whom it deals with, its largest contracts. */
const partyTold = async (
  answering: Answering,
  { dataset, slice }: Scope,
  kind: Party,
  name: string,
): Promise<string> => {
  const { knowledge, texts, format, signal } = answering
  const id = dataset.dataset_id
  const own = { ...slice, [kind]: name }
  const { [kind]: _own, ...others } = own
  const partner = kind === 'supplier' ? 'buyer' : 'supplier'
  const [mine, whole, partnered, page] = [
    await knowledge.overview(id, own, { signal }),
    await knowledge.overview(id, others, { signal }),
    await knowledge.ranking(id, partner, own, LISTED_WITH_PARTY, { signal }),
    await knowledge.contracts(id, { ...own, limit: LISTED_WITH_PARTY }, { signal }),
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
    page.items.length > 0 && paragraphs(texts.largestContracts, contractTable(answering, page.items)),
  )
}

/** The place in a list that an ordinal means; undefined beyond its end. */
export const placeIn = (ordinal: number, length: number): number | undefined => {
  const at = ordinal === -1 ? length - 1 : ordinal - 1
  return at >= 0 && at < length ? at : undefined
}

/** A party of the ranking that was told before. */
const ranked = async (answering: Answering, scope: Scope, kind: Party, ordinal: number) => {
  const { texts, format, asked } = answering
  const { startDate, endDate, minValue } = asked.counted ?? asked.entities
  const slice = { ...scope.slice, startDate, endDate, minValue }
  const { items } = await largestOf(answering, scope, kind, slice)
  const at = placeIn(ordinal, items.length)
  return at === undefined
    ? texts.noSuchPlace(format.number(items.length))
    : partyTold(answering, scope, kind, (items[at] as Share).name)
}

/** A supplier, by name, CNPJ or place in a ranking. */
export const supplierAnswer = async (answering: Answering): Promise<string> => {
  const { texts, format, asked } = answering
  const scope = await scopeOf(answering, { buyer: true, supplier: false })
  if (typeof scope === 'string') return scope
  const suppliers = await suppliersOf(answering, scope.dataset)
  const { ordinal } = asked.entities
  if (!suppliers)
    return ordinal === undefined
      ? rankingAnswer(answering, 'supplier')
      : paragraphs(...scope.notes, await ranked(answering, scope, 'supplier', ordinal))
  const exact = suppliers.names.filter((one) => one.exact)
  const at = placeIn(ordinal ?? 1, exact.length)
  if (exact.length === 0)
    return paragraphs(...scope.notes, supplierMissing(answering, suppliers.asked, suppliers.names))
  if (exact.length > 1 && ordinal === undefined)
    return paragraphs(
      ...scope.notes,
      texts.severalNames(plain(suppliers.asked), format.number(exact.length)),
      exact
        .map((one, place) => `${place + 1}. **${plain(one.name)}**: ${format.money(one.total_value)}`)
        .join('\n'),
    )
  if (at === undefined) return texts.noSuchPlace(format.number(exact.length))
  return paragraphs(
    ...scope.notes,
    await partyTold(answering, scope, 'supplier', (exact[at] as { name: string }).name),
  )
}

/** A buyer or one of its units, by name or place in a ranking. */
export const buyerAnswer = async (answering: Answering): Promise<string> => {
  const scope = await scopeOf(answering, { buyer: true, supplier: true })
  if (typeof scope === 'string') return scope
  const { ordinal } = answering.asked.entities
  const { buyer, ...slice } = scope.slice
  if (buyer !== undefined)
    return paragraphs(...scope.notes, await partyTold(answering, { ...scope, slice }, 'buyer', buyer))
  if (scope.unmatched) return paragraphs(...scope.notes)
  return ordinal === undefined
    ? rankingAnswer(answering, 'buyer')
    : paragraphs(...scope.notes, await ranked(answering, scope, 'buyer', ordinal))
}
