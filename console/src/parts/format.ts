import { useMemo } from 'react'
import { useWords } from '../words/words.tsx'

const LOCALES = { en: 'en', pt: 'pt-BR', es: 'es' } as const

/** Writes numbers, money and times as the reader's language does. */
export const useFormat = () => {
  const { language } = useWords()
  return useMemo(() => {
    const locale = LOCALES[language]
    const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 4 })
    const small = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 })
    const shares = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
    const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'medium' })
    const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
    const costs = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency: 'USD',
      maximumSignificantDigits: 3,
    })
    const money = new Map<string, Intl.NumberFormat>()
    return {
      /** A number with four decimals at the most; one too small for them keeps its first three digits. */
      number: (value: number) => (Math.abs(value) < 0.0001 ? small : plain).format(value),
      percent: (share: number) => shares.format(share),
      money(value: number | null | undefined, currency = 'BRL') {
        if (value === null || value === undefined) return '—'
        let format = money.get(currency)
        if (format === undefined) {
          const isKnown = /^[A-Z]{3}$/.test(currency) && currency !== 'XXX'
          format = new Intl.NumberFormat(
            locale,
            isKnown
              ? {
                  style: 'currency',
                  currency,
                  // The real has one sign in every language; a bare "$" would be anybody's.
                  currencyDisplay: currency === 'BRL' ? 'narrowSymbol' : 'symbol',
                }
              : { minimumFractionDigits: 2, maximumFractionDigits: 2 },
          )
          money.set(currency, format)
        }
        return format.format(value)
      },
      /** A price in dollars, however small. */
      cost: (usd: number) => costs.format(usd),
      moment: (iso: string) => moments.format(new Date(iso)),
      day: (iso: string) => days.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`)),
      bytes: (bytes: number) => `${plain.format(Math.round(bytes / 1_048_576))} MB`,
      duration(seconds: number) {
        const minutes = Math.floor(seconds / 60)
        const parts = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60]
        const [days, hours, rest] = parts as [number, number, number]
        if (days > 0) return `${days} d ${hours} h`
        if (hours > 0) return `${hours} h ${rest} min`
        return minutes > 0 ? `${minutes} min` : `${Math.floor(seconds)} s`
      },
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    }
  }, [language])
}
