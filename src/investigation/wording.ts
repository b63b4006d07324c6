import { formatOf } from '../language/format.ts'
import type { Language } from '../language/language.ts'
import { say as sentence, tell } from '../language/sentence.ts'
import type { Anomaly } from '../protocol/investigation.ts'
import type { Detector, Finding, Message } from './detector.ts'
import type { Lack } from './lack.ts'

const wordsOf = (
  { words }: Detector,
  codes: readonly string[],
  facts: object,
  language: Language,
): Pick<Anomaly, 'title'> & { explanation: string; notes: string[] } => {
  const worded = words[language]
  const say = formatOf(language)
  const { title, explanation } = worded.finding(facts, say)
  return {
    title,
    explanation: `${explanation} ${tell(sentence('finding.caution'), language)}`,
    notes: codes.flatMap((code) => worded.notes[code]?.(facts, say) ?? []),
  }
}

/**
 * Words a finding.
 * @param explained false where the request asks for findings without explanations
 */
export const describeFinding = (
  detector: Detector,
  { notes: codes, facts, evidence, financial_impact, ...found }: Finding,
  language: Language,
  explained = true,
): Anomaly => {
  const { title, explanation, notes } = wordsOf(detector, codes, facts, language)
  return {
    ...found,
    title,
    explanation: explained ? explanation : null,
    evidence: { ...evidence, note_codes: [...codes], notes },
    financial_impact,
  }
}

/** Translates a worded finding; ids, codes and numbers stay as they are. */
export const translateFinding = (
  detector: Detector,
  anomaly: Anomaly,
  facts: object,
  language: Language,
): Anomaly => {
  const { title, explanation, notes } = wordsOf(detector, anomaly.evidence.note_codes ?? [], facts, language)
  return {
    ...anomaly,
    title,
    explanation: anomaly.explanation === null ? null : explanation,
    evidence: { ...anomaly.evidence, notes },
  }
}

/** Returns the sentence about a lack of data. */
export const describeLack = (lack: Lack, language: Language): string =>
  tell(sentence(`finding.lacks_${lack}`), language)

/** Words a rule's warning, or its reason for being skipped. */
export const describeMessage = (
  { words }: Detector,
  { code, facts }: Pick<Message, 'code' | 'facts'>,
  language: Language,
): string => String(words[language].messages[code]?.(facts as never, formatOf(language)) ?? code)
