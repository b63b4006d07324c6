import { parentPort, workerData } from 'node:worker_threads'
import { Problem } from '../../errors.ts'
import type { IngestAnswer, IngestRequest } from '../ingest.ts'
import { readDataset } from '../ingestion.ts'

/**
 * Runs in the worker thread of {@link ingest}: one file, one answer; the message `'abort'` stops it at its next
 * chunk.
 */
const { request, directory } = workerData as { request: IngestRequest; directory: string }
const abort = new AbortController()
const port = parentPort
if (!port) throw new Error('This file runs as a worker thread')
port.once('message', () => abort.abort())

try {
  const report = await readDataset(request, directory, abort.signal)
  port.postMessage({ report } satisfies IngestAnswer)
} catch (error) {
  port.postMessage(answerTo(error))
}
port.close()

function answerTo(error: unknown): IngestAnswer {
  if (error instanceof Problem) {
    return {
      problem: { code: error.code, detail: error.detail, errors: error.errors, members: error.members },
    }
  }
  return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}
