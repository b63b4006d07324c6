import { type Intent, LANGUAGES, type Language, type Understood } from '../intent/understanding.ts'
import type { ExampleData, Topic } from './texts.ts'
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

const [NAME, ANY] = ['\u0001', '\u0002']

/** Patterns, in each language, of the sentences of an answer that name its dataset. */
const SOURCE_SENTENCES = LANGUAGES.map((language) => {
  const texts = textsOf(language)
  const at: ExampleData = { dataset: NAME, supplier: undefined, buyer: undefined }
  const sentences = [
    texts.source(NAME, false),
    texts.source(NAME, true),
    texts.investigating(NAME),
    texts.notInvestigated(NAME),
    texts.ofInvestigation(ANY, NAME),
    texts.reportOf(ANY, NAME),
    texts.example('suppliers', at),
  ]
  const patterns = sentences.map(
    (sentence) =>
      new RegExp(
        sentence
          .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
          .replace(ANY, '.{0,400}?')
          .replace(NAME, '(.{1,200}?)'),
      ),
  )
  return { language, patterns }
})

/** Reads the language and the dataset of an answer out of it; returns undefined where no sentence names a dataset. */
const readSource = (answered: string): { language: Language; dataset: string } | undefined => {
  for (const { language, patterns } of SOURCE_SENTENCES)
    for (const pattern of patterns) {
      const dataset = pattern.exec(answered)?.[1]?.replace(/\\([\\`*_[\]<>|#])/g, '$1')
      if (dataset !== undefined) return { language, dataset }
    }
  return undefined
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
