import { ANOMALY_RULES } from '../../investigation/detectors.ts'
import type { KnownDataset } from '../../knowledge/fact.ts'
import type { Having, Plan, Where } from '../../protocol/plan.ts'
import { plain } from '../markdown.ts'
import type { Teller } from './teller.ts'

const NAMED = ['buyer', 'supplier', 'category', 'modality', 'status'] as const
/** Names of one filter that are written out. */
const MOST_NAMES = 5
const CENT = 0.01

/** Returns texts of the data for Markdown, the first `most` of them, with the number of the others. */
export const shortened = (names: readonly string[], most = MOST_NAMES): string[] => [
  ...names.slice(0, most).map(plain),
  ...(names.length > most ? [`… (+${names.length - most})`] : []),
]

/** Least part of a percent that makes a bound one that leaves its end out. */
const PART = 1e-6

/** Writes a range with its ends; an end a cent, or a part of a percent, beyond a round one leaves that out. */
const boundsOf = (
  { min, max }: { min?: number | undefined; max?: number | undefined },
  write: (amount: number) => string,
  step = CENT,
) => {
  if (min === undefined && max === undefined) return undefined
  const isBeyond = (amount: number, by: number) =>
    Math.abs(Math.round(amount - by) - (amount - by)) < step / 10 && !Number.isInteger(amount)
  const over = min !== undefined && max === undefined && isBeyond(min, step)
  const under = max !== undefined && min === undefined && isBeyond(max, -step)
  return {
    least: min === undefined ? undefined : write(over ? min - step : min),
    most: max === undefined ? undefined : write(under ? max + step : max),
    over,
    under,
  }
}

const percentIn =
  ({ format }: Teller) =>
  (percent: number): string =>
    format.percent(percent / 100, 2)

/** Describes what groups of contracts fulfil, as parts of a sentence. */
const havingOf = (
  { also = [], never = [], ...ranges }: Having,
  currency: string,
  teller: Teller,
): string[] => {
  const { understanding: words, format } = teller
  return [
    ...(Object.keys(ranges) as (keyof typeof ranges)[]).flatMap((what) => {
      const write =
        what === 'total'
          ? (amount: number) => format.money(amount, currency)
          : what === 'share' || what === 'growth'
            ? percentIn(teller)
            : (amount: number) => format.number(amount)
      const bounds = boundsOf(ranges[what] ?? {}, write, what === 'share' || what === 'growth' ? PART : CENT)
      return bounds ? [words.having({ what, ...bounds })] : []
    }),
    ...also.map((one) => words.also({ filters: slicesOf(one, currency, teller) })),
    ...never.map(({ except, ...one }) =>
      except && Object.keys(one).length === 0
        ? words.nothing_else({ filters: slicesOf(except, currency, teller) })
        : words.never({ filters: slicesOf({ ...one, ...(except ? { except } : {}) }, currency, teller) }),
    ),
  ]
}

/** Describes a restriction with its period. */
const slicesOf = (where: Where, currency: string, teller: Teller): string =>
  [...filtersOf(where, currency, teller), periodOf(where, teller)].filter(Boolean).join(', ') ||
  teller.understanding.everything

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
  const money = (amount: number) => format.money(amount, where.currency ?? currency)
  const value = boundsOf({ min: where.min_value, max: where.max_value }, money)
  if (value) parts.push(words.value(value))
  if (where.within)
    parts.push(
      words.within({
        slices: where.within.map((one) =>
          [...filtersOf({ ...one }, where.currency ?? currency, teller), periodOf(one, teller)]
            .filter(Boolean)
            .join(', '),
        ),
      }),
    )
  if (where.beside) parts.push(words.beside({ side: where.beside }))
  const increase = where.increase && boundsOf(where.increase, percentIn(teller), PART)
  if (increase) parts.push(words.increase(increase))
  const months = where.months && boundsOf(where.months, (count) => format.number(count))
  if (months) parts.push(words.months(months))
  if (where.weekday) parts.push(words.weekdays({ days: where.weekday.map(format.weekday) }))
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
  const filters = [
    ...filtersOf(plan.where, currency, teller),
    ...(plan.having ? havingOf(plan.having, currency, teller) : []),
    ...(plan.whole ? [words.whole({ filters: slicesOf(plan.whole, currency, teller) })] : []),
  ]
  const sides = plan.compare?.map((one) => sideOf(one, currency, teller)) ?? []
  const what = words.what({
    measure: plan.measure,
    of: plan.of,
    group: plan.group,
    split: plan.split,
    falls: plan.order?.direction === 'asc',
    per: plan.per,
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
