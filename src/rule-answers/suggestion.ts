import { type Intent, LANGUAGES, type Language, type Understood } from '../intent/understanding.ts'
import { understanding } from '../language/answer/understanding.ts'
import { areaIn } from '../language/sentence.ts'
import type { Topic } from './texts.ts'
import { textsOf } from './texts-of.ts'

/** Questions that usually follow each intent. */
const NEXT: Readonly<Record<Intent, readonly Topic[]>> = {
  greeting: ['datasets', 'suppliers', 'investigate'],
  help: ['datasets', 'suppliers', 'investigate'],
  about: ['datasets', 'suppliers', 'investigate'],
  question: ['datasets', 'suppliers', 'investigate'],
  law: ['anomalies', 'investigate', 'statistics'],
  thanks: [],
  goodbye: [],
  investigate: ['explain', 'anomalies', 'report'],
  status: ['anomalies', 'report', 'investigate'],
  statistics: ['suppliers', 'contracts', 'investigate'],
  top_suppliers: ['statistics', 'contracts', 'investigate'],
  top_buyers: ['suppliers', 'contracts', 'investigate'],
  search_supplier: ['suppliers', 'contracts', 'investigate'],
  search_contract: ['suppliers', 'statistics', 'investigate'],
  search_buyer: ['suppliers', 'contracts', 'investigate'],
  explain_anomaly: ['anomalies', 'report', 'suppliers'],
  list_anomalies: ['explain', 'report', 'suppliers'],
  list_datasets: ['statistics', 'suppliers', 'investigate'],
  fraud: ['explain', 'report', 'investigate'],
  report: ['anomalies', 'explain', 'suppliers'],
  chart: ['statistics', 'suppliers', 'investigate'],
  follow_up: ['anomalies', 'suppliers', 'status'],
}

/** Matches an answer that lists findings, which can then be asked for by their place. */
const LISTS_FINDINGS = /\|\s*1\s*\||^1\. \*\*/m

/** Matches how an answer names its dataset: in the line that tells how the question was understood, or in a link. */
const DATASET =
  /: \*\*((?:[^*\\]|\\.){1,200}?)\*\*(?: \([^)]*\))?\. (?:Filtros|Filters): |\[\**((?:[^\]\\]|\\.){1,200}?)\**\]\(\/datasets\//

/** The first words of answers about data, which tell their language. */
const OPENINGS = LANGUAGES.map((language) => {
  const line = areaIn(understanding, language).line({
    what: '|',
    dataset: '',
    synthetic: false,
    filters: '',
    period: '',
  })
  return { language, opening: line.slice(0, line.indexOf('|')) }
})

/** Reads the dataset of an answer out of it, and the language of an answer about data. */
const readSource = (answered: string): { language: Language | undefined; dataset: string } | undefined => {
  const found = DATASET.exec(answered)
  const dataset = (found?.[1] ?? found?.[2])?.replace(/\\([\\`*_[\]<>|#])/g, '$1')
  return dataset === undefined
    ? undefined
    : { language: OPENINGS.find(({ opening }) => answered.startsWith(opening))?.language, dataset }
}

/**
 * Returns up to three messages for the user to send next, in the language of the answer and about its dataset; in
 * the language of the message where the answer names no dataset.
 * @param answered the answer, in Markdown
 */
export const suggestedActions = ({ intent, language, entities }: Understood, answered: string): string[] => {
  const source = readSource(answered)
  const texts = textsOf(source?.language ?? language)
  // A language model words its answers freely; a name that its answer does not have may be one that does not exist.
  const named = entities.dataset
  const known = named !== undefined && answered.includes(`**${named}**`) ? named : 'sample'
  const at = { dataset: source?.dataset ?? known, supplier: undefined, buyer: undefined }
  return NEXT[intent]
    .filter((topic) => topic !== 'explain' || LISTS_FINDINGS.test(answered))
    .map((topic) => texts.example(topic, at))
}
