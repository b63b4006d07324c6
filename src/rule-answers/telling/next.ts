import type { Answered } from '../../knowledge/fact.ts'
import { NEXT_QUESTIONS } from '../../language/answer/next.ts'
import type { Language } from '../../language/language.ts'

/** Returns one question that usefully follows an answer, in a form that is understood after it. */
export const nextQuestion = (
  { plan, figures, findings, rankings }: Answered,
  language: Language,
  dataset: string,
): string => {
  const words = NEXT_QUESTIONS[language]
  if (plan.of === 'findings') {
    if (!findings?.investigation) return words.investigate(dataset)
    if (findings.of === 0) return words.findings
    return plan.measure === 'summary' || plan.place !== undefined ? words.grave : words.explain
  }
  if (figures.contracts === 0 && !plan.compare) return words.largest
  if (plan.compare) return words.findings
  if (plan.group) return words.who
  if (plan.of !== 'contracts')
    return plan.measure === 'summary' || plan.measure === 'count' ? words.by_year : words.first
  if (plan.measure === 'summary' && plan.where.contract !== undefined) return words.findings
  if (plan.measure === 'list' || plan.measure === 'largest' || plan.measure === 'smallest') return words.who
  const years = new Set([figures.firstDay?.slice(0, 4), figures.lastDay?.slice(0, 4)])
  if (rankings) return words.who
  return years.size > 1 ? words.by_year : words.by_month
}
