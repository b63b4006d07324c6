import type { DuckDBConnection } from '@duckdb/node-api'
import type { Detector } from '../detector.ts'
import { CAUTION, finding, reais, rounded, severityAt } from '../finding.ts'
import { all, rows } from '../query.ts'
import { chiSquareTail } from './probability.ts'

/** Repeated values named in evidence. */
const REPEATED = 5

/** Values of one scope by their first two digits. */
interface Counted {
  /** Null for the whole file. */
  buyer_key: string | null
  buyer: string | null
  n: number
  /** Values by pair, 10–99. */
  pairs: Map<number, number>
}

const COUNTED = `
  WITH paired AS (
    SELECT buyer_key, CAST(left(rpad(CAST(cents AS VARCHAR), 2, '0'), 2) AS INTEGER) AS pair,
      CAST(count(*) AS INTEGER) AS count, min(buyer) AS buyer
    FROM contracts WHERE cents > 0 GROUP BY ALL)
  SELECT NULL AS buyer_key, NULL AS buyer, pair, CAST(sum(count) AS INTEGER) AS count FROM paired GROUP BY
    pair
  UNION ALL
  SELECT buyer_key, min(buyer) OVER one, pair, count FROM paired WHERE buyer_key IS NOT NULL
  WINDOW one AS (PARTITION BY buyer_key) QUALIFY sum(count) OVER one >= $least
  ORDER BY buyer_key NULLS FIRST, pair`

const REPEATED_VALUES = `
  SELECT cents / 100 AS value, CAST(count(*) AS INTEGER) AS count FROM contracts
  WHERE cents > 0 AND ($buyer IS NULL OR buyer_key = $buyer)
  GROUP BY cents HAVING count(*) > 1 ORDER BY count(*) DESC, cents LIMIT ${REPEATED}`

/** The whole file, then each buyer with at least `least` values. */
const scopes = async (
  connection: DuckDBConnection,
  least: number,
  signal: AbortSignal,
): Promise<Counted[]> => {
  const found: Counted[] = []
  type Row = { buyer_key: string | null; buyer: string | null; pair: number; count: number }
  for await (const row of rows<Row>(connection, COUNTED, { least }, signal)) {
    let scope = found.at(-1)
    if (scope === undefined || scope.buyer_key !== row.buyer_key) {
      scope = { buyer_key: row.buyer_key, buyer: row.buyer, n: 0, pairs: new Map() }
      found.push(scope)
    }
    scope.n += row.count
    scope.pairs.set(row.pair, row.count)
  }
  return found.filter((scope) => scope.n >= least)
}

/** Found against expected, for pairs 10–99 or for digits 1–9. */
const compared = (counted: Counted, low: number, high: number) => {
  const { n } = counted
  const found = new Map<number, number>()
  for (const [pair, count] of counted.pairs) {
    const digits = low === 1 ? Math.floor(pair / 10) : pair
    found.set(digits, (found.get(digits) ?? 0) + count)
  }
  const digits = Array.from({ length: high - low + 1 }, (_, i) => {
    const pair = low + i
    const share = Math.log10(1 + 1 / pair)
    const observed = found.get(pair) ?? 0
    const apart = observed - n * share
    const beyond = Math.max(Math.abs(apart) - 0.5, 0) / Math.sqrt(n * share * (1 - share))
    return { pair, found: observed, expected: n * share, z: Math.sign(apart) * beyond }
  })
  const chi = digits.reduce((sum, digit) => sum + (digit.found - digit.expected) ** 2 / digit.expected, 0)
  const mad =
    digits.reduce((sum, digit) => sum + Math.abs(digit.found - digit.expected), 0) / n / digits.length
  return { digits, chi, mad, p: chiSquareTail(chi, high - low) }
}

const LABELS = ['close conformity', 'acceptable conformity', 'marginal conformity', 'nonconformity'] as const
const MAD_STEPS = [0.0012, 0.0018, 0.0022] as const

/**
 * First two digits of positive values against Benford's law, for each buyer and for the whole file: from
 * 1,000 values, χ² (89 degrees of freedom) with p < 1e-6 **and** a pair with |z| > 4.5
 * (continuity-corrected). From 500 to 999 values only the first digit is tested (8 degrees of freedom);
 * below that there is too little to say. The mean absolute deviation and Nigrini's labels (0.0012, 0.0018,
 * 0.0022) are given from 3,000 values on, since chance alone gives about 0.0794/√n.
 *
 * Severity: low; from 3,000 values medium at marginal conformity, high at nonconformity. Confidence: 0.4,
 * 0.5 from 3,000 values: digits point at a set of values, never at a contract.
 *
 * Source: M. Nigrini, Benford's Law: Applications for Forensic Accounting, Auditing, and Fraud Detection,
 * 2012.
 */
export const benfordDeviation: Detector = {
  type: 'benford_deviation',
  title: "Deviation from Benford's law",
  rule:
    'First two digits of at least 1,000 positive values, per buyer and for the whole file: χ² p < ' +
    '1e-6 and a pair with ' +
    'z > 4.5; the first digit only for 500 to 999 values.',
  sources: ["M. Nigrini: Benford's Law (Wiley, 2012)"],
  blindSpots: [
    'Tariffs, price lists and values that all lie in one range deviate lawfully.',
    'Invented values that follow the law are not seen.',
    'It says that a set of values is unusual, not which of them.',
  ],
  thresholds: {
    values: { default: 1000, meaning: 'positive values for the test of two digits, at least', minimum: 100 },
    first_digit_values: {
      default: 500,
      meaning: 'positive values for the test of one digit, at least',
      minimum: 100,
    },
    mad_values: {
      default: 3000,
      meaning: 'positive values from which the MAD and its label are given',
      minimum: 1,
    },
    p: { default: 1e-6, meaning: 'p of the χ² test, below', minimum: 0, maximum: 1 },
    z: { default: 4.5, meaning: 'z of at least one pair, above', minimum: 0 },
  },
  missing: ({ filled }) => (filled.value ? null : 'the data has no contract value'),
  async *run({ connection, thresholds }, signal) {
    const limit = thresholds as Record<'values' | 'first_digit_values' | 'mad_values' | 'p' | 'z', number>
    const least = Math.min(limit.first_digit_values, limit.values)
    const scoped = await scopes(connection, least, signal)
    if (scoped.length === 0) {
      yield { skipped: `fewer than ${least} positive values` }
      return
    }
    for (const counted of scoped) {
      const single = counted.n < limit.values
      const { digits, chi, mad, p } = single ? compared(counted, 1, 9) : compared(counted, 10, 99)
      const beyond = digits
        .filter((digit) => Math.abs(digit.z) > limit.z)
        .sort((a, b) => b.z - a.z || a.pair - b.pair)
      if (p >= limit.p || beyond.length === 0) continue
      const whole = counted.buyer_key === null
      const repeated = await all<{ value: number; count: number }>(
        connection,
        REPEATED_VALUES,
        { buyer: counted.buyer_key },
        signal,
      )
      const labelled = !single && counted.n >= limit.mad_values
      const label = LABELS[MAD_STEPS.filter((step) => mad > step).length] as string
      const scope = whole ? 'the whole file' : (counted.buyer ?? counted.buyer_key ?? '')
      const most = beyond.reduce((a, b) => (Math.abs(b.z) > Math.abs(a.z) ? b : a))
      yield finding({
        type: 'benford_deviation',
        key: whole ? ['whole file'] : ['buyer', counted.buyer_key as string],
        severity: severityAt(labelled ? Math.max(MAD_STEPS.filter((step) => mad > step).length - 1, 0) : 0),
        confidence: labelled ? 0.5 : 0.4,
        contractId: null,
        title:
          `First ${single ? 'digits' : 'two digits'} of ${counted.n} values of ${scope} deviate ` +
          `from Benford's law`,
        explanation:
          `Among ${counted.n} positive values of ${scope}, ${most.found} begin with ${most.pair} ` +
          `where Benford's law ` +
          `expects ${rounded(most.expected, 1)} (z = ${rounded(most.z, 1)}); over all digits χ² is ` +
          `${rounded(chi, 1)}, ` +
          `p = ${p.toExponential(1)}. ` +
          `${labelled ? `The mean absolute deviation is ${rounded(mad, 5)}: ${label} (Nigrini). ` : ''}` +
          `Price lists, tariffs and limits cause such patterns too; this is not a list of suspects. ` +
          `${CAUTION}`,
        evidence: {
          ...(whole ? {} : { buyer: scope }),
          group: whole ? 'whole file' : scope,
          observed: rounded(chi, 2),
          z: rounded(most.z, 2),
          ...(labelled ? { mad: rounded(mad, 6) } : {}),
          digits: beyond.map((digit) => ({
            pair: digit.pair,
            found: digit.found,
            expected: rounded(digit.expected, 1),
            z: rounded(digit.z, 2),
          })),
          n: counted.n,
          notes: [
            single
              ? 'first digit only: fewer than 1,000 values'
              : `χ² with 89 degrees of freedom, p = ${p.toExponential(1)}`,
            ...(labelled ? [`MAD ${rounded(mad, 5)}: ${label} (Nigrini)`] : []),
            ...repeated.map((value) => `${reais(value.value)} occurs ${value.count} times`),
          ],
        },
        impact: null,
      })
    }
  },
}
