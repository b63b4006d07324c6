import { unaccentedSql } from '../../language/folding.ts'
import type { Analysis, Detector, Finding } from '../detector.ts'
import { rows } from '../duckdb-rows.ts'
import {
  EVIDENCED,
  type EvidencedContract,
  finding,
  graded,
  IMPACT_STEPS,
  LISTED_CONTRACTS,
  rounded,
  supplierName,
} from '../finding.ts'
import { has } from '../lack.ts'
import { type Alike, alike, type Limits, type Node } from './alike.ts'
import {
  DUPLICATE_CONTRACT_WORDS,
  type DuplicateCode,
  type DuplicateFacts,
  type DuplicateNote,
  type DuplicateSetting,
} from './words/duplicate-contract-words.ts'

interface Row {
  buyer_key: string
  supplier_key: string
  money: string
  buyer: string
  supplier_name: string | null
  supplier_id: string | null
  /** The object, or the item where the file has no object. */
  words: string
  /** The item, its code and its unit. */
  things: string
  /** The process of an item; null for contracts. */
  process: string | null
  cents: string
  initial_cents: string | null
  day: string | null
  start_at: string | null
  end_at: string | null
  /** Number of rows that are equal in all of these; at most 50 of them come as rows of their own. */
  n: string
  contract: EvidencedContract
}

const near = (column: string): string =>
  `${column} - lag(${column}) OVER by_${column} <= ${column} * $value + 0.5
    OR lead(${column}) OVER by_${column} - ${column} <= lead(${column}) OVER by_${column} * $value + 0.5`

/** SQL of what is bought of whom, apart from the price, where nothing says when; null where something does. */
const UNDATED = `CASE WHEN coalesce(day, start_at, end_at) IS NULL
  THEN hash(buyer_key, supplier_key, money, fold(coalesce(told(object), item))) END`
/** Prices, each paid more than once for one purchase without a date, from which on it is one of tariffs. */
const TARIFFS = 2

/**
 * SQL of the rows that have a neighbour of the same buyer, supplier and currency within the tolerance of value (at
 * signature, or current) and of days; equal rows come together, block by block. Commitments, amendments and
 * accreditation (one tariff for every supplier who joins) are excluded, since they are no contracts of their own, and
 * so are further rows of one contract's number.
 */
const CANDIDATES = `
  WITH narrow AS (
    SELECT rowid AS place, hash(buyer_key, supplier_key, money) AS block, cents, day,
      CASE WHEN initial_value BETWEEN 1 AND 9e13 THEN CAST(round(initial_value * 100) AS BIGINT) ELSE cents
        END AS initial
    FROM contracts
    WHERE cents > 0 AND coalesce(told(object), told(item)) IS NOT NULL AND buyer_key IS NOT NULL
      AND NOT unnamed AND NOT commitment),
  priced AS (
    SELECT place, block, day FROM narrow
    WHERE block IN (SELECT block FROM narrow GROUP BY block HAVING count(*) > 1)
    WINDOW by_cents AS (PARTITION BY block ORDER BY cents), by_initial AS (PARTITION BY block ORDER BY initial)
    QUALIFY ${near('cents')} OR ${near('initial')}),
  dated AS (
    SELECT place FROM priced WINDOW by_day AS (PARTITION BY block ORDER BY day), whole AS (PARTITION BY block)
    QUALIFY day - lag(day) OVER by_day <= $days OR lead(day) OVER by_day - day <= $days
      OR count(*) OVER whole > count(day) OVER whole),
  tariffs AS (
    SELECT purchase FROM (
      SELECT ${UNDATED} AS purchase, cents FROM contracts
      WHERE rowid IN (SELECT place FROM dated) AND purchase IS NOT NULL
      GROUP BY ALL HAVING count(DISTINCT contract_number) > 1)
    GROUP BY purchase HAVING count(*) >= ${TARIFFS})
  SELECT buyer_key, supplier_key, money, buyer, supplier_name, supplier_id, coalesce(told(object), item) AS words,
    CASE WHEN told(object) IS NULL THEN '' ELSE coalesce(item, '') END || '|' || coalesce(item_code, '') || '|'
      || coalesce(unit_of_measure, '') AS things,
    CASE WHEN item IS NOT NULL THEN process_key END AS process,
    cents, CASE WHEN initial_value BETWEEN 1 AND 9e13 THEN CAST(round(initial_value * 100) AS BIGINT) END AS
      initial_cents,
    day, start_at, end_at, count(*) OVER equal AS n, ${EVIDENCED} AS contract
  FROM (SELECT * FROM contracts WHERE rowid IN (SELECT place FROM dated)
    QUALIFY contract_number IS NULL OR row_number() OVER (PARTITION BY buyer_key, supplier_key, money, cents,
      initial_value, fold(object), item, contract_number ORDER BY line) = 1) AS contracts
  WHERE NOT coalesce(regexp_matches(${unaccentedSql('kind')}, 'aditiv|apostil'), false)
    AND NOT coalesce(${UNDATED} IN (FROM tariffs), false)
    AND NOT regexp_matches(${unaccentedSql("concat_ws(' ', modality, legal_basis, object)")}, 'credenciament')
  WINDOW equal AS (PARTITION BY buyer_key, supplier_key, money, cents, initial_cents, day, words, things,
    process, start_at, end_at)
  QUALIFY row_number() OVER (equal ORDER BY contract_id, line) <= ${LISTED_CONTRACTS}
  ORDER BY buyer_key, supplier_key, money, contracts.cents, initial_cents, day, words, things, process,
    start_at, end_at, contract_id, line`

/** Nodes in memory at once: a larger block is read in slices of neighbouring values. */
const BLOCK_NODES = 20_000

const sameNode = (row: Row, node: Node<Row>): boolean =>
  row.cents === node.row.cents &&
  row.initial_cents === node.row.initial_cents &&
  row.day === node.row.day &&
  row.words === node.object &&
  row.process === node.process &&
  row.things === node.item &&
  row.start_at === node.start &&
  row.end_at === node.end

const sameBlock = (row: Row, { row: other }: Node<Row>): boolean =>
  row.buyer_key === other.buyer_key && row.supplier_key === other.supplier_key && row.money === other.money

const nodeOf = (row: Row): Node<Row> => ({
  row,
  contracts: [row.contract],
  cents: Number(row.cents),
  initialCents: row.initial_cents === null ? null : Number(row.initial_cents),
  count: Number(row.n),
  item: row.things,
  process: row.process,
  object: row.words,
  day: row.day === null ? null : Date.parse(row.day) / 86_400_000,
  start: row.start_at,
  end: row.end_at,
})

/** Nodes of a large cluster, from its first on, among which evidence is chosen. */
const SORTED_ROWS = 500

const inOrder = (a: EvidencedContract, b: EvidencedContract): boolean =>
  a.date === b.date ? a.contract_id < b.contract_id : (a.date ?? '') < (b.date ?? '')

const isLater = (row: Row, other: Row): boolean => inOrder(other.contract, row.contract)

const described = (cluster: Alike<Row>, limits: Limits): Finding => {
  const members = cluster.nodes.map((node) => node.row)
  const [first] = members as [Row, ...Row[]]
  const latest = members.reduce((last, row) => (isLater(row, last) ? row : last)).contract
  const contracts = cluster.nodes
    .slice(0, SORTED_ROWS)
    .flatMap((node) => node.contracts)
    .sort((a, b) => (inOrder(a, b) ? -1 : 1))
  const signed = cluster.nodes.every((node) => node.initialCents !== null)
  const values = cluster.nodes.map((node) => ({
    cents: signed ? (node.initialCents as number) : node.cents,
    count: node.count,
  }))
  const n = values.reduce((total, value) => total + value.count, 0)
  const largest = values.reduce((most, value) => Math.max(most, value.cents), 0)
  const impact = (values.reduce((total, value) => total + value.cents * value.count, 0) - largest) / 100
  const supplier = supplierName(first)
  const dated = cluster.nodes.every((node) => node.day !== null)
  const identical = new Set(members.map((row) => `${row.words}|${row.cents}|${row.day}`)).size === 1
  const changed = signed && cluster.nodes.some((node) => node.initialCents !== node.cents)
  return finding<DuplicateFacts, DuplicateNote>({
    type: 'duplicate_contract',
    key: [first.buyer_key, first.supplier_key, contracts[0]?.contract_id ?? '', n],
    severity: graded(impact, IMPACT_STEPS),
    confidence: !dated ? 0.6 : identical ? 0.9 : 0.75,
    contractId: latest.contract_id,
    evidence: {
      contracts: contracts.slice(0, LISTED_CONTRACTS),
      buyer: first.buyer,
      ...(first.supplier_id === null ? {} : { supplier_id: first.supplier_id }),
      supplier_name: supplier,
      currency: first.money,
      observed: rounded(impact, 2),
      n,
    },
    notes: [...(dated ? [] : (['undated'] as const)), ...(changed ? (['initial_values'] as const) : [])],
    facts: {
      n,
      buyer: first.buyer,
      supplier,
      currency: first.money,
      value: (values[0] as { cents: number }).cents / 100,
      impact: rounded(impact, 2),
      dated,
      days: limits.days,
      apart: limits.value,
    },
    impact,
  })
}

async function* clusters({ connection }: Analysis, limits: Limits, signal: AbortSignal) {
  let block: Node<Row>[] = []
  const values = { value: limits.value, days: limits.days }
  for await (const row of rows<Row>(connection, CANDIDATES, values, signal)) {
    const last = block.at(-1)
    if (last && sameBlock(row, last) && sameNode(row, last)) {
      last.contracts.push(row.contract)
      continue
    }
    if (last && (!sameBlock(row, last) || block.length === BLOCK_NODES)) {
      yield* await alike(block, limits, signal)
      block = []
    }
    block.push(nodeOf(row))
  }
  yield* await alike(block, limits, signal)
}

/**
 * Finds contracts that look like one: same buyer, same supplier (CNPJ root), the same object up to spelling
 * (Jaccard of words ≥ 0.5 after folding accents, case and punctuation) with the same numbers in it (lot, process,
 * month), the same item, value at signature within 1 % of the larger (initial values where both have one, else
 * current values), signed within 31 days, and terms that overlap by more than the day on which one ends and the
 * next begins. Where a row has no dates at all, or no term, object and value must be equal (and the signatures,
 * where both are known, nearer than a month, since the next month's may be the next instalment). Pairs that share a contract become one finding. Two currencies are never
 * compared.
 *
 * Excluded: consecutive terms, one purchase without a term signed on three days or more (it is made again and again),
 * one purchase without any date of which two or more prices come again (tariffs, as of taxes of vehicles),
 * accreditation, different lots, items of one process, what names another place or thing in the same form of
 * words, a contract and its commitment, amendments, rows of one number (a file that lists the same item of one contract
 * several times has one contract), suppliers and objects that are redacted or stand for several. A list of payments is
 * skipped: a payment has no term by which an instalment could be told from a second contract; so is a file with
 * neither numbers nor dates, in which two contracts are not told from one that is listed twice.
 *
 * Severity by the value beyond the largest of them: medium from 10,000, high from 100,000, critical from 1,000,000.
 * Confidence: 0.9 where object, value and day are equal, else 0.75; without dates 0.6.
 *
 * Source: Lei 4.320/1964 arts. 62–63 (no payment without a verified claim); the 31 days and 1 % are conventions.
 * Blind spots: other companies or buyers; objects reworded beyond half of their words; two lawful purchases of one
 * thing in one month.
 */
export const duplicateContract: Detector<DuplicateFacts, DuplicateNote, DuplicateCode, DuplicateSetting> = {
  type: 'duplicate_contract',
  sources: ['Lei 4.320/1964 arts. 62 and 63'],
  thresholds: {
    likeness: { default: 0.5, minimum: 0, maximum: 1 },
    value: { default: 0.01, minimum: 0, maximum: 1 },
    days: { default: 31, minimum: 0 },
  },
  figures: 'money',
  names: /\b(duplicat\w*|duplicad\w*|duplicidade\w*|repetid[oa]s?|em dobro|duplicacion)\b/,
  words: DUPLICATE_CONTRACT_WORDS,
  missing(profile) {
    if (!has.buyer(profile)) return 'buyer'
    if (!has.supplier(profile)) return 'supplier'
    if (!profile.filled.object && !profile.filled.item) return 'object'
    if (profile.payments) return 'contracts'
    if (!has.identity(profile)) return 'identity'
    return has.value(profile) ? null : 'value'
  },
  async *run(analysis, signal) {
    const { likeness, value, days } = analysis.thresholds as unknown as Limits
    const limits = { likeness, value, days }
    for await (const cluster of clusters(analysis, limits, signal)) yield described(cluster, limits)
  },
}
