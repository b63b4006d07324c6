import type { FoundContract, KnownDataset } from '../knowledge/fact.ts'
import { fold, tokens } from '../language/folding.ts'
import { contractTable, moreThan, nothingThere, paragraphs, placeIn, sourced } from './answer-data.ts'
import { plain } from './format.ts'
import { type Answering, datasetOf, scopeOf } from './scope.ts'

const LISTED = 10
/** Contracts of one number that an answer describes. */
const LISTED_OF_NUMBER = 5

/** Removes endings that change with number or gender; the rest is searched for inside the texts. */
const stemmed = (text: string): string =>
  text
    .split(/\s+/)
    .map((word) => (word.length > 4 ? word.replace(/(?:ções|ciones|ção|ción|es|s|[ao]s?)$/iu, '') : word))
    .join(' ')

/** Portuguese words in objects and categories of each field, the likeliest first. */
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

/** Returns the words to search for; undefined for a year or for the dataset's own name. */
const soughtIn = (terms: string | undefined, { name }: KnownDataset): string | undefined => {
  const own = new Set(tokens(fold(name)))
  const words = tokens(fold(terms ?? '')).filter((word) => !/^(?:19|20)\d\d$/.test(word))
  return words.every((word) => own.has(word)) ? undefined : terms
}

/** Answers questions for contracts by number, words, names, period or value. */
export const contractsAnswer = async (answering: Answering): Promise<string> => {
  const { knowledge, texts, format, asked, signal } = answering
  const { entities } = asked
  if (entities.contract !== undefined) return contractAnswer(answering, entities.contract)
  const named = await scopeOf(answering, { buyer: entities.buyer !== undefined, supplier: true })
  if (typeof named === 'string') return named
  let scope = named
  if (scope.unmatched) return sourced(scope)
  const terms = soughtIn(entities.terms, scope.dataset)
  const wordings =
    entities.buyer === undefined
      ? [
          ...(terms === undefined ? [] : [stemmed(terms)]),
          ...(entities.area === undefined ? [] : FIELD_WORDS[entities.area]),
        ]
      : []
  const limit = Math.min(entities.count ?? LISTED, 50)
  const { least } = asked.cues
  const search = async (text: string | undefined) => {
    const { dataset_id } = scope.dataset
    const of = { ...scope.slice, text, limit, ...(least ? { minValue: scope.slice.minValue ?? 0.01 } : {}) }
    if (!least) return knowledge.contracts(dataset_id, { ...of, after: asked.page * limit }, { signal })
    // Pages come by value, the largest first: the smallest contracts are on the last page, in reverse.
    const { total } = await knowledge.contracts(dataset_id, { ...of, limit: 1 }, { signal })
    const end = Math.max(0, total - asked.page * limit)
    const after = Math.max(0, end - limit)
    const page = await knowledge.contracts(dataset_id, { ...of, after, limit }, { signal })
    return { ...page, items: page.items.slice(0, end - after).reverse() }
  }
  let [sought] = wordings
  let page = await search(sought)
  for (const text of wordings.slice(1)) {
    if (page.total > 0) break
    sought = text
    page = await search(text)
  }
  if (page.total === 0 && entities.buyer === undefined && terms !== undefined) {
    const body = await scopeOf(answering, { buyer: true, supplier: true })
    if (typeof body !== 'string' && (body.slice.buyer ?? body.slice.supplier) !== undefined) {
      scope = body
      sought = undefined
      page = await search(undefined)
    }
  }
  if (page.total === 0)
    return sourced(
      scope,
      terms !== undefined && texts.sought(plain(terms)),
      await nothingThere(answering, scope.dataset.dataset_id),
    )
  if (page.items.length === 0) return sourced(scope, texts.thatIsAll)
  if (entities.ordinal !== undefined) {
    const at = placeIn(entities.ordinal, page.items.length)
    if (at === undefined) return texts.noSuchPlace(format.number(page.items.length))
    return sourced(scope, describeContract(answering, page.items[at] as FoundContract))
  }
  const { counted_rows, contracts } = await knowledge.overview(scope.dataset.dataset_id, scope.slice, {
    signal,
  })
  return sourced(
    scope,
    counted_rows > contracts && texts.rowsOfContracts,
    sought !== undefined && (terms === undefined || sought !== wordings[0]) && texts.sought(sought),
    texts.contractsFound(format.number(page.total), format.money(page.total_value)),
    contractTable(answering, page.items),
    least && texts.smallestFirst,
    moreThan(answering, asked.page * limit + page.items.length, page.total),
  )
}

const describeContract = ({ texts, format }: Answering, one: FoundContract): string => {
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
    ...page.items.map((one) => describeContract(answering, one)),
    moreThan(answering, page.items.length, page.total),
  )
}
