import type { Language } from '../intent/understanding.ts'

/** Formats figures in one language. Amounts are in reais. */
export interface Format {
  money(reais: number): string
  number(count: number): string
  /** Formats a share as a percentage. @param part of the whole, 0–1 */
  share(part: number): string
  /** Formats a ratio with one decimal. */
  times(ratio: number): string
  /** Formats a day. @param iso `YYYY-MM-DD` */
  day(iso: string): string
}

const LOCALES: Readonly<Record<Language, string>> = { pt: 'pt-BR', es: 'es-ES', en: 'en-US' }

const formatFor = (language: Language): Format => {
  const locale = LOCALES[language]
  const number = (decimals: number) => {
    const written = new Intl.NumberFormat(locale, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      useGrouping: 'always',
    })
    return (value: number) => written.format(value)
  }
  const [whole, tenth, cents] = [number(0), number(1), number(2)]
  return {
    money: (reais) => `R$ ${cents(reais)}`,
    number: whole,
    share: (part) => `${tenth(part * 100)}%`,
    times: tenth,
    // English readers would take a day in front for a month.
    day: (iso) => (language === 'en' ? iso : iso.split('-').reverse().join('/')),
  }
}

const FORMATS: Readonly<Record<Language, Format>> = {
  pt: formatFor('pt'),
  es: formatFor('es'),
  en: formatFor('en'),
}

export const formatOf = (language: Language): Format => FORMATS[language]

/** Longest text of the data in an answer, in characters. */
const MOST_TEXT = 160

/** Returns a text of the data for Markdown: one line, with markup escaped, cut at `MOST_TEXT`. */
export const plain = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  const short = line.length > MOST_TEXT ? `${line.slice(0, MOST_TEXT)}…` : line
  return short.replace(/[\\`*_[\]<>|#]/g, '\\$&')
}

/** Returns a Markdown table; its cells are Markdown already. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/** Returns a bar of at most 20 blocks. @param part of the largest value, 0–1 */
export const bar = (part: number): string => '█'.repeat(Math.max(Math.round(part * 20), part > 0 ? 1 : 0))
