import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Sentence, say } from '../../language/sentence.ts'
import type { Contract, DerivedColumn } from '../../protocol/contract.ts'
import type { Filters } from '../../protocol/investigation.ts'

/** A contract as a source has it; its line, its unique id and its value are assigned when it is stored. */
export type SourceRecord = Omit<Contract, DerivedColumn | 'contract_id'>

export interface SourceQuery {
  filters: Filters
  extra?: {
    /** SIAFI code of the federal body, which takes precedence over `filters.buyer`. */
    codigoOrgao?: string
  }
}

/** The progress of a fetch. */
export interface SourceProgress {
  /** Number of records so far. */
  records: number
  /** Number of pages so far. */
  pages: number
  /** Number of all pages; null while, or where, the source does not give it. */
  totalPages: number | null
  /** Warnings about the data for the reader of the findings. */
  warnings: Sentence[]
}

/** The records of one fetch; they can be read once. */
export interface SourceRecords extends AsyncIterable<SourceRecord> {
  readonly progress: Readonly<SourceProgress>
}

/** A public API of contracts. */
export interface Source {
  readonly name: 'portal' | 'pncp'
  /** Returns the filters that the source itself has applied, in its own terms: they must not be applied again. */
  applied(query: SourceQuery): (keyof Filters)[]
  /**
   * Checks a query, without a request to the source.
   * @throws {Problem} `VALIDATION_FAILED` for a query that the source does not support, `SOURCE_UNAVAILABLE` when
   *   the operator has not configured it
   */
  check(query: SourceQuery): void
  /**
   * Fetches records page by page, each when it is needed. Repeated records are returned once.
   * @throws {Problem} at once what `check` throws; while reading `SOURCE_ERROR`, `SOURCE_UNAVAILABLE`
   */
  fetch(query: SourceQuery, signal: AbortSignal): SourceRecords
  close(): Promise<void>
}

/** One page of a source: its records with the key by which the source identifies each of them. */
export interface SourcePage {
  records: { key: string | null; record: SourceRecord }[]
  totalPages: number | null
}

/** Joins pages into records: counts them, drops repeated ones, and stops at a page without a new one. */
export const joinPages = (pages: AsyncIterable<SourcePage>, ...warnings: Sentence[]): SourceRecords => {
  const progress: SourceProgress = { records: 0, pages: 0, totalPages: null, warnings }
  const seen = new Set<string>()
  async function* join(): AsyncGenerator<SourceRecord> {
    let repeated = 0
    for await (const page of pages) {
      progress.pages += 1
      progress.totalPages = page.totalPages
      const fresh = page.records.filter(({ key }) => {
        if (key === null) return true
        if (seen.has(key)) return false
        seen.add(key)
        return true
      })
      if (fresh.length < page.records.length) {
        repeated += page.records.length - fresh.length
        progress.warnings = [
          ...progress.warnings.filter(({ key }) => key !== 'source.repeated'),
          say('source.repeated', { count: repeated }),
        ]
      }
      if (fresh.length === 0 && page.records.length > 0) {
        progress.warnings.push(say('source.began_again'))
        return
      }
      for (const { record } of fresh) {
        progress.records += 1
        yield record
      }
    }
  }
  return { progress, [Symbol.asyncIterator]: join }
}

export interface WriteOptions {
  signal: AbortSignal
  /** Called after each record. */
  onProgress?: (progress: Readonly<SourceProgress>) => void
  /** Number of records at which reading ends, with a warning. */
  maxRecords: number
}

/**
 * Returns one line of NDJSON with all columns, empty where the source has no value, so that the first lines name
 * all.
 */
const line = (record: SourceRecord): string => {
  const cells = Object.entries(record).map(([name, value]) => [name, value ?? ''])
  return `${JSON.stringify({ contract_id: record.contract_number ?? '', ...Object.fromEntries(cells) })}\n`
}

/**
 * Fetches into a new NDJSON file, one record on each line, in the canonical columns; `contract_id` is the source's
 * number, which is not unique yet. A fetch that fails or is aborted leaves no file.
 * @throws {Problem} as {@link Source.fetch}; the signal's reason when it aborts
 */
export const writeSource = async (
  source: Source,
  query: SourceQuery,
  path: string,
  { signal, onProgress, maxRecords }: WriteOptions,
): Promise<Readonly<SourceProgress>> => {
  const records = source.fetch(query, signal)
  const warnings: Sentence[] = []
  async function* lines(): AsyncGenerator<string> {
    let written = 0
    for await (const record of records) {
      if (written === maxRecords) {
        warnings.push(say('source.cut', { most: maxRecords }))
        return
      }
      written += 1
      onProgress?.({ ...records.progress, records: written })
      yield line(record)
    }
  }
  try {
    await pipeline(Readable.from(lines()), createWriteStream(path, { flags: 'wx' }), { signal })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(path, { force: true })
    signal.throwIfAborted()
    throw error
  }
  const { progress } = records
  return {
    ...progress,
    records: Math.min(progress.records, maxRecords),
    warnings: [...progress.warnings, ...warnings],
  }
}
