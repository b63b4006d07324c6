import type { FoundContract } from '../knowledge/fact.ts'
import { contractTable, moreThan, paragraphs, placeIn } from './answer-data.ts'
import { plain } from './format.ts'
import { type Answering, datasetOf, scopeOf } from './scope.ts'

const LISTED = 10
/** Contracts of one number that are told. */
const LISTED_OF_NUMBER = 5

/** Endings that a plural or another gender would change; what is left is looked for inside the texts. */
const stemmed = (text: string): string =>
  text
    .split(/\s+/)
    .map((word) => (word.length > 4 ? word.replace(/(?:ções|ciones|ção|ción|es|s|[ao]s?)$/iu, '') : word))
    .join(' ')

/** Portuguese words by which objects and categories name a field, the likeliest first. */
const FIELD_WORDS = {
  health: ['saude', 'medicament', 'hospital'],
  education: ['escola', 'educa', 'ensino'],
  works: ['obras', 'paviment', 'constru'],
  cleaning: ['limpeza'],
  food: ['aliment', 'merenda'],
  technology: ['computador', 'informatica', 'software'],
  vehicles: ['veiculo'],
  security: ['vigilancia', 'seguranca'],
} as const

/** Contracts by number, words, names, period or value. */
export const contractsAnswer = async (answering: Answering): Promise<string> => {
  const { knowledge, texts, format, asked, signal } = answering
  const { entities } = asked
  if (entities.contract !== undefined) return contractAnswer(answering, entities.contract)
  const named = await scopeOf(answering, { buyer: entities.buyer !== undefined, supplier: true })
  if (typeof named === 'string') return named
  let scope = named
  if (scope.unmatched) return paragraphs(...scope.notes)
  const wordings =
    entities.buyer === undefined
      ? [
          ...(entities.terms === undefined ? [] : [stemmed(entities.terms)]),
          ...(entities.area === undefined ? [] : FIELD_WORDS[entities.area]),
        ]
      : []
  const limit = Math.min(entities.count ?? LISTED, 50)
  const search = (text: string | undefined) =>
    knowledge.contracts(scope.dataset.dataset_id, { ...scope.slice, text, limit }, { signal })
  let [sought] = wordings
  let page = await search(sought)
  for (const text of wordings.slice(1)) {
    if (page.total > 0) break
    sought = text
    page = await search(text)
  }
  if (page.total === 0 && entities.buyer === undefined && entities.terms !== undefined) {
    const body = await scopeOf(answering, { buyer: true, supplier: true })
    if (typeof body !== 'string' && body.slice.buyer !== undefined) {
      scope = body
      sought = undefined
      page = await search(undefined)
    }
  }
  if (page.total === 0) return paragraphs(...scope.notes, texts.noContracts)
  if (entities.ordinal !== undefined) {
    const at = placeIn(entities.ordinal, page.items.length)
    if (at === undefined) return texts.noSuchPlace(format.number(page.items.length))
    return paragraphs(...scope.notes, contractTold(answering, page.items[at] as FoundContract))
  }
  return paragraphs(
    ...scope.notes,
    sought !== undefined && (entities.terms === undefined || sought !== wordings[0]) && texts.sought(sought),
    texts.contractsFound(format.number(page.total), format.money(page.total_value)),
    contractTable(answering, page.items),
    moreThan(answering, page.items.length, page.total),
  )
}

const contractTold = ({ texts, format }: Answering, one: FoundContract): string => {
  const values = [
    one.object && plain(one.object),
    one.supplier_name &&
      `${plain(one.supplier_name)}${one.supplier_id ? ` (${plain(one.supplier_id)})` : ''}`,
    one.buyer_name && plain(one.buyer_name),
    one.unit_name && plain(one.unit_name),
    one.date && format.day(one.date),
    one.value !== null && format.money(one.value),
  ]
  const lines = texts.contractFields.flatMap((label, at) => (values[at] ? [`- ${label}: ${values[at]}`] : []))
  return paragraphs(texts.contract(plain(one.contract_number ?? one.contract_id)), lines.join('\n'))
}

const contractAnswer = async (answering: Answering, number: string): Promise<string> => {
  const chosen = await datasetOf(answering)
  if (typeof chosen === 'string') return chosen
  const { knowledge, texts, signal } = answering
  const page = await knowledge.contracts(
    chosen.dataset.dataset_id,
    { number, limit: LISTED_OF_NUMBER },
    { signal },
  )
  if (page.total === 0) return paragraphs(chosen.note, texts.contractNotFound(plain(number)))
  return paragraphs(
    chosen.note,
    ...page.items.map((one) => contractTold(answering, one)),
    moreThan(answering, page.items.length, page.total),
  )
}
