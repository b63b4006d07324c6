import type { Plan, Where } from '../../protocol/plan.ts'
import type { Register } from '../register.ts'
import { may } from './concepts.ts'
import { decide } from './decision.ts'
import {
  BACK,
  BEYOND,
  EXPLAINS,
  FEW_WORDS,
  HOW_MUCH_OF_EACH,
  LEADS,
  MORE,
  SEARCHES,
  SOLD,
  THOSE,
  WHICH_ARE,
  WHICH_DATED,
  WHOM,
} from './leads.ts'
import { storyOfIt } from './of-it.ts'
import type { Parts } from './parts.ts'
import { during, restriction } from './restriction.ts'
import { asGroup } from './subject.ts'
import { says } from './wishes.ts'

const PARTIES: readonly Plan['of'][] = ['suppliers', 'buyers', 'units', 'categories']
const WITHOUT_PERIOD = ['start_date', 'end_date'] as const
const WITHOUT_ENDS = ['ends_from', 'ends_to', 'in_force_on'] as const

const without = (where: Where, keys: readonly (keyof Where)[]): Where =>
  Object.fromEntries(Object.entries(where).filter(([key]) => !keys.includes(key as keyof Where)))

const LISTED_AT_ONCE = 10

const clean = (plan: Plan): Plan =>
  Object.fromEntries(Object.entries(plan).filter(([, value]) => value !== undefined)) as Plan

/** Puts a new restriction over the one before: each field takes its own place, a thing bought that of a category. */
const merged = (before: Where, next: Where): Where => {
  const dropped: (keyof Where)[] = []
  if (next.topic ?? next.category) dropped.push('topic', 'category')
  if (next.start_date ?? next.end_date) dropped.push(...WITHOUT_PERIOD)
  if (next.ends_from ?? next.ends_to ?? next.in_force_on) dropped.push(...WITHOUT_ENDS)
  if (next.min_value ?? next.max_value) dropped.push('min_value', 'max_value')
  if (Object.keys(next).length > 0) dropped.push('contract')
  const kept = without(before, dropped)
  // What is to be left out restricts no longer.
  for (const field of ['buyer', 'supplier', 'category', 'modality', 'topic'] as const)
    if (kept[field]?.every((one) => next.except?.[field]?.includes(one))) delete kept[field]
  return { ...kept, ...next }
}

/** Leaves names and things out of a restriction that others take the place of. */
const withoutReplaced = (before: Where, replaced: Parts['replaced']): Where => {
  const kept = { ...before }
  for (const field of ['buyer', 'supplier', 'category', 'modality', 'status', 'topic'] as const) {
    const others = kept[field]?.filter((one) => !replaced[field]?.includes(one))
    if (others?.length === 0) delete kept[field]
    else if (others) kept[field] = others
  }
  return kept
}

/** Returns the plan before as a message edits it; undefined for a message that stands alone. */
export const edited = (plan: Plan, parts: Parts, register: Register, strange: number): Plan | undefined => {
  const before = { ...plan, where: withoutReplaced(plan.where, parts.replaced) }
  const { draft, mentions, topics, periods, group, place, count, always } = parts
  const text = draft.folded
  const words = says(draft)
  const { any } = words
  if (MORE.test(text) && before.of === 'findings' && before.place !== undefined)
    return clean({ ...before, place: before.place + 1 })
  if (
    before.of === 'findings' &&
    place === undefined &&
    EXPLAINS.test(text) &&
    draft.tokens.length <= FEW_WORDS
  )
    return clean({
      ...before,
      where: merged(before.where, restriction(parts)),
      measure: 'summary',
      place: before.place ?? 1,
    })
  const sold = SOLD.test(text) && before.where.supplier === undefined
  if (WHOM.test(text)) {
    const sellers =
      sold ||
      (before.where.supplier === undefined &&
        before.of !== 'suppliers' &&
        (before.where.buyer !== undefined || before.of === 'buyers' || before.of === 'units'))
    return clean({ measure: 'largest', of: sellers ? 'suppliers' : 'buyers', where: before.where })
  }
  if (MORE.test(text))
    return clean({ ...before, skip: (before.skip ?? 0) + (before.limit ?? LISTED_AT_ONCE), place: undefined })
  if (
    HOW_MUCH_OF_EACH.test(text) &&
    PARTIES.includes(before.of) &&
    (before.measure === 'list' || before.measure === 'largest' || before.measure === 'smallest')
  )
    return before
  if (
    before.group === undefined &&
    WHICH_ARE.test(text) &&
    ['count', 'sum', 'mean', 'median', 'share'].includes(before.measure)
  )
    return clean({ measure: 'list', of: before.of, where: before.where, having: before.having })
  const { order } = parts
  // "Do menor para o maior", "by number of contracts": the same things in another order.
  const isList =
    before.group ?? (before.of !== 'contracts' || ['list', 'largest', 'smallest'].includes(before.measure))
  if (order && isList && draft.tokens.length <= FEW_WORDS && mentions.length + topics.length === 0)
    return clean({
      ...before,
      order: {
        by: order.by ?? before.order?.by ?? (before.measure === 'count' ? 'count' : 'value'),
        direction: order.direction ?? before.order?.direction ?? 'desc',
      },
      skip: undefined,
      place: undefined,
    })
  const oldest = any('oldest') || any('newest')
  if (oldest && WHICH_DATED.test(text) && before.of === 'contracts' && before.group === undefined)
    return clean({
      measure: 'list',
      of: 'contracts',
      where: before.where,
      order: { by: 'date', direction: any('oldest') ? 'asc' : 'desc' },
      limit: 1,
    })
  const wish = decide(parts, register)
  const bound = boundBeyond(before.where, parts)
  if (bound)
    return clean({ ...before, where: { ...without(before.where, VALUES), ...bound }, skip: undefined })
  const ofIt = storyOfIt(before, parts)
  if (ofIt) return clean(ofIt)
  // A contract by its number is a question of its own.
  if (wish.where.contract !== undefined && !any('findings')) return undefined
  const leads = LEADS.test(text)
  const back = BACK.test(text)
  const few = draft.tokens.length <= FEW_WORDS && !SEARCHES.test(text)
  const restricts = Object.keys(wish.where).length > 0 || always
  const own = wish.measure !== undefined && wish.of !== undefined
  const nouns = words.free.some(({ word }) =>
    may(word, 'contracts', 'suppliers', 'buyers', 'units', 'categories', 'findings', 'who'),
  )
  const asks = any(
    'howmany',
    'howmuch',
    'value',
    'spent',
    'received',
    'list',
    'who',
    'summary',
    'share',
    'chart',
  )
  const whoseOfThose =
    THOSE.test(text) &&
    own &&
    !any('largest', 'smallest', 'most', 'least') &&
    Object.keys(wish.where).length === 0
  const bare =
    few &&
    !nouns &&
    own &&
    !any('chart', 'summary') &&
    Object.keys(wish.where).every((field) => field === 'currency') &&
    before.where.contract === undefined &&
    Object.keys(before.where).length > 0
  if (
    !(
      leads ||
      back ||
      bare ||
      whoseOfThose ||
      (few && any('howmany') && !nouns) ||
      place !== undefined ||
      (few && !(nouns || (asks && own))) ||
      always
    )
  )
    return undefined
  if (!(restricts || own || any('howmany') || place !== undefined || count !== undefined || group))
    return undefined
  if (strange > 0 && (strange >= draft.tokens.length / 2 || !(leads || back))) return undefined
  // "Spending by category" is a question of its own, "by category" is not.
  if (group && !leads && !back && any('value', 'howmuch', 'howmany', 'contracts')) return undefined

  // "Tell me about the second one" asks for that one's story.
  if (place !== undefined && (!own || (['summary', 'sum'].includes(wish.measure ?? '') && !nouns)))
    return clean({ ...before, where: merged(before.where, wish.where), place, skip: before.skip })
  if (place !== undefined && before.of === wish.of) return clean({ ...before, place })

  const keptWhere = always ? without(before.where, WITHOUT_PERIOD) : before.where
  let where = merged(keptWhere, wish.where)
  // "Compare it with 2022" puts the period before beside the new one.
  if (any('compare') && periods.length === 1 && (before.where.start_date ?? before.where.end_date)) {
    const { start_date, end_date } = before.where
    return clean({
      ...before,
      of: 'contracts',
      measure: before.measure === 'count' ? 'count' : 'sum',
      where: without(before.where, WITHOUT_PERIOD),
      compare: [
        { ...(start_date ? { start_date } : {}), ...(end_date ? { end_date } : {}) },
        during(periods[0] as { from?: string; to?: string }),
      ],
      limit: undefined,
      order: undefined,
      skip: undefined,
      place: undefined,
    })
  }
  if (any('compare') && mentions.length + topics.length === 1) {
    const field = mentions[0]?.field ?? 'topic'
    const known = before.where[field]
    if (known)
      return clean({
        measure: 'sum',
        of: 'contracts',
        where: without(before.where, [field]),
        compare: [{ [field]: known }, { [field]: wish.where[field] }] as Where[],
      })
  }
  if (wish.compare)
    return clean({
      measure: wish.measure ?? 'sum',
      of: 'contracts',
      where: merged(before.where, wish.where),
      compare: wish.compare,
    })
  // "And in direct awards?" of things side by side restricts them all.
  const sideFields = before.compare?.flatMap((one) => Object.keys(one)) ?? []
  const asked = Object.keys(wish.where)
  if (
    before.compare &&
    leads &&
    asked.length > 0 &&
    !group &&
    (wish.of ?? 'contracts') === 'contracts' &&
    (wish.measure ?? 'list') === 'list' &&
    !asked.some((field) => sideFields.includes(field))
  )
    return clean({ ...before, where })
  // Of one year, "by year" would say nothing: all years are meant.
  const { start_date, end_date } = where
  if (group?.group === 'year' && periods.length === 0 && start_date?.slice(0, 4) === end_date?.slice(0, 4))
    where = without(where, WITHOUT_PERIOD)
  if (group && !(wish.of !== undefined && wish.of !== 'contracts' && wish.of !== 'findings'))
    return clean({
      measure:
        before.of === 'findings'
          ? 'count'
          : wish.measure &&
              wish.measure !== 'list' &&
              (any('howmany', 'howmuch', 'mean', 'median', 'value') || rises(any))
            ? wish.measure
            : ['count', 'sum', 'mean', 'median', 'growth'].includes(before.measure)
              ? before.measure
              : 'sum',
      of: before.of === 'findings' ? 'findings' : 'contracts',
      where,
      group: asGroup(group.group, register),
      ...(wish.order ? { order: wish.order } : {}),
      ...(wish.limit ? { limit: wish.limit } : {}),
    })

  const subject = own && (nouns || wish.of === 'findings') ? wish.of : undefined
  const figures =
    any('howmany', 'mean', 'median', 'share', 'largest', 'smallest', 'growth', 'fall') ||
    (any('most', 'least') && !back) ||
    (any('howmuch', 'value') && !few)
  if (subject !== undefined) {
    // Asked for as a list, a party that was named no longer restricts itself.
    if (subject === 'suppliers') where = wish.where.supplier ? where : without(where, ['supplier'])
    return clean({ ...wish, measure: wish.measure as Plan['measure'], of: subject, where })
  }
  const measure =
    any('howmany') && wish.measure === undefined
      ? 'count'
      : figures || wish.measure === 'sum' || (wish.measure && any('newest', 'oldest'))
        ? wish.measure
        : undefined
  if (measure === undefined || (measure === 'sum' && !any('howmuch', 'value', 'spent', 'received')))
    return clean({
      ...before,
      where,
      compare: undefined,
      measure: before.compare ? 'sum' : before.measure,
      limit: count ?? before.limit,
      skip: undefined,
      place: undefined,
    })
  const ranks = measure === 'largest' || measure === 'smallest'
  // "Qual foi o pico?" of months is one of them, "e a menor?" of secretarias too.
  const isEach = before.measure === 'largest' || before.measure === 'smallest' || before.split !== undefined
  if (ranks && before.group && before.of === 'contracts' && !nouns && !isEach)
    return clean({
      ...before,
      where,
      order: {
        by: before.measure === 'count' ? 'count' : 'value',
        direction: measure === 'largest' ? 'desc' : 'asc',
      },
      limit: count ?? 1,
      skip: undefined,
    })
  const of =
    ranks && before.of !== 'findings' && before.measure !== 'summary'
      ? before.of
      : before.of === 'findings'
        ? 'findings'
        : 'contracts'
  return clean({
    measure,
    of,
    where,
    ...(ranks
      ? {
          limit:
            count ?? (few && /\b(?:o|a|el|la|the) (?:mais |mas )?\p{L}+\W*$/u.test(text) ? 1 : undefined),
        }
      : {}),
    ...(wish.order ? { order: wish.order } : {}),
    ...(measure === 'growth' ? { group: 'year' as const } : {}),
  })
}

const VALUES = ['min_value', 'max_value'] as const
const CENT = 0.01

/** Returns what "above that" and "below that" make of the bound before, and claims the words. */
const boundBeyond = ({ min_value, max_value }: Where, { draft }: Parts): Where | undefined => {
  const found = draft.find(BEYOND)
  const bound = min_value ?? max_value
  if (!found || bound === undefined || (min_value !== undefined && max_value !== undefined)) return undefined
  draft.claimSpan(found.index, found.index + found[0].length)
  const isUp = /^(?:acima|mais|above|over|more|encima|mas|superior)/.test(found[1] as string)
  const cents = (amount: number) => Math.round(amount * 100) / 100
  // Of "up to X" what is above begins a cent later; "from X" ends a cent before.
  if (isUp) return { min_value: max_value === undefined ? bound : cents(bound + CENT) }
  return { max_value: min_value === undefined ? bound : cents(bound - CENT) }
}

const rises = (any: ReturnType<typeof says>['any']): boolean => any('growth', 'fall')
