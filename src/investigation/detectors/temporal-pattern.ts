import { duckDb } from '../../dataset/duckdb.ts'
import type { Detector } from '../detector.ts'
import {
  CAUTION,
  EVIDENCED,
  type EvidencedContract,
  finding,
  LISTED_CONTRACTS,
  rounded,
  severityAt,
} from '../finding.ts'
import { all, rows } from '../query.ts'
import { poissonTail } from './probability.ts'

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

interface Month {
  buyer_key: string
  /** Months since the year 0, January 0. */
  slot: number
  count: number
  /** Mean of the year's other months, zeros counted. */
  others: number
  /** Mean of the same month of the other years, or null where there is none. */
  same: number | null
  /** Months from the buyer's first to its last, both counted. */
  history: number
}

/**
 * Months that pass the two ratios. A month is covered between the buyer's first and last; those without a
 * contract count as zero. The item rows of one contract are one contract; a commitment counts where its
 * contract is not in the file.
 */
const CANDIDATES = (count: string) => `
  WITH monthly AS (
    SELECT buyer_key, CAST(year(day) * 12 + month(day) - 1 AS INTEGER) AS slot, CAST(${count} AS INTEGER)
      AS count
    FROM contracts
    WHERE day BETWEEN DATE '1990-01-01' AND DATE '2100-01-01' AND buyer_key IS NOT NULL AND NOT own_commitment
    GROUP BY ALL),
  placed AS (
    SELECT *, min(slot) OVER buyers AS low, max(slot) OVER buyers AS high,
      sum(count) OVER (PARTITION BY buyer_key, slot // 12) - count AS year_others,
      sum(count) OVER (PARTITION BY buyer_key, slot % 12) - count AS month_others
    FROM monthly WINDOW buyers AS (PARTITION BY buyer_key)),
  covered AS (
    SELECT *, least(high, slot // 12 * 12 + 11) - greatest(low, slot // 12 * 12) AS other_months,
      (high - slot) // 12 + (slot - low) // 12 AS other_years
    FROM placed)
  SELECT buyer_key, slot, count, CAST(year_others AS DOUBLE) / other_months AS others,
    CASE WHEN other_years > 0 THEN CAST(month_others AS DOUBLE) / other_years END AS same, high - low + 1
      AS history
  FROM covered
  WHERE count >= $count AND other_months >= $months AND count * other_months >= $ratio * year_others - 1e-9
    AND (other_years = 0 OR count * other_years >= $same_month_ratio * month_others - 1e-9)
  ORDER BY buyer_key, slot`

interface Listed {
  buyer_key: string
  slot: number
  buyer: string
  contracts: EvidencedContract[]
  days: number
  commitments: number
}

const LISTED = `
  WITH wanted AS (SELECT unnest(CAST($buyers AS VARCHAR[])) AS buyer_key, unnest(CAST($months AS
    INTEGER[])) AS slot),
  placed AS (
    SELECT c.*, w.slot, row_number() OVER (PARTITION BY c.buyer_key, w.slot ORDER BY c.day, c.contract_id,
      c.line) AS place
    FROM contracts c JOIN wanted w
      ON c.buyer_key = w.buyer_key AND year(c.day) * 12 + month(c.day) - 1 = w.slot AND NOT c.own_commitment)
  SELECT buyer_key, slot, min(buyer) AS buyer, CAST(count(DISTINCT day) AS INTEGER) AS days,
    CAST(count(*) FILTER (commitment) AS INTEGER) AS commitments,
    list(${EVIDENCED} ORDER BY place) FILTER (place <= ${LISTED_CONTRACTS}) AS contracts
  FROM placed GROUP BY buyer_key, slot ORDER BY buyer_key, slot`

const described = (month: Month, listed: Listed, history: number) => {
  const year = Math.floor(month.slot / 12)
  const number = (month.slot % 12) + 1
  const ratio = month.others > 0 ? month.count / month.others : null
  const short = month.history < history
  const level = ratio !== null && ratio < 4 ? 1 : month.count < 50 || (ratio !== null && ratio < 8) ? 2 : 3
  const what = listed.commitments > 0 ? 'contracts and commitments' : 'contracts'
  const name = `${MONTHS[number - 1]} ${year}`
  return finding({
    type: 'temporal_pattern',
    key: [month.buyer_key, month.slot],
    severity: severityAt(short ? Math.min(level, 1) : level),
    confidence: (short ? 0.5 : 0.7) + (month.same === null ? 0 : 0.1),
    contractId: null,
    title: `${month.count} ${what} of ${listed.buyer} in ${name}`,
    explanation:
      `${listed.buyer} has ${month.count} ${what} in ${name}; the other months of that year have ` +
      `${rounded(month.others, 1)} on average` +
      `${month.same === null ? '' : `, and the same month of other years ${rounded(month.same, 1)}`}. ` +
      `By chance alone a month would reach that count less than once in a million. ` +
      `${number === 12 ? 'Budgets end with the year, so a rush in December is common and deserves the same care. ' : ''}` +
      CAUTION,
    evidence: {
      contracts: listed.contracts,
      buyer: listed.buyer,
      observed: month.count,
      expected: rounded(month.others),
      ...(ratio === null ? {} : { ratio: rounded(ratio) }),
      year,
      month: number,
      n: month.count,
      notes: [
        ...(number === 12 ? ['year_end'] : []),
        ...(short ? [`short history: ${month.history} months`] : []),
        ...(listed.commitments > 0 ? [`${listed.commitments} of them are budget commitments`] : []),
        ...(listed.days === 1 ? ['all on one day: the date may be that of a bulk entry'] : []),
      ],
    },
    impact: null,
  })
}

/**
 * A month in which a buyer signed far more than usual: at least 12 contracts, at least 2.5 × the mean of
 * that year's other months, at least 2 × the mean of the same month in its other years, and a Poisson tail
 * of at most 1e-6 against the larger of the two means. Months go by signature, else by start; never by end
 * or extraction. At least 6 other months of the year must lie between the buyer's first and last contract.
 * December is one month of twelve and gets the note `year_end`.
 *
 * Severity by the ratio to the other months: medium from 2.5, high from 4, critical from 8 with at least 50
 * contracts; with less than 36 months of history it is labelled and never above medium. Confidence: 0.7, or
 * 0.5 with a short history; 0.1 more where the same month of another year could be compared.
 *
 * Source: J. Liebman and N. Mahoney, Do Expiring Budgets Lead to Wasteful Year-End Spending?, AER 107(11),
 * 2017.
 */
export const temporalPattern: Detector = {
  type: 'temporal_pattern',
  title: 'Temporal pattern',
  rule:
    "A month of a buyer with at least 12 contracts, 2.5 times the mean of that year's other months and twice the same " +
    'month of other years, with a Poisson tail of at most 1e-6.',
  sources: [
    'J. Liebman, N. Mahoney: Do Expiring Budgets Lead to Wasteful Year-End Spending? (AER 107(11), 2017)',
  ],
  blindSpots: [
    'Counts, not values: one huge contract at the end of the year is not seen.',
    'A rush that returns every year counts as the season.',
    'Years of which fewer than 6 other months are covered are not judged.',
  ],
  thresholds: {
    count: { default: 12, meaning: 'contracts of the month, at least', minimum: 1 },
    ratio: { default: 2.5, meaning: "times the mean of the year's other months, at least", minimum: 1 },
    same_month_ratio: { default: 2, meaning: 'times the same month of other years, at least', minimum: 0 },
    tail: { default: 1e-6, meaning: 'Poisson tail, at most', minimum: 0, maximum: 1 },
    months: { default: 6, meaning: 'other months of the year that must be covered', minimum: 1, maximum: 11 },
    history: {
      default: 36,
      meaning: 'months of history below which severity is capped at medium',
      minimum: 0,
    },
  },
  missing({ filled }) {
    if (!filled.buyer_id && !filled.buyer_name && !filled.unit_id && !filled.unit_name)
      return 'the data has no buyer'
    return filled.signed_at || filled.start_at ? null : 'the data has neither signature nor start dates'
  },
  async *run({ connection, profile, thresholds }, signal) {
    const count = profile.filled.item ? `count(DISTINCT hash(supplier_key, contract_key))` : 'count(*)'
    const { count: contracts, ratio, same_month_ratio, months } = thresholds as Record<string, number>
    const values = { count: contracts, ratio, same_month_ratio, months } as Record<string, number>
    const candidates = await all<Month>(connection, CANDIDATES(count), values, signal)
    const found = candidates.filter(
      (month) =>
        poissonTail(month.count, Math.max(month.others, month.same ?? 0)) <= (thresholds.tail as number),
    )
    if (found.length === 0) return
    const { listValue } = await duckDb()
    const wanted = {
      buyers: listValue(found.map((month) => month.buyer_key)),
      months: listValue(found.map((month) => month.slot)),
    }
    let next = 0
    for await (const listed of rows<Listed>(connection, LISTED, wanted, signal)) {
      yield described(found[next++] as Month, listed, thresholds.history as number)
    }
  },
}
