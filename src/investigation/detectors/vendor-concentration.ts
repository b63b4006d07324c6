import type { Analysis, Detector } from '../detector.ts'
import {
  CAUTION,
  EVIDENCED,
  type EvidencedContract,
  finding,
  LISTED_CONTRACTS,
  percent,
  reais,
  rounded,
  severityAt,
} from '../finding.ts'
import { execute, rows } from '../query.ts'

/** Impossible values named one by one; beyond this the rest is counted. */
const NAMED_WARNINGS = 20

/** One row a contract; own commitments are left out, and item rows of one contract are added up. */
const contractsOf = (items: boolean): string => {
  const counted = 'cents > 0 AND NOT own_commitment AND buyer_key IS NOT NULL AND supplier_key IS NOT NULL'
  return items
    ? `SELECT buyer_key, supplier_key, contract_key, min(contract_id) AS contract_id,
         CAST(sum(cents) AS BIGINT) AS cents FROM contracts WHERE ${counted} GROUP BY ALL`
    : `SELECT buyer_key, supplier_key, contract_key, contract_id, cents FROM contracts WHERE ${counted}`
}

const setAside = async ({ connection, profile, thresholds }: Analysis, signal: AbortSignal) => {
  const purchases = contractsOf(Boolean(profile.filled.item))
  await execute(
    connection,
    `CREATE OR REPLACE TEMP TABLE impossible AS
     WITH purchases AS (${purchases}),
     medians AS (SELECT buyer_key, median(cents) AS middle FROM purchases GROUP BY buyer_key
       HAVING max(cents) > $times * median(cents)),
     spread AS (SELECT buyer_key, any_value(middle) AS middle, median(abs(ln(cents / middle))) AS mad,
         CAST(sum(CAST(round(abs(ln(cents / middle)) * 1e12) AS HUGEINT)) AS DOUBLE) / 1e12 / count(*) AS mean
       FROM purchases JOIN medians USING (buyer_key) GROUP BY buyer_key)
     SELECT buyer_key, supplier_key, contract_key, contract_id, cents, middle
     FROM purchases JOIN spread USING (buyer_key)
     WHERE cents > $times * middle
       AND ln(cents / middle) / CASE WHEN mad > 1e-9 THEN mad / 0.6745 ELSE mean * 1.2533 END > $z`,
    { times: thresholds.impossible_times as number, z: thresholds.impossible_z as number },
    signal,
  )
}

async function* warnings({ connection }: Analysis, signal: AbortSignal) {
  let named = 0
  let rest = 0
  const found = rows<{ contract_id: string; buyer: string; amount: number; times: number }>(
    connection,
    `SELECT i.contract_id, (SELECT min(buyer) FROM contracts c WHERE c.buyer_key = i.buyer_key) AS buyer,
       cents / 100 AS amount, cents / middle AS times
     FROM impossible i ORDER BY cents DESC, i.contract_id`,
    {},
    signal,
  )
  for await (const row of found) {
    if (named === NAMED_WARNINGS) {
      rest += 1
      continue
    }
    named += 1
    yield {
      warning:
        `vendor_concentration: contract ${row.contract_id} of ${row.buyer} was set aside: ` +
        `${reais(row.amount)} is ` +
        `${Math.round(row.times).toLocaleString('en-US')} times the buyer's median`,
    }
  }
  if (rest > 0) yield { warning: `vendor_concentration: ${rest} more impossible values were set aside` }
}

interface Concentrated {
  buyer_key: string
  supplier_key: string
  buyer: string
  supplier_name: string | null
  supplier_id: string | null
  contracts: EvidencedContract[]
  held: number
  total: number
  held_contracts: number
  buyer_contracts: number
  suppliers: number
  hhi: number
  without_largest: number
}

const CONCENTRATED = (purchases: string) => `
  WITH purchases AS (${purchases}),
  counted AS (SELECT * FROM purchases p WHERE NOT EXISTS (SELECT 1 FROM impossible i
    WHERE i.buyer_key = p.buyer_key AND i.supplier_key = p.supplier_key AND i.contract_key = p.contract_key)),
  held AS (SELECT buyer_key, supplier_key, CAST(sum(cents) AS HUGEINT) AS cents, count(*) AS n, max(cents)
    AS largest
    FROM counted GROUP BY ALL),
  buyers AS (SELECT buyer_key, CAST(sum(cents) AS HUGEINT) AS total, sum(n) AS n, count(*) AS suppliers,
      CAST(sum(cents * cents) AS DOUBLE) AS squares
    FROM held GROUP BY buyer_key HAVING sum(n) >= $contracts AND count(*) >= $suppliers),
  flagged AS (
    SELECT buyer_key, supplier_key, cents, total, h.n, b.n AS buyer_n, suppliers,
      10000 * squares / (CAST(total AS DOUBLE) * CAST(total AS DOUBLE)) AS hhi,
      CASE WHEN total > largest THEN CAST(cents - largest AS DOUBLE) / CAST(total - largest AS DOUBLE) ELSE
        0 END
        AS without_largest
    FROM held h JOIN buyers b USING (buyer_key)
    WHERE CAST(cents AS DOUBLE) >= $share * CAST(total AS DOUBLE) AND h.n >= $own_contracts),
  kept AS (SELECT * FROM flagged WHERE hhi >= $hhi AND without_largest >= $without_largest - 1e-12),
  listed AS (
    SELECT c.*, row_number() OVER (PARTITION BY c.buyer_key, c.supplier_key
      ORDER BY c.cents DESC, c.contract_id, c.line) AS place
    FROM contracts c JOIN kept USING (buyer_key, supplier_key)
    WHERE c.cents > 0 AND NOT c.own_commitment AND NOT EXISTS (SELECT 1 FROM impossible i
      WHERE i.buyer_key = c.buyer_key AND i.supplier_key = c.supplier_key AND i.contract_key =
        c.contract_key))
  SELECT buyer_key, supplier_key, min(buyer) AS buyer, min(supplier_name) AS supplier_name,
    min(supplier_id) AS supplier_id, list(${EVIDENCED} ORDER BY place) FILTER (place <=
      ${LISTED_CONTRACTS}) AS contracts,
    CAST(any_value(k.cents) AS DOUBLE) / 100 AS held, CAST(any_value(total) AS DOUBLE) / 100 AS total,
    CAST(any_value(n) AS INTEGER) AS held_contracts, CAST(any_value(buyer_n) AS INTEGER) AS buyer_contracts,
    CAST(any_value(suppliers) AS INTEGER) AS suppliers, any_value(hhi) AS hhi,
    any_value(without_largest) AS without_largest
  FROM listed JOIN kept k USING (buyer_key, supplier_key)
  GROUP BY buyer_key, supplier_key ORDER BY buyer_key, supplier_key`

/**
 * One supplier with at least half of a buyer's value: share ≥ 50 %, Herfindahl–Hirschman index ≥ 2,500 (the
 * line merger control draws for a concentrated market), at least 20 contracts and 5 suppliers, at least 3
 * contracts of the supplier, and still a third of the rest when its largest contract is taken out of both
 * sums. Suppliers are told apart by CNPJ root, else by normalised name. Values more than 1,000 × the
 * buyer's median with a robust z above 3.5 on logarithms (on plain amounts every such value would pass) are
 * set aside first and reported as warnings. Commitments of a contract that is in the file are not added to
 * it.
 *
 * Severity by share: low from 50 %, medium from 60 %, high from 75 %, critical from 90 %.
 * Confidence: 0.5 + half of the share without the largest contract, at most 0.95.
 *
 * Sources: HHI, Horizontal Merger Guidelines (DOJ and FTC, 2010, § 5.3); Lei 14.133/2021 art. 11 (fair
 * competition).
 */
export const vendorConcentration: Detector = {
  type: 'vendor_concentration',
  title: 'Vendor concentration',
  rule:
    "One supplier holds at least half of a buyer's contracted value (HHI ≥ 2,500), among at least 20 contracts and 5 " +
    'suppliers, with at least 3 contracts, and still a third without its largest.',
  sources: ['Horizontal Merger Guidelines (DOJ and FTC, 2010) § 5.3', 'Lei 14.133/2021 art. 11'],
  blindSpots: [
    'Natural monopolies (energy, water, post) are concentrated lawfully.',
    'Companies of one owner under different CNPJ roots count as different suppliers.',
    'The whole period is one: a concentration in a single year may be diluted.',
  ],
  thresholds: {
    share: { default: 0.5, meaning: "share of the buyer's value, at least (0–1)", minimum: 0, maximum: 1 },
    hhi: {
      default: 2500,
      meaning: 'Herfindahl–Hirschman index, at least (0–10,000)',
      minimum: 0,
      maximum: 10_000,
    },
    contracts: { default: 20, meaning: 'contracts of the buyer, at least', minimum: 1 },
    suppliers: { default: 5, meaning: 'suppliers of the buyer, at least', minimum: 1 },
    own_contracts: { default: 3, meaning: 'contracts of the supplier, at least', minimum: 1 },
    without_largest: {
      default: 1 / 3,
      meaning: "share when the supplier's largest contract is taken out, at least (0–1)",
      minimum: 0,
      maximum: 1,
    },
    impossible_times: {
      default: 1000,
      meaning: "times the buyer's median above which a value is impossible",
      minimum: 1,
    },
    impossible_z: { default: 3.5, meaning: 'robust z-score above which a value is impossible', minimum: 0 },
  },
  missing({ filled }) {
    if (!filled.buyer_id && !filled.buyer_name && !filled.unit_id && !filled.unit_name)
      return 'the data has no buyer'
    if (!filled.supplier_id && !filled.supplier_name) return 'the data has no supplier'
    return filled.value ? null : 'the data has no contract value'
  },
  async *run(analysis, signal) {
    const { thresholds, connection, profile } = analysis
    await setAside(analysis, signal)
    yield* warnings(analysis, signal)
    const names = ['share', 'hhi', 'contracts', 'suppliers', 'own_contracts', 'without_largest'] as const
    const values = Object.fromEntries(names.map((name) => [name, thresholds[name] as number]))
    const sql = CONCENTRATED(contractsOf(Boolean(profile.filled.item)))
    for await (const row of rows<Concentrated>(connection, sql, values, signal)) {
      const share = row.held / row.total
      const supplier = row.supplier_name ?? row.supplier_id ?? row.supplier_key
      yield finding({
        type: 'vendor_concentration',
        key: [row.buyer_key, row.supplier_key],
        severity: severityAt([0.6, 0.75, 0.9].filter((step) => share >= step).length),
        confidence: Math.min(0.5 + row.without_largest / 2, 0.95),
        contractId: null,
        title: `${supplier} holds ${percent(share)} of what ${row.buyer} contracted`,
        explanation:
          `${supplier} has ${row.held_contracts} of the ${row.buyer_contracts} contracts of ` +
          `${row.buyer} and ` +
          `${reais(row.held)} of ${reais(row.total)} (${percent(share)}), among ${row.suppliers} ` +
          `suppliers; without ` +
          `its largest contract it still has ${percent(row.without_largest)}. The ` +
          `Herfindahl–Hirschman index is ` +
          `${Math.round(row.hhi)}; from 2,500 a market counts as highly concentrated. Exclusive ` +
          `rights or a natural ` +
          `monopoly may explain it. ${CAUTION}`,
        evidence: {
          contracts: row.contracts,
          buyer: row.buyer,
          ...(row.supplier_id === null ? {} : { supplier_id: row.supplier_id }),
          supplier_name: supplier,
          observed: row.held,
          share: rounded(share),
          hhi: Math.round(row.hhi),
          n: row.held_contracts,
          notes: [
            `${row.buyer_contracts} contracts and ${row.suppliers} suppliers in all`,
            `share without the largest contract: ${percent(row.without_largest)}`,
          ],
        },
        impact: null,
      })
    }
  },
}
