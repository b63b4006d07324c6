import { type Intent, LANGUAGES, type Language, type Understood } from '../intent/understanding.ts'
import type { AtHand, Topic } from './texts.ts'
import { textsOf } from './texts-of.ts'

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

const [NAME, ANY] = ['\u0001', '\u0002']

/** The sentences of an answer that tell which dataset it is about, in each language. */
const TELLINGS = LANGUAGES.map((language) => {
  const texts = textsOf(language)
  const at: AtHand = { dataset: NAME, supplier: undefined, buyer: undefined }
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

/** The language of an answer and the dataset that it is about; undefined where it tells none. */
const toldIn = (answered: string): { language: Language; dataset: string } | undefined => {
  for (const { language, patterns } of TELLINGS)
    for (const pattern of patterns) {
      const dataset = pattern.exec(answered)?.[1]?.replace(/\\([\\`*_[\]<>|#])/g, '$1')
      if (dataset !== undefined) return { language, dataset }
    }
  return undefined
}

/**
 * Up to three messages that the user may send next, in the language of the answer and about its dataset; of the
 * message where the answer tells neither.
 * @param answered the answer, in Markdown
 */
export const suggestedActions = ({ intent, language, entities }: Understood, answered: string): string[] => {
  const told = toldIn(answered)
  const texts = textsOf(told?.language ?? language)
  // A language model's answer tells it in its own words; a name that is not in it may be one that nothing has.
  const named = entities.dataset
  const known = named !== undefined && answered.includes(`**${named}**`) ? named : 'sample'
  const at = { dataset: told?.dataset ?? known, supplier: undefined, buyer: undefined }
  return NEXT[intent]
    .filter((topic) => topic !== 'explain' || TELLS_FINDINGS.test(answered))
    .map((topic) => texts.example(topic, at))
}
