import type { Where } from '../../protocol/plan.ts'
import { COUNT, countOf } from './amount.ts'
import type { Draft } from './draft.ts'

/** Days, inclusive, `YYYY-MM-DD`; a missing end is open. */
export interface Period {
  from?: string
  to?: string
}

const MONTHS: readonly string[] = [
  'janeiro|enero|january|jan',
  'fevereiro|febrero|february|fev|feb',
  'marco|marzo|march|mar(?=[/ .-]*(?:de )?(?:20|19)\\d\\d)',
  'abril|april|abr|apr',
  'maio|mayo|may',
  'junho|junio|june|jun',
  'julho|julio|july|jul',
  'agosto|august|ago|aug',
  'setembro|septiembre|setiembre|september|set|sept?(?=[/ .-]*(?:de )?(?:20|19)\\d\\d)',
  'outubro|octubre|october|out(?=[/ .-]*(?:de )?(?:20|19)\\d\\d)|oct',
  'novembro|noviembre|november|nov',
  'dezembro|diciembre|december|dez|dic|dec',
]
const MONTH = `(?:${MONTHS.join('|')})`
const MONTH_STARTS = 'jan,fev,mar,abr,mai,jun,jul,ago,set,out,nov,dez'.split(',')
const OTHER_STARTS: Readonly<Record<string, number>> = {
  ene: 1,
  feb: 2,
  apr: 4,
  may: 5,
  aug: 8,
  sep: 9,
  oct: 10,
  dic: 12,
  dec: 12,
}
const monthOf = (name: string): number =>
  OTHER_STARTS[name.slice(0, 3)] ?? MONTH_STARTS.indexOf(name.slice(0, 3)) + 1

const pad = (number: number): string => String(number).padStart(2, '0')
const iso = (year: number, month: number, day: number): string => `${year}-${pad(month)}-${pad(day)}`
const lastDayOf = (year: number, month: number): string =>
  iso(year, month, new Date(Date.UTC(year, month, 0)).getUTCDate())
const monthPeriod = (year: number, month: number): Period => ({
  from: iso(year, month, 1),
  to: lastDayOf(year, month),
})
const yearPeriod = (year: number): Period => ({ from: `${year}-01-01`, to: `${year}-12-31` })

/** Returns a day some days, months or years away; a day that its month does not have becomes the month's last. */
export const shifted = (day: string, by: { days?: number; months?: number }): string => {
  const at = new Date(`${day}T00:00:00Z`)
  if (by.months) {
    const date = at.getUTCDate()
    at.setUTCDate(1)
    at.setUTCMonth(at.getUTCMonth() + by.months)
    const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()
    at.setUTCDate(Math.min(date, last))
  }
  if (by.days) at.setUTCDate(at.getUTCDate() + by.days)
  return at.toISOString().slice(0, 10)
}

const UNIT = '(dias?|days?|semanas?|weeks?|mes(?:es)?|months?|trimestres?|quarters?|semestres?|anos?|years?)'
const spanOf = (count: number, unit: string): { days?: number; months?: number } => {
  if (/^(?:dia|day)/.test(unit)) return { days: count }
  if (/^(?:semana|week)/.test(unit)) return { days: 7 * count }
  if (/^(?:mes|month)/.test(unit)) return { months: count }
  if (/^(?:trimestre|quarter)/.test(unit)) return { months: 3 * count }
  if (/^semestre/.test(unit)) return { months: 6 * count }
  return { months: 12 * count }
}

const YEAR = '((?:19|20)\\d\\d)(?![\\d/.-]*\\d)'
const IN =
  '(?:(?:em|no|na|nos|nas|de|do|da|dos|das|del|en|el|in|of|on|for|during|durante|ao longo de|desde o|por|para|o|the|ano de|ano|year|ano fiscal|exercicio|exercicio de) )*'
const DAY =
  '(\\d{1,2})[/.-](\\d{1,2})[/.-]((?:19|20)\\d\\d)|((?:19|20)\\d\\d)-(\\d{2})-(\\d{2})|(\\d{1,2})(?:º|o|st|nd|rd|th)? (?:de |of )?(' +
  MONTH +
  ')(?:,| de| del| of)? ((?:19|20)\\d\\d)'
const DAY_GROUPS = 9

const dayFrom = (found: readonly (string | undefined)[], at: number): string | undefined => {
  const part = found.slice(at, at + DAY_GROUPS)
  const [d1, m1, y1, y2, m2, d2, d3, m3, y3] = part
  const [year, month, day] = y1 ? [y1, m1, d1] : y2 ? [y2, m2, d2] : [y3, m3 && monthOf(m3), d3]
  if (!year || !month || !day) return undefined
  const text = iso(Number(year), Number(month), Number(day))
  return Number.isNaN(Date.parse(text)) || shifted(text, {}) !== text ? undefined : text
}

const TO = '(?: ?(?:a|ate|e|y|and|to|until|till|hasta|al|ao|-|–|through) ?)'
const ORDINAL: readonly (readonly [RegExp, number])[] = [
  [/^(?:primeir|primer|first|1)/, 1],
  [/^(?:segund|second|2)/, 2],
  [/^(?:terceir|tercer|third|3|last)/, 3],
  [/^(?:quart|cuart|fourth|4)/, 4],
]
const NTH =
  '(primeir[oa]|primer[oa]?|first|segund[oa]|second|terceir[oa]|tercer[oa]?|third|quart[oa]|cuart[oa]|fourth|ultim[oa]|last|[1-4](?:º|o|ª|a|st|nd|rd|th)?)'

type Reader = (found: RegExpExecArray, today: string, latest: number) => Period | undefined

const partOfYear = (nth: string, parts: number, year: number): Period => {
  const size = 12 / parts
  const at = /^(?:ultim|last)/.test(nth) ? parts : (ORDINAL.find(([words]) => words.test(nth))?.[1] ?? 1)
  if (at > parts) return yearPeriod(year)
  return { from: iso(year, (at - 1) * size + 1, 1), to: lastDayOf(year, at * size) }
}

const pattern = (source: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])${source}(?![\\p{L}\\p{N}])`, 'u')

/** Ways to name a period, the most particular first. */
const READERS: readonly (readonly [RegExp, Reader])[] = [
  [
    pattern(`(?:${IN}|entre |between |from |de )(?:${DAY})${TO}(?:${DAY})`),
    (found) => {
      const [from, to] = [dayFrom(found, 1), dayFrom(found, 1 + DAY_GROUPS)]
      return from && to ? (from <= to ? { from, to } : { from: to, to: from }) : undefined
    },
  ],
  [
    pattern(
      `(?:a partir de|desde|since|from|starting|depois de|apos|after|despues de|antes de|before|ate|until|hasta|by|por|${IN})? ?(?:o dia |el dia |dia |the )?(?:${DAY})`,
    ),
    (found) => {
      const day = dayFrom(found, 1)
      if (!day) return undefined
      const [whole] = found
      if (/^(?:a partir|desde|since|from|starting)/.test(whole)) return { from: day }
      if (/^(?:depois|apos|after|despues)/.test(whole)) return { from: shifted(day, { days: 1 }) }
      if (/^(?:antes|before)/.test(whole)) return { to: shifted(day, { days: -1 }) }
      if (/^(?:ate|until|hasta|by)/.test(whole)) return { to: day }
      return { from: day, to: day }
    },
  ],
  [
    pattern(
      `(?:entre |between |from |de |desde )?(${MONTH})(?:[/ .-]*(?:de |del |of )?((?:19|20)\\d\\d))?${TO}(${MONTH})[/ .-]*(?:de |del |of )?(?:((?:19|20)\\d\\d))`,
    ),
    ([, first = '', firstYear, last = '', lastYear = '']) => {
      const from = iso(Number(firstYear ?? lastYear), monthOf(first), 1)
      const to = lastDayOf(Number(lastYear), monthOf(last))
      return from <= to ? { from, to } : undefined
    },
  ],
  [
    pattern(
      `(a partir de|desde|since|from|depois de|apos|after|antes de|before|ate|until|hasta)? ?${IN}(?:mes de )?(${MONTH})[/ .-]*(?:de |del |of |em )?((?:19|20)\\d\\d)`,
    ),
    ([, bound = '', name = '', year = '']) => bounded(bound, monthPeriod(Number(year), monthOf(name))),
  ],
  [
    pattern(
      `(a partir de|desde|since|from|depois de|apos|after|antes de|before|ate|until|hasta)? ?${IN}(?:(0?[1-9]|1[0-2])/((?:19|20)\\d\\d)|((?:19|20)\\d\\d)-(0[1-9]|1[0-2]))(?!-)`,
    ),
    ([, bound = '', m1, y1, y2, m2]) => bounded(bound, monthPeriod(Number(y1 ?? y2), Number(m1 ?? m2))),
  ],
  [
    pattern(
      `${IN}${NTH} (semestre|half|trimestre|quarter|quadrimestre|cuatrimestre|bimestre)(?: (?:de|do|del|of|em|in|en))?(?: (?:el |the |o ))?(?: ?((?:19|20)\\d\\d))?(?: (?:do|deste|of the|this|del|de este) (?:ano|year))?`,
    ),
    ([, nth = '', part = '', year], _today, latest) =>
      partOfYear(
        nth,
        /^(?:semestre|half)/.test(part)
          ? 2
          : /^(?:trimestre|quarter)/.test(part)
            ? 4
            : /^bimestre/.test(part)
              ? 6
              : 3,
        year ? Number(year) : latest,
      ),
  ],
  [
    pattern(`${IN}(?:q([1-4])|([1-4])t)[ /-]?(?:de |of )?((?:19|20)\\d\\d)`),
    ([, q, t, year]) => partOfYear((q ?? t) as string, 4, Number(year)),
  ],
  [
    pattern(
      `(?:entre|between|from|de|dos? anos? de|desde|nos anos)? ?(?:o ano de )?((?:19|20)\\d\\d)(?: ?(?:a|ate|and|to|until|hasta|al|ao|-|–|through) ?|(?<=(?:entre|between) ?(?:19|20)\\d\\d) (?:e|y|and) )((?:19|20)\\d\\d)(?![/.-]?\\d)`,
    ),
    ([, first = '', last = '']) => {
      const [from, to] = [first, last].sort()
      return { from: `${from}-01-01`, to: `${to}-12-31` }
    },
  ],
  [
    pattern(
      `(?:desde|since|a partir de|from)(?: (?:o|the|el))?(?: (?:ano|year))?(?: de)? ${YEAR}(?: (?:on|onwards?|em diante|pra ca|para ca|en adelante))?|${YEAR} (?:em diante|para ca|pra ca|onwards?|en adelante)`,
    ),
    ([, first, other]) => ({ from: `${first ?? other}-01-01` }),
  ],
  [
    pattern(`(?:depois de|apos|after|despues de) ${YEAR}`),
    ([, year]) => ({ from: `${Number(year) + 1}-01-01` }),
  ],
  [
    pattern(`(?:antes de|before|prior to|anteriores? a) ${YEAR}`),
    ([, year]) => ({ to: `${Number(year) - 1}-12-31` }),
  ],
  [
    pattern(
      `(?:ate|until|till|hasta|up to|through)(?: o(?: fim| final)?(?: de)?| the end of| fin(?:ales)? de)? ${YEAR}`,
    ),
    ([, year]) => ({ to: `${year}-12-31` }),
  ],
  [
    pattern(
      `${IN}(?:ultim[oa]s|last|past|previous|passad[oa]s) (${COUNT}) ${UNIT}|(${COUNT}) ultim[oa]s ${UNIT}|${IN}(${COUNT}) ${UNIT} (?:para ca|pra ca|atras|passados|ago)`,
    ),
    ([whole, c1, u1, c2, u2, c3, u3], today) => {
      const count = countOf((c1 ?? c2 ?? c3) as string) ?? 1
      const unit = (u1 ?? u2 ?? u3) as string
      const span = spanOf(-count, unit)
      const from = shifted(today, span)
      return / (?:atras|ago)$/.test(whole) ? { from, to: from } : { from, to: today }
    },
  ],
  [
    pattern(
      `${IN}(?:(?:este|neste|deste|nesse|this|current|atual|actual|corrente|presente) (?:ano|year|exercicio)|(?:ano|exercicio) (?:atual|corrente|actual|vigente)|do ano ate agora|year to date|ytd)`,
    ),
    (_found, today) => yearPeriod(Number(today.slice(0, 4))),
  ],
  [
    pattern(`${IN}(?:(?:ano|exercicio) (?:passado|anterior|pasado)|(?:last|previous) year)`),
    (_found, today) => yearPeriod(Number(today.slice(0, 4)) - 1),
  ],
  [
    pattern(`${IN}(?:ano retrasado|year before last|antepasado ano|ano antepasado)`),
    (_found, today) => yearPeriod(Number(today.slice(0, 4)) - 2),
  ],
  [
    pattern(`${IN}(?:proximo ano|ano que vem|next year|ano proximo|proximo ano|ano que viene)`),
    (_found, today) => yearPeriod(Number(today.slice(0, 4)) + 1),
  ],
  [
    pattern(
      `${IN}(?:ultimo|past|last)(?: (mes|month|ano|year|semestre|trimestre|quarter|semana|week|dia|day))(?= de dados|$|[ ?.,;!])`,
    ),
    ([, unit = ''], today) => ({ from: shifted(today, spanOf(-1, unit)), to: today }),
  ],
  [
    pattern(
      `${IN}(?:(?:este|neste|deste|nesse|this|current|corrente) (?:mes|month)|mes (?:atual|corrente|actual))`,
    ),
    (_found, today) => monthPeriod(Number(today.slice(0, 4)), Number(today.slice(5, 7))),
  ],
  [
    pattern(`${IN}(?:mes (?:passado|anterior|pasado)|(?:previous) month)`),
    (_found, today) => {
      const before = shifted(`${today.slice(0, 7)}-01`, { months: -1 })
      return monthPeriod(Number(before.slice(0, 4)), Number(before.slice(5, 7)))
    },
  ],
  [
    pattern(`${IN}(?:proximo mes|mes que vem|next month|mes que viene|proximo mes)`),
    (_found, today) => {
      const next = shifted(`${today.slice(0, 7)}-01`, { months: 1 })
      return monthPeriod(Number(next.slice(0, 4)), Number(next.slice(5, 7)))
    },
  ],
  [
    pattern(`${IN}(?:(?:nesta|esta|essa|this) (?:semana|week))`),
    (_found, today) => {
      const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7
      const from = shifted(today, { days: -weekday })
      return { from, to: shifted(from, { days: 6 }) }
    },
  ],
  [
    pattern('(?:ate|until|till|hasta|up to) (?:o dia de )?(?:hoje|hoy|today|agora|ahora|now)'),
    (_found, today) => ({ to: today }),
  ],
  [pattern(`${IN}(?:hoje|hoy|today)`), (_found, today) => ({ from: today, to: today })],
  [
    pattern(`${IN}(?:ontem|ayer|yesterday)`),
    (_found, today) => ({ from: shifted(today, { days: -1 }), to: shifted(today, { days: -1 }) }),
  ],
  [
    pattern(`(?:em|en|in|no mes de|mes de) (${MONTH})(?! (?:e|de|del|y))`),
    ([, name = ''], _today, latest) => monthPeriod(latest, monthOf(name)),
  ],
]

function bounded(bound: string, period: Period): Period {
  const { from, to } = period as Required<Period>
  if (/^(?:a partir|desde|since|from)/.test(bound)) return { from }
  if (/^(?:depois|apos|after)/.test(bound)) return { from: shifted(to, { days: 1 }) }
  if (/^(?:antes|before)/.test(bound)) return { to: shifted(from, { days: -1 }) }
  if (/^(?:ate|until|hasta)/.test(bound)) return { to }
  return period
}

const ONE_YEAR = pattern(`${IN}${YEAR}`)

/** Reads the years that a message lists one by one, ascending, and claims them. */
const readYears = (draft: Draft): number[] => {
  const years = new Set<number>()
  for (let found = draft.take(ONE_YEAR); found; found = draft.take(ONE_YEAR)) years.add(Number(found[1]))
  return [...years].sort((a, b) => a - b)
}

/**
 * Reads the periods that a message names: one; or several years one by one.
 * @param today `YYYY-MM-DD`
 * @param latest the year that a month or a quarter without a year belongs to
 */
export const readPeriods = (draft: Draft, today: string, latest: number): Period[] => {
  const found: Period[] = []
  for (const [words, read] of READERS)
    for (let hit = draft.find(words); hit; hit = draft.find(words)) {
      const period = read(hit, today, latest)
      if (!period) break
      draft.claimSpan(hit.index, hit.index + hit[0].length)
      found.push(period)
    }
  return [...found, ...readYears(draft).map(yearPeriod)]
}

const ENDING =
  '(?:a vencer|caducan|caduca|extinguem|vencem|vencera|vencerao|vencendo|vence|vencimento|vencen|venceran|por vencer|proxim[oa]s d[oe] (?:fim|vencimento)|expiram?|expirando|expiring|expires?|expiran|perto d[eo] (?:vencer|vencimento)|prestes a (?:vencer|terminar|acabar)|termina[mn]?|terminando|acaba[mn]?|acabando|encerra[mn]?|finaliza[mn]?|(?:coming|due) to (?:an )?end|ending|end(?:s)?(?= (?:in|on|this|next|within|before|by|soon))|run(?:ning)? out|up for renewal|due to expire|que chegam ao fim|fim d[ea] vigencia|vigencia (?:termina|acaba|vence|ate))'
const WITHIN = `(?:(?:em|nos?|n[ao]s|dentro d[eo]s?|en|los|las|in|within|over|the|next|proxim[oa]s|proximos|siguientes|upcoming|coming|ate|em ate|menos de|less than|under|daqui a) )+(${COUNT}) (?:proxim[oa]s )?${UNIT}`
const ended = pattern(
  '(?:(?:ja |ya |already )?(?:vencid[oa]s?|expirad[oa]s?|expired|encerrad[oa]s?|ended|terminad[oa]s?|finished|caducad[oa]s?)|ja (?:venceram|acabaram|terminaram)|(?:have|has) (?:already )?(?:ended|expired))',
)
const running = pattern(
  '(?:(?:ainda |todavia |still |currently )?(?:vigentes?|em vigor|em vigencia|em andamento|em execucao|en vigor|en curso|in force|active|ongoing|ativ[oa]s?|activ[oa]s?|in effect))',
)
const ENDED_IN =
  /\b(?<=(?:contratos?|contracts|compras?) (?:que )?(?:ja |have |ya )?)(?:venceram|venceu|terminaram|acabaram|encerraram|expiraram|expirou|ended|expired|vencieron|terminaron|expiraron)\b/
const endingWords = pattern(ENDING)
const endingWithin = pattern(`${ENDING}(?: [a-z]+){0,3}? ${WITHIN}`)
const withinWords = pattern(WITHIN)
/** Days of the window in which contracts end, unless a message says how many. */
export const WINDOW_DAYS = 30

type Window = Pick<Where, 'ends_from' | 'ends_to' | 'in_force_on'>

/**
 * Reads the window in which contracts end: "expiring within 60 days", "already ended", "in force". A period that the
 * message names beside "ends" is left for {@link readPeriods}.
 */
export const readWindow = (
  draft: Draft,
  today: string,
  aboutEnds: boolean,
): { window: Window; endsIn: boolean } => {
  if (draft.take(ENDED_IN)) return { window: { ends_to: shifted(today, { days: -1 }) }, endsIn: true }
  const again = aboutEnds ? draft.take(withinWords) : undefined
  if (again) {
    const to = shifted(today, spanOf(countOf(again[1] as string) ?? WINDOW_DAYS, again[2] as string))
    return { window: { ends_from: today, ends_to: to }, endsIn: false }
  }
  if (draft.take(ended)) return { window: { ends_to: shifted(today, { days: -1 }) }, endsIn: false }
  if (draft.find(endingWords)) {
    const near = draft.find(endingWithin)
    draft.take(endingWords)
    const hit = near ? draft.take(withinWords) : undefined
    if (hit) {
      const to = shifted(today, spanOf(countOf(hit[1] as string) ?? WINDOW_DAYS, hit[2] as string))
      return { window: { ends_from: today, ends_to: to }, endsIn: false }
    }
    draft.take(/\b(?:em breve|logo|soon|pronto|proximamente|proxim[oa]s dias)\b/)
    return { window: { ends_from: today, ends_to: shifted(today, { days: WINDOW_DAYS }) }, endsIn: true }
  }
  if (draft.take(running)) return { window: { in_force_on: today }, endsIn: false }
  return { window: {}, endsIn: false }
}
