import type { Language } from '../language/language.ts'
import { type Sentence, tell } from '../language/sentence.ts'
import type { AnomalyType, Skipped } from '../protocol/investigation.ts'
import type { Message } from './detector.ts'
import type { AnomalyRules } from './detectors.ts'
import type { Lack } from './lack.ts'
import { tellLack, tellMessage } from './telling.ts'

/** Names why a rule was skipped: what the data lacks, or a message of the rule's own. */
export type Skip = { anomaly_type: AnomalyType } & ({ lack: Lack } | Pick<Message, 'code' | 'facts'>)

/** Warns the reader of an investigation: a sentence of the catalogue, a message of a rule, or a source's own words. */
export type Remark = string | Sentence | ({ anomaly_type: AnomalyType } & Pick<Message, 'code' | 'facts'>)

/** Puts the reason of a skipped rule into words, beside its code. */
export const tellSkip = (rules: AnomalyRules, skip: Skip, language: Language): Skipped => ({
  anomaly_type: skip.anomaly_type,
  reason:
    'lack' in skip ? tellLack(skip.lack, language) : tellMessage(rules[skip.anomaly_type], skip, language),
  code: 'lack' in skip ? `lacks_${skip.lack}` : skip.code,
})

/** Puts a warning into words; a source's own come as they are. */
export const tellRemark = (rules: AnomalyRules, remark: Remark, language: Language): string => {
  if (typeof remark === 'string') return remark
  return 'key' in remark ? tell(remark, language) : tellMessage(rules[remark.anomaly_type], remark, language)
}
