import type { Severity } from './investigation.ts'

/** The weight of a finding of each severity in the risk score. */
export const RISK_WEIGHT: Readonly<Record<Severity, number>> = { low: 0.25, medium: 1, high: 3, critical: 6 }
/** Weight of findings at which the score is 6.3 of 10. */
const SCALE = 25

/** Adds up what findings weigh, by their number of each severity. */
export const riskWeight = (bySeverity: Partial<Record<Severity, number>>): number =>
  (Object.entries(bySeverity) as [Severity, number][]).reduce(
    (sum, [severity, count]) => sum + RISK_WEIGHT[severity] * count,
    0,
  )

/**
 * Returns the risk score: 10 · (1 − e^(−w/25)), where w is the number of findings weighted by severity (low ¼,
 * medium 1, high 3, critical 6). It grows with every finding and never passes 10.
 */
export const riskScore = (bySeverity: Partial<Record<Severity, number>>): number =>
  Math.round(100 * (1 - Math.exp(-riskWeight(bySeverity) / SCALE))) / 10
