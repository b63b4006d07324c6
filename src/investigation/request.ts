import { badField } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { AnomalyType, Filters } from '../protocol/investigation.ts'
import type { AnomalyRules } from './detectors.ts'
import type { InvestigationRequest } from './investigations.ts'

/**
 * Refuses thresholds that no detector has, or that are outside its bounds.
 * @throws {Problem} `VALIDATION_FAILED` naming `/thresholds/<type>/<name>`
 */
export const checkThresholds = (
  rules: AnomalyRules,
  thresholds: Readonly<Record<string, Readonly<Record<string, number>>>>,
): InvestigationRequest['thresholds'] => {
  for (const [type, values] of Object.entries(thresholds)) {
    const detector = Object.hasOwn(rules, type) ? rules[type as AnomalyType] : undefined
    if (!detector) throw badField(`/thresholds/${type}`, say('field.one_of', { allowed: Object.keys(rules) }))
    for (const [name, value] of Object.entries(values)) {
      const field = `/thresholds/${type}/${name}`
      const threshold = detector.thresholds[name]
      if (!threshold)
        throw badField(field, say('field.one_of', { allowed: Object.keys(detector.thresholds) }))
      if (threshold.minimum !== undefined && value < threshold.minimum)
        throw badField(field, say('field.minimum', { limit: threshold.minimum }))
      if (threshold.maximum !== undefined && value > threshold.maximum)
        throw badField(field, say('field.maximum', { limit: threshold.maximum }))
    }
  }
  return thresholds
}

/**
 * Refuses filters that contradict each other.
 * @param field path of the filters in the caller's request, for the problem
 * @throws {Problem} `VALIDATION_FAILED` naming the filter
 */
export const checkFilters = (filters: Filters, field = '/filters'): Filters => {
  const { start_date, end_date, min_value, max_value } = filters
  if (start_date && end_date && end_date < start_date)
    throw badField(`${field}/end_date`, say('field.before_start'))
  if (min_value !== undefined && max_value !== undefined && max_value < min_value)
    throw badField(`${field}/max_value`, say('field.under_minimum'))
  return filters
}
