import type { DuckDBConnection } from '@duckdb/node-api'
import type { Detector, Finding } from '../detector.ts'
import { all, rows } from '../duckdb-rows.ts'
import { finding, rounded, severityAt } from '../finding.ts'
import { has } from '../lack.ts'
import { chiSquareTail } from './probability.ts'
import {
  BENFORD_DEVIATION_WORDS,
  CONFORMITIES,
  type DigitCode,
  type DigitFacts,
  type DigitNote,
  type DigitSetting,
} from './words/benford-deviation-words.ts'

/** Repeated values listed in evidence. */
const REPEATED = 5

/** The numbers of values of one scope and currency, by their first two digits. */
interface Counted {
  /** Null for the whole file. */
  buyer_key: string | null
  buyer: string | null
  money: string
  n: number
  /** Number of values by pair of digits, 10–99. */
  pairs: Map<number, number>
}

const COUNTED = `
  WITH paired AS (
    SELECT money, buyer_key, CAST(left(rpad(CAST(cents AS VARCHAR), 2, '0'), 2) AS INTEGER) AS pair,
      CAST(count(*) AS INTEGER) AS count
    FROM contracts WHERE cents > 0 GROUP BY ALL),
  called AS (
    SELECT buyer_key, buyer FROM (
      SELECT buyer_key, buyer, count(*) AS times FROM contracts WHERE buyer_key IS NOT NULL GROUP BY ALL)
    QUALIFY row_number() OVER (PARTITION BY buyer_key ORDER BY times DESC, buyer) = 1)
  SELECT NULL AS buyer_key, NULL AS buyer, money, pair, CAST(sum(count) AS INTEGER) AS count FROM paired
  GROUP BY money, pair
  UNION ALL
  SELECT buyer_key, buyer, money, pair, count FROM paired JOIN called USING (buyer_key)
  WINDOW one AS (PARTITION BY money, buyer_key) QUALIFY sum(count) OVER one >= $least
  ORDER BY buyer_key NULLS FIRST, money, pair`

const REPEATED_VALUES = `
  SELECT cents / 100 AS value, CAST(count(*) AS INTEGER) AS count FROM contracts
  WHERE cents > 0 AND money = $money AND ($buyer IS NULL OR buyer_key = $buyer)
  GROUP BY cents HAVING count(*) > 1 ORDER BY count(*) DESC, cents LIMIT ${REPEATED}`

/** Counts the values of the whole file, then of each buyer with at least `least` values, each currency by itself. */
const scopes = async (
  connection: DuckDBConnection,
  least: number,
  signal: AbortSignal,
): Promise<Counted[]> => {
  const found: Counted[] = []
  type Row = Omit<Counted, 'n' | 'pairs'> & { pair: number; count: number }
  for await (const row of rows<Row>(connection, COUNTED, { least }, signal)) {
    let scope = found.at(-1)
    if (scope === undefined || scope.buyer_key !== row.buyer_key || scope.money !== row.money) {
      scope = { buyer_key: row.buyer_key, buyer: row.buyer, money: row.money, n: 0, pairs: new Map() }
      found.push(scope)
    }
    scope.n += row.count
    scope.pairs.set(row.pair, row.count)
  }
  return found.filter((scope) => scope.n >= least)
}

/** Compares observed with expected counts, for pairs 10–99 or for digits 1–9. */
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

const MAD_STEPS = [0.0012, 0.0018, 0.0022] as const

interface Deviation {
  counted: Counted
  compared: ReturnType<typeof compared>
  /** Pairs whose z is beyond the limit, the largest excess first. */
  beyond: ReturnType<typeof compared>['digits']
  repeated: DigitFacts['repeated']
  single: boolean
  labelled: boolean
}

const described = (deviation: Deviation): Finding => {
  const { counted, compared, beyond, repeated, single, labelled } = deviation
  const { chi, mad } = compared
  const p = compared.p.toExponential(1)
  const step = MAD_STEPS.filter((limit) => mad > limit).length
  const most = beyond.reduce((a, b) => (Math.abs(b.z) > Math.abs(a.z) ? b : a))
  const buyer = counted.buyer_key === null ? null : (counted.buyer ?? counted.buyer_key)
  return finding<DigitFacts, DigitNote>({
    type: 'benford_deviation',
    key: [...(buyer === null ? ['whole file'] : ['buyer', counted.buyer_key as string]), counted.money],
    severity: severityAt(labelled ? Math.max(step - 1, 0) : 0),
    confidence: labelled ? 0.5 : 0.4,
    contractId: null,
    evidence: {
      ...(buyer === null ? {} : { buyer }),
      group: buyer ?? 'whole file',
      currency: counted.money,
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
    },
    notes: [
      single ? 'single_digit' : 'chi_square',
      ...(labelled ? (['conformity'] as const) : []),
      ...(repeated.length > 0 ? (['repeated'] as const) : []),
    ],
    facts: {
      buyer,
      currency: counted.money,
      n: counted.n,
      single,
      pair: most.pair,
      found: most.found,
      expected: rounded(most.expected, 1),
      z: rounded(most.z, 1),
      chi: rounded(chi, 1),
      p,
      mad: labelled ? rounded(mad, 5) : null,
      conformity: labelled ? (CONFORMITIES[step] as DigitFacts['conformity']) : null,
      repeated,
    },
    impact: null,
  })
}

/**
 * Compares the first two digits of positive values with Benford's law, for each buyer and for the whole file, each
 * currency by itself: from 1,000 values, χ² (89 degrees of freedom) with p < 1e-6 **and** a pair with
 * z
 * > 4.5 (continuity-corrected). From 500 to 999 values only the first digit is tested (8 degrees of freedom); fewer
 * values are not tested. The mean absolute deviation and Nigrini's labels (0.0012, 0.0018, 0.0022) are given from
 * 3,000 values on, since chance alone gives about 0.0794/√n.
 *
 * Severity: low; from 3,000 values medium at marginal conformity, high at nonconformity. Confidence: 0.4, 0.5 from
 * 3,000 values: digits point at a set of values, never at a contract.
 *
 * Source: M. Nigrini, Benford's Law: Applications for Forensic Accounting, Auditing, and Fraud Detection, 2012.
 * Blind spots: tariffs and price lists deviate lawfully; invented values that follow the law.
 */
export const benfordDeviation: Detector<DigitFacts, DigitNote, DigitCode, DigitSetting> = {
  type: 'benford_deviation',
  sources: ["M. Nigrini: Benford's Law (Wiley, 2012)"],
  thresholds: {
    values: { default: 1000, minimum: 100 },
    first_digit_values: { default: 500, minimum: 100 },
    mad_values: { default: 3000, minimum: 1 },
    p: { default: 1e-6, minimum: 0, maximum: 1 },
    z: { default: 4.5, minimum: 0 },
  },
  figures: 'number',
  names: /\bbenford\w*\b/,
  words: BENFORD_DEVIATION_WORDS,
  missing: (profile) => (has.value(profile) ? null : 'value'),
  async *run({ connection, thresholds }, signal) {
    const limit = thresholds as Record<DigitSetting, number>
    const least = Math.min(limit.first_digit_values, limit.values)
    const scoped = await scopes(connection, least, signal)
    if (scoped.length === 0) {
      yield { kind: 'skipped', code: 'few_values', facts: { values: least } }
      return
    }
    for (const counted of scoped) {
      const single = counted.n < limit.values
      const digits = single ? compared(counted, 1, 9) : compared(counted, 10, 99)
      const beyond = digits.digits
        .filter((digit) => Math.abs(digit.z) > limit.z)
        .sort((a, b) => b.z - a.z || a.pair - b.pair)
      if (digits.p >= limit.p || beyond.length === 0) continue
      const repeated = await all<{ value: number; count: number }>(
        connection,
        REPEATED_VALUES,
        { buyer: counted.buyer_key, money: counted.money },
        signal,
      )
      const labelled = !single && counted.n >= limit.mad_values
      yield described({ counted, compared: digits, beyond, repeated, single, labelled })
    }
  },
}
