import { type Sentence, say } from '../language/sentence.ts'
import type { IngestRequest } from './ingest.ts'
import type { Content } from './reading/content.ts'
import { currencyIn, NO_CURRENCY } from './reading/currency.ts'
import { fold } from './reading/header-name.ts'
import { dialectCurrency } from './reading/lexicon-dialects.ts'
import type { Mapping } from './reading/mapping.ts'
import { currencyOfHeader } from './reading/money-unit.ts'
import type { TableSource } from './reading/source.ts'
import { isEuropeanTaxNumber } from './reading/tax-number.ts'

/** The currency and the buyer of all rows that have none of their own. */
export interface WholeFile {
  /** ISO 4217 code, `XXX` where it is unknown. */
  currency: string
  /** Name of the buyer; null where a column names buyers. */
  buyer: string | null
  /** Returns warnings about both. @param found the currencies of the rows */
  warnings(found: readonly string[]): Sentence[]
}

/** Finds the currency and the buyer of a whole file: as the caller gave them, else from the file itself. */
export function wholeFile(
  request: Pick<IngestRequest, 'currency' | 'buyer'>,
  source: Pick<TableSource, 'names' | 'titles' | 'sample'>,
  mapping: Mapping,
): WholeFile {
  const currency = request.currency ?? shownCurrency(source, mapping) ?? NO_CURRENCY
  const named = (['buyer_name', 'buyer_id', 'unit_name', 'unit_id'] as const).some((canonical) => {
    const column = mapping.columns.get(canonical)
    return column !== undefined && (mapping.contents[column]?.filled ?? 0) > 0
  })
  const buyer = named ? null : (request.buyer ?? null)
  return {
    currency,
    buyer: buyer?.name ?? null,
    warnings: (found) => {
      const warnings: Sentence[] = []
      if (buyer && !buyer.given) warnings.push(say('dataset.one_buyer', { buyer: buyer.name }))
      if (found.includes(NO_CURRENCY)) warnings.push(say('dataset.no_currency'))
      if (found.length > 1) warnings.push(say('dataset.several_currencies', { codes: found }))
      return warnings
    },
  }
}

/** Share of the amounts with a currency's sign from which it is that of the others too: fewer are exceptions. */
const LEAST_SIGNED = 0.05

const AMOUNTS = ['final_value', 'initial_value', 'updated_initial_value', 'unit_price'] as const

function shownCurrency(
  source: Pick<TableSource, 'names' | 'titles' | 'sample'>,
  mapping: Mapping,
): string | undefined {
  const { names, titles, sample } = source
  const amounts = AMOUNTS.flatMap((canonical) => mapping.columns.get(canonical) ?? [])
  for (const column of amounts) {
    const named = currencyOfHeader(names[column] as string)
    if (named) return named
  }
  const signs = new Map<string, number>()
  let filled = 0
  for (const column of amounts) {
    if (mapping.contents[column]?.signs === 0) continue
    filled += mapping.contents[column]?.filled ?? 0
    for (const row of sample) {
      const sign = currencyIn(row[column] ?? '')
      if (sign) signs.set(sign, (signs.get(sign) ?? 0) + 1)
    }
  }
  const [most] = [...signs].sort((a, b) => b[1] - a[1])
  if (most && most[1] >= LEAST_SIGNED * filled) return most[0]
  for (const title of titles) {
    const currency = currencyIn(title)
    if (currency) return currency
  }
  if (isBrazilian(names, mapping.contents, sample)) return 'BRL'
  if (isBritish(names, sample)) return 'GBP'
  return dialectCurrency(names) ?? (isEuropean(sample, mapping) ? 'EUR' : undefined)
}

/** Matches names of classifications that only public bodies of the United Kingdom have. */
const BRITISH_NAME = /sercop|pro ?class|cipfa|bvacop|bv acop|thomson (?:classification|desc)/
/** Matches codes and addresses of bodies of the United Kingdom. */
const BRITISH_CELL =
  /^(?:[EWSN]0[6-9]0000\d\d|https?:\/\/(?:opendatacommunities\.org|statistics\.data\.gov\.uk)\/.*)$/i

const isBritish = (names: readonly string[], sample: readonly (readonly string[])[]): boolean =>
  names.some((name) => BRITISH_NAME.test(fold(name))) ||
  sample.slice(0, 100).some((row) => row.some((cell) => BRITISH_CELL.test(cell.trim())))

const BRAZILIAN_CELL = /R\$|(?<!\d)\d{2}\.\d{3}\.\d{3}\/\d{4}-\d{2}(?!\d)|\bCNPJ\b|\bCPF\b/

/** Tells whether a file has R$, a CNPJ or a CPF: in a column's name, or in its cells. */
function isBrazilian(
  names: readonly string[],
  contents: readonly Content[],
  sample: readonly (readonly string[])[],
): boolean {
  if (names.some((name) => /cnpj|cpf/.test(fold(name)) || name.includes('R$'))) return true
  if (
    contents.some((content) => content.longTaxNumbers > 0 && content.longTaxNumbers >= 0.5 * content.filled)
  )
    return true
  return sample.some((row) => row.some((cell) => BRAZILIAN_CELL.test(cell)))
}

/** Different valid numbers from which a column is one of tax numbers: a code passes by chance one time in ten. */
const LEAST_NUMBERS = 2

/** Tells whether suppliers and buyers have the tax numbers of Portugal or Spain, which both have the euro. */
function isEuropean(sample: readonly (readonly string[])[], mapping: Mapping): boolean {
  return (['supplier_id', 'buyer_id'] as const).some((canonical) => {
    const column = mapping.columns.get(canonical)
    if (column === undefined) return false
    const numbers = new Set(sample.map((row) => (row[column] ?? '').trim()).filter((cell) => cell !== ''))
    const valid = [...numbers].filter(isEuropeanTaxNumber).length
    return valid >= LEAST_NUMBERS && valid >= 0.5 * numbers.size
  })
}
