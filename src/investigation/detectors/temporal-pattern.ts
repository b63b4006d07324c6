import { duckDb } from '../../dataset/duckdb.ts'
import type { Detector, Finding } from '../detector.ts'
import { all, rows } from '../duckdb-rows.ts'
import {
  EVIDENCED,
  type EvidencedContract,
  finding,
  LISTED_CONTRACTS,
  rounded,
  severityAt,
} from '../finding.ts'
import { has } from '../lack.ts'
import { poissonTail } from './probability.ts'
import {
  type MonthCode,
  type MonthFacts,
  type MonthNote,
  type MonthSetting,
  TEMPORAL_PATTERN_WORDS,
} from './words/temporal-pattern-words.ts'

/** A busy month of a buyer. Its number counts months from January of the year 0, which is 0. */
interface Month {
  buyer_key: string
  slot: number
  count: number
  /** Mean of the year's other months, months without a purchase included. */
  others: number
  /** Mean of the same month of the other years, or null where there is none. */
  same: number | null
  /** Months from the buyer's first purchase to its last, both included. */
  history: number
}

const SLOT = 'CAST(year(day) * 12 + month(day) - 1 AS INTEGER)'
const DATED = `day BETWEEN DATE '1990-01-01' AND DATE '2100-01-01' AND buyer_key IS NOT NULL AND NOT own_commitment`

/**
 * SQL of the key that identifies one purchase: the rows of one process and day are one, and so are the commitments
 * of one process in a month, which only draw on an earlier purchase; without a process, the rows of one number and day,
 * such as the suppliers of one list, and the items of one contract.
 */
const PURCHASE = `CASE WHEN process_key IS NULL AND item IS NULL AND numbered(contract_number)
    THEN hash(contract_number, day)
  WHEN process_key IS NULL THEN hash(supplier_key, contract_key)
  WHEN commitment THEN hash(process_key) ELSE hash(process_key, day) END`

/**
 * SQL of the first and last month of the file, and of the share of its rows that the busiest has; a ten-thousandth of
 * the days at either end may be typing errors and is ignored.
 */
const SPAN = `
  WITH dated AS (SELECT ${SLOT} AS slot FROM contracts WHERE ${DATED}),
  busiest AS (SELECT count(*) AS n FROM dated GROUP BY slot ORDER BY n DESC LIMIT 1)
  SELECT CAST(quantile_disc(slot, 0.0001) AS INTEGER) AS low, CAST(quantile_disc(slot, 0.9999) AS INTEGER) AS high,
    CAST((SELECT n FROM busiest) AS DOUBLE) / count(*) AS share
  FROM dated`

/**
 * SQL of the months within the file's span that pass both ratios; a month without a purchase counts as zero, and
 * the same month of other years only between the buyer's first purchase and its last. A commitment counts where its
 * contract is not in the file.
 */
const CANDIDATES = `
  WITH monthly AS (
    SELECT buyer_key, ${SLOT} AS slot, CAST(count(DISTINCT ${PURCHASE}) AS INTEGER) AS count
    FROM contracts WHERE ${DATED} GROUP BY ALL),
  placed AS (
    SELECT *, min(slot) OVER buyers AS first, max(slot) OVER buyers AS last,
      count(*) OVER buyers - 1 AS other_busy,
      sum(count) OVER (PARTITION BY buyer_key, slot // 12) - count AS year_others,
      sum(count) OVER (PARTITION BY buyer_key, slot % 12) - count AS month_others
    FROM monthly WHERE slot BETWEEN $low AND $high WINDOW buyers AS (PARTITION BY buyer_key)),
  covered AS (
    SELECT *, least($high, slot // 12 * 12 + 11) - greatest($low, slot // 12 * 12) AS other_months,
      (last - slot) // 12 + (slot - first) // 12 AS other_years
    FROM placed)
  SELECT buyer_key, slot, count, CAST(year_others AS DOUBLE) / other_months AS others,
    CASE WHEN other_years > 0 THEN CAST(month_others AS DOUBLE) / other_years END AS same,
    last - first + 1 AS history
  FROM covered
  WHERE count >= $count AND other_busy >= $months AND other_months > 0
    AND count * other_months >= $ratio * year_others - 1e-9
    AND (other_years = 0 OR count * other_years >= $same_month_ratio * month_others - 1e-9)
  ORDER BY buyer_key, slot`

interface Listed {
  buyer_key: string
  slot: number
  buyer: string
  contracts: EvidencedContract[]
  days: number
  rows: number
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
    CAST(count(*) AS INTEGER) AS rows, CAST(count(*) FILTER (commitment) AS INTEGER) AS commitments,
    list(${EVIDENCED} ORDER BY place) FILTER (place <= ${LISTED_CONTRACTS}) AS contracts
  FROM placed GROUP BY buyer_key, slot ORDER BY buyer_key, slot`

const described = (month: Month, listed: Listed, history: number): Finding => {
  const year = Math.floor(month.slot / 12)
  const number = (month.slot % 12) + 1
  const ratio = month.others > 0 ? month.count / month.others : null
  const short = month.history < history
  const level = ratio !== null && ratio < 4 ? 1 : month.count < 50 || (ratio !== null && ratio < 8) ? 2 : 3
  return finding<MonthFacts, MonthNote>({
    type: 'temporal_pattern',
    key: [month.buyer_key, month.slot],
    severity: severityAt(short ? Math.min(level, month.others < 1 ? 0 : 1) : level),
    confidence: (short ? 0.5 : 0.7) + (month.same === null ? 0 : 0.1),
    contractId: null,
    evidence: {
      contracts: listed.contracts,
      buyer: listed.buyer,
      observed: month.count,
      expected: rounded(month.others),
      ...(ratio === null ? {} : { ratio: rounded(ratio) }),
      year,
      month: number,
      n: month.count,
    },
    notes: [
      ...(number === 12 ? (['year_end'] as const) : []),
      ...(short ? (['short_history'] as const) : []),
      ...(listed.commitments > 0 ? (['commitments'] as const) : []),
      ...(listed.days === 1 ? (['one_day'] as const) : []),
      ...(listed.rows > month.count ? (['processes'] as const) : []),
    ],
    facts: {
      buyer: listed.buyer,
      count: month.count,
      month: `${String(year).padStart(4, '0')}-${String(number).padStart(2, '0')}`,
      others: rounded(month.others),
      same: month.same === null ? null : rounded(month.same),
      year_end: number === 12,
      history: month.history,
      commitments: listed.commitments,
      rows: listed.rows,
    },
    impact: null,
  })
}

/**
 * Finds months in which a buyer bought far more often than usual: at least 12 purchases, at least 2.5 × the
 * mean of that year's other months, at least 2 × the mean of the same month in other years, and a Poisson
 * tail of at most 1e-6 against the larger of the two means. The rows of one process (else of one number) and day are one
 * purchase, and so are a month's commitments of one process. Months go by signature, else by start; never by end or extraction; they are those that the
 * file spans; a file of less than three is skipped, and so is one of less than a year, or of payments, that has more
 * than 60 % of its rows in one month, as the list of a month has with the stragglers of others. December is one month of twelve and gets the note
 * `year_end`.
 *
 * Severity by the ratio to the other months: medium from 2.5, high from 4, critical from 8 with at least 50
 * purchases; with less than 36 months of history it is labelled and never above medium, low where the other months have less than one purchase each. Confidence: 0.7, or
 * 0.5 with a short history; 0.1 more where the same month of another year could be compared.
 *
 * Source: J. Liebman and N. Mahoney, Do Expiring Budgets Lead to Wasteful Year-End Spending?, AER 107(11),
 * 2017. Blind spots: counts, not values; a rush that returns every year; buyers with purchases in fewer than
 * three months.
 */
export const temporalPattern: Detector<MonthFacts, MonthNote, MonthCode, MonthSetting> = {
  type: 'temporal_pattern',
  sources: [
    'J. Liebman, N. Mahoney: Do Expiring Budgets Lead to Wasteful Year-End Spending? (AER 107(11), 2017)',
  ],
  thresholds: {
    count: { default: 12, minimum: 1 },
    ratio: { default: 2.5, minimum: 1 },
    same_month_ratio: { default: 2, minimum: 0 },
    tail: { default: 1e-6, minimum: 0, maximum: 1 },
    months: { default: 2, minimum: 1, maximum: 11 },
    span: { default: 3, minimum: 2 },
    one_month: { default: 0.6, minimum: 0, maximum: 1 },
    history: { default: 36, minimum: 0 },
  },
  figures: 'number',
  names:
    /\b(temporal patterns?|year ?end|fim de ano|fin de ano|final de ano|dezembro|padrao temporal|padroes temporais|patron temporal|patrones temporales|december rush|corrida de dezembro)\b/,
  aliases:
    /\b(?:datas?|dias?|fechas?|dates?) (?:estranh[ao]s?|esquisit[ao]s?|suspeit[ao]s?|rar[ao]s?|sospechos[ao]s?)\b|\b(?:strange|odd|suspicious) dates?\b/,
  words: TEMPORAL_PATTERN_WORDS,
  missing(profile) {
    if (!has.buyer(profile)) return 'buyer'
    return has.dates(profile) ? null : 'dates'
  },
  async *run({ connection, profile, thresholds }, signal) {
    const { count, ratio, same_month_ratio, months, tail, span, one_month, history } = thresholds as Record<
      MonthSetting,
      number
    >
    const [file] = await all<{ low: number | null; high: number; share: number }>(
      connection,
      SPAN,
      {},
      signal,
    )
    if (!file || file.low === null || file.high - file.low + 1 < span) {
      yield { kind: 'skipped', code: 'short_file', facts: { months: span } }
      return
    }
    if ((file.high - file.low + 1 < 12 || profile.payments) && file.share > one_month) {
      yield { kind: 'skipped', code: 'one_month', facts: { share: rounded(file.share) } }
      return
    }
    const values = { low: file.low, high: file.high, count, ratio, same_month_ratio, months }
    const candidates = await all<Month>(connection, CANDIDATES, values, signal)
    const found = candidates.filter(
      (month) => poissonTail(month.count, Math.max(month.others, month.same ?? 0)) <= tail,
    )
    if (found.length === 0) return
    const { listValue } = await duckDb()
    const wanted = {
      buyers: listValue(found.map((month) => month.buyer_key)),
      months: listValue(found.map((month) => month.slot)),
    }
    let next = 0
    for await (const listed of rows<Listed>(connection, LISTED, wanted, signal))
      yield described(found[next++] as Month, listed, history)
  },
}
