import type { Where } from '../../protocol/plan.ts'
import type { Register } from '../register.ts'
import type { Period } from './calendar.ts'
import { may } from './concepts.ts'
import { asksParties, isDeed } from './deed.ts'
import type { Draft } from './draft.ts'

/** Periods of which each can be asked for in one plan. */
const MOST_PERIODS = 10
const EVERY =
  /\b(?:(?:em|en|in|during|durante|de) )?(?:(todos os|todos los|all(?: of)?(?: the| these| those)?) (anos|years|meses|months|trimestres|quarters)|(todo|cada|every|each)(?: single| and every| of the)? (ano|years?|mes|months?|trimestre|quarter))\b/
const EACH_PARTY = /\b(?:cada|each|every|por|per|by) (?:um[ao]? )?(?:d[ao]s )?(?:[a-z]+ )?$/

/** Parties that have a contract in every one of some periods: how long those are. */
export type EveryPeriod = 'year' | 'other'

/**
 * Reads that parties are asked for which have contracts in each year, "que empresa ganhou contrato em todos os anos", and
 * claims the words. A sum or a rank "of all years" asks for no such thing.
 */
export const readEveryPeriod = (draft: Draft): EveryPeriod | undefined => {
  const found = draft.find(EVERY)
  const all = draft.tokens.length
  if (!found || !asksParties(draft, all)) return undefined
  const free = draft.tokens.filter(({ at }) => draft.isFree(at))
  const says = (...concepts: Parameters<typeof may> extends [string, ...infer C] ? C : never) =>
    free.some(({ word }) => may(word, ...concepts))
  if (!free.some(({ word }) => isDeed(word))) return undefined
  if (says('howmuch', 'value', 'mean', 'median', 'share', 'growth', 'fall', 'chart', 'compare'))
    return undefined
  if (says('most', 'least', 'largest', 'smallest')) return undefined
  // "How many suppliers were there in each year" counts them year by year.
  if (says('howmany') && /^(?:cada|each)$/.test(found[3] ?? '')) return undefined
  const party = free.find(({ word }) => may(word, 'suppliers', 'buyers', 'units', 'categories'))
  if (party && EACH_PARTY.test(draft.folded.slice(0, party.start))) return undefined
  draft.claimSpan(found.index, found.index + found[0].length)
  return /^(?:ano|year)/.test(found[2] ?? found[4] ?? '') ? 'year' : 'other'
}

/** Returns a restriction to each year of a period, else of the data; undefined where there are none or too many. */
export const eachYear = (
  periods: readonly Period[],
  { firstDay, lastDay }: Register,
): Where[] | undefined => {
  const [one] = periods
  const from = Number((one?.from ?? firstDay ?? '').slice(0, 4))
  const to = Number((one?.to ?? lastDay ?? '').slice(0, 4))
  const years = to - from + 1
  if (!(from && to) || periods.length > 1 || years < 2 || years > MOST_PERIODS) return undefined
  return Array.from({ length: years }, (_, at) => ({
    start_date: `${from + at}-01-01`,
    end_date: `${from + at}-12-31`,
  }))
}
