import type { Detector, Finding } from '../detector.ts'
import { rows } from '../duckdb-rows.ts'
import {
  EVIDENCED,
  type EvidencedContract,
  finding,
  graded,
  IMPACT_STEPS,
  rounded,
  severityAt,
} from '../finding.ts'
import { has } from '../lack.ts'
import { isRenovation } from './renovation.ts'
import {
  type GrowthCode,
  type GrowthFacts,
  type GrowthNote,
  type GrowthSetting,
  PAYMENT_PATTERN_WORDS,
} from './words/payment-pattern-words.ts'

const LAW = 'Lei 14.133/2021 art. 125; Lei 8.666/1993 art. 65 § 1'

interface Grown {
  contract: EvidencedContract
  described: string
  buyer: string | null
  supplier_id: string | null
  supplier_name: string | null
  initial: number
  updated: boolean
  final: number
  /** Months of the term, rounded, or null. */
  months: number | null
  /** Days of the term, or null. */
  days: number | null
}

/**
 * SQL of pairs of an initial and a final value in reais that grew beyond the lower limit. An initial value below R$
 * 1 is a placeholder. A contract listed in several rows counts once.
 */
const GROWN = `
  WITH pairs AS (
    SELECT *, coalesce(nullif(updated_initial_value, 0), initial_value) AS initial FROM contracts
    WHERE money = 'BRL' AND final_value IS NOT NULL AND NOT commitment
      AND coalesce(nullif(updated_initial_value, 0), initial_value) >= 1),
  grown AS (
    SELECT * FROM pairs
    WHERE round(final_value * 100) > (1 + $growth) * (round(initial * 100) + 0.5) + 1e-7
    QUALIFY row_number() OVER (
      PARTITION BY CASE WHEN numbered(contract_number) THEN contract_number ELSE contract_id END, buyer_key,
        supplier_key, day, initial, final_value
      ORDER BY contract_id, line) = 1)
  SELECT ${EVIDENCED} AS contract, concat_ws(' ', object, item) AS described, buyer, supplier_id,
    supplier_name,
    initial, coalesce(updated_initial_value, 0) <> 0 AS updated, final_value AS final,
    CAST(round(date_diff('day', start_at, end_at) / 30.4375) AS INTEGER) AS months,
    CAST(date_diff('day', start_at, end_at) AS INTEGER) AS days
  FROM grown ORDER BY contract_id, line`

/** Tells whether the final value is the initial one times the months of the term: an instalment beside its total. */
const isInstalment = (row: Grown): boolean =>
  row.months !== null &&
  row.months >= 3 &&
  Math.abs(Math.round(row.final * 100) - row.months * Math.round(row.initial * 100)) <= row.months * 0.5

const described = (row: Grown, limit: number, renovation: boolean): Finding => {
  const excess = row.final - (1 + limit) * row.initial
  const renewal = row.days !== null && row.days > 366
  const level = ['low', 'medium', 'high', 'critical'].indexOf(graded(excess, IMPACT_STEPS))
  return finding<GrowthFacts, GrowthNote>({
    type: 'payment_pattern',
    key: [row.contract.contract_id],
    severity: severityAt(renewal ? level - 1 : level),
    confidence: renewal ? 0.5 : row.updated ? 0.9 : 0.75,
    contractId: row.contract.contract_id,
    evidence: {
      contracts: [row.contract],
      ...(row.buyer === null ? {} : { buyer: row.buyer }),
      ...(row.supplier_id === null ? {} : { supplier_id: row.supplier_id }),
      ...(row.supplier_name === null ? {} : { supplier_name: row.supplier_name }),
      currency: 'BRL',
      observed: row.final,
      expected: row.initial,
      ratio: rounded(row.final / row.initial),
      limit: rounded((1 + limit) * row.initial, 2),
      law: LAW,
    },
    notes: [
      ...(renewal ? (['renewal'] as const) : []),
      ...(renovation ? (['renovation'] as const) : []),
      ...(row.updated ? [] : (['not_updated'] as const)),
    ],
    facts: {
      initial: row.initial,
      final: row.final,
      limit,
      excess: rounded(excess, 2),
      updated: row.updated,
      renovation,
      renewal,
      law: LAW,
    },
    impact: excess,
  })
}

/**
 * Finds contracts whose final value is more than 25 % over their updated initial value (their initial value
 * where the file does not bring it up to date), for works too; more than 50 % where the object is the
 * renovation of a building or of equipment. Amounts are compared in cents, half a cent of tolerance for the
 * factor: exactly 25 % is lawful. Where the final value is the initial one times the months of the term, the
 * pair is an instalment and its total, and is left out with a warning. The limits are Brazilian: only
 * contracts in reais are judged.
 *
 * Severity by the excess over the limit: medium from R$ 10,000, high from R$ 100,000, critical from R$
 * 1,000,000, one step lower with `may be a renewal` (a term of more than a year). Confidence: 0.9, 0.75
 * without an updated initial value, 0.5 where it may be a renewal.
 *
 * Sources: Lei 14.133/2021 art. 125; Lei 8.666/1993 art. 65 § 1. Blind spots: increases set off by decreases
 * of the same contract; price adjustments where no updated value is given; renewals, which are only guessed.
 */
export const paymentPattern: Detector<GrowthFacts, GrowthNote, GrowthCode, GrowthSetting> = {
  type: 'payment_pattern',
  sources: ['Lei 14.133/2021 art. 125', 'Lei 8.666/1993 art. 65 § 1'],
  thresholds: { growth: { default: 0.25, minimum: 0 }, renovation_growth: { default: 0.5, minimum: 0 } },
  figures: 'money',
  names:
    /\b(payment patterns?|contract growth|aditiv\w+|crescimento (de|do|dos) (contrato|valor)\w*|padrao de pagamento|aumento de valor|amendments?|patron de pagos?)\b/,
  aliases:
    /\b(?:errad[ao]|estranh[ao]|suspeit[ao]|rar[ao]|wrong|odd)s? (?:com|nos|n[ao]s|in|with|en) (?:the |los )?(?:pagamentos?|payments?|pagos?)\b|\bpagamentos? (?:suspeit|estranh|esquisit)\w+/,
  words: PAYMENT_PATTERN_WORDS,
  missing(profile) {
    if (!profile.filled.final_value) return 'final_value'
    if (!profile.filled.initial_value && !profile.filled.updated_initial_value) return 'initial_value'
    return has.reais(profile) ? null : 'reais'
  },
  async *run({ connection, thresholds }, signal) {
    let instalments = 0
    const { growth, renovation_growth } = thresholds as { growth: number; renovation_growth: number }
    const values = { growth: Math.min(growth, renovation_growth) }
    for await (const row of rows<Grown>(connection, GROWN, values, signal)) {
      const renovation = isRenovation(row.described)
      const limit = renovation ? renovation_growth : growth
      const initialCents = Math.round(row.initial * 100)
      if (Math.round(row.final * 100) <= (1 + limit) * (initialCents + 0.5) + 1e-7) continue
      if (isInstalment(row)) instalments += 1
      else yield described(row, limit, renovation)
    }
    if (instalments > 0) yield { kind: 'warning', code: 'instalments', facts: { count: instalments } }
  },
}
