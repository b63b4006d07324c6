import type { Language } from '../language/language.ts'
import { type Sentence, tell } from '../language/sentence.ts'
import type { AnomalyType, Skipped } from '../protocol/investigation.ts'
import type { Message } from './detector.ts'
import type { AnomalyRules } from './detectors.ts'
import type { Lack } from './lack.ts'
import { describeLack, describeMessage } from './wording.ts'

/** The reason for which a rule was skipped: a lack of data, or a message of the rule's own. */
export type Skip = { anomaly_type: AnomalyType } & ({ lack: Lack } | Pick<Message, 'code' | 'facts'>)

/**
 * A warning to the reader of an investigation: a sentence of the catalogue, a message of a rule, or the text of a
 * source.
 */
export type Warning = string | Sentence | ({ anomaly_type: AnomalyType } & Pick<Message, 'code' | 'facts'>)

/** Returns the reason of a skipped rule in words, with its code. */
export const describeSkip = (rules: AnomalyRules, skip: Skip, language: Language): Skipped => ({
  anomaly_type: skip.anomaly_type,
  reason:
    'lack' in skip
      ? describeLack(skip.lack, language)
      : describeMessage(rules[skip.anomaly_type], skip, language),
  code: 'lack' in skip ? `lacks_${skip.lack}` : skip.code,
})

/** Returns a warning in words; a source's text stays as it is. */
export const describeWarning = (rules: AnomalyRules, warning: Warning, language: Language): string => {
  if (typeof warning === 'string') return warning
  return 'key' in warning
    ? tell(warning, language)
    : describeMessage(rules[warning.anomaly_type], warning, language)
}
