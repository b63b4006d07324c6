import { WORDS } from '../intent/lexicon.ts'
import { chooseDataset, datasetMentioned } from '../knowledge/choice.ts'
import type { Knowledge, KnownDataset, Name, Slice } from '../knowledge/fact.ts'
import { fold, tokens } from '../language/folding.ts'
import type { Asked } from './conversation.ts'
import { FIELD_OF } from './field.ts'
import { type Format, plain } from './format.ts'
import type { Texts } from './texts.ts'

/** The data, question, language and signal of one answer. */
export interface Answering {
  readonly knowledge: Knowledge
  readonly asked: Asked
  readonly texts: Texts
  readonly format: Format
  readonly signal: AbortSignal
}

/** The rows that a question is about, with the sentences about their choice. */
export interface Scope {
  readonly dataset: KnownDataset
  readonly slice: Slice
  /** Sentences for the beginning of the answer. */
  readonly notes: readonly string[]
  /** Whether a name was ignored because the data does not have it. */
  readonly unmatched: boolean
  /** The sentence, for the end of the answer, that names the dataset. */
  readonly source: string
}

/** Similar names that are offered in place of one that does not exist. */
const OFFERED = 5

/** Words for kinds of public bodies: a field may have a ministry in the question and a department in the data. */
const BODY =
  /\b(?:minist[ée]rios?|secretar[ií]as?|prefeituras?|departamentos?|diretorias?|ministr(?:y|ies)|departments?|secretariats?|office|[óo]rg[ãa]os?|ayuntamientos?|alcald[íi]as?|municipal|estadual|federal|of|the|for)\b/giu

const quoted = (names: readonly Name[]): string => names.map(({ name }) => `“${plain(name)}”`).join(', ')

/** Words of the three languages, which are not taken for a dataset's name. */
const COMMON = new Set(
  Object.values(WORDS).flatMap((lists) => Object.values(lists).flatMap((list) => list.split(/\s+/))),
)

/** Finds the dataset by a part of its name that no other name has: "ifms" for `ifms-contratos.csv`. */
const datasetInPart = (datasets: readonly KnownDataset[], text: string): KnownDataset | undefined => {
  const parts = datasets.map(({ name }) => new Set(tokens(fold(name))))
  for (const word of tokens(fold(text))) {
    if (word.length < 2 || COMMON.has(word) || !/\p{L}/u.test(word)) continue
    const having = datasets.filter((_, at) => parts[at]?.has(word))
    if (having.length === 1) return having[0]
  }
  return undefined
}

/** Matches short words of a dataset's name, which count only behind such a preposition: "no mg", "do ifms". */
const INTRODUCED =
  /(?:^|\s)(?:n[oa]s?|d[oae]s?|em|in|on|of|from|en|del|para|for|dataset|base)\s+(?:o |a |the |el |la )?(\S+)/giu

const introduced = (text: string): string => [...text.matchAll(INTRODUCED)].map((found) => found[1]).join(' ')

/**
 * Finds the dataset in question, or returns the answer to give when there is none. The dataset that was named last
 * stays in question.
 */
export const datasetOf = async ({
  knowledge,
  asked: { messages, continues },
  texts,
}: Answering): Promise<{ dataset: KnownDataset; note: string | undefined } | string> => {
  const datasets = await knowledge.datasets()
  for (const [place, { text, dataset: name }] of messages.entries()) {
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

/** Finds the public body that a question names, by the data's name for it. */
const bodyOf = async (answering: Answering, dataset: KnownDataset) => {
  const { entities } = answering.asked
  const { texts } = answering
  const asked = entities.buyer
  const field = entities.area && FIELD_OF[entities.area]
  const core = asked?.replace(BODY, ' ').trim()
  // "Contracts of the military police" names a body without a word for its kind.
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

/** Finds the suppliers that a question names: one, several, or only similar names. */
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

/** Returns the sentence that names the dataset that was read. */
export const sourceOf = ({ texts }: Answering, { name, synthetic }: KnownDataset): string =>
  texts.source(plain(name), synthetic)

/** Describes the restrictions of a slice in words; empty when there are none. */
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
 * Finds the dataset and the slice of a question, with names as the data has them; or returns the answer to give
 * when there is no such dataset.
 * @param names the kinds of names in the question that restrict the rows
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
    // In "the largest contract of White Martins", White Martins may be the supplier or the buyer.
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
  notes.push(described(answering, slice), asked.cues.modality && texts.noModality)
  return {
    dataset,
    slice,
    unmatched,
    notes: notes.filter((one): one is string => Boolean(one)),
    source: sourceOf(answering, dataset),
  }
}
