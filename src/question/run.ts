import type { DuckDBConnection } from '@duckdb/node-api'
import type { Plan, Subject } from '../protocol/plan.ts'
import { withoutNames } from './condition.ts'
import type { Outcome } from './outcome.ts'
import { type DealGroup, GROUP_ORDERS, type Page, queries } from './queries.ts'
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

const PERIODS: readonly string[] = ['year', 'month']

const directionOf = ({ measure, order }: Plan, usual: 'asc' | 'desc'): 'asc' | 'desc' =>
  order?.direction ?? (measure === 'smallest' ? 'asc' : measure === 'largest' ? 'desc' : usual)

/** Returns the order and the part of the groups that a plan lists. */
const groupPage = (plan: Plan, group: DealGroup): Page => {
  const { order, limit, skip, measure } = plan
  const isPeriod = PERIODS.includes(group)
  const ranked = measure === 'largest' || measure === 'smallest'
  const by = order?.by ?? (isPeriod && !ranked ? 'date' : measure === 'count' ? 'count' : 'value')
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
  const by = order?.by ?? ((where.ends_from ?? where.ends_to) && measure === 'list' ? 'end' : 'value')
  const column = { date: 'day', end: 'end_at', name: 'coalesce(object, item)' }[by as string] ?? 'cents'
  const usual = by === 'end' || by === 'name' ? 'asc' : 'desc'
  const isList = measure === 'list' || measure === 'largest' || measure === 'smallest'
  return {
    order: `${column} ${directionOf(plan, usual)} NULLS LAST`,
    limit: limit ?? (isList ? LISTED : SHOWN_BESIDE),
    skip,
  }
}

/**
 * Reads what a plan gives over a dataset prepared by `readRegister`; a plan about findings gives the contracts that its
 * findings may rest on. A `place` is not looked at.
 */
export const run =
  (plan: Plan, register: Register) =>
  async (connection: DuckDBConnection, signal: AbortSignal): Promise<Outcome> => {
    const read = queries(connection, register, signal)
    const { measure, of, where, compare } = plan
    const kind = KIND_OF[of]
    const group = kind ?? (plan.group as DealGroup | undefined) ?? (measure === 'growth' ? 'year' : undefined)
    const figures = await read.figures(where)
    const outcome: Outcome = { plan, figures, contracts: [], unknown: read.unknown }

    if (compare) {
      const sides = []
      for (const one of compare) sides.push({ where: one, figures: await read.figures({ ...where, ...one }) })
      outcome.sides = sides
      const [first, last] = [compare[0], compare.at(-1)]
      if (measure === 'growth' && kind && first && last)
        outcome.rankings = await read.rankings(
          kind,
          { ...where, ...last },
          figures,
          { ...groupPage(plan, kind), order: `${GROUP_ORDERS.growth} ${directionOf(plan, 'desc')}` },
          { ...where, ...first },
        )
      return outcome
    }
    if (measure === 'share' || (measure === 'summary' && kind))
      outcome.whole = await read.figures(withoutNames(where))
    if (measure === 'summary') {
      outcome.rankings = await read.rankings('year', where, figures, groupPage(plan, 'year'))
      if (kind) {
        const partner = kind === 'supplier' ? 'buyer' : 'supplier'
        outcome.partners = await read.rankings(partner, where, figures, {
          order: 'total DESC',
          limit: plan.limit ?? SHOWN_BESIDE,
        })
      }
    } else if (group && of !== 'findings')
      outcome.rankings = await read.rankings(group, where, figures, groupPage(plan, group))
    if (!group || measure === 'summary') outcome.contracts = await read.contracts(where, contractPage(plan))
    return outcome
  }
