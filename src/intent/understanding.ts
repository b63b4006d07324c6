import type { AnomalyType, Severity } from '../protocol/investigation.ts'

/** The intents of messages; `question` is a message that no rule recognises. */
export const INTENTS = [
  'greeting',
  'help',
  'thanks',
  'goodbye',
  'about',
  'investigate',
  'status',
  'statistics',
  'top_suppliers',
  'top_buyers',
  'search_supplier',
  'search_contract',
  'search_buyer',
  'explain_anomaly',
  'list_anomalies',
  'list_datasets',
  'fraud',
  'report',
  'law',
  'chart',
  'follow_up',
  'question',
] as const
export type Intent = (typeof INTENTS)[number]

export const LANGUAGES = ['pt', 'es', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

export const AREAS = [
  'health',
  'education',
  'works',
  'cleaning',
  'food',
  'technology',
  'vehicles',
  'security',
] as const
/** A field of government or of purchase that people name in their own words. */
export type Area = (typeof AREAS)[number]

/** The entities that a message names, as the user wrote them; the data may not have them. */
export interface Entities {
  supplier?: string
  buyer?: string
  /** A contract's number or id. */
  contract?: string
  /** A dataset's name or id; `sample` for the bundled one in any language. */
  dataset?: string
  /** An anomaly's id, or the beginning of one, lower-case hex. */
  anomaly?: string
  /** A UUID. */
  investigation?: string
  anomalyType?: AnomalyType
  severity?: Severity
  /** 14 digits. */
  cnpj?: string
  area?: Area
  /** Words to search for, as the user wrote them. */
  terms?: string
  /** First and last day, `YYYY-MM-DD`, inclusive. */
  startDate?: string
  endDate?: string
  /** Smallest value, in reais. */
  minValue?: number
  /** Place in a list of an earlier answer, from 1; −1 is the last. */
  ordinal?: number
  /** Number of items that the message asks for. */
  count?: number
  /** The message refers to something mentioned before: "it", "isso", "eso". */
  pointsBack?: true
}

export interface Understood {
  readonly intent: Intent
  /** 0–1. */
  readonly confidence: number
  readonly language: Language
  readonly entities: Entities
}
