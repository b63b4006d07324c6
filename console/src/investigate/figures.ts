import type { Datum } from '../parts/chart.tsx'
import type { Contract } from './contracts.ts'
import { amountOf, currencyOf, supplierOf } from './findings.ts'
import type { Finding } from './shapes.ts'

/** The currency that most things have; amounts of two currencies are never added. */
export const mainCurrency = (currencies: Iterable<string>): string => {
  const counts = new Map<string, number>()
  for (const one of currencies) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 'BRL'
}

const sums = (pairs: Iterable<readonly [string, number]>): Map<string, number> => {
  const all = new Map<string, number>()
  for (const [key, value] of pairs) all.set(key, (all.get(key) ?? 0) + value)
  return all
}

const largest = (all: ReadonlyMap<string, number>, most: number): Datum[] =>
  [...all]
    .map(([label, value]) => ({ key: label, label, value }))
    .sort((a, b) => b.value - a.value)
    .slice(0, most)

/** Amounts at stake by supplier, the largest first, of findings in one currency. */
export const atStakeBySupplier = (findings: readonly Finding[], currency: string, most: number): Datum[] =>
  largest(
    sums(
      findings
        .filter((one) => supplierOf(one) !== '' && amountOf(one) > 0 && currencyOf(one) === currency)
        .map((one) => [supplierOf(one), amountOf(one)] as const),
    ),
    most,
  )

/** How much contracts grew, each against its own limit, as shares of the value at first. */
export const growthAgainstLimit = (findings: readonly Finding[], most: number): Datum[] =>
  findings
    .flatMap(({ anomaly_id, anomaly_type, evidence: { ratio, limit, expected, contracts } }) =>
      anomaly_type === 'payment_pattern' && ratio !== undefined && limit !== undefined && expected
        ? [
            {
              key: anomaly_id,
              label: contracts?.[0]?.contract_number ?? contracts?.[0]?.contract_id ?? anomaly_id,
              value: ratio - 1,
              against: limit / expected - 1,
            },
          ]
        : [],
    )
    .sort((a, b) => b.value - a.value)
    .slice(0, most)

const inCurrency = (
  contracts: readonly Contract[],
  currency: string,
): { contract: Contract; value: number }[] =>
  contracts.flatMap((contract) =>
    contract.currency === currency && contract.value !== null && contract.value > 0
      ? [{ contract, value: contract.value }]
      : [],
  )

/** Months that a chart shows at most; beyond them it shows years. */
const MOST_MONTHS = 36

/** Contracted amounts by month, or by year where there are too many months; those without a date are left out. */
export const moneyOverTime = (contracts: readonly Contract[], currency: string): Datum[] => {
  const dated = inCurrency(contracts, currency).flatMap(({ contract, value }) => {
    const day = contract.signed_at ?? contract.start_at
    return day === null ? [] : [[day.slice(0, 7), value] as const]
  })
  const months = sums(dated)
  const all =
    months.size <= MOST_MONTHS ? months : sums(dated.map(([month, value]) => [month.slice(0, 4), value]))
  return [...all]
    .map(([label, value]) => ({ key: label, label, value }))
    .sort((a, b) => a.label.localeCompare(b.label))
}

/** Shares of the suppliers in all amounts, the largest first. */
export const shareBySupplier = (contracts: readonly Contract[], currency: string, most: number): Datum[] => {
  const named = inCurrency(contracts, currency)
  const total = named.reduce((sum, { value }) => sum + value, 0) || 1
  const all = sums(
    named.flatMap(({ contract, value }) =>
      contract.supplier_name === null ? [] : [[contract.supplier_name, value / total] as const],
    ),
  )
  return largest(all, most)
}

/** Values with too few of them say nothing about digits. */
const LEAST_VALUES = 100

/** Shares of first digits against those of Benford's law; empty where the values are too few. */
export const firstDigits = (contracts: readonly Contract[], currency: string): Datum[] => {
  const values = inCurrency(contracts, currency).filter(({ value }) => value >= 1)
  if (values.length < LEAST_VALUES) return []
  const counts = sums(values.map(({ value }) => [String(value)[0] as string, 1] as const))
  return Array.from({ length: 9 }, (_, index) => {
    const digit = String(index + 1)
    return {
      key: digit,
      label: digit,
      value: (counts.get(digit) ?? 0) / values.length,
      against: Math.log10(1 + 1 / (index + 1)),
    }
  })
}
