import type { DuckDBConnection } from '@duckdb/node-api'
import { type Group, MOST_LISTED, PERIODS, type Plan, type Subject, type Where } from '../protocol/plan.ts'
import { withoutNames } from './condition.ts'
import { type DealGroup, GROUP_ORDERS } from './group-columns.ts'
import type { Outcome } from './outcome.ts'
import { type Page, queries } from './queries.ts'
import type { NamedKind, Register } from './register.ts'

/** Groups and contracts that are listed unless the plan says how many. */
export const LISTED = 10
/** Contracts shown beside a figure that rests on them. */
const SHOWN_BESIDE = 5
/** Periods that are listed unless the plan says how many. */
const LISTED_PERIODS = 36

/** Subjects that are groups of contracts. */
export const KIND_OF: Readonly<Partial<Record<Subject, NamedKind>>> = {
  suppliers: 'supplier',
  buyers: 'buyer',
  units: 'unit',
  categories: 'category',
}

const directionOf = ({ measure, order }: Plan, usual: 'asc' | 'desc'): 'asc' | 'desc' =>
  order?.direction ?? (measure === 'smallest' ? 'asc' : measure === 'largest' ? 'desc' : usual)

const isDealGroup = (group: Group): group is DealGroup => group !== 'anomaly_type' && group !== 'severity'

/** Returns the order and the part of the groups that a plan lists. */
const groupPage = (plan: Plan, group: DealGroup): Page => {
  const { order, limit, skip, measure, split } = plan
  if (split !== undefined && isDealGroup(split))
    return { order: 'name', limit: limit ?? MOST_LISTED, skip, split }
  const isPeriod = group in PERIODS
  const ranked = measure === 'largest' || measure === 'smallest'
  const by =
    order?.by ??
    (isPeriod && !ranked ? 'date' : measure === 'count' ? 'count' : measure === 'added' ? 'added' : 'value')
  const column = by in GROUP_ORDERS ? GROUP_ORDERS[by as keyof typeof GROUP_ORDERS] : GROUP_ORDERS.value
  const sorted = measure === 'mean' || measure === 'median' ? column.replace('total', measure) : column
  return {
    order: `${sorted} ${directionOf(plan, by === 'date' || by === 'name' ? 'asc' : 'desc')}`,
    limit: limit ?? (isPeriod ? LISTED_PERIODS : LISTED),
    skip,
  }
}

/** Returns the order and the part of the contracts that a plan lists. */
const contractPage = (plan: Plan): Page => {
  const { order, limit, skip, measure, where } = plan
  const by =
    order?.by ??
    (measure === 'duration' ? 'duration' : undefined) ??
    ((where.ends_from ?? where.ends_to) && measure === 'list' ? 'end' : 'value')
  const column =
    {
      date: 'day',
      end: 'end_at',
      name: 'coalesce(object, item)',
      duration: 'days',
      added: 'cents - initial',
      increase: 'increase',
    }[by as string] ?? 'cents'
  const usual = by === 'end' || by === 'name' ? 'asc' : 'desc'
  const isList = measure === 'list' || measure === 'largest' || measure === 'smallest'
  return {
    order: `${column} ${directionOf(plan, usual)} NULLS LAST`,
    limit: limit ?? (isList ? LISTED : SHOWN_BESIDE),
    skip,
  }
}

/** Counts the periods of a number of months that a restriction covers, as far as the dataset has contracts. */
const periodsIn = (
  { start_date, end_date }: Where,
  months: number,
  { firstDay, lastDay }: Register,
): number => {
  if (firstDay === null || lastDay === null) return 0
  const at = (day: string) =>
    Math.floor((Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1) / months)
  const from = start_date !== undefined && start_date > firstDay ? start_date : firstDay
  const to = end_date !== undefined && end_date < lastDay ? end_date : lastDay
  return Math.max(0, at(to) - at(from) + 1)
}

/**
 * Reads what a plan gives over a dataset prepared by `layOutDeals`; a plan about findings gives the contracts that its
 * findings may rest on. A `place` is not looked at.
 */
export const run =
  (plan: Plan, register: Register) =>
  async (connection: DuckDBConnection, signal: AbortSignal): Promise<Outcome> => {
    const { measure, of, where, compare, having, per } = plan
    const kind = KIND_OF[of]
    // "How many suppliers in each unit": the parties are counted, not listed.
    const counts = kind && measure === 'count' && plan.group !== kind ? (plan.group as DealGroup) : undefined
    const isEach = of === 'contracts' && plan.group && (measure === 'largest' || measure === 'smallest')
    const group = kind ?? (plan.group as DealGroup | undefined) ?? (measure === 'growth' ? 'year' : undefined)
    // How much groups grew is known only when both periods have been added up.
    const isAmong = having !== undefined && Object.keys(having).some((what) => what !== 'growth')
    const among = having && isAmong && group ? { group, having, currency: where.currency } : undefined
    const read = queries(connection, register, signal, among)
    const figures = await read.figures(where)
    const outcome: Outcome = { plan, figures, contracts: [], unknown: read.unknown }

    if (compare) {
      const sides: NonNullable<Outcome['sides']> = []
      for (const one of compare) sides.push({ where: one, figures: await read.figures({ ...where, ...one }) })
      outcome.sides = sides
      const [first, last] = [compare[0], compare.at(-1)]
      // What all groups come to is told of the last period.
      const amounts = figures.amounts.map(
        (one) =>
          sides.at(-1)?.figures.amounts.find(({ currency }) => currency === one.currency) ?? {
            ...one,
            contracts: 0,
            total: 0,
          },
      )
      if (measure === 'growth' && kind && first && last)
        outcome.rankings = await read.rankings(
          kind,
          { ...where, ...last },
          { ...figures, amounts },
          {
            ...groupPage(plan, kind),
            growth: having?.growth,
            order: `${GROUP_ORDERS[plan.order?.by === 'increase' ? 'increase' : 'growth']} ${directionOf(plan, 'desc')}`,
          },
          { ...where, ...first },
        )
      return outcome
    }
    if (measure === 'share' || (measure === 'summary' && kind))
      outcome.whole = await queries(connection, register, signal).figures({
        ...withoutNames(where),
        ...plan.whole,
      })
    if ((measure === 'mean' || measure === 'count') && per && per !== 'anomaly_type' && per !== 'severity') {
      const [groups] = await read.rankings(per, where, figures, { order: 'key', limit: 1 })
      const filled = groups?.of ?? 0
      outcome.groups = {
        of: per in PERIODS ? periodsIn(where, PERIODS[per] as number, register) : filled,
        filled,
      }
    }
    if (measure === 'summary') {
      outcome.rankings = await read.rankings('year', where, figures, groupPage(plan, 'year'))
      if (kind) {
        const partner = kind === 'supplier' ? 'buyer' : 'supplier'
        outcome.partners = await read.rankings(partner, where, figures, {
          order: 'total DESC',
          limit: plan.limit ?? SHOWN_BESIDE,
        })
      }
    } else if (counts && kind)
      outcome.rankings = await read.partiesOfEach(counts, kind, where, {
        ...groupPage(plan, counts),
        order: counts in PERIODS && !plan.order ? 'key' : `parties ${directionOf(plan, 'desc')}`,
      })
    else if (isEach) {
      const listed = plan.group as DealGroup
      const page = groupPage(plan, listed)
      const order = listed in PERIODS ? 'key' : `cents ${directionOf(plan, 'desc')}`
      const { contracts, groups } = await read.firstOfEach(listed, where, directionOf(plan, 'desc'), {
        ...page,
        order,
      })
      outcome.contracts = contracts
      outcome.groups = { of: groups, filled: groups }
    } else if (group && of !== 'findings')
      outcome.rankings = await read.rankings(group, where, figures, groupPage(plan, group))
    if (measure === 'duration') {
      const lengths = await read.lengths(where)
      if (lengths) outcome.lengths = lengths
    }
    if (!group || measure === 'summary') outcome.contracts = await read.contracts(where, contractPage(plan))
    return outcome
  }
