import type { Analysis, Detector, Finding, Message } from '../detector.ts'
import { execute, rows } from '../duckdb-rows.ts'
import {
  EVIDENCED,
  type EvidencedContract,
  finding,
  LISTED_CONTRACTS,
  rounded,
  severityAt,
  supplierName,
} from '../finding.ts'
import { has } from '../lack.ts'
import {
  type ConcentrationCode,
  type ConcentrationFacts,
  type ConcentrationNote,
  type ConcentrationSetting,
  VENDOR_CONCENTRATION_WORDS,
} from './words/vendor-concentration-words.ts'

/** Impossible values that are listed one by one; further ones are only counted. */
const NAMED_WARNINGS = 20

/** A value of at least this many cents is impossible where all others are below `USUAL_CENTS`. */
const ABSURD_CENTS = '10000000000000'
const USUAL_CENTS = '100000000000'

/** SQL of the rows that are counted; own commitments are excluded. */
const COUNTED = 'cents > 0 AND NOT own_commitment AND buyer_key IS NOT NULL'

/**
 * Returns SQL with one row for each contract and hashes of its parties, the supplier's null where it is nobody's name;
 * item rows of one contract are added up, and `place` is then that of the first.
 */
const purchasesOf = (items: boolean): string =>
  `SELECT money, hash(buyer_key) AS buyer, CASE WHEN NOT unnamed THEN hash(supplier_key) END AS supplier,
     hash(contract_key) AS contract,
     ${items ? 'min(rowid) AS place, CAST(sum(cents) AS BIGINT) AS cents' : 'rowid AS place, cents'}
   FROM contracts WHERE ${COUNTED} ${items ? 'GROUP BY ALL' : ''}`

/**
 * Writes the contracts into the table `purchases`, and impossible values into `impossible`, for each currency of the file by itself: the largest, where
 * it is more than 20 × the next largest and its robust z-score on logarithms is above 3.5; and all from 10¹¹ on,
 * where they are fewer than the others and those are all below 10⁹. Real contracts can be thousands of times above
 * the median, so the median is not used.
 */
const setAside = async ({ connection, profile, thresholds }: Analysis, signal: AbortSignal) => {
  const purchases = purchasesOf(Boolean(profile.filled.item))
  await execute(connection, `CREATE OR REPLACE TEMP TABLE purchases AS ${purchases}`, {}, signal)
  await execute(
    connection,
    `CREATE OR REPLACE TEMP TABLE impossible AS
     WITH tops AS (
       SELECT money, max(cents) AS largest, max(cents, 2)[2] AS next,
         max(cents) FILTER (cents < ${ABSURD_CENTS}) AS usual,
         count(*) FILTER (cents >= ${ABSURD_CENTS}) * 2 < count(*) AS few
       FROM purchases GROUP BY money),
     apart AS (SELECT * FROM tops WHERE largest > $times * next),
     middles AS (SELECT money, median(ln(cents)) AS middle FROM purchases SEMI JOIN apart USING (money) GROUP BY money),
     spread AS (
       SELECT money, any_value(middle) AS middle, median(abs(ln(cents) - middle)) AS mad,
         CAST(sum(CAST(round(abs(ln(cents) - middle) * 1e12) AS HUGEINT)) AS DOUBLE) / 1e12 / count(*) AS mean
       FROM purchases JOIN middles USING (money) GROUP BY money),
     above AS (
       SELECT money, largest AS limited, next FROM apart JOIN spread USING (money)
       WHERE (ln(largest) - middle) / CASE WHEN mad > 1e-9 THEN mad / 0.6745 ELSE mean * 1.2533 END > $z
       UNION ALL
       SELECT money, ${ABSURD_CENTS}, usual FROM tops
       WHERE largest >= ${ABSURD_CENTS} AND usual < ${USUAL_CENTS} AND few)
     SELECT money, buyer, supplier, contract, place, cents, any_value(next) AS next
     FROM purchases JOIN above USING (money) WHERE cents >= limited GROUP BY ALL`,
    { times: thresholds.impossible_times as number, z: thresholds.impossible_z as number },
    signal,
  )
}

async function* warnings({ connection }: Analysis, signal: AbortSignal): AsyncGenerator<Message> {
  let named = 0
  let rest = 0
  type Row = { contract: string; buyer: string; amount: number; currency: string; next: number | null }
  const found = rows<Row>(
    connection,
    `SELECT own.contract_id AS contract,
       (SELECT min(buyer) FROM contracts c WHERE c.buyer_key = own.buyer_key) AS buyer,
       i.cents / 100 AS amount, i.money AS currency, next / 100 AS next
     FROM impossible i JOIN contracts own ON own.rowid = i.place ORDER BY i.money, i.cents DESC, own.contract_id`,
    {},
    signal,
  )
  for await (const row of found) {
    named += 1
    if (named > NAMED_WARNINGS) rest += 1
    else yield { kind: 'warning', code: 'impossible', facts: row }
  }
  if (rest > 0) yield { kind: 'warning', code: 'more_impossible', facts: { count: rest } }
}

interface Concentrated {
  buyer_key: string
  supplier_key: string
  money: string
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

const CONCENTRATED = `
  WITH held AS (SELECT money, buyer, supplier, CAST(sum(cents) AS HUGEINT) AS cents, count(*) AS n,
      max(cents) AS largest
    FROM purchases p WHERE NOT EXISTS (SELECT 1 FROM impossible i WHERE i.money = p.money AND i.buyer = p.buyer
      AND i.contract = p.contract AND i.supplier IS NOT DISTINCT FROM p.supplier) GROUP BY ALL),
  buyers AS (SELECT money, buyer, CAST(sum(cents) AS HUGEINT) AS total, sum(n) AS n, count(supplier) AS suppliers,
      CAST(sum(cents * cents) FILTER (supplier IS NOT NULL) AS DOUBLE) AS squares
    FROM held GROUP BY money, buyer HAVING sum(n) >= $contracts AND count(supplier) >= $suppliers),
  flagged AS (
    SELECT money, buyer, supplier, cents, total, h.n, b.n AS buyer_n, suppliers,
      10000 * squares / (CAST(total AS DOUBLE) * CAST(total AS DOUBLE)) AS hhi,
      CASE WHEN total > largest THEN CAST(cents - largest AS DOUBLE) / CAST(total - largest AS DOUBLE) ELSE
        0 END
        AS without_largest
    FROM held h JOIN buyers b USING (money, buyer)
    WHERE supplier IS NOT NULL AND CAST(cents AS DOUBLE) >= $share * CAST(total AS DOUBLE) AND h.n >= $own_contracts),
  kept AS (SELECT * FROM flagged WHERE hhi >= $hhi AND without_largest >= $without_largest - 1e-12)
  SELECT k.money, buyer_key, supplier_key, min(c.buyer) AS buyer, min(supplier_name) AS supplier_name,
    min(supplier_id) AS supplier_id,
    arg_min(${EVIDENCED}, row(-c.cents, contract_id, line), ${LISTED_CONTRACTS}) AS contracts,
    CAST(any_value(k.cents) AS DOUBLE) / 100 AS held, CAST(any_value(total) AS DOUBLE) / 100 AS total,
    CAST(any_value(n) AS INTEGER) AS held_contracts, CAST(any_value(buyer_n) AS INTEGER) AS buyer_contracts,
    CAST(any_value(suppliers) AS INTEGER) AS suppliers, any_value(hhi) AS hhi,
    any_value(without_largest) AS without_largest
  FROM contracts c
    JOIN kept k ON k.money = c.money AND k.buyer = hash(c.buyer_key) AND k.supplier = hash(c.supplier_key)
  WHERE ${COUNTED.replace('cents', 'c.cents')} AND NOT unnamed AND NOT EXISTS (SELECT 1 FROM impossible i
    WHERE i.money = c.money AND i.buyer = hash(c.buyer_key) AND i.supplier = hash(c.supplier_key)
      AND i.contract = hash(c.contract_key))
  GROUP BY k.money, buyer_key, supplier_key ORDER BY buyer_key, supplier_key, k.money`

const described = (row: Concentrated): Finding => {
  const share = row.held / row.total
  const supplier = supplierName(row)
  return finding<ConcentrationFacts, ConcentrationNote>({
    type: 'vendor_concentration',
    key: [row.buyer_key, row.supplier_key],
    severity: severityAt([0.6, 0.75, 0.9].filter((step) => share >= step).length),
    confidence: Math.min(0.5 + row.without_largest / 2, 0.95),
    contractId: null,
    evidence: {
      contracts: row.contracts,
      buyer: row.buyer,
      ...(row.supplier_id === null ? {} : { supplier_id: row.supplier_id }),
      supplier_name: supplier,
      currency: row.money,
      observed: row.held,
      share: rounded(share),
      hhi: Math.round(row.hhi),
      n: row.held_contracts,
    },
    notes: ['market', 'without_largest'],
    facts: {
      buyer: row.buyer,
      supplier,
      currency: row.money,
      held: row.held,
      total: row.total,
      share: rounded(share),
      hhi: Math.round(row.hhi),
      without_largest: rounded(row.without_largest),
      held_contracts: row.held_contracts,
      buyer_contracts: row.buyer_contracts,
      suppliers: row.suppliers,
    },
    impact: null,
  })
}

/**
 * Finds suppliers that hold at least half of a buyer's contracted value, have at least 3 contracts and still hold a
 * third without their largest, where the buyer has at least 20 contracts and 5 suppliers and the
 * Herfindahl–Hirschman index is at least 2,500. Contracts are counted, not lines; each currency is a market of its
 * own. Suppliers are identified by CNPJ root, else by normalised name; what went to nobody by name (`REDACTED`,
 * `Diversos`, the buyer itself) is part of the buyer's value and no supplier's. Impossible values are excluded and reported
 * as warnings (see `setAside`).
 *
 * Severity by share: medium from 60 %, high from 75 %, critical from 90 %. Confidence: 0.5 and half of the share
 * without the largest contract.
 *
 * Sources: HHI, Horizontal Merger Guidelines (DOJ and FTC, 2010, § 5.3); Lei 14.133/2021 art. 11. Blind spots:
 * natural monopolies; one owner behind several companies; a single year diluted by the whole period.
 */
export const vendorConcentration: Detector<
  ConcentrationFacts,
  ConcentrationNote,
  ConcentrationCode,
  ConcentrationSetting
> = {
  type: 'vendor_concentration',
  sources: ['Horizontal Merger Guidelines (DOJ and FTC, 2010) § 5.3', 'Lei 14.133/2021 art. 11'],
  thresholds: {
    share: { default: 0.5, minimum: 0, maximum: 1 },
    hhi: { default: 2500, minimum: 0, maximum: 10_000 },
    contracts: { default: 20, minimum: 1 },
    suppliers: { default: 5, minimum: 1 },
    own_contracts: { default: 3, minimum: 1 },
    without_largest: { default: 1 / 3, minimum: 0, maximum: 1 },
    impossible_times: { default: 20, minimum: 1 },
    impossible_z: { default: 3.5, minimum: 0 },
  },
  figures: 'money',
  names:
    /\b((vendor|supplier) concentration|concentrac\w+ (de|en|em) (fornecedor\w*|proveedor\w*)|concentracion de proveedores|fornecedor(es)? dominantes?)\b/,
  aliases:
    /\b(?:hhi|herfindahl\w*|indice de concentra\w+|(?:concentra(?:cao|cion|tion))(?: de mercado| of the market| del mercado)?)\b/,
  words: VENDOR_CONCENTRATION_WORDS,
  missing(profile) {
    if (!has.buyer(profile)) return 'buyer'
    if (!has.supplier(profile)) return 'supplier'
    return has.value(profile) ? null : 'value'
  },
  async *run(analysis, signal) {
    const { thresholds, connection } = analysis
    await setAside(analysis, signal)
    yield* warnings(analysis, signal)
    const names = ['share', 'hhi', 'contracts', 'suppliers', 'own_contracts', 'without_largest'] as const
    const values = Object.fromEntries(names.map((name) => [name, thresholds[name] as number]))
    for await (const row of rows<Concentrated>(connection, CONCENTRATED, values, signal)) yield described(row)
  },
}
