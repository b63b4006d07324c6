import { type Static, Type } from 'typebox'

export const ANOMALY_TYPES = [
  'price_deviation',
  'vendor_concentration',
  'temporal_pattern',
  'duplicate_contract',
  'payment_pattern',
  'split_purchase',
  'benford_deviation',
] as const
export const AnomalyType = Type.Enum([...ANOMALY_TYPES])
export type AnomalyType = (typeof ANOMALY_TYPES)[number]

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const
export const Severity = Type.Enum([...SEVERITIES])
export type Severity = (typeof SEVERITIES)[number]

/** Phases of a run, in order. */
export const PHASES = ['collecting_data', 'profiling', 'analyzing_contracts', 'consolidating'] as const
export type Phase = (typeof PHASES)[number]

const Evidenced = Type.Object({
  contract_id: Type.String(),
  contract_number: Type.Union([Type.String(), Type.Null()]),
  /** Amount in `evidence.currency`. */
  value: Type.Union([Type.Number(), Type.Null()]),
  /** Date of signature, else of start, `YYYY-MM-DD`. */
  date: Type.Union([Type.String(), Type.Null()]),
  object: Type.Union([Type.String(), Type.Null()]),
})

/** Facts by which a reader checks a finding by hand; only the keys that apply to the finding's type are present. */
export const Evidence = Type.Partial(
  Type.Object({
    contracts: Type.Array(Evidenced),
    buyer: Type.String(),
    supplier_id: Type.String(),
    supplier_name: Type.String(),
    group: Type.String(),
    /** ISO 4217 code of every amount of the finding; `XXX` where none is known. */
    currency: Type.String(),
    observed: Type.Number(),
    expected: Type.Number(),
    median: Type.Number(),
    mad: Type.Number(),
    z: Type.Number(),
    ratio: Type.Number(),
    /** Share, 0–1. */
    share: Type.Number(),
    /** Herfindahl-Hirschman index, 0–10,000. */
    hhi: Type.Number(),
    year: Type.Integer(),
    month: Type.Integer({ minimum: 1, maximum: 12 }),
    limit: Type.Number(),
    law: Type.String(),
    digits: Type.Array(
      Type.Object({ pair: Type.Integer(), found: Type.Integer(), expected: Type.Number(), z: Type.Number() }),
    ),
    n: Type.Integer(),
    /** Codes of the notes, the same in every language. */
    note_codes: Type.Array(Type.String()),
    notes: Type.Array(Type.String()),
  }),
)
export type Evidence = Static<typeof Evidence>

/** A finding on the wire: a red flag, never a proof. */
export const Anomaly = Type.Object({
  /** Made from type and content alone: the same data and settings give the same id. */
  anomaly_id: Type.String(),
  anomaly_type: AnomalyType,
  severity: Severity,
  confidence: Type.Number({ minimum: 0, maximum: 1 }),
  /** The contract that the finding is about; null where it is about a group. */
  contract_id: Type.Union([Type.String(), Type.Null()]),
  title: Type.String(),
  /** Explanation in plain words; null when the run was asked not to explain. */
  explanation: Type.Union([Type.String(), Type.Null()]),
  evidence: Evidence,
  /** Amount at stake, in `evidence.currency`; null where none can be computed. */
  financial_impact: Type.Union([Type.Number(), Type.Null()]),
})
export type Anomaly = Static<typeof Anomaly>

/** The verdict of a person who reviewed a finding. */
export const Verdict = Type.Enum(['to_check', 'confirmed', 'dismissed'])
export type Verdict = Static<typeof Verdict>

export const Review = Type.Object({
  verdict: Verdict,
  note: Type.String({ maxLength: 2000 }),
  /** Name of the user who reviewed the finding last. */
  reviewer: Type.String(),
  reviewed_at: Type.String({ format: 'date-time' }),
})
export type Review = Static<typeof Review>

/** A finding in a list or a report: with its review, if somebody reviewed it. */
export type ReviewedAnomaly = Anomaly & { review?: Review }

export const Filters = Type.Object(
  {
    buyer: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    supplier: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    category: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    start_date: Type.Optional(Type.String({ format: 'date' })),
    end_date: Type.Optional(Type.String({ format: 'date' })),
    min_value: Type.Optional(Type.Number({ minimum: 0 })),
    max_value: Type.Optional(Type.Number({ minimum: 0 })),
  },
  { additionalProperties: false },
)
export type Filters = Static<typeof Filters>

export const Skipped = Type.Object({
  anomaly_type: AnomalyType,
  reason: Type.String(),
  /** The reason, as a code that is the same in every language. */
  code: Type.String(),
})
export type Skipped = Static<typeof Skipped>
