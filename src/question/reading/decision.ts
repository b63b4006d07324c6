import type { Register } from '../register.ts'
import { inTime, outgrows } from './comparison.ts'
import { contractWish } from './contract-wish.ts'
import { findingWish } from './finding-wish.ts'
import { type Hearing, hear, type Wish } from './hearing.ts'
import type { Parts } from './parts.ts'
import { partyWish } from './party-wish.ts'
import { restriction } from './restriction.ts'
import { asGroup, isOne, PARTIES, subjectAsked, subjectOfGroup } from './subject.ts'
import { subjectsOf } from './wishes.ts'

const TIMES = /\b(?:q(?:ua)?n?tas vezes|cuantas veces|how many times|how often)\b/

const INCREASES = /\b(?:aumentos|incrementos|increases|acrescimos|aditivos|subidas)\b/

/** Returns what a message asks of amendments. */
const amendmentWish = (heard: Hearing): Wish | undefined => {
  const { parts, nouns, finish } = heard
  const { amendment, group, count, place } = parts
  if (amendment?.sum)
    return finish({ of: 'contracts', measure: 'added', ...(group ? { group: group.group } : {}) })
  if (!amendment?.order) return undefined
  const noun = nouns.find((one) => subjectsOf(one).includes('contracts'))
  return finish({
    of: 'contracts',
    measure: 'list',
    order: { by: amendment.order, direction: 'desc' },
    limit: count ?? ((noun === undefined || isOne(noun.word)) && !INCREASES.test(heard.text) ? 1 : undefined),
    place,
  })
}

/** Returns what a message asks of the things that it puts side by side. */
const comparedWish = ({
  parts,
  register,
  words,
  rises,
  byCount,
  beside,
  finish,
}: Hearing): Wish | undefined => {
  if (!beside) return undefined
  const { any } = words
  const measure =
    any('howmany') || byCount
      ? 'count'
      : any('mean')
        ? 'mean'
        : any('median')
          ? 'median'
          : (rises || any('change')) && beside.compare.length === 2
            ? 'change'
            : 'sum'
  const isPeriods = beside.compare.every((one) => one.start_date !== undefined)
  const party = parts.group && subjectOfGroup(asGroup(parts.group.group, register))
  if (measure === 'change' && isPeriods && party)
    return finish({
      of: party,
      measure: 'growth',
      compare: inTime(beside.compare),
      limit: parts.count,
      where: restriction({ ...parts, ...beside.rest }),
    })
  return finish({
    of: 'contracts',
    measure: measure === 'change' && !isPeriods ? 'sum' : measure,
    compare: beside.compare,
    where: restriction({ ...parts, ...beside.rest }),
  })
}

/** Puts what a wish lists in the order that the message asks for by words of their own. */
const inOrder = (wish: Wish, { order, count }: Parts, nouns: Hearing['nouns']): Wish => {
  if (!order) return wish
  const { by = wish.order?.by ?? (wish.measure === 'count' ? 'count' : 'value') } = order
  const direction = order.direction ?? (by === 'name' || by === 'date' || by === 'end' ? 'asc' : 'desc')
  const noun = nouns.find((one) => subjectsOf(one).includes('contracts'))
  const isOneWanted = by === 'duration' && noun !== undefined && isOne(noun.word)
  const limit = wish.limit ?? count ?? (isOneWanted ? 1 : undefined)
  return { ...wish, measure: wish.measure ?? 'list', order: { by, direction }, ...(limit ? { limit } : {}) }
}

/** Decides what a message asks for, out of what its words say. */
export const decide = (parts: Parts, register: Register): Wish => {
  const heard = hear(parts, register)
  const { text, several, where, rises, words, finish } = heard
  if (TIMES.test(text) && several.length + parts.topics.length > 0)
    return finish({ of: 'contracts', measure: 'count' })
  const read = amendmentWish(heard) ?? findingWish(heard)
  if (read) return read
  if (where.contract !== undefined && !words.any('howmany'))
    return finish({ of: 'contracts', measure: 'summary' })
  if (parts.lasts) return finish({ of: 'contracts', measure: 'duration' })
  const of = subjectAsked(heard)
  const isParty = of !== undefined && PARTIES.includes(of)
  const grows = rises || (heard.beside !== undefined && outgrows(parts, heard.beside))
  const compared = isParty && grows ? undefined : comparedWish(heard)
  if (compared) return compared
  return inOrder(isParty && of ? partyWish(heard, of) : contractWish(heard), parts, heard.nouns)
}
