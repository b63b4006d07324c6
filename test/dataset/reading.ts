import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { IngestReport, IngestRequest } from '../../src/dataset/ingest.ts'
import { readDataset } from '../../src/dataset/ingestion.ts'
import { readRows } from '../../src/dataset/reading/rows.ts'
import { tell } from '../../src/language/sentence.ts'
import type { Contract } from '../../src/protocol/contract.ts'

export interface Read {
  /** Its warnings and rejects in English. */
  report: Omit<IngestReport, 'warnings' | 'rejects'> & {
    warnings: string[]
    rejects: { line: number; reason: string }[]
  }
  rows: Contract[]
  /** Cents. */
  sum: number
}

export type Options = Partial<Omit<IngestRequest, 'path' | 'workDir'>>

/** A directory that is gone when the test file ends. */
export async function scratch(): Promise<string> {
  const directory = join(tmpdir(), `tributary-test-${randomUUID()}`)
  await mkdir(directory)
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** The request for a body of these bytes. */
export async function requestFor(body: string | Uint8Array, options: Options = {}): Promise<IngestRequest> {
  const workDir = await scratch()
  const path = join(workDir, 'body')
  await writeFile(path, body)
  return {
    path,
    workDir,
    contentType: 'text/csv',
    gzip: false,
    maxInflatedBytes: 64 * 1024 * 1024,
    threads: 1,
    memoryLimit: '128MB',
    ...options,
  }
}

/** Reads a body on this thread, and the rows back from their Parquet files. */
export async function read(body: string | Uint8Array, options: Options = {}): Promise<Read> {
  const request = await requestFor(body, options)
  const read = await readDataset(request, request.workDir, new AbortController().signal)
  const report = {
    ...read,
    warnings: read.warnings.map((warning) => tell(warning, 'en')),
    rejects: read.rejects.map(({ line, reason }) => ({ line, reason: tell(reason, 'en') })),
  }
  const rows = await readRows(report.parts, { limit: 1_000_000 })
  const sum = rows.reduce((total, { value }) => total + Math.round((value ?? 0) * 100), 0)
  return { report, rows, sum }
}
