import {
  around,
  type Calendar,
  daySpan,
  iso,
  type Span,
  shifted,
  times,
  unitOf,
  yearSpan,
} from './calendar.ts'
import type { Draft } from './draft.ts'
import { countAt } from './number.ts'
import { yearBehind } from './year.ts'

const THIS =
  /^(?:este|esta|neste|nesta|deste|desta|esse|essa|nesse|nessa|desse|this|current|atual|actual|corrente|presente|vigente)$/
const LAST = /^(?:passado|passada|anterior|pasado|pasada|previous|last|ultimo|ultima|past)$/
const LASTS = /^(?:ultimos|ultimas|last|past|previous|passados|passadas)$/
const NEXT = /^(?:proximo|proxima|next|que vem|seguinte|siguiente|coming)$/
const NEXTS = /^(?:proximos|proximas|next|seguintes|siguientes|coming|following)$/
const AGO = /^(?:atras|ago)$/

/** Reads "este ano", "do ano passado", "last year" behind a part or month. */
export const relativeYear = (
  draft: Draft,
  from: number,
  { today, spoken }: Calendar,
): { year: number; end: number } | undefined => {
  let at = from
  while (/^(?:do|da|de|del|of|the|el|no|o)$/.test(draft.word(at))) at += 1
  const year = Number(today.slice(0, 4))
  // "The year before" is the one before that which was spoken of.
  const other = spoken ?? year
  const [first, second] = [draft.word(at), draft.word(at + 1)]
  const noun = /^(?:ano|year|exercicio|ejercicio)$/
  if (noun.test(second) && draft.isFree(at) && draft.isFree(at + 1)) {
    if (THIS.test(first)) return { year, end: at + 2 }
    if (first === 'last') return { year: year - 1, end: at + 2 }
    if (/^(?:previous|prior)$/.test(first)) return { year: other - 1, end: at + 2 }
    if (/^(?:following)$/.test(first)) return { year: other + 1, end: at + 2 }
    if (NEXT.test(first)) return { year: year + 1, end: at + 2 }
  }
  if (noun.test(first) && draft.isFree(at)) {
    if (/^anterior$/.test(second)) return { year: other - 1, end: at + 2 }
    if (second === 'before' && draft.word(at + 2) !== 'last') return { year: other - 1, end: at + 2 }
    if (LAST.test(second) && second !== 'past') return { year: year - 1, end: at + 2 }
    if (/^(?:retrasado|antepasado)$/.test(second)) return { year: year - 2, end: at + 2 }
    if (THIS.test(second)) return { year, end: at + 2 }
    if (second === 'que' && /^(?:vem|viene)$/.test(draft.word(at + 2))) return { year: year + 1, end: at + 3 }
    if (second === 'before' && draft.word(at + 2) === 'last') return { year: year - 2, end: at + 3 }
    if (/^(?:seguinte|siguiente)$/.test(second)) return { year: other + 1, end: at + 2 }
    if (second === 'proximo') return { year: year + 1, end: at + 2 }
  }
  return undefined
}

/** Reads "um ano antes", "two years earlier" than what was spoken of. */
export const earlierAt = (draft: Draft, from: number, { spoken }: Calendar): Span | undefined => {
  const count = spoken === undefined ? undefined : countAt(draft, from)
  if (!count || spoken === undefined || !/^(?:anos?|years?)$/.test(draft.word(count.to))) return undefined
  const behind = draft.word(count.to + 1)
  const by = /^(?:antes|before|earlier)$/.test(behind)
    ? -1
    : /^(?:depois|after|later|despues)$/.test(behind)
      ? 1
      : 0
  return by !== 0 && draft.isFree(count.to + 1)
    ? yearSpan(spoken + by * count.value, count.to + 2)
    : undefined
}

/** Reads "this month", "semana passada", "o último trimestre", "hoje" by the day of asking. */
export const relativeAt = (draft: Draft, from: number, calendar: Calendar): Span | undefined => {
  const { today } = calendar
  const year = relativeYear(draft, from, calendar)
  if (year) return yearSpan(year.year, year.end)
  const [first, second, third] = [draft.word(from), draft.word(from + 1), draft.word(from + 2)]
  if (/^(?:hoje|hoy|today)$/.test(first)) return daySpan(today, from + 1)
  if (/^(?:ontem|ayer|yesterday)$/.test(first)) return daySpan(shifted(today, { days: -1 }), from + 1)
  if (/^(?:ytd)$/.test(first)) return yearSpan(Number(today.slice(0, 4)), from + 1)
  if (first === 'year' && second === 'to' && third === 'date')
    return yearSpan(Number(today.slice(0, 4)), from + 3)
  const [word, noun, end] = unitOf(second)
    ? [first, second, from + 2]
    : unitOf(first)
      ? [second === 'que' ? `que ${third}` : second, first, second === 'que' ? from + 3 : from + 2]
      : ['', '', 0]
  const unit = unitOf(noun)
  if (!unit || noun.endsWith('s') !== /^mes$/.test(noun)) return undefined
  const which = THIS.test(word)
    ? 0
    : LAST.test(word)
      ? -1
      : NEXT.test(word) || /^que (?:vem|viene)$/.test(word)
        ? 1
        : undefined
  if (which === undefined || !draft.isFree(from) || !draft.isFree(from + 1)) return undefined
  // "Na última semana de 2023".
  const closing = which === -1 && /^(?:ultimo|ultima|last)$/.test(word) ? yearBehind(draft, end) : undefined
  if (closing)
    return {
      from: shifted(iso(closing.year + 1, 1, 1), times(unit, -1)),
      to: iso(closing.year, 12, 31),
      end: closing.end,
      unit: 'part',
    }
  // "The last month" is the one before this; "no último mês" the thirty days up to today.
  if (which === -1 && /^(?:ultimo|ultima|past)$/.test(word))
    return { from: shifted(today, times(unit, -1)), to: today, end, unit: 'day' }
  // A fortnight is none of the calendar's.
  if (unit.days === 14 || unit.days === 15)
    return which === 1
      ? { from: today, to: shifted(today, unit), end, unit: 'day', ahead: true }
      : { from: shifted(today, times(unit, -1)), to: today, end, unit: 'day' }
  return {
    ...around(today, unit, which),
    end,
    unit: 'part',
    ...(which === 1 ? { ahead: true as const } : {}),
  }
}
/** Reads "os últimos 6 meses", "the next two years", "há dois anos", "3 primeiros meses de 2023". */
export const countedAt = (draft: Draft, from: number, calendar: Calendar): Span | undefined => {
  const { today } = calendar
  const first = draft.word(from)
  const isPast = LASTS.test(first)
  const isNext = NEXTS.test(first)
  const isFirst = /^(?:primeiros|primeiras|primeros|primeras|first)$/.test(first)
  const open = isPast || isNext || isFirst
  const count = countAt(draft, open ? from + 1 : from)
  if (!count || !draft.isFree(from)) return undefined
  const behind = draft.word(count.to)
  const swapped =
    !open &&
    (LASTS.test(behind) ||
      NEXTS.test(behind) ||
      /^(?:primeiros|primeiras|primeros|primeras|first)$/.test(behind))
  const at = swapped ? count.to + 1 : count.to
  const unit = unitOf(draft.word(at))
  if (!unit || !draft.isFree(at)) return undefined
  const end = at + 1
  if (isFirst || (swapped && /^(?:prim|first)/.test(behind))) {
    const year = yearBehind(draft, end) ?? relativeYear(draft, end, calendar)
    if (!year || !unit.months) return undefined
    const begins = iso(year.year, 1, 1)
    return {
      from: begins,
      to: shifted(shifted(begins, times(unit, count.value)), { days: -1 }),
      end: year.end,
      unit: 'part',
    }
  }
  if (isPast || (swapped && LASTS.test(behind))) {
    const year = yearBehind(draft, end) ?? relativeYear(draft, end, calendar)
    if (year && unit.months && unit.months < 12)
      return {
        from: shifted(iso(year.year + 1, 1, 1), times(unit, -count.value)),
        to: iso(year.year, 12, 31),
        end: year.end,
        unit: 'part',
      }
    return { from: shifted(today, times(unit, -count.value)), to: today, end, unit: 'day' }
  }
  if (isNext || swapped)
    return { from: today, to: shifted(today, times(unit, count.value)), end, unit: 'day', ahead: true }
  if (AGO.test(draft.word(end))) {
    const day = shifted(today, times(unit, -count.value))
    return { from: day, to: day, end: end + 1, unit: 'day' }
  }
  if (/^(?:para|pra)$/.test(draft.word(end)) && /^(?:ca|aca)$/.test(draft.word(end + 1)))
    return { from: shifted(today, times(unit, -count.value)), to: today, end: end + 2, unit: 'day' }
  if (/^passados$/.test(draft.word(end)))
    return { from: shifted(today, times(unit, -count.value)), to: today, end: end + 1, unit: 'day' }
  return undefined
}
