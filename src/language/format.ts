import type { Language } from './language.ts'

/** Figures, amounts and days as a language writes them. */
export interface Format {
  readonly language: Language
  /** @param decimals exactly so many; without it as many as the value has, three at most */
  number(value: number, decimals?: number): string
  /** A number of things with their name: "1 contract", "1,200 contracts". */
  count(value: number, one: string, several: string): string
  /** An amount with the currency's own sign. @param currency ISO 4217; `XXX`, no known one, gets no sign */
  money(amount: number, currency: string): string
  /** @param share of the whole, 0–1 @param decimals at most so many, 1 unless given */
  percent(share: number, decimals?: number): string
  /** @param iso `YYYY-MM-DD` */
  day(iso: string): string
  /** A month by its name, with its year. @param iso `YYYY-MM` */
  month(iso: string): string
  /** A day of the week by its name. @param iso 1 is Monday */
  weekday(iso: number): string
  /** A length of time in its largest fitting unit, rounded up: "58 minutes". @param seconds 1 or more */
  duration(seconds: number): string
  /** Writes the time from now until something can be done: "in 58 minutes". @param seconds 1 or more */
  within(seconds: number): string
  /** Things that all hold: "a, b and c". */
  all(items: readonly string[]): string
  /** Things of which one is meant: "a, b or c". */
  either(items: readonly string[]): string
}

/** Chooses between the words for one thing and for several. */
export const plural = (count: number, one: string, several: string): string => (count === 1 ? one : several)

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-US', pt: 'pt-BR', es: 'es-ES' }

/** Signs that name one currency only: a bare `$` would not tell pesos from dollars. The rest go by their ISO code. */
const SIGNS: Readonly<Record<string, string>> = { BRL: 'R$', EUR: '€', GBP: '£', USD: 'US$', MXN: 'MX$' }

/** `XXX` is ISO 4217's code for "no currency". */
const NO_CURRENCY = 'XXX'

/** Is the currency one that is counted in whole units, as yen, guaraníes and Chilean pesos are? */
const isWhole = (currency: string): boolean =>
  /^[A-Z]{3}$/.test(currency) &&
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits === 0

const UNITS = [
  ['second', 1],
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
] as const

/** The largest unit of which a length of time has two or more, so that rounding up misleads nobody. */
const largestUnit = (seconds: number): readonly [unit: (typeof UNITS)[number][0], count: number] => {
  const whole = Math.max(1, Math.ceil(seconds))
  const [unit, size] = UNITS.findLast(([, size]) => whole % size === 0 || whole >= 2 * size) ?? UNITS[0]
  return [unit, Math.ceil(whole / size)]
}

/** Keeps what was made for each key; the keys are few: decimals and currencies. */
const kept = <K, V>(make: (key: K) => V): ((key: K) => V) => {
  const made = new Map<K, V>()
  return (key) => {
    const found = made.get(key) ?? make(key)
    if (!made.has(key)) made.set(key, found)
    return found
  }
}

const formatFor = (language: Language): Format => {
  const locale = LOCALES[language]
  // Spanish groups from five digits on by itself; figures under one another want it from four on.
  const plain = new Intl.NumberFormat(locale, { useGrouping: 'always' })
  const fixed = kept(
    (decimals: number) =>
      new Intl.NumberFormat(locale, {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
        useGrouping: 'always',
      }),
  )
  const atMost = kept(
    (decimals: number) =>
      new Intl.NumberFormat(locale, { maximumFractionDigits: decimals, useGrouping: 'always' }),
  )
  const units = kept(
    (unit: string) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }),
  )
  const counted = kept(isWhole)
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' })
  const weekdays = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' })
  const months = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' })
  const all = new Intl.ListFormat(locale, { type: 'conjunction' })
  const either = new Intl.ListFormat(locale, { type: 'disjunction' })
  return {
    language,
    number: (value, digits) => (digits === undefined ? plain : fixed(digits)).format(value),
    count: (value, one, several) => `${plain.format(value)} ${plural(value, one, several)}`,
    money: (amount, currency) => {
      const decimals = Number.isInteger(amount) && counted(currency) ? 0 : 2
      const figure = fixed(decimals).format(Math.abs(amount))
      const minus = amount < 0 ? '-' : ''
      if (currency === NO_CURRENCY) return `${minus}${figure}`
      const sign = SIGNS[currency] ?? currency
      if (language === 'es' && sign === '€') return `${minus}${figure} €`
      const gap = language === 'en' && (sign === '€' || sign === '£') ? '' : ' '
      return `${minus}${sign}${gap}${figure}`
    },
    percent: (share, digits = 1) => `${atMost(digits).format(share * 100)}${language === 'en' ? '%' : ' %'}`,
    // A day first would be read as a month in English.
    day: (iso) => (language === 'en' ? iso : iso.split('-').reverse().join('/')),
    // The first day of January 2024 is a Monday.
    weekday: (iso) => weekdays.format(new Date(Date.UTC(2024, 0, iso))),
    month: (iso) => months.format(new Date(`${iso}-01T00:00:00Z`)),
    duration: (seconds) => {
      const [unit, count] = largestUnit(seconds)
      return units(unit).format(count)
    },
    within: (seconds) => {
      const [unit, count] = largestUnit(seconds)
      return relative.format(count, unit)
    },
    all: (items) => all.format(items),
    either: (items) => either.format(items),
  }
}

const FORMATS: Readonly<Record<Language, Format>> = {
  en: formatFor('en'),
  pt: formatFor('pt'),
  es: formatFor('es'),
}

/** Returns how a language writes figures, amounts and days. */
export const formatOf = (language: Language): Format => FORMATS[language]
