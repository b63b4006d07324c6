import { ANOMALY_RULES } from '../../investigation/detectors.ts'
import type { KnownDataset } from '../../knowledge/fact.ts'
import type { Plan, Where } from '../../protocol/plan.ts'
import { plain } from '../markdown.ts'
import type { Teller } from './teller.ts'

const NAMED = ['buyer', 'supplier', 'category', 'modality'] as const
/** Names of one filter that are written out. */
const MOST_NAMES = 5
const CENT = 0.01

const isCentAbove = (amount: number): boolean => Math.round(amount * 100) % 100 === 1
const isCentBelow = (amount: number): boolean => Math.round(amount * 100) % 100 === 99

/** Returns texts of the data for Markdown, the first `most` of them, with the number of the others. */
export const shortened = (names: readonly string[], most = MOST_NAMES): string[] => [
  ...names.slice(0, most).map(plain),
  ...(names.length > most ? [`… (+${names.length - most})`] : []),
]

/** Describes the restrictions of a plan, the period left out, as parts of a sentence. */
export const filtersOf = (where: Where, currency: string, teller: Teller): string[] => {
  const { understanding: words, format } = teller
  const parts: string[] = []
  for (const field of NAMED) {
    const names = where[field]
    if (names) parts.push(words.named({ field, names: shortened(names) }))
  }
  if (where.topic) parts.push(words.topic({ phrases: shortened(where.topic) }))
  if (where.contract !== undefined)
    parts.push(words.named({ field: 'contract', names: [plain(where.contract)] }))
  const { min_value, max_value } = where
  if (min_value !== undefined || max_value !== undefined) {
    const over = min_value !== undefined && max_value === undefined && isCentAbove(min_value)
    const under = max_value !== undefined && min_value === undefined && isCentBelow(max_value)
    const money = (amount: number) => format.money(amount, where.currency ?? currency)
    parts.push(
      words.value({
        least: min_value === undefined ? undefined : money(over ? min_value - CENT : min_value),
        most: max_value === undefined ? undefined : money(under ? max_value + CENT : max_value),
        over,
        under,
      }),
    )
  }
  const day = (iso: string | undefined) => (iso === undefined ? undefined : format.day(iso))
  if (where.ends_from ?? where.ends_to)
    parts.push(words.ends({ from: day(where.ends_from), to: day(where.ends_to) }))
  if (where.in_force_on !== undefined) parts.push(words.in_force({ day: format.day(where.in_force_on) }))
  if (where.missing !== undefined) parts.push(words.missing({ what: where.missing }))
  if (where.anomaly_type)
    parts.push(
      words.types({
        types: where.anomaly_type.map((type) => ANOMALY_RULES[type].words[teller.language].title),
      }),
    )
  if (where.severity) parts.push(words.severities({ severities: where.severity }))
  if (where.currency !== undefined) parts.push(words.currency({ code: where.currency }))
  if (where.except)
    parts.push(words.except({ filters: filtersOf(where.except, currency, teller).join(', ') }))
  return parts
}

/** Describes the days of a restriction; undefined where it has none. */
export const periodOf = (
  { start_date, end_date }: Where,
  { understanding, format }: Teller,
): string | undefined =>
  (start_date ?? end_date)
    ? understanding.period({
        from: start_date === undefined ? undefined : format.day(start_date),
        to: end_date === undefined ? undefined : format.day(end_date),
      })
    : undefined

/** Describes one side of a comparison. */
export const sideOf = (where: Where, currency: string, teller: Teller): string => {
  const names = [...NAMED.flatMap((field) => where[field] ?? []), ...(where.topic ?? [])]
  const { start_date, end_date } = where
  const year = start_date?.slice(0, 4)
  if (names.length === 0 && year && start_date === `${year}-01-01` && end_date === `${year}-12-31`)
    return year
  return names.length > 0
    ? shortened(names).join(' + ')
    : (periodOf(where, teller) ??
        (filtersOf(where, currency, teller).join(', ') || teller.understanding.everything))
}

/** Describes a plan: what is asked, of which data, under which restrictions, in which period. */
export const planInWords = (plan: Plan, dataset: KnownDataset, currency: string, teller: Teller) => {
  const { understanding: words } = teller
  const filters = filtersOf(plan.where, currency, teller)
  const sides = plan.compare?.map((one) => sideOf(one, currency, teller)) ?? []
  const what = words.what({
    measure: plan.measure,
    of: plan.of,
    group: plan.group,
    by: plan.order?.by,
    limit: plan.limit,
    compares: plan.compare !== undefined,
  })
  return {
    what: sides.length > 0 ? `${what} (${sides.join(' × ')})` : what,
    dataset: plain(dataset.name),
    synthetic: dataset.synthetic,
    filters: filters.length > 0 ? filters.join('; ') : words.no_filters,
    period:
      periodOf(plan.where, teller) ??
      (plan.compare?.every((one) => one.start_date ?? one.end_date) ? sides.join(' × ') : words.whole_period),
  }
}

/** Tells how a question was understood. */
export const understood = (plan: Plan, dataset: KnownDataset, currency: string, teller: Teller): string =>
  teller.understanding.line(planInWords(plan, dataset, currency, teller))
