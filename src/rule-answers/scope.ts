import { WORDS } from '../intent/lexicon.ts'
import { chooseDataset, datasetMentioned } from '../knowledge/choice.ts'
import type { Knowledge, KnownDataset, Name, Slice } from '../knowledge/fact.ts'
import { fold, tokens } from '../language/folding.ts'
import type { Asked } from './conversation.ts'
import { FIELD_OF } from './field.ts'
import { type Format, plain } from './format.ts'
import type { Texts } from './texts.ts'

/** What an answer is made with. */
export interface Answering {
  readonly knowledge: Knowledge
  readonly asked: Asked
  readonly texts: Texts
  readonly format: Format
  readonly signal: AbortSignal
}

/** The rows that a question is about, and what has to be said about their choice. */
export interface Scope {
  readonly dataset: KnownDataset
  readonly slice: Slice
  /** Sentences, to be told first. */
  readonly notes: readonly string[]
  /** A name that the data does not have was left out of the slice. */
  readonly unmatched: boolean
  /** Which dataset was read, to be told last. */
  readonly source: string
}

/** Names that are offered in the place of one that is not there. */
const OFFERED = 5

/** Kinds of bodies: the same field may be a ministry in the question and a department in the data. */
const BODY =
  /\b(?:minist[ée]rios?|secretar[ií]as?|prefeituras?|departamentos?|diretorias?|ministr(?:y|ies)|departments?|secretariats?|office|[óo]rg[ãa]os?|ayuntamientos?|alcald[íi]as?|municipal|estadual|federal|of|the|for)\b/giu

const quoted = (names: readonly Name[]): string => names.map(({ name }) => `“${plain(name)}”`).join(', ')

/** Words of the three languages: in a message they name no dataset. */
const COMMON = new Set(
  Object.values(WORDS).flatMap((lists) => Object.values(lists).flatMap((list) => list.split(/\s+/))),
)

/** A dataset of whose name a part is said that no other one has: "ifms" for `ifms-contratos.csv`. */
const datasetInPart = (datasets: readonly KnownDataset[], text: string): KnownDataset | undefined => {
  const parts = datasets.map(({ name }) => new Set(tokens(fold(name))))
  for (const word of tokens(fold(text))) {
    if (word.length < 2 || COMMON.has(word) || !/\p{L}/u.test(word)) continue
    const having = datasets.filter((_, at) => parts[at]?.has(word))
    if (having.length === 1) return having[0]
  }
  return undefined
}

/** Short words of a dataset's name count after such a one only: "no mg", "do ifms". */
const INTRODUCED =
  /(?:^|\s)(?:n[oa]s?|d[oae]s?|em|in|on|of|from|en|del|para|for|dataset|base)\s+(?:o |a |the |el |la )?(\S+)/giu

const introduced = (text: string): string => [...text.matchAll(INTRODUCED)].map((found) => found[1]).join(' ')

/** The dataset in question, or what to say when there is none such. What was named last stays in question. */
export const datasetOf = async ({
  knowledge,
  asked: { said, continues },
  texts,
}: Answering): Promise<{ dataset: KnownDataset; note: string | undefined } | string> => {
  const datasets = await knowledge.datasets()
  for (const [place, { text, dataset: name }] of said.entries()) {
    const listed = name === undefined ? undefined : chooseDataset(datasets, name)
    const dataset =
      listed?.dataset ?? datasetMentioned(datasets, text) ?? datasetInPart(datasets, introduced(text))
    if (dataset) return { dataset, note: undefined }
    if (place === 0 && listed?.dataset === null) {
      const others = listed.others.slice(0, OFFERED).map((one) => `**${plain(one.name)}**`)
      return texts.datasetNotFound(plain(listed.asked), others.join(', ') || '—')
    }
  }
  const choice = chooseDataset(datasets, undefined)
  if (choice === null || choice.dataset === null) return texts.noDatasets
  const note =
    choice.why === 'named' || continues ? undefined : texts.chose(choice.why, plain(choice.dataset.name))
  return { dataset: choice.dataset, note }
}

const bodiesNamed = async (
  { knowledge, signal }: Answering,
  { dataset_id }: KnownDataset,
  text: string,
): Promise<Name[]> => {
  const kinds = ['unit', 'buyer'] as const
  const found = await Promise.all(
    kinds.map((kind) => knowledge.names(dataset_id, kind, text, OFFERED, { signal })),
  )
  const byName = new Map(found.flat().map((one) => [one.name, one]))
  return [...byName.values()].sort(
    (a, b) => Number(b.exact) - Number(a.exact) || b.total_value - a.total_value,
  )
}

/** The public body that a question names, as the data calls it. */
const bodyOf = async (answering: Answering, dataset: KnownDataset) => {
  const { entities } = answering.asked
  const { texts } = answering
  const asked = entities.buyer
  const field = entities.area && FIELD_OF[entities.area]
  const core = asked?.replace(BODY, ' ').trim()
  // "Contracts of the military police" names a body without a word that says so.
  const tries = [asked, asked ? undefined : entities.terms, field, core].filter(
    (text): text is string => text !== undefined && text !== '',
  )
  let near: Name[] = []
  for (const text of new Set(tries)) {
    const found = await bodiesNamed(answering, dataset, text)
    const [best] = found
    if (best?.exact) {
      const differs = asked !== undefined && text !== asked
      return {
        name: best.name,
        note: differs ? texts.buyerStandsFor(plain(asked), plain(best.name)) : undefined,
      }
    }
    near = [...near, ...found]
  }
  const missing = asked ?? entities.terms
  if (missing === undefined) return undefined
  if (near.length === 0) {
    const { items } = await answering.knowledge.ranking(dataset.dataset_id, 'buyer', {}, OFFERED, answering)
    near = items.map((item) => ({ ...item, exact: false }))
  }
  return { name: undefined, note: texts.buyerNotFound(plain(missing), quoted(near.slice(0, OFFERED))) }
}

/** The suppliers that a question names: one, several, or only names that look alike. */
export const suppliersOf = async (
  { knowledge, asked: { entities }, signal }: Answering,
  { dataset_id }: KnownDataset,
): Promise<{ asked: string; names: Name[] } | undefined> => {
  const asked = entities.cnpj ?? entities.supplier
  if (asked === undefined) return undefined
  return { asked, names: await knowledge.names(dataset_id, 'supplier', asked, OFFERED, { signal }) }
}

const supplierCalled = async (
  { knowledge, signal }: Answering,
  { dataset_id }: KnownDataset,
  text: string,
): Promise<string | undefined> => {
  const [best] = await knowledge.names(dataset_id, 'supplier', text, 1, { signal })
  return best?.exact ? best.name : undefined
}

export const supplierMissing = ({ texts }: Answering, asked: string, near: readonly Name[]): string =>
  texts.supplierNotFound(plain(asked), quoted(near))

/** Says which dataset was read. */
export const sourceOf = ({ texts }: Answering, { name, synthetic }: KnownDataset): string =>
  texts.source(plain(name), synthetic)

/** What a slice leaves, in words; empty when it leaves everything. */
const described = ({ texts, format }: Answering, slice: Slice): string => {
  const { buyer, supplier, startDate, endDate, minValue } = slice
  const parts = [
    ...(buyer === undefined ? [] : [texts.buyerPart(plain(buyer))]),
    ...(supplier === undefined ? [] : [texts.supplierPart(plain(supplier))]),
    ...((startDate ?? endDate)
      ? [texts.period(startDate && format.day(startDate), endDate && format.day(endDate))]
      : []),
    ...(minValue === undefined ? [] : [texts.overPart(format.money(minValue))]),
  ]
  return parts.length > 0 ? texts.within(parts.join(', ')) : ''
}

/**
 * The dataset and the slice of it that a question is about, names taken as the data has them; or what to say
 * when there is no such dataset.
 * @param names which names of the question narrow the rows
 */
export const scopeOf = async (
  answering: Answering,
  names: { buyer: boolean; supplier: boolean },
): Promise<Scope | string> => {
  const chosen = await datasetOf(answering)
  if (typeof chosen === 'string') return chosen
  const { dataset, note } = chosen
  const { texts, asked } = answering
  const notes: (string | false | undefined)[] = [
    note,
    dataset.synthetic && !asked.continues ? texts.synthetic : undefined,
  ]
  const { startDate, endDate, minValue } = asked.entities
  const slice: Slice = { startDate, endDate, minValue }
  let unmatched = false
  if (names.buyer) {
    const body = await bodyOf(answering, dataset)
    const { terms, buyer, supplier, cnpj } = asked.entities
    // "The largest contract of White Martins" may mean either side of it.
    const other =
      names.supplier && body && body.name === undefined && terms !== undefined && !(buyer ?? supplier ?? cnpj)
        ? await supplierCalled(answering, dataset, terms)
        : undefined
    if (other !== undefined) slice.supplier = other
    else {
      notes.push(body?.note)
      if (body?.name !== undefined) slice.buyer = body.name
      else if (body) unmatched = true
    }
  }
  if (names.supplier) {
    const suppliers = await suppliersOf(answering, dataset)
    const [best] = suppliers?.names ?? []
    if (best?.exact) slice.supplier = best.name
    else if (suppliers) {
      unmatched = true
      notes.push(supplierMissing(answering, suppliers.asked, suppliers.names))
    }
  }
  notes.push(described(answering, slice), asked.remark.modality && texts.noModality)
  return {
    dataset,
    slice,
    unmatched,
    notes: notes.filter((one): one is string => Boolean(one)),
    source: sourceOf(answering, dataset),
  }
}
