import type { Answered } from '../../knowledge/fact.ts'
import type { Format } from '../../language/format.ts'
import type { Plan } from '../../protocol/plan.ts'
import type { Amounts, Figures, FoundContract, Outcome } from '../../question/outcome.ts'
import { paragraphs, plain } from '../markdown.ts'
import { contractTable, rankingParts, sideTable } from './rows.ts'
import type { Teller } from './teller.ts'
import { sideOf } from './understood.ts'

/** Contracts of one number that are described. */
const DESCRIBED = 5

const SUBJECT_OF: Readonly<Partial<Record<Plan['of'], 'suppliers' | 'buyers' | 'units' | 'categories'>>> = {
  suppliers: 'suppliers',
  buyers: 'buyers',
  units: 'units',
  categories: 'categories',
}

const amountsOf = ({ figures: { amounts } }: Outcome, tell: (amounts: Amounts) => string): string =>
  amounts.map(tell).join('\n')

/** Tells the figure that a plan about contracts asks for. */
const figureOf = (outcome: Outcome, { figures: words }: Teller): string => {
  const { plan, figures, whole } = outcome
  const { measure } = plan
  const rest = figures.unvalued > 0 && words.unvalued_rest({ count: figures.unvalued })
  const count = words.contracts({ count: figures.contracts, unvalued: figures.unvalued })
  const { groups } = outcome
  if (measure === 'count' && groups && groups.of > 0)
    return words.count_per({ contracts: figures.contracts, groups: groups.of, filled: groups.filled })
  if (measure === 'count') {
    const totals = amountsOf(outcome, ({ total, currency, contracts }) =>
      words.sum({ amount: total, currency, contracts }),
    )
    return paragraphs(count, totals)
  }
  if (measure === 'mean' && groups && groups.of > 0)
    return paragraphs(
      amountsOf(outcome, ({ total, currency }) =>
        words.mean_per({
          amount: total,
          currency,
          groups: groups.of,
          filled: groups.filled,
          contracts: figures.contracts,
        }),
      ),
      rest,
    )
  if (measure === 'duration')
    return paragraphs(
      outcome.lengths ? words.lengths({ ...outcome.lengths }) : words.no_lengths,
      outcome.lengths &&
        outcome.lengths.contracts < figures.contracts &&
        words.endless({ count: figures.contracts - outcome.lengths.contracts }),
    )
  if (measure === 'added')
    return figures.amounts.every(({ added }) => added === null)
      ? words.no_initial
      : amountsOf(outcome, ({ added, grown, contracts, currency }) =>
          words.added({ amount: added ?? 0, currency, grown, contracts }),
        )
  if (measure === 'mean' || measure === 'median') {
    const other = measure === 'mean' ? 'median' : 'mean'
    return paragraphs(
      ...[measure, other].map((name) =>
        amountsOf(outcome, (one) =>
          words[name as 'mean' | 'median']({
            amount: one[name as 'mean' | 'median'],
            currency: one.currency,
            contracts: one.contracts,
          }),
        ),
      ),
      rest,
    )
  }
  if (measure === 'share')
    return paragraphs(
      ...(whole?.amounts ?? []).map((all) => {
        const part = figures.amounts.find(({ currency }) => currency === all.currency)
        return words.share({
          part: all.total > 0 ? (part?.total ?? 0) / all.total : 0,
          amount: part?.total ?? 0,
          whole: all.total,
          currency: all.currency,
          contracts: part?.contracts ?? 0,
          all: all.contracts,
        })
      }),
      rest,
    )
  const sums = amountsOf(outcome, ({ total, currency, contracts }) =>
    words.sum({ amount: total, currency, contracts }),
  )
  return measure === 'sum' ? paragraphs(sums, rest) : paragraphs(count, sums)
}

const spreadOf = (outcome: Outcome, { figures: words }: Teller): string =>
  amountsOf(outcome, ({ mean, median, largest, smallest, currency }) =>
    words.spread({ mean, median, largest, smallest, currency }),
  )

/** Writes the value with which a contract began, and what became of it. */
const initialOf = ({ initial_value, value, increase, currency }: FoundContract, format: Format): string =>
  `${format.money(initial_value ?? 0, currency)}${increase ? ` (${increase > 0 ? '+' : ''}${format.percent(increase / 100, 2)}, ${format.money((value ?? 0) - (initial_value ?? 0), currency)})` : ''}`

/** Writes a CNPJ or CPF as people do. */
const idOf = (id: string): string =>
  plain(
    id
      .replace(/^(\d{2})(\d{3})(\d{3})(\d{4})(\d{2})$/, '$1.$2.$3/$4-$5')
      .replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4'),
  )

/** Tells one contract's story: what, who, when, how much. */
const story = (one: FoundContract, { table: heads, format }: Teller): string => {
  const lines: readonly (readonly [string, string | null | false])[] = [
    [heads.object, one.object && plain(one.object)],
    [
      heads.supplier,
      one.supplier_name &&
        `${plain(one.supplier_name)}${one.supplier_id ? ` (${idOf(one.supplier_id)})` : ''}`,
    ],
    [heads.buyer, one.buyer_name && plain(one.buyer_name)],
    [heads.unit, one.unit_name && plain(one.unit_name)],
    [heads.category, one.category && plain(one.category)],
    [heads.modality, one.modality && plain(one.modality)],
    [heads.date, one.date && format.day(one.date)],
    [heads.end, one.end_at && format.day(one.end_at)],
    [heads.status, one.status && plain(one.status)],
    [heads.total, one.value !== null && `${format.money(one.value, one.currency)} (${one.currency})`],
    [heads.initial, one.initial_value !== null && initialOf(one, format)],
  ]
  return paragraphs(
    `${heads.contract} **${plain(one.contract_number ?? one.contract_id)}**:`,
    lines.flatMap(([head, value]) => (value ? [`- ${head}: ${value}`] : [])).join('\n'),
  )
}

const sidesOf = (outcome: Outcome, teller: Teller): string => {
  const { plan, sides = [], rankings } = outcome
  const { figures: words } = teller
  const [first, last] = [sides[0], sides.at(-1)]
  const currencies = [...new Set(sides.flatMap(({ figures }) => figures.amounts.map((one) => one.currency)))]
  const isPeriods = sides.every(({ where }) => (where.start_date ?? where.end_date) !== undefined)
  const totalOf = (side: { figures: Figures }) =>
    side.figures.amounts.find((one) => one.currency === currencies[0])?.total ?? 0
  // Of means and counts side by side, the sums would say something else.
  const isSums = !['mean', 'median', 'count'].includes(plan.measure)
  const totals = currencies.map((currency) => {
    const of = (side: typeof first) =>
      side?.figures.amounts.find((one) => one.currency === currency)?.total ?? 0
    if (plan.measure === 'change' || plan.measure === 'growth')
      return words.changed({ before: of(first), after: of(last), currency })
    const ranked = [...sides].sort((a, b) => of(b) - of(a))
    const [most, second] = ranked
    return most && second && of(second) > 0 && isSums
      ? `${words.times({
          first: sideOf(most.where, currency, teller),
          second: sideOf(second.where, currency, teller),
          ratio: of(most) / of(second),
        })} ${words.differs({ amount: of(most) - of(second), currency })}`
      : ''
  })
  return paragraphs(
    ...(plan.of === 'contracts' ? totals : []),
    ...(plan.of === 'contracts' && !isPeriods
      ? currencies.map((currency) =>
          words.together({
            amount:
              sides.reduce(
                (sum, { figures }) =>
                  sum +
                  Math.round((figures.amounts.find((one) => one.currency === currency)?.total ?? 0) * 100),
                0,
              ) / 100,
            currency,
          }),
        )
      : []),
    plan.having?.growth && rankings?.every(({ items }) => items.length === 0) && words.none_grew,
    rankings && rankingParts(rankings, plan, teller),
    sideTable(isPeriods ? sides : [...sides].sort((a, b) => totalOf(b) - totalOf(a)), teller),
  )
}

/** Tells what a plan about contracts, suppliers, buyers, units or categories gave. */
export const outcomeParts = (outcome: Answered, teller: Teller): string => {
  const { plan, figures, whole, rankings, partners, contracts } = outcome
  const { figures: words } = teller
  const { measure, of } = plan
  const party = SUBJECT_OF[of]
  if (outcome.sides) return sidesOf(outcome, teller)
  if (plan.where.contract !== undefined && measure === 'summary')
    return paragraphs(
      ...contracts.slice(0, DESCRIBED).map((one) => story(one, teller)),
      contracts.length < figures.contracts && words.shown({ shown: contracts.length, of: figures.contracts }),
    )
  const rows = contracts.length > 0 && contractTable(contracts, plan, teller)
  const seen = (plan.skip ?? 0) + contracts.length
  const { groups } = outcome
  if (groups && contracts.length > 0)
    return paragraphs(
      figureOf(outcome, teller),
      rows,
      seen < groups.of && words.shown({ shown: seen, of: groups.of }),
    )
  const more =
    seen < figures.contracts && contracts.length > 0 && words.shown({ shown: seen, of: figures.contracts })
  if (party && measure === 'count')
    return paragraphs(
      words.different({ count: figures[party], of: party, contracts: figures.contracts }),
      rankings && rankingParts(rankings, plan, teller),
    )
  if (party && measure === 'share')
    return paragraphs(
      ...(rankings ?? []).flatMap(({ items, currency, total, contracts: all }) => {
        const part = items.reduce((sum, one) => sum + (one.total ?? 0), 0)
        const valued = items.reduce((sum, one) => sum + one.contracts, 0)
        return currency === null
          ? []
          : [
              words.share({
                part: total > 0 ? part / total : 0,
                amount: part,
                whole: total,
                currency,
                contracts: valued,
                all,
              }),
            ]
      }),
      rankings && rankingParts(rankings, { ...plan, measure: 'list' }, teller),
    )
  if (measure === 'summary') {
    const share =
      party &&
      figureOf({ ...outcome, plan: { ...plan, measure: 'share' }, ...(whole ? { whole } : {}) }, teller)
    return paragraphs(
      figureOf({ ...outcome, plan: { ...plan, measure: 'list' } }, teller),
      share,
      spreadOf(outcome, teller),
      [
        figures.firstDay && figures.lastDay && words.days({ from: figures.firstDay, to: figures.lastDay }),
        words.parties({ buyers: figures.buyers, suppliers: figures.suppliers }),
      ]
        .filter(Boolean)
        .join(' '),
      party &&
        partners &&
        partners.length > 0 &&
        paragraphs(
          words.partners({ kind: party }),
          rankingParts(partners, { ...plan, measure: 'list' }, teller),
        ),
      rankings &&
        rankingParts(
          rankings.filter(({ items }) => items.length > 1),
          { ...plan, measure: 'sum', group: 'year' },
          teller,
        ),
      rows && paragraphs(words.rests_on, rows),
    )
  }
  if (party || plan.group) return paragraphs(rankings && rankingParts(rankings, plan, teller))
  if (contracts.length === 0 && plan.skip) return words.end_of_list
  const isList = measure === 'list' || measure === 'largest' || measure === 'smallest'
  const one = isList && plan.limit === 1 ? contracts[0] : undefined
  if (one)
    return paragraphs(
      story(one, teller),
      figures.contracts > 1 && words.shown({ shown: 1, of: figures.contracts }),
    )
  return paragraphs(figureOf(outcome, teller), !isList && rows && words.rests_on, rows, more)
}
