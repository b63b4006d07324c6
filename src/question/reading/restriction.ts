import type { Having, Slice, Where } from '../../protocol/plan.ts'
import { type Period, shifted } from './calendar.ts'
import { isLeftOut } from './exclusion.ts'
import type { NameField } from './mention.ts'
import { naming } from './naming.ts'
import type { Parts } from './parts.ts'

/** Returns a period as a restriction. */
export const during = ({ from, to }: Period): Slice => ({
  ...(from === undefined ? {} : { start_date: from }),
  ...(to === undefined ? {} : { end_date: to }),
})

/** Returns the one period that all the periods of a message span, where they follow one another; else undefined. */
export const spanned = (periods: readonly Period[]): Period | undefined => {
  const sorted = [...periods].sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? -1 : 1))
  const [first] = sorted
  if (!first) return undefined
  let span = first
  for (const next of sorted.slice(1)) {
    if (!span.to || !next.from) {
      span = { ...(span.from ? { from: span.from } : {}), ...(next.to ? { to: next.to } : {}) }
      continue
    }
    const following = new Date(Date.parse(`${span.to}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
    if (next.from > following) return undefined
    span = { ...(span.from ? { from: span.from } : {}), ...(next.to ? { to: next.to } : {}) }
  }
  return span
}

/** Returns the slices that lie in any of some periods and, where there are any, in any of some ranges of value. */
const anyOf = (periods: readonly Slice[], ranges: readonly Slice[]): Slice[] =>
  ranges.length === 0
    ? [...periods]
    : periods.length === 0
      ? [...ranges]
      : periods.flatMap((period) => ranges.map((range) => ({ ...period, ...range })))

/** Returns the restriction that a message names, without what it puts side by side. */
export const restriction = (parts: Parts): Where => {
  const { mentions, topics, periods, where } = parts
  const kept = mentions.filter((one) => !isLeftOut(one, parts.exclusions))
  const left = mentions.filter((one) => isLeftOut(one, parts.exclusions))
  const leftThings = topics.filter((one) => isLeftOut(one, parts.exclusions))
  const period = spanned(periods)
  const except = {
    ...naming(left, leftThings),
    ...(parts.without.length > 0 ? { within: parts.without.map(during) } : {}),
  }
  const within = anyOf(period ? [] : periods.map(during), parts.ranges)
  return {
    ...naming(
      kept,
      topics.filter((one) => !isLeftOut(one, parts.exclusions)),
    ),
    ...where,
    ...(period ? during(period) : {}),
    ...(within.length > 0 ? { within } : {}),
    ...(Object.keys(except).length > 0 ? { except } : {}),
  }
}

/** Returns the names, things and periods that parties have no contract with, where words like "not" leave them out. */
export const neverOf = ({ mentions, topics, exclusions, negated }: Parts, own: NameField): Where[] => {
  const negations = exclusions.filter((one) => one.negates)
  const names = mentions.filter((one) => isLeftOut(one, negations))
  const things = topics.filter((one) => isLeftOut(one, negations))
  if (names.some(({ field }) => field === own)) return []
  return [...(names.length + things.length > 0 ? [naming(names, things)] : []), ...negated.map(during)]
}

/** Returns the restrictions of all that is before and behind a period. */
const outside = ({ from, to }: Period): Where[] => {
  return [
    ...(from === undefined ? [] : [{ end_date: shifted(from, { days: -1 }) }]),
    ...(to === undefined ? [] : [{ start_date: shifted(to, { days: 1 }) }]),
  ]
}

/**
 * Returns what parties have that have contracts of one kind only, and which fields of the restriction that says instead;
 * undefined where the name is one of their own.
 */
export const onlyOf = (
  { only, mentions, topics, periods, periodsAt }: Parts,
  own: NameField,
): { having: Having; instead: readonly (keyof Where)[] } | undefined => {
  if (!only) return undefined
  const { from } = only.target
  const name = mentions.find((one) => one.from === from)
  const thing = topics.find((one) => one.from === from)
  if (name ?? thing) {
    if (name?.field === own) return undefined
    const named = naming(name ? [name] : [], thing ? [thing] : [])
    return {
      having: { also: [named], never: [{ except: named }] },
      instead: [name?.field ?? 'topic'],
    }
  }
  const period = periods[periodsAt.indexOf(from)]
  return period && periods.length === 1
    ? { having: { also: [during(period)], never: outside(period) }, instead: ['start_date', 'end_date'] }
    : undefined
}
