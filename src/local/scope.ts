import type { Area } from '../agent/understanding.ts'
import { chooseDataset, datasetMentioned } from '../knowledge/choice.ts'
import type { Knowledge, KnownDataset, Name, Slice } from '../knowledge/fact.ts'
import type { Asked } from './conversation.ts'
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
}

/** Names that are offered in the place of one that is not there. */
const OFFERED = 5

/** How Portuguese names of public bodies say a field. */
const FIELD_OF: Partial<Record<Area, string>> = {
  health: 'saude',
  education: 'educacao',
  works: 'obras',
  security: 'seguranca',
}

/** Kinds of bodies: the same field may be a ministry in the question and a department in the data. */
const BODY =
  /\b(?:minist[ée]rios?|secretar[ií]as?|prefeituras?|departamentos?|diretorias?|ministr(?:y|ies)|departments?|secretariats?|office|[óo]rg[ãa]os?|ayuntamientos?|alcald[íi]as?|municipal|estadual|federal|of|the|for)\b/giu

const quoted = (names: readonly Name[]): string => names.map(({ name }) => `“${plain(name)}”`).join(', ')

/** The dataset in question, or what to say when there is none such. */
export const datasetOf = async ({
  knowledge,
  asked: { entities, text, continues },
  texts,
}: Answering): Promise<{ dataset: KnownDataset; note: string | undefined } | string> => {
  const datasets = await knowledge.datasets()
  const listed = entities.dataset === undefined ? undefined : chooseDataset(datasets, entities.dataset)
  const dataset = listed?.dataset ?? datasetMentioned(datasets, text)
  if (dataset) return { dataset, note: undefined }
  const choice = listed ?? chooseDataset(datasets, undefined)
  if (choice === null) return texts.noDatasets
  if (choice.dataset === null) {
    const others = choice.others.slice(0, OFFERED).map((one) => `**${plain(one.name)}**`)
    return texts.datasetNotFound(plain(choice.asked), others.join(', ') || '—')
  }
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

export const supplierMissing = ({ texts }: Answering, asked: string, near: readonly Name[]): string =>
  texts.supplierNotFound(plain(asked), quoted(near))

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
  const notes = [note, dataset.synthetic && !asked.continues ? texts.synthetic : undefined]
  const { startDate, endDate, minValue } = asked.entities
  const slice: Slice = { startDate, endDate, minValue }
  let unmatched = false
  if (names.buyer) {
    const body = await bodyOf(answering, dataset)
    notes.push(body?.note)
    if (body?.name !== undefined) slice.buyer = body.name
    else if (body) unmatched = true
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
  notes.push(described(answering, slice))
  return { dataset, slice, unmatched, notes: notes.filter((one): one is string => Boolean(one)) }
}
