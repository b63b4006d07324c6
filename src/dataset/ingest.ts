import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type ErrorCode, type FieldError, Problem, type ProblemOptions, type Words } from '../errors.ts'
import type { Sentence } from '../language/sentence.ts'
import { say } from '../language/sentence.ts'
import type { ContentType, SourceForm } from './reading/source.ts'

/** A file to read, and the bounds for reading it. */
export interface IngestRequest {
  /** Path of the complete body, as it was received. */
  path: string
  contentType: ContentType
  /** Whether the body is gzip. */
  gzip: boolean
  /** The caller's mapping: canonical column → source column name. */
  mapping?: Record<string, string>
  /**
   * The buyer of all rows, where no column names buyers: as the caller gave it, else the dataset's name (`given` is
   * false).
   */
  buyer?: { name: string; given: boolean }
  /** ISO 4217 code of amounts without a currency. */
  currency?: string
  /** Every record is a contract of its own already, as a data source tells it: none are joined. */
  contracts?: boolean
  /** Name of the sheet to read of a workbook. */
  sheet?: string
  /** Directory in which a new one is made for the Parquet files. */
  workDir: string
  /** Bytes after decompression. */
  maxInflatedBytes: number
  /** DuckDB's threads. */
  threads: number
  /** DuckDB's notation, e.g. `128MB`. */
  memoryLimit: string
}

export interface IngestReport {
  /** Number of records in the file: `rows + merged + rejected`. */
  lines: number
  /** Number of contracts. */
  rows: number
  /** Number of records that were merged into another one's contract. */
  merged: number
  rejected: number
  /** Number of contracts by ISO 4217 code. */
  currencies: Record<string, number>
  source: SourceForm
  /** Headers of columns that were not used, in the file's order. */
  unmapped: string[]
  /** Canonical column → name of the source column. */
  columns: Record<string, string>
  warnings: Sentence[]
  /** The first 100 refused records: the physical line on which each begins, and the reason. */
  rejects: { line: number; reason: Sentence }[]
  /** Parquet files in order, with those columns of `CONTRACT_SQL_TYPES` that the file has. */
  parts: string[]
  /** Size of the file in bytes, decompressed. */
  bytes: number
}

/** The worker's answer. */
export type IngestAnswer =
  | { report: IngestReport }
  | {
      problem: {
        code: ErrorCode
        detail: Words
        errors: FieldError[] | undefined
        members: ProblemOptions['members']
      }
    }
  | { failure: string }

/** V8 heap of a worker, in MiB: a record is at most 16 MiB of text; a small nursery keeps RSS low. */
const HEAP = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 }

/**
 * Reads a spooled file of contracts into Parquet on a worker thread, in memory that does not grow with its rows.
 * The caller owns the files in the report; after an error or an abort nothing is left in `workDir`.
 * @throws {Problem} `UNUSABLE_DATASET` with the reason, `PAYLOAD_TOO_LARGE`, or `VALIDATION_FAILED` for the mapping
 * @throws the signal's reason when aborted
 */
export async function ingest(
  request: IngestRequest,
  { signal }: { signal: AbortSignal },
): Promise<IngestReport> {
  signal.throwIfAborted()
  const directory = join(request.workDir, `ingest-${randomUUID()}`)
  await mkdir(directory, { recursive: true })
  try {
    const answer = await askWorker(request, directory, signal)
    signal.throwIfAborted()
    if ('report' in answer) {
      await rm(join(directory, 'spill'), { recursive: true, force: true })
      return answer.report
    }
    if ('problem' in answer) {
      const { code, detail, errors, members } = answer.problem
      throw new Problem(code, detail, { errors, members })
    }
    throw new Error(`Reading the dataset failed: ${answer.failure}`)
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}

/** Starts the worker thread: the compiled file in `reading/` beside this one. */
function startWorker(workerData: { request: IngestRequest; directory: string }): Worker {
  return new Worker(new URL('./reading/ingest-worker.js', import.meta.url), {
    workerData,
    resourceLimits: HEAP,
  })
}

function askWorker(request: IngestRequest, directory: string, signal: AbortSignal): Promise<IngestAnswer> {
  return new Promise((resolve, reject) => {
    const worker = startWorker({ request, directory })
    let answer: IngestAnswer | undefined
    const abort = (): void => worker.postMessage('abort')
    signal.addEventListener('abort', abort)
    worker.on('message', (message: IngestAnswer) => {
      answer = message
    })
    worker.on('error', (error: NodeJS.ErrnoException) => {
      signal.removeEventListener('abort', abort)
      const full = error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      reject(full ? new Problem('UNUSABLE_DATASET', say('unusable.memory'), { cause: error }) : error)
    })
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', abort)
      if (answer) resolve(answer)
      else reject(new Error(`The dataset worker ended without an answer (exit code ${code})`))
    })
    if (signal.aborted) abort()
  })
}
