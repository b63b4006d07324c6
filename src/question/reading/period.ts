import { type Calendar, inYear, type Period, type Span, shifted } from './calendar.ts'
import { dateAt } from './date.ts'
import type { Draft } from './draft.ts'
import { phraseBook } from './phrases.ts'

type Bound = 'since' | 'after' | 'before' | 'until'

const BOUNDS = phraseBook<Bound>({
  since: 'a partir, partir, desde, since, from, starting, starting from, beginning, as of, a contar',
  after: 'depois, apos, after, despues, posterior, posteriores, later than, mais recentes que, tras',
  before: 'antes, before, prior, anterior, anteriores, earlier than, previous',
  until: 'ate, until, till, hasta, up to, through, by',
})
const ONWARDS = phraseBook<Bound>({
  since:
    'em diante, pra ca, para ca, onward, onwards, en adelante, para frente, pra frente, ate hoje, ate agora, to date, hasta hoy, hasta la fecha, hasta ahora, until today, until now, ate o momento, para aca',
})
type Edge = 'start' | 'end'
const EDGES = phraseBook<Edge>({
  start: 'inicio, comeco, start, beginning, principio, principios, comienzo, comienzos, early, primeiro dia',
  end: 'fim, final, finais, end, fin, fines, finales, ultimo dia',
})
/** Words between a bound and its date. */
const LINKS =
  /^(?:de|do|da|dos|das|del|d|em|no|na|nos|nas|en|in|on|of|to|a|ao|al|o|os|as|el|la|los|the|ano|anos|year|years|mes|mess|month|dia|day|exercicio|exercicios|ejercicio|ejercicios|que|than|periodo|period|durante|during|for|longo|entre|para|por)$/
/** Words before a date that only say that it is one. */
const CALLS =
  /^(?:de|do|da|dos|das|del|em|no|na|nos|nas|en|in|on|of|o|os|as|el|la|los|the|ano|anos|year|years|mes|month|dia|day|exercicio|exercicios|ejercicio|ejercicios|periodo|period|durante|during|for|fiscal|calendar|ao|a|longo|lo|largo|dentro|within|over|throughout|course|todo|whole|entire|all)$/
/** Words of {@link CALLS} for a length of time, by the kind of days that they announce. */
const NOUNS: Readonly<Record<string, Span['unit']>> = { mes: 'month', month: 'month', dia: 'day', day: 'day' }
const FISCAL = /^(?:ano|exercicio|ejercicio)$/
const TO = /^(?:a|ate|to|until|till|hasta|al|ao|through)$/
const AND = /^(?:e|y|and)$/
const JOINS = /^(?:e|y|and|ou|o|or|x|vs|versus|contra|com|con|with|para|to|a|do|que|than|against)$/

/** A period with the places of its words. */
export interface Named {
  readonly period: Period
  readonly from: number
  readonly to: number
  /** Lies ahead of the day of asking. */
  readonly ahead: boolean
  /** Whether a bound or a range was named, rather than days alone. */
  readonly bounded: boolean
  readonly unit: Span['unit']
  /** True for a month or part of a year whose year is not said. */
  readonly yearless?: boolean
}

const withYear = (span: Span, year: string): Span => {
  const { yearless: _yearless, ...rest } = span
  return { ...rest, ...inYear(span, Number(year)) }
}

const skip = (draft: Draft, at: number, words: RegExp): number => {
  let place = at
  while (draft.isFree(place) && words.test(draft.word(place))) place += 1
  return place
}

/** Reads the second date of a range behind the first; undefined where none follows. */
const rangeEnd = (draft: Draft, first: Span, opened: boolean, calendar: Calendar): Span | undefined => {
  const gap = draft.gap(first.end)
  const dashed = /^\s*[-–—]\s*$/.test(gap) ? first.end : undefined
  const joiner = draft.word(first.end)
  const next =
    dashed ??
    (draft.isFree(first.end) && (TO.test(joiner) || (opened && AND.test(joiner))) ? first.end + 1 : undefined)
  if (next === undefined) return undefined
  const at = skip(draft, next, /^(?:o|os|el|la|the|ano|year|mes|dia|de|do|del|of|fim|final|end|fin|em)$/)
  return dateAt(draft, at, calendar)
}

/** Reads "1 a 15 de março de 2023", whose first day has no month. */
const daysOfMonth = (draft: Draft, at: number, calendar: Calendar): Span | undefined => {
  const day = /^\d{1,2}$/.exec(draft.word(at))?.[0]
  if (day === undefined || !draft.isFree(at) || !draft.isFree(at + 1)) return undefined
  if (!(TO.test(draft.word(at + 1)) || AND.test(draft.word(at + 1)))) return undefined
  const last = dateAt(draft, at + 2, calendar)
  if (last?.unit !== 'day' || last.from !== last.to || !/^\d/.test(draft.word(at + 2))) return undefined
  const from = `${last.from.slice(0, 8)}${day.padStart(2, '0')}`
  return from <= last.to ? { ...last, from } : undefined
}

const bounded = (bound: Bound, edge: Edge | undefined, { from, to }: Span): Period | undefined => {
  if (edge !== undefined) {
    if (bound === 'until' && edge === 'end') return { to }
    if (bound === 'since' && edge === 'start') return { from }
    if (bound === 'before' && edge === 'end') return { to: shifted(to, { days: -1 }) }
    return bound === 'after' && edge === 'end' ? { from: shifted(to, { days: 1 }) } : undefined
  }
  if (bound === 'since') return { from }
  if (bound === 'after') return { from: shifted(to, { days: 1 }) }
  if (bound === 'before') return { to: shifted(from, { days: -1 }) }
  return { to }
}

/** Bounds behind which something that happened may stand: "desde a posse em janeiro"; an agent stands behind "from" and "by". */
const SINCE_DEED = /^(?:desde|since|apos|depois|after|tras|despues|antes|before|ate|until|hasta)$/

/** Tells whether what stands between "by" and a date makes it no bound: "by month in 2024", "by the council in March". */
const isAgent = (draft: Draft, from: number, to: number): boolean =>
  draft.tokens.slice(from, to).some(({ word }) => /^(?:in|on|during|for|month|year)$/.test(word))

/** Reads one period that begins at a place, with the words before it that bound it. */
const periodAt = (draft: Draft, at: number, calendar: Calendar): Named | undefined => {
  const first = dateAt(draft, at, calendar) ?? daysOfMonth(draft, at, calendar)
  if (!first) return undefined
  let open = at
  while (
    open > 0 &&
    draft.isFree(open - 1) &&
    LINKS.test(draft.word(open - 1)) &&
    !/[.;!?]/.test(draft.gap(open))
  )
    open -= 1
  const opener = (word: RegExp) => {
    for (let place = at - 1; place >= open; place--) if (word.test(draft.word(place))) return place
    return undefined
  }
  const betweenAt =
    draft.word(open - 1) === 'between' && draft.isFree(open - 1) ? open - 1 : opener(/^entre$/)
  const last =
    first.from === first.to && first.end > at + 2 && daysOfMonth(draft, at, calendar)
      ? undefined
      : rangeEnd(draft, first, betweenAt !== undefined, calendar)
  const ahead = first.ahead === true
  if (last && (last.unit !== 'part') === (first.unit !== 'part')) {
    const begin = first.yearless && !last.yearless ? withYear(first, last.from.slice(0, 4)) : first
    const [low, high] = begin.from <= last.from ? [begin, last] : [last, begin]
    const since = BOUNDS.before(draft, opensAt(draft, at, betweenAt))
    const from = since?.kind === 'since' ? since.from : (betweenAt ?? at)
    return {
      period: { from: low.from, to: high.to },
      from,
      to: last.end,
      ahead: false,
      bounded: true,
      unit: first.unit,
    }
  }
  if (betweenAt !== undefined) return undefined
  const onwards = ONWARDS.at(draft, first.end)
  // From the date backwards: "até o fim de março", "a partir do dia 3".
  let place = at
  let edge: Edge | undefined
  let edgeAt = at
  for (; place >= open; place--) {
    const found = edge === undefined ? EDGES.before(draft, place) : undefined
    if (!found) continue
    edge = found.kind
    edgeAt = found.from
    break
  }
  let bound: { kind: Bound; from: number } | undefined
  let begins = edgeAt
  while (
    begins > 0 &&
    draft.isFree(begins - 1) &&
    LINKS.test(draft.word(begins - 1)) &&
    !/[.;!?]/.test(draft.gap(begins))
  )
    begins -= 1
  for (let to = edgeAt; to >= begins && bound === undefined; to--) {
    const found = BOUNDS.before(draft, to)
    if (found && !(draft.word(found.from) === 'by' && isAgent(draft, found.to, edgeAt))) bound = found
  }
  // "Desde a posse em janeiro de 2021": what happened then stands between.
  if (
    !bound &&
    edge === undefined &&
    begins > 1 &&
    /^(?:em|in|en)$/.test(draft.word(begins)) &&
    draft.isFree(begins - 1)
  ) {
    const article = /^(?:a|o|as|os|la|el|the|sua|su|its|our)$/.test(draft.word(begins - 2))
      ? begins - 2
      : undefined
    const since = article === undefined ? undefined : BOUNDS.before(draft, article)
    if (since && SINCE_DEED.test(draft.word(since.from))) {
      const period = bounded(since.kind, undefined, first)
      if (period) {
        draft.claimWords(since.from, since.to)
        return { period, from: begins, to: first.end, ahead, bounded: true, unit: first.unit }
      }
    }
  }
  if (bound && /^(?:by|from|through)$/.test(draft.word(bound.from)) && first.unit === 'part' && first.ahead)
    bound = undefined
  if (edge !== undefined && !bound) return undefined
  if (bound) {
    const period = bounded(bound.kind, edge, first)
    if (!period) return undefined
    return { period, from: bound.from, to: onwards?.to ?? first.end, ahead, bounded: true, unit: first.unit }
  }
  if (onwards)
    return { period: { from: first.from }, from: at, to: onwards.to, ahead, bounded: true, unit: first.unit }
  return {
    period: { from: first.from, to: first.to },
    from: at,
    to: first.end,
    ahead,
    bounded: false,
    unit: first.unit,
  }
}

const opensAt = (draft: Draft, at: number, betweenAt: number | undefined): number => {
  let place = betweenAt ?? at
  while (
    place > 0 &&
    draft.isFree(place - 1) &&
    LINKS.test(draft.word(place - 1)) &&
    !/^(?:a|from)$/.test(draft.word(place - 1))
  )
    place -= 1
  return place
}

/** Returns the word before a place, those between "each" and what it tells apart left out. */
const eachBefore = (draft: Draft, at: number): string => {
  let place = at - 1
  while (/^(?:um|uma|uno|una|one|de|do|dos|das|los|las|of|the|o|os)$/.test(draft.word(place))) place -= 1
  return draft.word(place)
}

/** Gives a month without a year that of the one that follows it: "março e abril de 2023". */
const yearsShared = (draft: Draft, at: number, calendar: Calendar): string | undefined => {
  const first = dateAt(draft, at, calendar)
  if (!first?.yearless) return undefined
  const next = skip(draft, first.end, JOINS)
  if (next === first.end && !/^\s*,\s*$/.test(draft.gap(next))) return undefined
  const place = skip(draft, next, /^(?:de|do|da|del|of|o|os|el|the|em|no|in)$/)
  const other = dateAt(draft, place, calendar)
  if (!other) return undefined
  return other.yearless
    ? yearsShared(draft, place, calendar)
    : other.unit === 'year'
      ? undefined
      : other.from.slice(0, 4)
}

/** Reads the periods that a message names, in their order, and claims their words. */
export const readPeriods = (draft: Draft, calendar: Calendar): Named[] => {
  const found: Named[] = []
  for (let at = 0; at < draft.tokens.length; at++) {
    if (!draft.isFree(at)) continue
    const shared = yearsShared(draft, at, calendar)
    const one = periodAt(draft, at, shared === undefined ? calendar : { ...calendar, latest: Number(shared) })
    if (!one) continue
    const yearless = shared === undefined && dateAt(draft, at, calendar)?.yearless === true
    let from = one.from
    while (from > 0 && draft.isFree(from - 1) && CALLS.test(draft.word(from - 1))) {
      const word = draft.word(from - 1)
      if (word === 'fiscal' && !FISCAL.test(draft.word(from - 2))) break
      // "By month in 2023": the month is what the figures are told apart by.
      // "In each of the years 2022 and 2023".
      if (/^(?:anos|years)$/.test(word) && /^(?:cada|each|every)$/.test(eachBefore(draft, from - 1))) break
      // "Pero no en 2022": in Spanish it is a negation.
      if (word === 'no' && /^(?:en|el|la|durante)$/.test(draft.word(from))) break
      if (NOUNS[word] !== undefined && NOUNS[word] !== one.unit) break
      from -= 1
    }
    draft.claimWords(from, one.to)
    found.push({ ...one, from, yearless })
    at = one.to - 1
  }
  return found
}
