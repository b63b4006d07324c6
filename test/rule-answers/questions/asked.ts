import type { Group, Plan, Subject, Where } from '../../../src/protocol/plan.ts'

/** A question as somebody might type it, and what it must become. */
export interface Asked {
  question: string
  /** Undefined for a question that is not about data. */
  plan: Plan | undefined
  /** Other plans that read the question as well as `plan` does. */
  or?: readonly Plan[]
  /** Words, folded, that the data cannot answer and that must be told as unused or unknown. */
  unused?: readonly string[]
  /** Question before it, of the same list, whose plan it edits. */
  after?: string
}

type More = Omit<Partial<Plan>, 'measure' | 'of' | 'where'>
type Extra = Pick<Asked, 'or' | 'unused'>

/** Day on which every question is asked. */
export const TODAY = '2025-02-10'

const measured =
  (measure: Plan['measure']) =>
  (where: Where = {}, more: More = {}): Plan => ({ measure, of: 'contracts', where, ...more })

export const count = measured('count')
export const sum = measured('sum')
export const mean = measured('mean')
export const median = measured('median')
export const share = measured('share')
export const list = measured('list')
export const largest = measured('largest')
export const smallest = measured('smallest')
export const summary = measured('summary')

/** A measure of suppliers, buyers, units, categories or findings. */
export const about = (of: Subject, measure: Plan['measure'], where: Where = {}, more: More = {}): Plan => ({
  measure,
  of,
  where,
  ...more,
})
export const findings = (where: Where = {}, more: More = {}): Plan => about('findings', 'list', where, more)
export const by = (group: Group, where: Where = {}, more: More = {}): Plan => sum(where, { group, ...more })
export const versus = (...compare: Where[]): Plan => sum({}, { compare })
export const change = (first: Where, second: Where, where: Where = {}): Plan => ({
  measure: 'change',
  of: 'contracts',
  where,
  compare: [first, second],
})
export const growth = (group: Group, where: Where = {}): Plan => ({
  measure: 'growth',
  of: 'contracts',
  where,
  group,
})

export const days = (start_date: string, end_date: string): Where => ({ start_date, end_date })
export const year = (number: number): Where => days(`${number}-01-01`, `${number}-12-31`)
/** Contracts that end from the day of asking to a later one. */
export const ending = (ends_to: string): Where => ({ ends_from: TODAY, ends_to })
export const topic = (...phrases: string[]): Where => ({ topic: phrases })
export const buyer = (...names: string[]): Where => ({ buyer: names })
export const supplier = (...names: string[]): Where => ({ supplier: names })

export const most = { order: { by: 'count', direction: 'desc' } } as const
export const newest = { order: { by: 'date', direction: 'desc' } } as const
export const dearest = { order: { by: 'value', direction: 'desc' } } as const

export const ask = (question: string, plan: Plan, extra: Extra = {}): Asked => ({ question, plan, ...extra })
const priced =
  (currency: string) =>
  (question: string, plan: Plan, or: readonly Plan[] = []): Asked =>
    ask(question, plan, {
      or: [plan, ...or].flatMap((one) => [one, { ...one, where: { ...one.where, currency } }]),
    })
/** Asks with an amount in reais, euros or pounds, which may be read as the currency too. */
export const reais = priced('BRL')
export const euros = priced('EUR')
export const pounds = priced('GBP')
/** Asks for the supplier, unit or category at one place from the largest. */
export const placedOf = (question: string, of: Subject, where: Where, place: number): Asked =>
  ask(question, about(of, 'largest', where, { place }), {
    or: [
      about(of, 'largest', where, { place, limit: place }),
      about(of, 'summary', where, { place }),
      about(of, 'summary', where, { place, limit: place }),
      about(of, 'largest', where, { skip: place - 1, limit: 1 }),
    ],
  })
/** Asks for the contract at one place from the largest. */
export const placed = (question: string, where: Where, place: number): Asked =>
  placedOf(question, 'contracts', where, place)
/** Questions that are not about data. */
export const talk = (...questions: string[]): Asked[] =>
  questions.map((question) => ({ question, plan: undefined }))
/** A conversation: every question but the first follows the one before it. */
export const chain = (...asked: readonly Asked[]): Asked[] =>
  asked.map((one, at) => (at === 0 ? one : { ...one, after: (asked[at - 1] as Asked).question }))
