import type { Entities } from './understanding.ts'

const ORDINALS: readonly (readonly [RegExp, number])[] = [
  [/\b(?:primeir[oa]|primer[oa]?|first|1[oaº]|1st)\b|#1\b/, 1],
  [/\b(?:segund[oa]|second|2[oaº]|2nd)\b|#2\b/, 2],
  [/\b(?:terceir[oa]|tercer[oa]?|third|3[oaº]|3rd)\b|#3\b/, 3],
  [/\b(?:quart[oa]|cuart[oa]|fourth|4[oaº]|4th)\b|#4\b/, 4],
  [/\b(?:quint[oa]|fifth|5[oaº]|5th)\b|#5\b/, 5],
  [/\b(?:ultim[oa]|last one|the last)\b/, -1],
]
const NUMBERED =
  /\b(?:anomalia|anomaly|achado|finding|hallazgo|alerta|alert|item|flag)\s+(?:n[ºo°.]*\s*|numero\s+|number\s+|#\s*)?(\d{1,3})\b(?![./-]\d)/
const COUNT =
  /\b(?:top|os|as|los|las|the|primeir[oa]s|first|largest|biggest)\s+(\d{1,2})\b|\b(\d{1,2})\s+(?:maior\w*|principa\w*|mayor\w*|largest|biggest|top|main)\b/

const YEARS =
  /\b(?:entre|between|de|from)\s+((?:19|20)\d\d)\s+(?:e|a|y|and|to|ate|until|hasta)\s+((?:19|20)\d\d)\b/
const SINCE = /\b(?:desde|since|a partir de|apos|after|from(?= \d{4} on))\s+((?:19|20)\d\d)\b/
const UNTIL = /\b(?:ate|until|hasta|antes de|before)\s+((?:19|20)\d\d)\b/
const YEAR = /(?<![\d/.-])(?:19|20)\d\d(?![\d/.-])/
const MONTHS: readonly string[] = [
  'janeiro|enero|january',
  'fevereiro|febrero|february',
  'marco|marzo|march',
  'abril|april',
  'maio|mayo|may',
  'junho|junio|june',
  'julho|julio|july',
  'agosto|august',
  'setembro|septiembre|september',
  'outubro|octubre|october',
  'novembro|noviembre|november',
  'dezembro|diciembre|december',
]
const MONTH = new RegExp(`\\b(${MONTHS.join('|')}) (?:de |del |of )?((?:19|20)\\d\\d)\\b`)
const OVER =
  /\b(?:acima de|mais de|superior(?:es)? a|maior(?:es)? (?:do )?que|above|over|more than|at least|pelo menos|mas de|mayor(?:es)? (?:a|que|de)|por encima de)\s+(?:r\$\s*)?(\d[\d.,]*)\s*(mil(?:h(?:ao|oes))?|mil(?:l(?:on|ones|ion|ions))?|thousand|million|k|m|bi\w*)?\b/

const SCALE: readonly (readonly [RegExp, number])[] = [
  [/^(?:milh|mill|m$)/, 1e6],
  [/^bi/, 1e9],
  [/^(?:mil$|thousand|k$)/, 1e3],
]

/** Parses `1.234,56`, `1,234.56` or `1.5`: the last separator begins the decimals unless three digits follow it. */
const amount = (digits: string): number => {
  const [, whole = '', part] = /^([\d.,]*?)(?:[.,](\d{1,2}))?[.,]?$/.exec(digits) ?? []
  return Number(`${whole.replace(/[.,]/g, '') || '0'}.${part ?? '0'}`)
}

const lastDay = (year: number, month: number): string =>
  new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)

/** Returns the period that a text names: a month, a year, from, until. */
export const periodIn = (folded: string): Pick<Entities, 'startDate' | 'endDate'> => {
  const month = MONTH.exec(folded)
  if (month) {
    const number = MONTHS.findIndex((names) => names.split('|').includes(month[1] as string)) + 1
    const start = `${month[2]}-${String(number).padStart(2, '0')}`
    return { startDate: `${start}-01`, endDate: lastDay(Number(month[2]), number) }
  }
  const both = YEARS.exec(folded)
  if (both) {
    // "From 2024 to 2020" means the same years as "from 2020 to 2024".
    const [first, last] = [both[1] as string, both[2] as string].sort()
    return { startDate: `${first}-01-01`, endDate: `${last}-12-31` }
  }
  const since = SINCE.exec(folded)?.[1]
  const until = UNTIL.exec(folded)?.[1]
  if (since ?? until)
    return {
      ...(since ? { startDate: `${since}-01-01` } : {}),
      ...(until ? { endDate: `${until}-12-31` } : {}),
    }
  const year = YEAR.exec(folded)?.[0]
  return year ? { startDate: `${year}-01-01`, endDate: `${year}-12-31` } : {}
}

const SEVERITIES: readonly (readonly [RegExp, NonNullable<Entities['severity']>])[] = [
  [/\b(?:critic[oa]s?|critical|gravissim[oa]s?)\b/, 'critical'],
  [
    /\b(?:alt[oa]s? (?:gravidade|severidade|gravedad|severidad)|graves?|severidade alta|gravidade alta|high(?: severity)?|serious|severe)\b/,
    'high',
  ],
  [/\b(?:medi[oa]s? (?:gravidade|severidade|gravedad)|gravidade media|medium)\b/, 'medium'],
  [/\b(?:baixa (?:gravidade|severidade)|gravidade baixa|low severity|baja gravedad|leves?)\b/, 'low'],
]

/** Returns the place in a list that a text names, from 1; −1 is the last. */
export const ordinalIn = (folded: string): number | undefined => {
  const numbered = NUMBERED.exec(folded)
  return numbered ? Number(numbered[1]) : ORDINALS.find(([pattern]) => pattern.test(folded))?.[1]
}

/** Returns the number of items that a text asks for. */
export const countIn = (folded: string): number | undefined => {
  const count = COUNT.exec(folded)
  return count ? Math.max(1, Number(count[1] ?? count[2])) : undefined
}

/** Returns the smallest value, in reais, that a text names. */
export const leastValueIn = (folded: string): number | undefined => {
  const over = OVER.exec(folded)
  if (!over) return undefined
  return amount(over[1] as string) * (SCALE.find(([unit]) => unit.test(over[2] ?? ''))?.[1] ?? 1)
}

export const severityIn = (folded: string): Entities['severity'] =>
  SEVERITIES.find(([pattern]) => pattern.test(folded))?.[1]
