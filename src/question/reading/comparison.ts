import type { Where } from '../../protocol/plan.ts'
import { inYear, type Period } from './calendar.ts'
import { may } from './concepts.ts'
import { asksParties } from './deed.ts'
import { isLeftOut } from './exclusion.ts'
import type { Mention } from './mention.ts'
import { naming } from './naming.ts'
import type { Parts } from './parts.ts'
import { during } from './restriction.ts'
import type { Topic } from './topics.ts'
import { says } from './wishes.ts'

/** Things that are put side by side at most. */
const MOST_SIDES = 10
const OR = /\b(?:ou|or|o|u)\b/
const JOINS = /^(?:e|y|and|ou|or|o|u|x|vs|versus|contra|against|to)$/
const THAN = /^(?:que|than|quanto)$/
/** Words for all contracts, as the other side of a comparison. */
const EVERYTHING = /^(?:geral|general|overall|total|todos|all|everything|tudo|conjunto|municipio|cidade)$/
const SMALL =
  /^(?:a|o|as|os|la|el|los|las|the|de|do|da|dos|das|del|em|no|na|en|in|of|um|uma|un|una|e|media|mean|average|promedio|valor|com|con|with|para)$/
/** Words between a comparative and its "than", at most, and between that and the other side. */
const MOST_BETWEEN = 8
const MOST_BEFORE_SIDE = 4

/** Returns the place of the "than" of a comparative: "mais caro que", "more … than"; undefined without one. */
const thanAt = ({ draft, mentions, topics, periodsAt }: Parts): number | undefined => {
  const begins = [...mentions.map(({ from }) => from), ...topics.map(({ from }) => from), ...periodsAt]
  return draft.tokens.find(({ at, word }) => {
    if (!draft.isFree(at) || !THAN.test(word)) return false
    const compares = draft.tokens
      .slice(Math.max(0, at - MOST_BETWEEN), at)
      .some((token) => !draft.isClaimed(token) && may(token.word, 'most', 'least', 'largest', 'smallest'))
    if (!compares) return false
    const side = begins.find((from) => from > at && from <= at + MOST_BEFORE_SIDE)
    const isClause =
      side !== undefined &&
      word === 'que' &&
      draft.tokens
        .slice(side, side + 3)
        .some((token) => !draft.isClaimed(token) && may(token.word, 'spent', 'received'))
    return (side !== undefined && !isClause) || everythingAt(draft, at + 1) !== undefined
  })?.at
}

const everythingAt = (draft: Parts['draft'], from: number): number | undefined => {
  let at = from
  while (SMALL.test(draft.word(at)) && at < from + MOST_BEFORE_SIDE) at += 1
  return EVERYTHING.test(draft.word(at)) ? at : undefined
}

/** Does "between" stand before two names or things: "entre pregão e dispensa, qual teve mais"? */
const isBetween = ({ draft, mentions, topics }: Parts): boolean =>
  draft.tokens.some(({ at, word }) => {
    if (!draft.isFree(at) || !/^(?:entre|between)$/.test(word)) return false
    let begins = at + 1
    while (SMALL.test(draft.word(begins)) && draft.isFree(begins)) begins += 1
    const first = [...mentions, ...topics].find(({ from }) => from === begins || from === at + 1)
    return first !== undefined && /^(?:e|y|and)$/.test(draft.word(first.to))
  })

/** Tells whether one period is to be taken from another: "2022 menos 2021". */
const isMinus = ({ draft, periodsAt }: Parts): boolean =>
  periodsAt.length === 2 &&
  draft.tokens.some(
    ({ at, word }) =>
      /^(?:menos|minus)$/.test(word) &&
      draft.isFree(at) &&
      at > (periodsAt[0] as number) &&
      at < (periodsAt[1] as number),
  )

const EACH = /\b(?:cada (?:um|uma|uno|una)|each|respectivamente|respectively|separadamente|separately)\b/
const isOneKind = (several: readonly Mention[]): boolean =>
  several.length > 1 && several.every(({ field }) => field === several[0]?.field)

/** Tells whether a message puts what it names side by side. */
export const isCompared = (parts: Parts, rises: boolean): boolean => {
  const { draft, mentions, topics, periods, exclusions } = parts
  const { any } = says(draft)
  const most = any('largest', 'most')
  const least = any('smallest', 'least')
  const several = mentions.filter((one) => !isLeftOut(one, exclusions))
  return (
    any('compare') ||
    any('change') ||
    isMinus(parts) ||
    thanAt(parts) !== undefined ||
    isBetween(parts) ||
    // "How much did A and B get, each?"
    (EACH.test(draft.folded) && isOneKind(several)) ||
    (rises && periods.length > 0) ||
    // "Health, schools: who spent more?" puts those that are named side by side.
    (any('who') &&
      (most || least) &&
      several.length > 1 &&
      several.every(({ field }) => field === (any('received') ? 'supplier' : 'buyer'))) ||
    (OR.test(draft.folded) &&
      (most || least) &&
      (several.length > 1 || topics.length > 1 || periods.length > 1))
  )
}

const periodKey = ({ from, to }: Period): string => `${from}|${to}`

/** Splits a span of whole years into its first and its last. */
const ends = ({ from, to }: Period): Period[] => {
  const [first, last] = [from?.slice(0, 4), to?.slice(0, 4)]
  if (!first || !last || first === last) return []
  return [
    { from: `${first}-01-01`, to: `${first}-12-31` },
    { from: `${last}-01-01`, to: `${last}-12-31` },
  ]
}

type Rest = Pick<Parts, 'mentions' | 'topics' | 'periods'>

/** The sides of a comparison, with the restriction of all of them. */
export interface Sides {
  readonly compare: Where[]
  readonly rest: Rest
}

/** A name, thing or period with what is compared by it. */
interface Side {
  readonly kind: string
  readonly from: number
  readonly to: number
  readonly where: Where
  readonly of: Mention | Topic | Period
}

/** Returns the names, things and periods of a message that it does not leave out, in their order. */
const sidesNamed = ({ mentions, topics, periods, periodsAt, exclusions }: Parts): Side[] =>
  [
    ...mentions
      .filter((one) => !isLeftOut(one, exclusions))
      .map((one) => ({ ...one, kind: one.field as string, where: naming([one], []), of: one })),
    ...topics
      .filter((one) => !isLeftOut(one, exclusions))
      .map((one) => ({ ...one, kind: 'topic', where: naming([], [one]), of: one })),
    ...periods.map((one, at) => ({
      kind: 'period',
      from: periodsAt[at] ?? 0,
      to: (periodsAt[at] ?? 0) + 1,
      where: during(one),
      of: one,
    })),
  ].sort((a, b) => a.from - b.from)

/** Does only a word like "or" stand between two sides? */
const isJoined = (draft: Parts['draft'], one: Side, other: Side): boolean =>
  draft.tokens
    .slice(one.to, other.from)
    .every(({ word }) => SMALL.test(word) || THAN.test(word) || JOINS.test(word) || may(word, 'compare'))

/** Returns what a message puts side by side: names, things or periods of one kind, with what restricts all of them. */
export const sides = (parts: Parts): Sides | undefined => {
  const named = sidesNamed(parts)
  const among = (chosen: readonly Side[]): Sides => {
    const is = (one: unknown) => chosen.some(({ of }) => of === one)
    return {
      compare: chosen.slice(0, MOST_SIDES).map(({ where }) => where),
      rest: {
        mentions: parts.mentions.filter((one) => !is(one)),
        topics: parts.topics.filter((one) => !is(one)),
        periods: parts.periods.filter((one) => !is(one)),
      },
    }
  }
  const than = thanAt(parts)
  if (than !== undefined) {
    const after = named.find(({ from }) => from > than)
    const before = after && named.findLast(({ from, kind }) => from < than && kind === after.kind)
    if (before) return among([before, after])
    // "Mais que a média geral": all contracts are the other side.
    const first = named.find(({ kind }) => kind !== 'period')
    if (first && !after && everythingAt(parts.draft, than + 1) !== undefined) {
      const { rest } = among([first])
      return { compare: [first.where, {}], rest }
    }
  }
  const kinds = new Map<string, Side[]>()
  for (const one of named) kinds.set(one.kind, [...(kinds.get(one.kind) ?? []), one])
  for (const kind of ['buyer', 'supplier', 'category', 'modality'] as const) {
    const some = kinds.get(kind) ?? []
    if (some.length > 1) return among(some)
  }
  const things = named.filter(({ kind }) => kind !== 'period')
  // "A prefeitura gasta mais com merenda ou com transporte": the things, of one body.
  const bought = things.filter(({ kind }) => kind === 'topic' || kind === 'category')
  if (
    bought.length > 1 &&
    bought.length < things.length &&
    bought.every((one, at) => at === 0 || isJoined(parts.draft, bought[at - 1] as Side, one))
  )
    return among(bought)
  const [one, other] = things
  if (
    one &&
    other &&
    things.length === 2 &&
    (isJoined(parts.draft, one, other) || says(parts.draft).any('compare'))
  )
    return among(things)
  const { periods } = parts
  const different = [...new Map(periods.map((one) => [periodKey(one), one])).values()]
  const two = different.length > 1 ? different : different[0] ? ends(different[0]) : []
  return two.length > 1
    ? { compare: two.slice(0, MOST_SIDES).map(during), rest: { ...among([]).rest, periods: [] } }
    : undefined
}

/** Returns the one year of a message beside the year before it: "the departments that spent more in 2024" grew since 2023. */
export const sinceYearBefore = (parts: Parts): Sides | undefined => {
  const [one, ...others] = parts.periods
  const year = one?.from?.slice(0, 4)
  const isYear = one?.from === `${year}-01-01` && one?.to === `${year}-12-31`
  if (
    !year ||
    !isYear ||
    others.length > 0 ||
    parts.group ||
    !asksParties(parts.draft, parts.draft.tokens.length)
  )
    return undefined
  return {
    compare: [inYear(one, Number(year) - 1), one].map(during),
    rest: { mentions: parts.mentions, topics: parts.topics, periods: [] },
  }
}

/** Returns two periods in their order, and other sides as they are. */
export const inTime = (compare: Where[]): Where[] =>
  compare.every((one) => one.start_date !== undefined)
    ? compare.toSorted((a, b) => ((a.start_date as string) < (b.start_date as string) ? -1 : 1))
    : compare

/** Tells whether parties are held against themselves in another period: "received more in 2024 than in 2023". */
export const outgrows = (parts: Parts, { compare }: Sides): boolean =>
  compare.length === 2 && compare.every((one) => one.start_date !== undefined) && thanAt(parts) !== undefined
