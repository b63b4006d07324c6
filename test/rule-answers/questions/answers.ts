import type { Plan, Where } from '../../../src/protocol/plan.ts'
import { chosen, fulfilling } from './choosing.ts'
import { asWritten, type Told } from './told.ts'
import type { TownRow } from './town.ts'

const NO_MONEY = { total: null, mean: null, median: null }
const GROUPS_LISTED = 10
const PERIODS_LISTED = 36
const MOST_LISTED = 50
const A_DAY = 86_400_000

const valuesOf = (rows: readonly TownRow[]): number[] =>
  rows.flatMap(({ cents }) => (cents === null ? [] : [cents])).sort((a, b) => a - b)
const added = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const middle = (values: readonly number[]): number =>
  ((values[Math.floor((values.length - 1) / 2)] as number) +
    (values[Math.ceil((values.length - 1) / 2)] as number)) /
  2
const different = (values: readonly (string | null)[]): number =>
  new Set(values.filter((value) => value !== null)).size

const grouped = <T>(values: readonly T[], key: (value: T) => string | null): Map<string, T[]> => {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const of = key(value)
    if (of !== null) groups.set(of, [...(groups.get(of) ?? []), value])
  }
  return groups
}

/** Returns the currencies of rows with a value, that of most first. */
const currenciesOf = (rows: readonly TownRow[]): string[] =>
  [
    ...grouped(
      rows.filter(({ cents }) => cents !== null),
      (row) => row.currency,
    ),
  ]
    .sort(([a, inA], [b, inB]) => inB.length - inA.length || (a < b ? -1 : 1))
    .map(([currency]) => currency)

const figuresOf = (rows: readonly TownRow[]): Told['figures'] => ({
  contracts: rows.length,
  unvalued: rows.filter(({ cents }) => cents === null).length,
  suppliers: different(rows.map((row) => row.supplier)),
  buyers: different(rows.map((row) => row.buyer)),
  units: different(rows.map((row) => row.unit)),
  categories: different(rows.map((row) => row.category)),
  amounts: currenciesOf(rows).map((currency) => {
    const values = valuesOf(rows.filter((row) => row.currency === currency))
    return {
      currency,
      contracts: values.length,
      total: added(values),
      mean: added(values) / values.length,
      median: middle(values),
      largest: values.at(-1) as number,
      smallest: values[0] as number,
    }
  }),
})

const KEYS: Readonly<Record<string, (row: TownRow) => string | null>> = {
  year: ({ signed }) => signed.slice(0, 4),
  half: ({ signed }) => `${signed.slice(0, 4)}-H${signed.slice(5, 7) < '07' ? 1 : 2}`,
  quarter: ({ signed }) => `${signed.slice(0, 4)}-Q${Math.ceil(Number(signed.slice(5, 7)) / 3)}`,
  month: ({ signed }) => signed.slice(0, 7),
  supplier: (row) => row.supplier,
  buyer: (row) => row.buyer,
  unit: (row) => row.unit,
  category: (row) => row.category,
  modality: (row) => row.modality,
  weekday: ({ signed }) => String(new Date(signed).getUTCDay() || 7),
}
const GROUP_OF: Readonly<Record<string, string>> = {
  suppliers: 'supplier',
  buyers: 'buyer',
  units: 'unit',
  categories: 'category',
}

interface Grouped {
  name: string
  contracts: number
  total: number | null
  mean: number | null
  median: number | null
  before?: number
}

/** Puts values in an order, those without one last, the same ones by name. */
const sorted = <T>(
  things: readonly T[],
  value: (thing: T) => number | string | null,
  descends: boolean,
  name: (thing: T) => string,
): T[] =>
  [...things].sort((a, b) => {
    const [left, right] = [value(a), value(b)]
    if (left !== right) {
      if (left === null || right === null) return left === null ? 1 : -1
      return left < right === descends ? 1 : -1
    }
    return name(a) < name(b) ? -1 : 1
  })

const groupsOf = (
  { measure, order, limit, skip = 0, split, having }: Plan,
  group: string,
  rows: readonly TownRow[],
  earlier: readonly TownRow[] | undefined,
): Grouped[] => {
  const one = KEYS[group] as (row: TownRow) => string | null
  const other = split && KEYS[split]
  const both = (first: string | null, second: string | null) =>
    first === null || second === null ? null : `${first} · ${second}`
  const key = other ? (row: TownRow) => both(one(row), other(row)) : one
  const [now, past] = [grouped(rows, key), grouped(earlier ?? [], key)]
  const groups = [...new Set([...now.keys(), ...past.keys()])].map((name): Grouped => {
    const of = now.get(name) ?? []
    const values = valuesOf(of)
    const has = values.length > 0
    return {
      name,
      contracts: of.length,
      total: has ? added(values) : earlier ? 0 : null,
      mean: has ? added(values) / values.length : null,
      median: has ? middle(values) : null,
      ...(earlier ? { before: added(valuesOf(past.get(name) ?? [])) } : {}),
    }
  })
  const isPeriod = ['year', 'half', 'quarter', 'month'].includes(group)
  const ranked = measure === 'largest' || measure === 'smallest'
  const usual = isPeriod && !ranked ? 'date' : measure === 'count' ? 'count' : 'value'
  const way = earlier ? (order?.by === 'increase' ? 'percent' : 'growth') : (order?.by ?? usual)
  const isName = way === 'date' || way === 'name'
  const direction = order?.direction ?? (measure === 'smallest' || (isName && !ranked) ? 'asc' : 'desc')
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = having?.growth ?? {}
  const kept = groups.filter(({ total, before }) => {
    if (having?.growth === undefined) return true
    const percent = before ? (100 * ((total ?? 0) - before)) / before : Number.NaN
    return percent >= min && percent <= max
  })
  if (split)
    return sorted(
      kept,
      (one) => one.name,
      false,
      (one) => one.name,
    ).slice(skip, skip + (limit ?? MOST_LISTED))
  const figure = (one: Grouped) => {
    if (way === 'percent') return one.before ? ((one.total ?? 0) - one.before) / one.before : null
    if (way === 'growth') return (one.total ?? 0) - (one.before ?? 0)
    if (isName) return one.name
    if (way === 'count') return one.contracts
    return measure === 'mean' || measure === 'median' ? one[measure] : one.total
  }
  return sorted(kept, figure, direction === 'desc', (one) => one.name).slice(
    skip,
    skip + (limit ?? (isPeriod ? PERIODS_LISTED : GROUPS_LISTED)),
  )
}

const grown = ({ cents, initialCents }: TownRow, way: 'increase' | 'added'): number | null =>
  cents === null || initialCents === null
    ? null
    : way === 'added'
      ? cents - initialCents
      : (cents - initialCents) / initialCents

const listOf = (
  { measure, order, where, limit = GROUPS_LISTED, skip = 0 }: Plan,
  rows: readonly TownRow[],
) => {
  const isWindow = (where.ends_from ?? where.ends_to) !== undefined && measure === 'list'
  const way = order?.by ?? (isWindow ? 'end' : 'value')
  const figure = (row: TownRow) =>
    way === 'increase' || way === 'added'
      ? grown(row, way)
      : way === 'duration'
        ? row.ends && Date.parse(row.ends) - Date.parse(row.signed)
        : way === 'date'
          ? row.signed
          : way === 'end'
            ? row.ends
            : way === 'name'
              ? row.object
              : row.cents
  const usual = measure === 'smallest' || way === 'end' || way === 'name' ? 'asc' : 'desc'
  // In a town's file the numbers ascend with the lines.
  return sorted(rows, figure, (order?.direction ?? usual) === 'desc', (row) => row.number).slice(
    skip,
    skip + limit,
  )
}

/** Lists the one contract of each group and currency, the largest or the smallest. */
const eachOf = (plan: Plan, group: string, rows: readonly TownRow[]): { of: number; listed: string[] } => {
  const key = KEYS[group] as (row: TownRow) => string | null
  const valuable = rows.filter((row) => row.cents !== null && key(row) !== null)
  const isPeriod = ['year', 'half', 'quarter', 'month'].includes(group)
  const descends = (plan.order?.direction ?? (plan.measure === 'smallest' ? 'asc' : 'desc')) === 'desc'
  const firsts = [...grouped(valuable, (row) => `${key(row)}|${row.currency}`).values()].map(
    (some) =>
      sorted(
        some,
        (row) => row.cents,
        descends,
        (row) => row.number,
      )[0] as TownRow,
  )
  const inOrder = sorted(
    firsts,
    (row) => (isPeriod ? key(row) : row.cents),
    descends && !isPeriod,
    (row) => row.number,
  )
  return {
    of: different(valuable.map(key)),
    listed: inOrder
      .slice(plan.skip ?? 0, (plan.skip ?? 0) + (plan.limit ?? (isPeriod ? PERIODS_LISTED : GROUPS_LISTED)))
      .map((row) => `${key(row)}: ${row.number}`),
  }
}

/** Counts the different parties in each group, over all currencies. */
const partiesOf = (plan: Plan, party: string, rows: readonly TownRow[]) => {
  const group = plan.group as string
  const isPeriod = ['year', 'half', 'quarter', 'month'].includes(group)
  const groups = [...grouped(rows, KEYS[group] as (row: TownRow) => string | null)].map(([name, some]) => ({
    name,
    contracts: some.length,
    parties: different(some.map(KEYS[party] as (row: TownRow) => string | null)),
    ...NO_MONEY,
  }))
  const isDated = isPeriod && plan.order === undefined
  const descends = plan.order ? plan.order.direction === 'desc' : !isDated
  return sorted(
    groups,
    (one) => (isDated ? one.name : one.parties),
    descends,
    (one) => one.name,
  ).slice(0, plan.limit ?? (isPeriod ? PERIODS_LISTED : GROUPS_LISTED))
}

/** Returns a restriction's period without what names or describes contracts. */
const periodOf = ({ start_date, end_date, ends_from, ends_to, in_force_on, currency }: Where): Where =>
  JSON.parse(JSON.stringify({ start_date, end_date, ends_from, ends_to, in_force_on, currency }))

/** Counts the periods between the first and the last contract of a town, within those of a plan. */
const groupsIn = (
  { per = 'year', where }: Plan,
  rows: readonly TownRow[],
  all: readonly TownRow[],
): { of: number; filled: number } => {
  const key = KEYS[per] as (row: TownRow) => string | null
  const filled = different(rows.map(key))
  const inIt = chosen(all, periodOf({ start_date: where.start_date, end_date: where.end_date }))
  // Every month of a town has a contract, except where it has too few of them.
  const of =
    per === 'year' || per === 'half' || per === 'quarter' || per === 'month'
      ? different(inIt.map(key))
      : filled
  return { of, filled }
}

const isDated = ({ start_date, end_date }: Where): boolean => (start_date ?? end_date) !== undefined

/** Works out by arrays what a plan must give over the rows of a town, as `told.ts` writes it. */
export const reckoned = (plan: Plan, all: readonly TownRow[]): string[] => {
  const { measure, of, where, compare } = plan
  const party = GROUP_OF[of]
  const group = party ?? plan.group ?? (measure === 'growth' ? 'year' : undefined)
  const key = group === undefined ? undefined : KEYS[group]
  const keysOf = (other: Where) =>
    new Set(
      chosen(all, {
        ...(isDated(other) ? { ...where, start_date: undefined, end_date: undefined } : where),
        ...other,
      }).flatMap((row) => key?.(row) ?? []),
    )
  const within = chosen(all, where)
  const { growth: _growth, ...having } = plan.having ?? {}
  const rows =
    Object.keys(having).length > 0 && key ? fulfilling(grouped(within, key), having, keysOf) : within
  const told: Told = { figures: figuresOf(rows) }
  if ((measure === 'mean' || measure === 'count') && plan.per) told.groups = groupsIn(plan, rows, all)
  if (measure === 'added')
    told.added = added(
      rows.flatMap(({ cents, initialCents }) =>
        cents === null || initialCents === null ? [] : [cents - initialCents],
      ),
    )
  const days = rows.flatMap((row) =>
    row.ends === null ? [] : [(Date.parse(row.ends) - Date.parse(row.signed)) / A_DAY],
  )
  if (measure === 'duration' && days.length > 0) {
    const ascending = days.sort((a, b) => a - b)
    told.lengths = {
      contracts: days.length,
      mean: added(days) / days.length,
      median: middle(ascending),
      longest: ascending.at(-1) as number,
      shortest: ascending[0] as number,
    }
  }
  const side = (one: Where | undefined) => chosen(all, { ...where, ...one })
  const ranked = (name: string, now: readonly TownRow[], earlier?: readonly TownRow[]) =>
    (told.figures.amounts.length > 0 ? told.figures.amounts : [{ currency: null }]).map(({ currency }) => {
      const inIt = (some: readonly TownRow[]) =>
        currency === null ? some : some.filter((row) => row.currency === currency)
      return { currency, items: groupsOf(plan, name, inIt(now), earlier && inIt(earlier)) }
    })
  if (compare) {
    told.sides = compare.map((one) => figuresOf(side(one)))
    if (measure === 'growth' && party) told.rankings = ranked(party, side(compare.at(-1)), side(compare[0]))
  } else if (measure === 'summary') told.whole = party ? figuresOf(chosen(all, periodOf(where))) : undefined
  else if (party !== undefined && measure === 'count' && plan.group && plan.group !== party)
    told.rankings = [{ currency: null, items: partiesOf(plan, party, rows) }]
  else if (of === 'contracts' && plan.group && (measure === 'largest' || measure === 'smallest')) {
    const { of: all, listed } = eachOf(plan, plan.group, rows)
    told.groups = { of: all, filled: all }
    told.listed = listed
  } else {
    if (measure === 'share') told.whole = figuresOf(chosen(all, { ...periodOf(where), ...plan.whole }))
    if (of !== 'findings' && group !== undefined) told.rankings = ranked(group, rows)
    if (of === 'contracts' && group === undefined && ['list', 'largest', 'smallest'].includes(measure))
      told.listed = listOf(plan, rows).map((row) => row.number)
  }
  return asWritten(plan, told)
}
