import type { Plan } from '../../../src/protocol/plan.ts'
import type { Figures, Lengths, Outcome } from '../../../src/question/outcome.ts'

interface ToldFigures
  extends Pick<Figures, 'contracts' | 'unvalued' | 'suppliers' | 'buyers' | 'units' | 'categories'> {
  /** In cents. */
  amounts: {
    currency: string
    contracts: number
    total: number
    mean: number
    median: number
    largest: number
    smallest: number
  }[]
}

/** The figures of an answer, whoever computed them; amounts in cents. */
export interface Told {
  figures: ToldFigures
  whole?: ToldFigures | undefined
  /** Groups that a mean is over. */
  groups?: { of: number; filled: number }
  /** The sum that amendments added, in cents. */
  added?: number
  sides?: ToldFigures[]
  rankings?: {
    currency: string | null
    items: {
      name: string
      contracts: number
      total: number | null
      mean: number | null
      median: number | null
      parties?: number
      before?: number | null
    }[]
  }[]
  /** For how many days contracts run. */
  lengths?: Lengths
  /** Numbers of contracts, in order. */
  listed?: string[]
}

/** Begins the line of a listed contract. */
export const LISTED = 'contract '

/** Writes cents as units; half a cent is up on both sides, whatever its last binary digit. */
const cents = (amount: number | null | undefined): string =>
  amount === null || amount === undefined ? '—' : (Math.round(Math.round(amount * 10) / 10) / 100).toFixed(2)

const figuresAs = (name: string, { amounts, ...counts }: ToldFigures): string[] => [
  `${name}: ${counts.contracts} contracts, ${counts.unvalued} without a value, ${counts.suppliers} suppliers, ${counts.buyers} buyers, ${counts.units} units, ${counts.categories} categories`,
  ...amounts.map(
    (one) =>
      `${name}: ${one.currency} ${cents(one.total)} in ${one.contracts}, mean ${cents(one.mean)}, median ${cents(one.median)}, from ${cents(one.smallest)} to ${cents(one.largest)}`,
  ),
]

/** Writes what a plan gives in lines that two ways of working it out share to the cent. */
export const asWritten = ({ of, where, place, group }: Plan, told: Told): string[] => [
  ...figuresAs('contracts', told.figures),
  ...(told.whole ? figuresAs('whole', told.whole) : []),
  ...(told.groups ? [`over ${told.groups.of}, ${told.groups.filled} with contracts`] : []),
  ...(told.lengths
    ? [
        `days: ${told.lengths.contracts}, mean ${told.lengths.mean.toFixed(3)}, median ${told.lengths.median}, from ${told.lengths.shortest} to ${told.lengths.longest}`,
      ]
    : []),
  ...(told.added === undefined ? [] : [`added ${cents(told.added)}`]),
  ...(told.sides ?? []).flatMap((side, at) => figuresAs(`side ${at + 1}`, side)),
  ...(told.rankings ?? []).flatMap(({ currency, items }) =>
    items.map(
      (one, at) =>
        `${currency} ${at + 1}. ${one.name}: ${one.contracts}, ${cents(one.total)}, mean ${cents(one.mean)}, median ${cents(one.median)}${one.before === undefined ? '' : `, before ${cents(one.before)}`}${one.parties === undefined ? '' : `, ${one.parties} parties`}`,
    ),
  ),
  ...(told.listed ?? []).map((number, at) => `${LISTED}${at + 1}. ${number}`),
  ...(of === 'findings'
    ? [`findings ${[where.anomaly_type ?? 'all', [...(where.severity ?? [])].sort(), group ?? 'one by one']}`]
    : []),
  ...(place === undefined ? [] : [`place ${place}`]),
]

const inCents = ({ amounts, ...counts }: Figures): ToldFigures => ({
  ...counts,
  amounts: amounts.map((one) => ({
    ...one,
    total: one.total * 100,
    mean: one.mean * 100,
    median: one.median * 100,
    largest: one.largest * 100,
    smallest: one.smallest * 100,
  })),
})
const hundredfold = (amount: number | null): number | null => (amount === null ? null : amount * 100)

/** Writes what the service made of a plan. */
export const answered = (
  plan: Plan,
  { figures, whole, groups, lengths, sides, rankings, contracts }: Outcome,
): string[] => {
  const isList =
    plan.of === 'contracts' &&
    (['largest', 'smallest'].includes(plan.measure) || (plan.measure === 'list' && !plan.group))
  return asWritten(plan, {
    figures: inCents(figures),
    ...(whole ? { whole: inCents(whole) } : {}),
    ...(groups ? { groups } : {}),
    ...(lengths ? { lengths } : {}),
    ...(plan.measure === 'added'
      ? { added: figures.amounts.reduce((sum, one) => sum + (one.added ?? 0) * 100, 0) }
      : {}),
    ...(sides ? { sides: sides.map((side) => inCents(side.figures)) } : {}),
    ...(rankings && plan.measure !== 'summary'
      ? {
          rankings: rankings.map(({ currency, items }) => ({
            currency,
            items: items.map((one) => ({
              ...one,
              total: hundredfold(one.total),
              mean: hundredfold(one.mean),
              median: hundredfold(one.median),
              ...(one.before === undefined ? {} : { before: hundredfold(one.before) }),
            })),
          })),
        }
      : {}),
    ...(isList && !sides
      ? {
          listed: contracts.map(
            ({ in_group, contract_number }) =>
              `${in_group === undefined ? '' : `${in_group}: `}${contract_number}`,
          ),
        }
      : {}),
  })
}
