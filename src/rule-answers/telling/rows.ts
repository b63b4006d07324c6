import { PERIODS, type Plan } from '../../protocol/plan.ts'
import type { Figures, FoundContract, GroupFigures, Ranking } from '../../question/outcome.ts'
import { bar, paragraphs, plain, table } from '../markdown.ts'
import type { Teller } from './teller.ts'
import { sideOf } from './understood.ts'

const NONE = '—'

/** Writes contracts as a table, with what they are ordered or chosen by. */
export const contractTable = (
  contracts: readonly FoundContract[],
  { where, order, measure, group }: Pick<Plan, 'where' | 'order' | 'measure' | 'group'>,
  teller: Teller,
): string => {
  const { table: heads, format } = teller
  const byEnd = where.ends_from !== undefined || where.ends_to !== undefined || order?.by === 'end'
  const byDays = order?.by === 'duration' || measure === 'duration' || where.months !== undefined
  const byIncrease =
    where.increase !== undefined || order?.by === 'increase' || order?.by === 'added' || measure === 'added'
  const ofEach = contracts.some(({ in_group }) => in_group !== undefined) ? group : undefined
  return table(
    [
      ...(ofEach === undefined ? [] : [ofEach in heads ? heads[ofEach as 'supplier'] : heads.period]),
      heads.contract,
      byEnd ? heads.end : heads.date,
      ...(byDays ? [heads.duration] : []),
      heads.object,
      heads.supplier,
      heads.buyer,
      heads.total,
      ...(byIncrease ? [heads.initial, heads.increase] : []),
    ],
    contracts.map((one) => {
      const day = byEnd ? one.end_at : one.date
      const money = (amount: number | null) => (amount === null ? NONE : format.money(amount, one.currency))
      return [
        ...(ofEach === undefined
          ? []
          : [
              nameOf(
                { key: one.in_group as string, name: one.in_group as string },
                { group: ofEach },
                teller,
              ),
            ]),
        plain(one.contract_number ?? one.contract_id),
        day ? format.day(day) : NONE,
        ...(byDays ? [one.days === null ? NONE : format.number(one.days)] : []),
        plain(one.object ?? one.category ?? NONE),
        plain(one.supplier_name ?? one.supplier_id ?? NONE),
        plain(one.unit_name ?? one.buyer_name ?? NONE),
        money(one.value),
        ...(byIncrease
          ? [money(one.initial_value), one.increase === null ? NONE : format.percent(one.increase / 100, 2)]
          : []),
      ]
    }),
  )
}

const nameOf = (
  { key, name }: Pick<GroupFigures, 'key' | 'name'>,
  { group, split }: Pick<Plan, 'group' | 'split'>,
  { format }: Teller,
): string =>
  split !== undefined
    ? plain(name)
    : group === 'month'
      ? format.month(key)
      : group === 'weekday'
        ? format.weekday(Number(key))
        : plain(name)

/** Writes the groups of one currency as a table. */
export const rankingTable = (ranking: Ranking, plan: Plan, teller: Teller): string => {
  const { table: heads, format } = teller
  const { items, currency, total } = ranking
  const isPeriod = plan.group !== undefined && plan.group in PERIODS && plan.split === undefined
  const money = (amount: number | null | undefined): string =>
    amount === null || amount === undefined || currency === null ? NONE : format.money(amount, currency)
  const grows = items.some(({ before }) => before !== undefined)
  // Beside a share that groups must have, their share of each other would mislead.
  const hasShare = !isPeriod && plan.having?.share === undefined
  const counted = items.some(({ parties }) => parties !== undefined)
  const middle = plan.measure === 'mean' || plan.measure === 'median' ? plan.measure : undefined
  const largest = Math.max(...items.map((one) => one.total ?? 0))
  const before = plan.skip ?? 0
  const head = [
    ...(isPeriod ? [] : [heads.place]),
    isPeriod ? heads.period : heads.name,
    ...(counted ? [heads[plan.of as 'suppliers']] : []),
    heads.contracts,
    ...(counted
      ? []
      : [
          ...(grows ? [heads.before] : []),
          heads.total,
          ...(middle ? [heads[middle]] : []),
          ...(plan.measure === 'added' ? [heads.increase] : []),
          ...(grows || plan.measure === 'growth' ? [heads.change] : hasShare ? [heads.share] : []),
        ]),
  ]
  const rows = items.map((one, at) => {
    const past = grows ? (one.before ?? 0) : isPeriod && at > 0 ? items[at - 1]?.total : undefined
    const now = one.total ?? 0
    const change =
      past === undefined || past === null
        ? NONE
        : `${money(now - past)}${past > 0 ? ` (${format.percent((now - past) / past)})` : ''}`
    const named = [...(isPeriod ? [] : [String(before + at + 1)]), nameOf(one, plan, teller)]
    if (counted) return [...named, format.number(one.parties ?? 0), format.number(one.contracts)]
    return [
      ...named,
      format.number(one.contracts),
      ...(grows ? [money(one.before)] : []),
      isPeriod && largest > 0 ? `${bar(now / largest)} ${money(one.total)}`.trim() : money(one.total),
      ...(middle ? [money(one[middle])] : []),
      ...(plan.measure === 'added' ? [money(one.added)] : []),
      ...(grows || plan.measure === 'growth'
        ? [change]
        : hasShare
          ? [total > 0 ? format.percent(now / total) : NONE]
          : []),
    ]
  })
  return table(head, rows)
}

/** Writes the rankings of all currencies, with what there is beyond the listed groups. */
export const rankingParts = (rankings: readonly Ranking[], plan: Plan, teller: Teller): string => {
  const { figures } = teller
  return paragraphs(
    ...rankings.flatMap((ranking) => {
      const { items, of, currency, total, contracts } = ranking
      const [first] = items
      if (!first) return plan.skip ? [figures.end_of_list] : []
      const isPeriod = plan.group !== undefined && plan.group in PERIODS && plan.split === undefined
      const seen = (plan.skip ?? 0) + items.length
      return [
        !plan.skip &&
          (!isPeriod || plan.limit === 1) &&
          plan.split === undefined &&
          !['growth', 'mean', 'median'].includes(plan.measure) &&
          currency !== null &&
          first.total !== null &&
          figures.leads({
            name: nameOf(first, plan, teller),
            amount: first.total,
            currency,
            contracts: first.contracts,
          }),
        rankingTable(ranking, plan, teller),
        [
          seen < of && figures.shown({ shown: seen, of }),
          currency !== null && figures.all_groups({ groups: of, amount: total, currency, contracts }),
        ]
          .filter(Boolean)
          .join(' '),
      ]
    }),
  )
}

/** Writes figures side by side, in each of their currencies. */
export const sideTable = (
  sides: readonly { where: Plan['where']; figures: Figures }[],
  teller: Teller,
): string => {
  const { table: heads, format } = teller
  const currencies = [...new Set(sides.flatMap(({ figures }) => figures.amounts.map((one) => one.currency)))]
  return paragraphs(
    ...(currencies.length > 0 ? currencies : ['XXX']).map((currency) =>
      table(
        [heads.name, heads.contracts, heads.total, heads.mean, heads.median],
        sides.map(({ where, figures }) => {
          const amount = figures.amounts.find((one) => one.currency === currency)
          return [
            sideOf(where, currency, teller),
            format.number(currencies.length > 1 ? (amount?.contracts ?? 0) : figures.contracts),
            ...(['total', 'mean', 'median'] as const).map((name) =>
              amount ? format.money(amount[name], currency) : NONE,
            ),
          ]
        }),
      ),
    ),
  )
}
