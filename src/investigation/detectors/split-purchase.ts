import type { DuckDBConnection } from '@duckdb/node-api'
import { unaccentedSql } from '../../language/folding.ts'
import type { Analysis, Detector, Finding } from '../detector.ts'
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
import { pacer } from '../pace.ts'
import { likeness, readObject } from './object-text.ts'
import { readWaiver, WAIVER_LIMITS } from './waiver.ts'
import {
  SPLIT_PURCHASE_WORDS,
  type SplitCode,
  type SplitFacts,
  type SplitNote,
  type SplitSetting,
} from './words/split-purchase-words.ts'

const WAIVERS = `SELECT modality, legal_basis FROM (SELECT DISTINCT modality, legal_basis FROM contracts)
  WHERE regexp_matches(${unaccentedSql("concat_ws(' ', modality, legal_basis)")}, 'dispensa|\\b(75|24)\\b')
  ORDER BY modality, legal_basis`

/** Reads each different pair of modality and legal basis once, into the table `waivers`. */
const readWaivers = async (connection: DuckDBConnection, signal: AbortSignal): Promise<void> => {
  await execute(
    connection,
    `CREATE OR REPLACE TEMP TABLE waivers
       (modality VARCHAR, legal_basis VARCHAR, ground VARCHAR, regime VARCHAR, works BOOLEAN)`,
    {},
    signal,
  )
  const read: [string | null, string | null, string, string | null, boolean | null][] = []
  const texts = rows<{ modality: string | null; legal_basis: string | null }>(connection, WAIVERS, {}, signal)
  for await (const { modality, legal_basis } of texts) {
    const waiver = readWaiver(modality, legal_basis)
    if (waiver) read.push([modality, legal_basis, waiver.ground, waiver.regime, waiver.works])
  }
  const stated = read.some(([, , ground]) => ground === 'value')
  const appender = await connection.createAppender('waivers')
  const pause = pacer(signal)
  for (const row of read) {
    if (stated && row[2] === 'unstated') continue
    await pause()
    for (const cell of row) {
      if (cell === null) appender.appendNull()
      else if (typeof cell === 'boolean') appender.appendBoolean(cell)
      else appender.appendVarchar(cell)
    }
    appender.endRow()
  }
  appender.closeSync()
}

const LIMITS = WAIVER_LIMITS.map(
  (row) =>
    `(DATE '${row.from}', DATE '${row.to}', ${row.otherCents}::BIGINT, ${row.worksCents}::BIGINT, ` +
    `'${row.regime}', ` +
    `${row.inclusive}, '${row.law}')`,
).join(', ')

/** SQL that tells works and engineering by the object's words, for a legal basis that does not cite its item. */
const WORKS = `(regexp_matches(words, '\\b(obras?|engenharia|reformas?|construcao|pavimentacao|edificacao|ampliacao|recapeamento|terraplenagem|drenagem|demolicao|restauracao (de|do|da) (predio|edificio|imovel))\\b')
  AND NOT regexp_matches(words,
    '^(aquisicao|fornecimento|compra|locacao|aluguel)\\b|material(is)? (de|para) construcao|reformas? (agraria|tributaria|administrativa)|obras? (literaria|de arte)')
  AND NOT regexp_full_match(words, '.*mao de obra.*') OR regexp_matches(words,
    '^(execucao (de|da) obra|obras? )'))`

/**
 * SQL of purchases (the rows of one process are one), each under its limit, added up day by day within one unit,
 * supplier, year and class; a group is flagged on the first day on which the sum so far is over the highest limit
 * that any of its members could use.
 */
const SPLITS = `
  WITH limits(low, high, other, works, regime, inclusive, law) AS (VALUES ${LIMITS}),
  several AS (
    SELECT c.*, w.ground, w.regime, w.works AS cited_works
    FROM contracts c JOIN waivers w
      ON w.modality IS NOT DISTINCT FROM c.modality AND w.legal_basis IS NOT DISTINCT FROM c.legal_basis
    WHERE money = 'BRL' AND NOT commitment AND unit_key <> '' AND NOT unnamed AND day IS NOT NULL AND cents > 0
    QUALIFY count(*) OVER (PARTITION BY unit_key, supplier_key, year(day)) > 1),
  waived AS (
    SELECT *,
      CAST(round(coalesce(CASE WHEN initial_value > 0 THEN initial_value END, value) * 100) AS BIGINT) AS
        amount,
      fold(concat_ws(' ', object, category)) AS words,
      coalesce(regexp_matches(fold(concat_ws(' ', buyer_name, unit_name)),
        'agencia executiva|\\bconsorcio\\b|\\binmetro\\b|instituto nacional de metrologia'), false) AS doubled
    FROM several),
  purchased AS (
    SELECT *, coalesce(cited_works, ${WORKS}) AS works,
      coalesce('process ' || process_key,
        CASE WHEN numbered(contract_number) THEN 'number ' || contract_number END, contract_id) AS purchase
    FROM waived),
  purchases AS (
    SELECT unit_key, supplier_key, year(day) AS year, works, purchase, min(day) AS day, sum(amount) AS amount,
      bool_or(doubled) AS doubled, min(ground) AS ground,
      CASE WHEN count(DISTINCT regime) = 1 THEN min(regime) END AS regime
    FROM purchased GROUP BY unit_key, supplier_key, year(day), works, purchase),
  limited AS (
    SELECT p.*, (CASE WHEN p.works THEN l.works ELSE l.other END) * CASE WHEN doubled THEN 2 ELSE 1 END AS
      ceiling,
      l.inclusive, l.law, CASE WHEN p.regime IS NULL THEN count(*) OVER one ELSE 1 END AS regimes
    FROM purchases p JOIN limits l ON p.day BETWEEN l.low AND l.high
    WINDOW one AS (PARTITION BY unit_key, supplier_key, year, p.works, purchase)
    QUALIFY row_number() OVER (one ORDER BY coalesce(p.regime = l.regime, false) DESC, l.other DESC, l.low)
      = 1),
  under AS (SELECT * FROM limited WHERE amount < ceiling OR (inclusive AND amount = ceiling)),
  running AS (
    SELECT *, sum(amount) OVER sofar AS total, max(ceiling) OVER sofar AS highest,
      arg_max(inclusive, ceiling) OVER sofar AS kept, arg_max(law, ceiling) OVER sofar AS named,
      sum(amount) OVER (grouped ORDER BY day RANGE BETWEEN INTERVAL 90 DAYS PRECEDING AND CURRENT ROW) AS
        lately,
      count(*) OVER grouped AS n
    FROM under
    WINDOW grouped AS (PARTITION BY unit_key, supplier_key, year, works),
      sofar AS (PARTITION BY unit_key, supplier_key, year, works ORDER BY day)),
  over AS (SELECT *, total > highest OR (total = highest AND NOT kept) AS breached,
      lately > highest OR (lately = highest AND NOT kept) AS near
    FROM running WHERE n > 1),
  splits AS (
    SELECT unit_key, supplier_key, year, works, any_value(n) AS n, bool_or(near) AS near,
      max(total) AS total, arg_max(highest, total - highest) AS highest, arg_max(named, total - highest) AS
        law,
      max(total - highest) AS excess, bool_or(ground = 'unstated') AS unstated, max(regimes) AS regimes,
      bool_or(doubled) AS doubled
    FROM over GROUP BY unit_key, supplier_key, year, works HAVING bool_or(breached)),
  listed AS (
    SELECT p.*, row_number() OVER (PARTITION BY unit_key, supplier_key, year(p.day), works
      ORDER BY p.day DESC, p.contract_id, p.line) AS place
    FROM purchased p SEMI JOIN (SELECT u.* FROM under u SEMI JOIN splits s USING (unit_key, supplier_key,
      year, works)) u
      ON p.unit_key = u.unit_key AND p.supplier_key = u.supplier_key AND year(p.day) = u.year AND p.works =
        u.works
        AND p.purchase = u.purchase)
  SELECT s.unit_key, s.supplier_key, CAST(s.year AS INTEGER) AS year, s.works, CAST(any_value(s.n) AS
    INTEGER) AS n,
    any_value(s.near) AS near, CAST(any_value(s.total) AS DOUBLE) / 100 AS total,
    CAST(any_value(s.highest) AS DOUBLE) / 100 AS highest, CAST(any_value(s.excess) AS DOUBLE) / 100 AS
      excess,
    any_value(s.law) AS law, any_value(s.unstated) AS unstated, CAST(any_value(s.regimes) AS INTEGER) AS
      regimes,
    any_value(s.doubled) AS doubled, min(buyer) AS buyer, min(coalesce(unit_name, unit_id)) AS unit,
    min(supplier_name) AS supplier_name, min(supplier_id) AS supplier_id,
    list(${EVIDENCED} ORDER BY place) FILTER (place <= ${LISTED_CONTRACTS}) AS contracts
  FROM listed l JOIN splits s
    ON s.unit_key = l.unit_key AND s.supplier_key = l.supplier_key AND s.year = year(l.day) AND s.works =
      l.works
  GROUP BY s.unit_key, s.supplier_key, s.year, s.works ORDER BY s.unit_key, s.supplier_key, s.year, s.works`

interface Split {
  unit_key: string
  supplier_key: string
  year: number
  works: boolean
  n: number
  near: boolean
  total: number
  highest: number
  excess: number
  law: string
  unstated: boolean
  regimes: number
  doubled: boolean
  buyer: string
  unit: string | null
  supplier_name: string | null
  supplier_id: string | null
  contracts: EvidencedContract[]
}

/** Tells whether every listed object is like the first. */
const sameObject = (contracts: readonly EvidencedContract[]): boolean => {
  const [first, ...others] = contracts.map((contract) => readObject(contract.object ?? ''))
  return others.every((other) => first !== undefined && likeness(first, other) >= 0.5)
}

const described = (split: Split): Finding => {
  const same = sameObject(split.contracts)
  const supplier = supplierName(split)
  return finding<SplitFacts, SplitNote>({
    type: 'split_purchase',
    key: [split.unit_key, split.supplier_key, split.year, String(split.works)],
    severity: split.unstated ? 'low' : severityAt(1 + (split.near ? 1 : 0) + (same ? 1 : 0)),
    confidence: (split.unstated ? 0.4 : 0.7) + (split.near ? 0.1 : 0) + (same ? 0.1 : 0),
    contractId: (split.contracts[0] as EvidencedContract).contract_id,
    evidence: {
      contracts: split.contracts,
      buyer: split.buyer,
      ...(split.supplier_id === null ? {} : { supplier_id: split.supplier_id }),
      supplier_name: supplier,
      group: split.works ? 'works' : 'other',
      currency: 'BRL',
      observed: split.total,
      ratio: rounded(split.total / split.highest),
      year: split.year,
      limit: split.highest,
      law: split.law,
      n: split.n,
    },
    notes: [
      ...(split.near ? (['within_90_days'] as const) : []),
      ...(same ? (['same_object'] as const) : []),
      ...(split.regimes > 1 ? (['two_laws'] as const) : []),
      ...(split.doubled ? (['doubled'] as const) : []),
      ...(split.unstated ? (['ground_unstated'] as const) : []),
    ],
    facts: {
      buyer: split.buyer,
      unit: split.unit === split.buyer ? null : split.unit,
      supplier,
      n: split.n,
      year: split.year,
      works: split.works,
      total: split.total,
      limit: split.highest,
      law: split.law,
      doubled: split.doubled,
    },
    impact: split.excess,
  })
}

/**
 * Finds waivers by value of one managing unit with one supplier (CNPJ root) in one calendar year and one class
 * (works and engineering, or other), each within the limit in force on its date and together beyond it. The rows of
 * one process are one purchase; amounts are those first contracted, in reais. Where two laws could be used and the
 * file does not state which, the higher limit is used, and the finding says so; where it names a law that had no
 * limit in force, the one in force is used; executive agencies and consortia have twice the limit. Under Lei 8.666
 * and Lei 14.065 a sum equal to the limit is within it, under Lei 14.133 it is not.
 *
 * Only waivers by value count: `art. 24 I–II`, `art. 75 I–II`, or words of that meaning. Where no row of the file
 * states the ground of any waiver by value, waivers without a ground are taken, with lower confidence and severity
 * low.
 *
 * Severity: medium, one step up when the limit is passed within 90 days, one when the objects are alike; low when
 * the ground is not stated. Confidence: 0.7 (0.4 unstated) and 0.1 for each of the two.
 *
 * Sources: Lei 14.133/2021 art. 75 § 1; Lei 8.666/1993 arts. 23 § 5 and 24; the limits' own decrees (see
 * waiver.ts). Blind spots: several suppliers; state companies; commitments; dates outside the table.
 */
/** Why purchases are cut up: "to stay below the limit", "para fugir da licitação". */
const AVOIDING =
  ' (?:to|so as to|in order to|para|pra|a fin de)(?: (?:no|nao|not|stay|keep|be|remain|come|get|ficar|quedar|quedarse|escap\\w+|fug\\w+|evit\\w+|evad\\w+|avoid\\w*|dodg\\w+|below|under|abaixo|debajo|por|d[aeo]|del|a|o|la|el|the|legal))*(?: (?:thresholds?|limits?|limites?|licita\\w+|tenders?|tendering))(?: (?:legal|da lei))?'
const CUT = '(?:split|sliced|broken up|chopped up)(?! by| per| into)'
/** Descriptions of split purchases in other words. */
const CUT_UP = new RegExp(
  `\\b(?:fatiament\\w+|fatiad\\w+|parcelament\\w+ (?:de|da|das) (?:compra|despesa)s?` +
    `|(?:purchases?|contracts?|orders?|jobs?)(?: (?:that|which|may|might|look|looks|seem|seems|were|was|are|is|have|been|being|to|be))* ${CUT}(?:${AVOIDING})?` +
    `|(?:compras?|contratos?|despesas?|gastos?)(?: (?:foram|fueron|que))* (?:quebrad|dividid|repartid|picad|trocead|partid|fracionad|fraccionad)\\w+${AVOIDING})\\b`,
)

export const splitPurchase: Detector<SplitFacts, SplitNote, SplitCode, SplitSetting> = {
  type: 'split_purchase',
  sources: [
    'Lei 14.133/2021 art. 75 I, II, § 1 and § 2',
    'Lei 8.666/1993 art. 23 § 5 and art. 24 I, II',
    ...new Set(WAIVER_LIMITS.map((row) => row.law)),
  ],
  thresholds: {},
  figures: 'money',
  names:
    /\b(split(ting)? (of )?(purchases?|contracts?)|split purchases?|fracionament\w*|fracionad\w*|fraccionamient\w*|fraccionad\w*)\b/,
  aliases: CUT_UP,
  words: SPLIT_PURCHASE_WORDS,
  missing(profile) {
    if (!profile.filled.modality && !profile.filled.legal_basis) return 'waiver'
    if (!has.buyer(profile)) return 'buyer'
    if (!has.supplier(profile)) return 'supplier'
    if (!has.dates(profile)) return 'dates'
    if (!has.value(profile)) return 'value'
    return has.reais(profile) ? null : 'reais'
  },
  async *run({ connection }: Analysis, signal) {
    await readWaivers(connection, signal)
    for await (const split of rows<Split>(connection, SPLITS, {}, signal)) yield described(split)
  },
}
