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
  const spoken = words[language]
  const say = formatOf(language)
  const { title, explanation } = spoken.finding(facts, say)
  return {
    title,
    explanation: `${explanation} ${tell(sentence('finding.caution'), language)}`,
    notes: codes.flatMap((code) => spoken.notes[code]?.(facts, say) ?? []),
  }
}

/**
 * Puts a finding into words.
 * @param explained false where the reader asked for findings without explanations
 */
export const tellFinding = (
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

/** Puts a finding that was told before into another language; ids, codes and numbers stay as they are. */
export const retellFinding = (
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

/** Says why a rule cannot run on the data. */
export const tellLack = (lack: Lack, language: Language): string =>
  tell(sentence(`finding.lacks_${lack}`), language)

/** Puts a rule's warning or the reason for which it was skipped into words. */
export const tellMessage = (
  { words }: Detector,
  { code, facts }: Pick<Message, 'code' | 'facts'>,
  language: Language,
): string => String(words[language].messages[code]?.(facts as never, formatOf(language)) ?? code)
