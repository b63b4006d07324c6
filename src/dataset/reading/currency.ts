/** Signs and words that name exactly one currency; a bare `$` and a bare `peso` name none. */
const NAMES: readonly (readonly [code: string, pattern: RegExp])[] = [
  ['BRL', /r\$|\breais\b|^real$/],
  ['USD', /us ?\$|u\$s|\bd[oó]lar(?:es)?\b(?! (?:canad|austral))|\b(?:us |american )?dollars?\b/],
  ['EUR', /€|\beuros?\b/],
  ['GBP', /£|\b(?:pounds?(?: sterling)?|sterling|libras? esterlinas?)\b/],
  ['MXN', /mx ?\$|\bpesos? mexicanos?\b|\bm\.n\./],
  ['COP', /co(?:l|p)? ?\$|\bpesos? colombianos?\b/],
  ['CLP', /clp ?\$|\bpesos? chilenos?\b/],
  ['CLF', /\bunidad(?:es)? de fomento\b|^u\.?f\.?$/],
  ['ARS', /ar ?\$|\bpesos? argentinos?\b/],
  ['UYU', /\$u\b|\bpesos? uruguayos?\b/],
  ['DOP', /rd ?\$|\bpesos? dominicanos?\b/],
  ['PEN', /\bs\/\.?(?=\s|\d|$)|\b(?:nuevos? )?soles\b|^(?:nuevo )?sol$/],
  ['PYG', /₲|\bguaran[ií](?:es)?\b/],
  ['BOB', /\bbolivianos?\b/],
  ['CRC', /₡|\bcol[oó]n(?:es)? costarricenses?\b/],
  ['GTQ', /\bquetzal(?:es)?\b/],
  ['HNL', /\blempiras?\b/],
  ['NIO', /c\$|\bc[oó]rdobas?\b/],
  ['VES', /\bbol[ií]var(?:es)?\b/],
  ['PHP', /₱|\bphilippine pesos?\b|\bpesos? filipinos?\b/],
  ['NGN', /₦|\bnairas?\b/],
  ['KES', /\bkshs?\b|\bkenyan? shillings?\b/],
  ['UGX', /\bugandan? shillings?\b|\bushs?\b/],
  ['GHS', /₵|\b(?:ghana )?cedis?\b/],
  ['INR', /₹|\bindian rupees?\b/],
  ['NPR', /\bnepal(?:i|ese)? rupees?\b/],
  ['UAH', /₴|\bhryvn(?:ia|ya)s?\b/],
  ['GEL', /₾|\b(?:georgian )?lari\b/],
]
const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))
const CODE = /(?<![A-Z])[A-Z]{3}(?![A-Z])/g
/** Longest text, in characters, that may be a currency. */
const LONGEST = 60

/**
 * The code for an unknown currency (ISO 4217: "the codes assigned for transactions where no currency is involved").
 */
export const NO_CURRENCY = 'XXX'

/** Tells whether a text is the ISO 4217 code of a currency. */
export const isCurrencyCode = (text: string): boolean => CODES.has(text)

/**
 * Reads the currency that a cell of a column of currencies names: `MXN`, `Peso Mexicano`, `US$`, `EUR - Euro`.
 * @returns its ISO 4217 code; undefined where the text names none, or several
 */
export function readCurrency(text: string): string | undefined {
  if (text.length > LONGEST) return undefined
  const codes = (text.toUpperCase().match(CODE) ?? []).filter(isCurrencyCode)
  if (codes.length > 0) return new Set(codes).size === 1 ? codes[0] : undefined
  return signOf(text)
}

/**
 * Returns the currency whose sign or name occurs in a text, such as an amount or a column's name: `R$ 1,00`, `Valor
 * (em reais)`. Codes count in capitals only, or behind an underscore: `amount_eur`.
 */
export function currencyIn(text: string): string | undefined {
  const codes = (text.match(CODE) ?? []).filter(isCurrencyCode)
  const tail = /_([a-z]{3})$/.exec(text)?.[1]?.toUpperCase()
  if (tail && isCurrencyCode(tail)) codes.push(tail)
  return codes.length === 1 ? codes[0] : signOf(text)
}

function signOf(text: string): string | undefined {
  const lower = text.toLowerCase()
  return NAMES.find(([, pattern]) => pattern.test(lower))?.[0]
}
