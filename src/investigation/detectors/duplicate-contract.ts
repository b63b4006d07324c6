import type { Analysis, Detector } from '../detector.ts'
import {
  CAUTION,
  EVIDENCED,
  type EvidencedContract,
  finding,
  graded,
  IMPACT_STEPS,
  LISTED_CONTRACTS,
  reais,
  rounded,
} from '../finding.ts'
import { rows } from '../query.ts'
import { type Alike, alike, type Limits, type Node } from './alike.ts'

interface Row {
  buyer_key: string
  supplier_key: string
  buyer: string
  supplier_name: string | null
  supplier_id: string | null
  /** The object, or the item where the file has no object. */
  words: string
  /** Item, its code and its unit. */
  things: string
  cents: string
  day: string | null
  start_at: string | null
  end_at: string | null
  /** Rows that are equal in all of these; each comes as a row of its own, at most 50 of them. */
  n: string
  contract: EvidencedContract
}

/**
 * Rows that have a neighbour of the same buyer and supplier within the value and the days, equal rows
 * together, block by block. Commitments, amendments and accreditation (one tariff for whoever comes) are no
 * contracts of their own here.
 */
const CANDIDATES = `
  WITH narrow AS (
    SELECT rowid AS place, hash(buyer_key, supplier_key) AS block, cents, day
    FROM contracts
    WHERE cents > 0 AND coalesce(object, item) IS NOT NULL AND buyer_key IS NOT NULL AND supplier_key IS
      NOT NULL AND NOT commitment),
  priced AS (
    SELECT place, block, day FROM narrow WINDOW near AS (PARTITION BY block ORDER BY cents)
    QUALIFY cents - lag(cents) OVER near <= cents * $value + 0.5
      OR lead(cents) OVER near - cents <= lead(cents) OVER near * $value + 0.5),
  dated AS (
    SELECT place FROM priced WINDOW near AS (PARTITION BY block ORDER BY day), whole AS (PARTITION BY block)
    QUALIFY day - lag(day) OVER near <= $days OR lead(day) OVER near - day <= $days
      OR count(*) OVER whole > count(day) OVER whole)
  SELECT buyer_key, supplier_key, buyer, supplier_name, supplier_id, coalesce(object, item) AS words,
    CASE WHEN object IS NULL THEN '' ELSE coalesce(item, '') END || '|' || coalesce(item_code, '') || '|'
      || coalesce(unit_of_measure, '') AS things,
    cents, day, start_at, end_at, count(*) OVER equal AS n, ${EVIDENCED} AS contract
  FROM contracts
  WHERE rowid IN (SELECT place FROM dated)
    AND NOT coalesce(regexp_matches(strip_accents(lower(kind)), 'aditiv|apostil'), false)
    AND NOT regexp_matches(strip_accents(lower(concat_ws(' ', modality, legal_basis, object))),
      'credenciament')
  WINDOW equal AS (PARTITION BY buyer_key, supplier_key, cents, day, words, things, start_at, end_at)
  QUALIFY row_number() OVER (equal ORDER BY contract_id, line) <= ${LISTED_CONTRACTS}
  ORDER BY buyer_key, supplier_key, contracts.cents, day, words, things, start_at, end_at, contract_id, line`

/** Nodes held at once: a larger block is read in slices of neighbouring values. */
const BLOCK_NODES = 20_000

const sameNode = (row: Row, node: Node<Row>): boolean =>
  row.cents === node.row.cents &&
  row.day === node.row.day &&
  row.words === node.object &&
  row.things === node.item &&
  row.start_at === node.start &&
  row.end_at === node.end

const sameBlock = (row: Row, node: Node<Row>): boolean =>
  row.buyer_key === node.row.buyer_key && row.supplier_key === node.row.supplier_key

const nodeOf = (row: Row): Node<Row> => ({
  row,
  contracts: [row.contract],
  cents: Number(row.cents),
  count: Number(row.n),
  item: row.things,
  object: row.words,
  day: row.day === null ? null : Date.parse(row.day) / 86_400_000,
  start: row.start_at,
  end: row.end_at,
})

/** Of a cluster of thousands, evidence is chosen among its first nodes. */
const SORTED_ROWS = 500

const inOrder = (a: EvidencedContract, b: EvidencedContract): boolean =>
  a.date === b.date ? a.contract_id < b.contract_id : (a.date ?? '') < (b.date ?? '')

const isLater = (row: Row, other: Row): boolean => inOrder(other.contract, row.contract)

const described = (cluster: Alike<Row>) => {
  const members = cluster.nodes.map((node) => node.row)
  const [first] = members as [Row, ...Row[]]
  const latest = members.reduce((last, row) => (isLater(row, last) ? row : last)).contract
  const contracts = cluster.nodes
    .slice(0, SORTED_ROWS)
    .flatMap((node) => node.contracts)
    .sort((a, b) => (inOrder(a, b) ? -1 : 1))
  const values = cluster.nodes.map((node) => ({ cents: node.cents, count: node.count }))
  const n = values.reduce((total, value) => total + value.count, 0)
  const largest = values.reduce((most, value) => Math.max(most, value.cents), 0)
  const impact = (values.reduce((total, value) => total + value.cents * value.count, 0) - largest) / 100
  const supplier = first.supplier_name ?? first.supplier_id ?? first.supplier_key
  const dated = cluster.nodes.every((node) => node.day !== null)
  const identical = new Set(members.map((row) => `${row.words}|${row.cents}|${row.day}`)).size === 1
  return finding({
    type: 'duplicate_contract',
    key: [first.buyer_key, first.supplier_key, contracts[0]?.contract_id ?? '', n],
    severity: graded(impact, IMPACT_STEPS),
    confidence: !dated ? 0.6 : identical ? 0.9 : 0.75,
    contractId: latest.contract_id,
    title: `${n} contracts of ${first.buyer} with ${supplier} look like one`,
    explanation:
      `${n} contracts between ${first.buyer} and ${supplier} have the same object up to spelling with ` +
      `the same ` +
      `numbers in it, values within 1 % of each other ` +
      `(${reais((contracts[0] as EvidencedContract).value ?? 0)})` +
      `${dated ? ', and were signed within 31 days for overlapping terms' : '; the file gives no dates to tell them apart'}. ` +
      `If they are one purchase, ${reais(impact)} may have been contracted twice. ${CAUTION}`,
    evidence: {
      contracts: contracts.slice(0, LISTED_CONTRACTS),
      buyer: first.buyer,
      ...(first.supplier_id === null ? {} : { supplier_id: first.supplier_id }),
      supplier_name: supplier,
      observed: rounded(impact, 2),
      n,
      notes: dated ? [] : ['no dates: object, supplier and value are all equal'],
    },
    impact,
  })
}

async function* clusters({ connection, thresholds }: Analysis, signal: AbortSignal) {
  const limits: Limits = {
    likeness: thresholds.likeness as number,
    value: thresholds.value as number,
    days: thresholds.days as number,
  }
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
 * Two contracts that look like one: same buyer, same supplier (CNPJ root), the same object up to spelling
 * (Jaccard of words ≥ 0.5 after folding accents, case and punctuation) with the same numbers in it (lot,
 * process, month), the same item, value within 1 % of the larger, signed within 31 days, and terms that
 * overlap by more than the day on which one ends and the next begins. Where a row has no dates at all, or
 * no term, object and value must be equal (and the signatures, where both are known, within 31 days). Pairs
 * that share a contract are told as one finding.
 *
 * Not: consecutive terms, accreditation, different lots, a contract and its commitment, amendments.
 *
 * Severity by the value beyond the largest of them: medium from R$ 10,000, high from R$ 100,000, critical
 * from R$ 1,000,000. Confidence: 0.9 where object, value and day are equal, else 0.75; without dates 0.6.
 *
 * Source: Lei 4.320/1964 arts. 62–63 (no payment without a verified claim); the 31 days and 1 % are
 * conventions.
 */
export const duplicateContract: Detector = {
  type: 'duplicate_contract',
  title: 'Duplicate contract',
  rule:
    'Same buyer and supplier, the same object up to spelling with the same numbers in it, value ' +
    'within 1 %, signed ' +
    'within 31 days, overlapping terms; without dates object, supplier and value all equal.',
  sources: ['Lei 4.320/1964 arts. 62 and 63'],
  blindSpots: [
    'Duplicates through another company or another buyer are not seen.',
    'Objects reworded beyond half of their words are different objects.',
    'In a block of more than 200 similar rows each is compared with its 200 nearest only; blocks ' +
      'beyond 20,000 are read in slices.',
    'Two lawful purchases of one thing in one month look the same.',
  ],
  thresholds: {
    likeness: {
      default: 0.5,
      meaning: 'Jaccard likeness of the words, at least (0–1)',
      minimum: 0,
      maximum: 1,
    },
    value: {
      default: 0.01,
      meaning: 'difference of the values as a share of the larger, at most',
      minimum: 0,
      maximum: 1,
    },
    days: { default: 31, meaning: 'days between the signatures, at most', minimum: 0 },
  },
  missing({ filled }) {
    if (!filled.buyer_id && !filled.buyer_name && !filled.unit_id && !filled.unit_name)
      return 'the data has no buyer'
    if (!filled.supplier_id && !filled.supplier_name) return 'the data has no supplier'
    if (!filled.object && !filled.item) return 'the data has no object of the contract'
    return filled.value ? null : 'the data has no contract value'
  },
  async *run(analysis, signal) {
    for await (const cluster of clusters(analysis, signal)) yield described(cluster)
  },
}
