import type { Analysis, Detector, Finding } from '../detector.ts'
import { execute, rows } from '../duckdb-rows.ts'
import { type EvidencedContract, evidenced, finding, graded, IMPACT_STEPS, rounded } from '../finding.ts'
import { COMPARABLE, comparable, PRICED, THINGS } from './comparable.ts'
import {
  PRICE_DEVIATION_WORDS,
  type PriceCode,
  type PriceFacts,
  type PriceNote,
  type PriceSetting,
} from './words/price-deviation-words.ts'

/**
 * Returns SQL for the test whether a price reaches a factor of another. Prices are compared in cents, or in
 * hundredths of a cent where either has more decimals, and half a unit below a limit counts as the limit: 10.03 +
 * 10 % is 11.033, which is paid as 11.03.
 */
const reaches = (price: string, factor: string, base: string): string => {
  const unit = `CASE WHEN abs(${price} * 100 - round(${price} * 100)) < 1e-6
    AND abs(${base} * 100 - round(${base} * 100)) < 1e-6 THEN 100 ELSE 10000 END`
  return `(round(${price} * (${unit})) > ${factor} * round(${base} * (${unit}), 4) - 0.5 + 1e-7)`
}

interface Paid {
  contract: EvidencedContract
  thing: string | null
  money: string
  /** 0 for the row's own price, else the item's place in the row. */
  position: number
  paid: number
  quantity: number | null
}

/** Returns the key of a finding; the items of one contract have different ones. */
const keyOf = (kind: 'reference' | 'group', { contract, position }: Paid) =>
  position === 0 ? [kind, contract.contract_id] : [kind, contract.contract_id, position]

const impactOf = (row: Paid, expected: number): number | null =>
  row.quantity === null ? null : (row.paid - expected) * row.quantity

const factsOf = (row: Paid, base: number, group: PriceFacts['group']): PriceFacts => {
  const impact = impactOf(row, base)
  return {
    thing: (row.thing ?? row.contract.object ?? row.contract.contract_id).slice(0, 80),
    currency: row.money,
    paid: row.paid,
    base: rounded(base),
    ratio: rounded(row.paid / base),
    quantity: row.quantity,
    impact: impact === null ? null : rounded(impact, 2),
    group,
  }
}

const LAW = 'Lei 14.133/2021 arts. 23 and 59 III'

const OVER_REFERENCE = `
  SELECT ${evidenced('c')} AS contract, coalesce(t.item, c.object, c.category) AS thing, t.money, position,
    t.unit_price AS paid, t.reference_price AS reference, t.quantity
  FROM ${THINGS} t JOIN contracts c ON c.rowid = t.place
  WHERE t.reference_price > 0 AND ${reaches('t.unit_price', '(1 + $rise)', 't.reference_price')}
  ORDER BY contract_id, line, position`

async function* overReference({ connection, thresholds }: Analysis, signal: AbortSignal) {
  const values = { rise: thresholds.reference_rise as number }
  for await (const row of rows<Paid & { reference: number }>(connection, OVER_REFERENCE, values, signal)) {
    const impact = impactOf(row, row.reference)
    const ratio = row.paid / row.reference
    yield finding<PriceFacts, PriceNote>({
      type: 'price_deviation',
      key: keyOf('reference', row),
      severity: impact === null ? 'low' : graded(impact, IMPACT_STEPS),
      confidence: ratio > 10 ? 0.6 : 0.9,
      contractId: row.contract.contract_id,
      evidence: {
        contracts: [row.contract],
        currency: row.money,
        observed: row.paid,
        expected: row.reference,
        ratio: rounded(ratio),
        ...(row.money === 'BRL' ? { law: LAW } : {}),
      },
      notes: [
        ...(row.quantity === null ? (['no_quantity'] as const) : []),
        ...(ratio > 10 ? (['far_over_reference'] as const) : []),
      ],
      facts: factsOf(row, row.reference, null),
      impact,
    })
  }
}

/** Contracts of a group listed beside an outlier: its cheapest. */
const LISTED_OTHERS = 12

interface Outlier extends Paid {
  others: EvidencedContract[]
  grouped: string
  stated: boolean
  rank: number
  n: number
  median: number
  mad: number
  spread: 'mad' | 'mean'
  z: number
}

const OUTLIERS = `
  WITH centred AS (
    SELECT id, money, median(logged) AS middle, median(paid) AS median, CAST(count(*) AS INTEGER) AS n
    FROM priced GROUP BY id, money
    HAVING count(DISTINCT purchase) >= $purchases AND (any_value(rank) <= 2 OR quantile_cont(logged, 0.75) - quantile_cont(logged, 0.25) <= ln($middle) + 1e-9)),
  apart AS (
    SELECT id, money, median(abs(logged - middle)) AS mad,
      CAST(sum(CAST(round(abs(logged - middle) * 1e12) AS BIGINT)) AS DOUBLE) / 1e12 / any_value(n) AS mean
    FROM priced JOIN centred USING (id, money) GROUP BY id, money),
  scaled AS (
    SELECT *, CASE WHEN mad > 1e-9 THEN mad / 0.6745 WHEN mean > 1e-9 THEN mean * 1.2533 END AS unit
    FROM centred JOIN apart USING (id, money)),
  beyond AS (
    SELECT p.*, n, median, mad, CASE WHEN mad > 1e-9 THEN 'mad' ELSE 'mean' END AS spread,
      (logged - middle) / unit AS z
    FROM priced p JOIN scaled USING (id, money)
    WHERE unit IS NOT NULL AND (logged - middle) / unit > $z AND ${reaches('paid', '$ratio', 'median')}),
  outside AS (
    SELECT * FROM beyond b
    WHERE rank <= 2 OR NOT EXISTS (SELECT 1 FROM priced q
      WHERE q.place = b.place AND q.position = b.position AND q.rank < b.rank)),
  cheapest AS (
    SELECT id, p.money, place, row_number() OVER (PARTITION BY id, p.money ORDER BY paid, contract_id, line, position)
      AS nth
    FROM priced p SEMI JOIN outside USING (id, money) JOIN contracts c ON c.rowid = p.place
    QUALIFY nth <= ${LISTED_OTHERS}),
  listed AS (
    SELECT id, p.money, list(${evidenced('c')} ORDER BY nth) AS others
    FROM cheapest p JOIN contracts c ON c.rowid = p.place GROUP BY id, p.money),
  named AS (SELECT id, any_value(grouped) AS grouped, bool_and(stated) AS stated FROM comparable GROUP BY id)
  SELECT ${evidenced('c')} AS contract, others, grouped, stated, rank, coalesce(t.item, c.object, c.category) AS thing,
    o.money, position, paid, t.quantity, n, median, mad, spread, z
  FROM outside o JOIN contracts c ON c.rowid = o.place JOIN ${THINGS} t USING (place, position)
    JOIN listed l ON l.id = o.id AND l.money = o.money JOIN named k ON k.id = o.id
  ORDER BY contract_id, line, position`

const outlying = (row: Outlier): Finding => {
  const impact = impactOf(row, row.median)
  const ratio = row.paid / row.median
  return finding<PriceFacts, PriceNote>({
    type: 'price_deviation',
    key: keyOf('group', row),
    severity: impact === null || !row.stated ? 'low' : graded(impact, IMPACT_STEPS),
    confidence: row.stated
      ? Math.min(0.6 + 0.02 * (row.z - 3.5) + 0.005 * (row.n - 8), ratio > 100 ? 0.6 : 0.9)
      : 0.4,
    contractId: row.contract.contract_id,
    evidence: {
      contracts: [
        row.contract,
        ...row.others.filter((other) => other.contract_id !== row.contract.contract_id),
      ],
      group: row.grouped,
      currency: row.money,
      observed: row.paid,
      expected: rounded(row.median),
      median: rounded(row.median),
      mad: rounded(row.mad, 6),
      z: rounded(row.z, 2),
      ratio: rounded(ratio),
      n: row.n,
    },
    notes: [
      ...(row.stated ? [] : (['unit_not_stated'] as const)),
      ...(row.rank > 2 ? (['named_broadly'] as const) : []),
      ...(row.quantity === null ? (['no_quantity'] as const) : []),
      ...(row.spread === 'mean' ? (['mean_spread'] as const) : []),
    ],
    facts: factsOf(row, row.median, { n: row.n, z: rounded(row.z, 1), unit_stated: row.stated }),
    impact,
  })
}

async function* insideGroup(analysis: Analysis, signal: AbortSignal) {
  const { connection, thresholds } = analysis
  if (!comparable(analysis.profile)) return
  await execute(connection, `CREATE OR REPLACE TEMP TABLE comparable AS ${COMPARABLE}`, {}, signal)
  const least = { rows: thresholds.group_rows as number }
  await execute(connection, `CREATE OR REPLACE TEMP TABLE priced AS ${PRICED}`, least, signal)
  const values = {
    z: thresholds.z as number,
    ratio: thresholds.median_ratio as number,
    middle: thresholds.middle_ratio as number,
    purchases: thresholds.group_purchases as number,
  }
  for await (const row of rows<Outlier>(connection, OUTLIERS, values, signal)) yield outlying(row)
}

/**
 * Finds (a) a unit price from 10 % over the reference price of its own row; (b) a unit price that stands out
 * in the group of the same item description and unit of measure: modified z-score 0.6745 (x − median)/MAD
 * above 3.5 on logarithms **and** at least 1.5 × the median, in groups of at least 8 priced rows of one
 * currency from at least 3 purchases: the rows of one tender are not independent, and under one description it may list
 * several things. A MAD of 0 is replaced by the mean absolute deviation × 1.2533; where that is 0 too the group is
 * left out. Rows without an item are named by its code, else by the object, else by the category, the first
 * that has enough rows; by object or category only where the middle half of the prices lies within a factor
 * of 4. Each item of a contract of several is a price of its own.
 *
 * Severity by (paid − expected) × quantity: medium from 10,000, high from 100,000, critical from 1,000,000;
 * low without a quantity or a unit of measure. Confidence: (a) 0.9, or 0.6 above ten times the reference
 * (another unit is likelier); (b) 0.6 rising with z and with the group's size to 0.9, 0.4 without a unit.
 *
 * Sources: Lei 14.133/2021 arts. 23 and 59 III; B. Iglewicz and D. Hoaglin, How to Detect and Handle
 * Outliers, 1993. Blind spots: inflated references; inflation and freight; services without a measure.
 */
export const priceDeviation: Detector<PriceFacts, PriceNote, PriceCode, PriceSetting> = {
  type: 'price_deviation',
  sources: [LAW, 'B. Iglewicz, D. Hoaglin: How to Detect and Handle Outliers (ASQC, 1993)'],
  thresholds: {
    reference_rise: { default: 0.1, minimum: 0 },
    z: { default: 3.5, minimum: 0 },
    median_ratio: { default: 1.5, minimum: 1 },
    group_rows: { default: 8, minimum: 3 },
    group_purchases: { default: 3, minimum: 1 },
    middle_ratio: { default: 4, minimum: 1 },
  },
  figures: 'money',
  names:
    /\b(price deviations?|overpric\w*|sobreprecos?|sobreprecios?|superfatur\w*|precos? (acima|altos?|fora|anormal|anormais)|desvios? de precos?|desviacion(es)? de precios?|precios? (altos?|anormal\w*)|high prices?)\b/,
  aliases:
    /\b(?:alertas?|anomalias?|desvios?|problemas?|alerts?|anomalies|hallazgos?|achados?) (?:de|com|con|about|on) (?:precos?|prices?|precios?)\b|\b(?:precos?|precios?|prices?) (?:fora|fuera|out|acima|above|inflad[oa]s?|inflated|por encima|abusiv[oa]s?|over)(?: (?:d[eo]s?|da|del?|of|the))? (?:\p{L}+ )?(?:market|padr\p{L}+|normal\p{L}*|comum|lo normal|line|mercado|media|medio|promedio|average|mean|usual)|\b(?:overcharg\p{L}+|cobrando (?:demais|caro)|paying too much|pagando (?:caro|demais|de mas)|sobrefatura\p{L}*|inflated prices?)\b/u,
  words: PRICE_DEVIATION_WORDS,
  missing(profile) {
    if (!profile.filled.unit_price && !profile.filled.items) return 'unit_price'
    return profile.filled.reference_price || comparable(profile) ? null : 'price_basis'
  },
  async *run(analysis, signal) {
    const { filled } = analysis.profile
    if (filled.reference_price || filled.items) yield* overReference(analysis, signal)
    yield* insideGroup(analysis, signal)
  },
}
