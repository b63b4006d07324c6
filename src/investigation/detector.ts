import type { DuckDBConnection } from '@duckdb/node-api'
import type { Format } from '../language/format.ts'
import type { Language } from '../language/language.ts'
import type { Anomaly, AnomalyType, Evidence } from '../protocol/investigation.ts'
import type { Lack } from './lack.ts'
import type { Profile } from './profile.ts'

/** A number a rule compares with; every one is a setting, and `Words.thresholds` says what it means and its unit. */
export interface Threshold {
  default: number
  minimum?: number
  maximum?: number
}

/** Hands a detector its data. The connection holds the run's table `contracts` (see analysis.ts). */
export interface Analysis {
  connection: DuckDBConnection
  profile: Profile
  /** Every threshold of the detector, defaults filled in. */
  thresholds: Readonly<Record<string, number>>
}

/**
 * A finding before it is put into words. Its id comes from type and content alone, so it is the same in every
 * language; `facts` are the parameters of its sentences and are kept with it, so that it can be told in any.
 */
export interface Finding extends Omit<Anomaly, 'title' | 'explanation' | 'evidence'> {
  evidence: Omit<Evidence, 'notes' | 'note_codes'>
  /** Keys of `Words.notes`. */
  notes: readonly string[]
  facts: object
}

/** A sentence to the reader that belongs to no finding: a key of `Words.messages`, and its parameters. */
export interface Message {
  /** `skipped`: too little stands in the columns that are there; it is then the only thing yielded. */
  kind: 'warning' | 'skipped'
  code: string
  facts: object
}

/** Puts `facts` into words; a method, so that rules of different facts share one table. */
type Told<Facts> = { told(facts: Facts, say: Format): string | readonly string[] }['told']

/** Every word that people read about one anomaly type, in one language. A missing key does not compile. */
export interface Words<
  Facts extends object = object,
  Note extends string = string,
  Code extends string = string,
  Setting extends string = string,
> {
  /** The type's name in lists. */
  title: string
  /** The rule in a sentence or two. */
  rule: string
  blindSpots: readonly string[]
  thresholds: Readonly<Record<Setting, string>>
  report: {
    name: string
    meaning: string
    /** The law or convention where the evidence names none. */
    law: string
    /** Steps to check a finding without this service. */
    check: readonly string[]
  }
  /** `explanation` goes without the caution, which every finding gets. */
  finding(facts: Facts, say: Format): { title: string; explanation: string }
  notes: Readonly<Record<Note, Told<Facts>>>
  messages: Readonly<Record<Code, Told<never>>>
}

/** One anomaly type: its rule, its settings and all its words. `detectors.ts` has the table of them. */
export interface Detector<
  Facts extends object = object,
  Note extends string = string,
  Code extends string = string,
  Setting extends string = string,
> {
  readonly type: AnomalyType
  /** Laws and papers the rule rests on, cited in their own language. */
  readonly sources: readonly string[]
  readonly thresholds: Readonly<Record<Setting, Threshold>>
  /** `observed` and `expected` of its evidence are `money` in `evidence.currency`, or plain numbers. */
  readonly figures: 'money' | 'number'
  /** Matches the names by which people call the type, in any language, over folded text. */
  readonly names: RegExp
  readonly words: Readonly<Record<Language, Words<Facts, Note, Code, Setting>>>
  /** Returns why the rule cannot run on this data, or null. */
  missing(profile: Profile): Lack | null
  /** Yields findings in a fixed order, each once, and messages beside them. */
  run(analysis: Analysis, signal: AbortSignal): AsyncIterable<Finding | Message>
}

export const isMessage = (found: Finding | Message): found is Message => 'code' in found
