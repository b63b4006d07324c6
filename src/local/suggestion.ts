import type { Intent, Understood } from '../agent/understanding.ts'
import { type Topic, textsOf } from './texts.ts'

/** What one would ask next. */
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

/** A finding was told in the answer: then it can be asked for by its place. */
const TELLS_FINDINGS = /\|\s*1\s*\||^1\. \*\*/m

/**
 * Up to three messages that the user may send next, in the language of the last one.
 * @param answered the answer, in Markdown
 */
export const suggestedActions = ({ intent, language, entities }: Understood, answered: string): string[] => {
  const texts = textsOf(language)
  const { dataset } = entities
  // A name that the answer does not tell may be one that nothing has.
  const known = dataset !== undefined && answered.includes(`**${dataset}**`)
  const at = { dataset: known ? dataset : 'sample', supplier: undefined, buyer: undefined }
  return NEXT[intent]
    .filter((topic) => topic !== 'explain' || TELLS_FINDINGS.test(answered))
    .map((topic) => texts.example(topic, at))
}
