import type { Analysis, Detector, Finding } from '../detector.ts'
import {
  CAUTION,
  EVIDENCED,
  type EvidencedContract,
  finding,
  graded,
  IMPACT_STEPS,
  percent,
  reais,
  rounded,
} from '../finding.ts'
import { execute, rows } from '../query.ts'
import { COMPARABLE, comparable } from './comparable.ts'

/**
 * Prices are compared in cents, or in hundredths of a cent where either has more decimals, and half a unit
 * below a limit counts as the limit: 10.03 + 10 % is 11.033, which is paid as 11.03.
 */
const reaches = (price: string, factor: string, base: string): string => {
  const unit = `CASE WHEN abs(${price} * 100 - round(${price} * 100)) < 1e-6
    AND abs(${base} * 100 - round(${base} * 100)) < 1e-6 THEN 100 ELSE 10000 END`
  return `(round(${price} * (${unit})) > ${factor} * round(${base} * (${unit}), 4) - 0.5 + 1e-7)`
}

/** A quantity of 0 or none beside a value equal to the unit price is one lump. */
const QUANTITY = `CASE WHEN quantity > 0 THEN quantity
  WHEN abs(value - unit_price) < 0.005 THEN 1 END`

interface Paid {
  contract: EvidencedContract
  item: string | null
  paid: number
  quantity: number | null
}

const impactOf = (row: Paid, expected: number): number | null =>
  row.quantity === null ? null : (row.paid - expected) * row.quantity

const quantityNote = (row: Paid): string[] =>
  row.quantity === null ? ['quantity not stated: the amount at stake cannot be computed'] : []

const named = (row: Paid): string => (row.item ?? row.contract.object ?? 'item').slice(0, 80)

async function* overReference({ connection, thresholds }: Analysis, signal: AbortSignal) {
  const found = rows<Paid & { reference: number }>(
    connection,
    `SELECT ${EVIDENCED} AS contract, item, unit_price AS paid, reference_price AS reference, ${QUANTITY} AS quantity
     FROM contracts WHERE unit_price > 0 AND reference_price > 0
       AND ${reaches('unit_price', '(1 + $rise)', 'reference_price')}
     ORDER BY contract_id, line`,
    { rise: thresholds.reference_rise as number },
    signal,
  )
  for await (const row of found) {
    const impact = impactOf(row, row.reference)
    const ratio = row.paid / row.reference
    yield finding({
      type: 'price_deviation',
      key: ['reference', row.contract.contract_id],
      severity: impact === null ? 'low' : graded(impact, IMPACT_STEPS),
      confidence: ratio > 10 ? 0.6 : 0.9,
      contractId: row.contract.contract_id,
      title: `Unit price ${percent(ratio - 1)} over its reference price: ${named(row)}`,
      explanation:
        `The unit price paid is ${reais(row.paid)}; the reference price of the same row is ` +
        `${reais(row.reference)}. ` +
        `${impact === null ? 'The row states no quantity.' : `Over the quantity of ${row.quantity} the difference is ${reais(impact)}.`} ` +
        `Lei 14.133/2021 (arts. 23 and 59 III) asks that prices paid stand in line with the estimate. ` +
        `${CAUTION}`,
      evidence: {
        contracts: [row.contract],
        observed: row.paid,
        expected: row.reference,
        ratio: rounded(ratio),
        law: 'Lei 14.133/2021 arts. 23 and 59 III',
        notes: [
          ...quantityNote(row),
          ...(ratio > 10 ? ['more than ten times the reference: the two may be for different units'] : []),
        ],
      },
      impact,
    })
  }
}

/** Contracts of a group listed beside an outlier: its cheapest. */
const LISTED_OTHERS = 12

interface Outlier extends Paid {
  others: EvidencedContract[]
  grouped: string
  n: number
  median: number
  mad: number
  spread: string
  z: number
}

/** Priced rows of groups that are large enough, narrow: most of the file may be in it. */
const PRICED = `
  CREATE OR REPLACE TEMP TABLE priced AS
  SELECT grouped, contract_id, line, unit_price AS paid, ln(unit_price) AS logged
  FROM contracts c JOIN comparable k
    ON k.item = c.item AND k.unit_of_measure IS NOT DISTINCT FROM c.unit_of_measure
  WHERE unit_price > 0
    AND grouped IN (
      SELECT grouped FROM contracts c JOIN comparable k
        ON k.item = c.item AND k.unit_of_measure IS NOT DISTINCT FROM c.unit_of_measure
      WHERE unit_price > 0 GROUP BY grouped HAVING count(*) >= $rows)`

const OUTLIERS = `
  WITH centred AS (
    SELECT grouped, median(logged) AS middle, median(paid) AS median, CAST(count(*) AS INTEGER) AS n
    FROM priced GROUP BY grouped),
  apart AS (
    SELECT grouped, median(abs(logged - middle)) AS mad,
      CAST(sum(CAST(round(abs(logged - middle) * 1e12) AS BIGINT)) AS DOUBLE) / 1e12 / any_value(n) AS mean
    FROM priced JOIN centred USING (grouped) GROUP BY grouped),
  scaled AS (
    SELECT *, CASE WHEN mad > 1e-9 THEN mad / 0.6745 WHEN mean > 1e-9 THEN mean * 1.2533 END AS unit
    FROM centred JOIN apart USING (grouped)),
  outside AS (
    SELECT p.*, n, median, mad, CASE WHEN mad > 1e-9 THEN 'mad' ELSE 'mean' END AS spread, (logged -
      middle) / unit AS z
    FROM priced p JOIN scaled USING (grouped)
    WHERE unit IS NOT NULL AND (logged - middle) / unit > $z AND ${reaches('paid', '$ratio', 'median')}),
  cheapest AS (
    SELECT grouped, contract_id, line, row_number() OVER (PARTITION BY grouped ORDER BY paid, contract_id,
      line) AS place
    FROM priced SEMI JOIN outside USING (grouped)
    QUALIFY place <= ${LISTED_OTHERS}),
  listed AS (
    SELECT grouped, list(${EVIDENCED} ORDER BY place) AS others
    FROM cheapest JOIN contracts USING (line, contract_id) GROUP BY grouped)
  SELECT ${EVIDENCED} AS contract, others, grouped, item, paid, ${QUANTITY} AS quantity, n, median, mad,
    spread, z
  FROM outside JOIN contracts USING (line, contract_id) JOIN listed USING (grouped) ORDER BY contract_id,
    line`

async function* insideGroup(analysis: Analysis, signal: AbortSignal) {
  const { connection, thresholds } = analysis
  if (!comparable(analysis.profile)) return
  await execute(connection, `CREATE OR REPLACE TEMP TABLE comparable AS ${COMPARABLE}`, {}, signal)
  await execute(connection, PRICED, { rows: thresholds.group_rows as number }, signal)
  const values = { z: thresholds.z as number, ratio: thresholds.median_ratio as number }
  for await (const row of rows<Outlier>(connection, OUTLIERS, values, signal)) yield outlying(row)
}

const outlying = (row: Outlier): Finding => {
  const impact = impactOf(row, row.median)
  const ratio = row.paid / row.median
  return finding({
    type: 'price_deviation',
    key: ['group', row.contract.contract_id],
    severity: impact === null ? 'low' : graded(impact, IMPACT_STEPS),
    confidence: Math.min(0.6 + 0.02 * (row.z - 3.5) + 0.005 * (row.n - 8), ratio > 100 ? 0.6 : 0.9),
    contractId: row.contract.contract_id,
    title: `Unit price ${rounded(ratio, 1)} times the median of the same item: ${named(row)}`,
    explanation:
      `The unit price paid is ${reais(row.paid)}; the median of ${row.n} purchases of the same item ` +
      `in the same unit ` +
      `is ${reais(row.median)}. Its modified z-score on logarithms is ${rounded(row.z, 1)}; above 3.5 ` +
      `counts as an ` +
      `outlier (Iglewicz and Hoaglin, 1993). ${CAUTION}`,
    evidence: {
      contracts: [
        row.contract,
        ...row.others.filter((other) => other.contract_id !== row.contract.contract_id),
      ],
      group: row.grouped,
      observed: row.paid,
      expected: rounded(row.median),
      median: rounded(row.median),
      mad: rounded(row.mad, 6),
      z: rounded(row.z, 2),
      ratio: rounded(ratio),
      n: row.n,
      notes: [
        ...quantityNote(row),
        ...(row.spread === 'mean' ? ['MAD is 0: mean absolute deviation × 1.2533 was used'] : []),
      ],
    },
    impact,
  })
}

/**
 * (a) A unit price from 10 % over the reference price of its own row; (b) a unit price that stands out in
 * the group of the same item description and unit of measure: modified z-score 0.6745 (x − median)/MAD
 * above 3.5 on logarithms **and** at least 1.5 × the median, in groups of at least 8 priced rows. A MAD of
 * 0 is replaced by the mean absolute deviation × 1.2533; where that is 0 too the group is left out.
 *
 * Severity by (paid − expected) × quantity: medium from R$ 10,000, high from R$ 100,000, critical from R$
 * 1,000,000. Confidence: (a) 0.9, or 0.6 above ten times the reference (another unit is likelier); (b) 0.6
 * rising with z and with the group's size to 0.9.
 *
 * Sources: Lei 14.133/2021 arts. 23 and 59 III; B. Iglewicz and D. Hoaglin, How to Detect and Handle
 * Outliers, 1993. Blind spots: see `blindSpots`.
 */
export const priceDeviation: Detector = {
  type: 'price_deviation',
  title: 'Price deviation',
  rule:
    'A unit price from 10 % over its reference price; or, among at least 8 purchases of the same item ' +
    'in the same unit ' +
    'of measure, a modified z-score above 3.5 on logarithms and at least 1.5 times the median.',
  sources: [
    'Lei 14.133/2021 arts. 23 and 59 III',
    'B. Iglewicz, D. Hoaglin: How to Detect and Handle Outliers (ASQC, 1993)',
  ],
  blindSpots: [
    'A reference price that was inflated itself hides an overprice.',
    'Groups mix years and places: inflation and freight are not taken out.',
    'Without a unit of measure, in its column or in the description, items are not compared with each other.',
    'Services without a countable measure and generic codes are never a group.',
  ],
  thresholds: {
    reference_rise: {
      default: 0.1,
      meaning: 'rise over the reference price from which it is told (0.1 = 10 %)',
      minimum: 0,
    },
    z: { default: 3.5, meaning: 'modified z-score on logarithms that must be passed', minimum: 0 },
    median_ratio: { default: 1.5, meaning: 'times the median of the group, at least', minimum: 1 },
    group_rows: { default: 8, meaning: 'rows of a comparable group, at least', minimum: 3 },
  },
  missing(profile) {
    if (!profile.filled.unit_price) return 'the data has no unit price'
    if (profile.filled.reference_price || comparable(profile)) return null
    return 'the data has neither a reference price nor an item description to compare unit prices by'
  },
  async *run(analysis, signal) {
    if (analysis.profile.filled.reference_price) yield* overReference(analysis, signal)
    yield* insideGroup(analysis, signal)
  },
}
