import type { DuckDBConnection } from '@duckdb/node-api'
import type { Format } from '../language/format.ts'
import type { Language } from '../language/language.ts'
import type { Anomaly, AnomalyType, Evidence } from '../protocol/investigation.ts'
import type { Lack } from './lack.ts'
import type { Profile } from './profile.ts'

/** A number that a rule compares with. Each one is a setting; `Words.thresholds` has its meaning and unit. */
export interface Threshold {
  default: number
  minimum?: number
  maximum?: number
}

/** The data of a detector. The connection has the run's table `contracts` (see analysis.ts). */
export interface Analysis {
  connection: DuckDBConnection
  profile: Profile
  /** All thresholds of the detector, with defaults filled in. */
  thresholds: Readonly<Record<string, number>>
}

/**
 * A finding without its sentences. Its id comes from type and content alone, so it is the same in every language;
 * `facts` are the parameters of its sentences and are stored with it, so that it can be worded in any language.
 */
export interface Finding extends Omit<Anomaly, 'title' | 'explanation' | 'evidence'> {
  evidence: Omit<Evidence, 'notes' | 'note_codes'>
  /** Keys of `Words.notes`. */
  notes: readonly string[]
  facts: object
}

/** A sentence for the reader that belongs to no finding: a key of `Words.messages`, and its parameters. */
export interface Message {
  /** `skipped`: the columns have too little content; the detector then yields nothing else. */
  kind: 'warning' | 'skipped'
  code: string
  facts: object
}

/** A function that words `facts`; typed as a method, so that rules with different facts fit into one table. */
type Phrase<Facts> = { phrase(facts: Facts, say: Format): string | readonly string[] }['phrase']

/** The texts about one anomaly type in one language. A missing key does not compile. */
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
    /** The law or convention, for findings whose evidence names none. */
    law: string
    /** Steps by which a reader can check a finding without this service. */
    check: readonly string[]
  }
  /** Words a finding; `explanation` has no caution, which is added to every finding. */
  finding(facts: Facts, say: Format): { title: string; explanation: string }
  notes: Readonly<Record<Note, Phrase<Facts>>>
  messages: Readonly<Record<Code, Phrase<never>>>
}

/** An anomaly type: its rule, its settings and its texts. The table of all is in `detectors.ts`. */
export interface Detector<
  Facts extends object = object,
  Note extends string = string,
  Code extends string = string,
  Setting extends string = string,
> {
  readonly type: AnomalyType
  /** Laws and papers that the rule rests on, cited in their own language. */
  readonly sources: readonly string[]
  readonly thresholds: Readonly<Record<Setting, Threshold>>
  /** The kind of `observed` and `expected` in its evidence: `money` in `evidence.currency`, or plain numbers. */
  readonly figures: 'money' | 'number'
  /** Matches names of the type in any language, over folded text. */
  readonly names: RegExp
  /** Matches looser names, over folded text, in a question about the data or about rules. */
  readonly aliases?: RegExp
  readonly words: Readonly<Record<Language, Words<Facts, Note, Code, Setting>>>
  /** Returns the lack of data for which the rule cannot run, or null. */
  missing(profile: Profile): Lack | null
  /** Yields findings in a fixed order, each once, and messages among them. */
  run(analysis: Analysis, signal: AbortSignal): AsyncIterable<Finding | Message>
}

export const isMessage = (found: Finding | Message): found is Message => 'code' in found
