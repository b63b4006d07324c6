import { Worker } from 'node:worker_threads'
import type { CompiledQuery } from 'kysely'
import type { PageAnswer, PageRequest } from './line-worker.ts'
import type { LineReader, LineSource, Span } from './lines.ts'

/**
 * Largest number of rows of one scan: that many without a match take some milliseconds, and other readers wait no
 * longer.
 */
const ROWS_A_SCAN = 20_000
/** Largest number of rows of a page, however many lie close together where there were few before. */
const MAX_ROWS = 4096
const FIRST_SPAN = 256
/** Number of pages that a reader requests at once: the thread works on one while the other is taken. */
const PAGES_AHEAD = 2
/** Bytes of a block: enough that its transfer between threads, and zlib's job for it, cost little. */
const BLOCK_BYTES = 262_144
/** Time for which the thread waits for its next reader, in ms. */
const IDLE_MS = 10_000

/** Limits of the thread's heap, small because a page's text is not in it. */
const HEAP = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 }

interface Page {
  rows: number
  last: number | null
  bytes: Uint8Array
}

/** The one thread that reads for all. */
interface Thread {
  worker: Worker
  readers: number
  idle: NodeJS.Timeout | undefined
  /** The error after which it answers no more. */
  failure: unknown
  waiting: Map<number, { resolve(page: Page): void; reject(error: unknown): void }>
}

/** Starts the thread from its compiled file beside this one. */
const startWorker = (path: string): Worker =>
  new Worker(new URL('./line-worker.js', import.meta.url), { workerData: { path }, resourceLimits: HEAP })

/** Returns the request for the rows of a query as one text. */
const pageOf = ({ sql, parameters }: CompiledQuery): Omit<PageRequest, 'id'> => ({
  sql: `select count(*) as "rows", max("seq") as "last",
    cast(coalesce(group_concat("line", ''), '') as blob) as "bytes" from (${sql})`,
  parameters,
})

/** Returns the number of keys that the next page covers, after `keys` keys made a page of `bytes` bytes. */
const widthFor = (keys: number, bytes: number): number =>
  Math.max(1, Math.min(ROWS_A_SCAN, keys * 4, Math.round((BLOCK_BYTES * keys) / Math.max(1, bytes))))

/**
 * Makes a reader of a SQLite file in a thread of its own, page by page: nothing is held open in the file between two
 * pages.
 */
export const sqliteLines = (path: string): LineReader => {
  let thread: Thread | undefined
  let asked = 0

  const start = (): Thread => {
    const started: Thread = {
      worker: startWorker(path),
      readers: 0,
      idle: undefined,
      failure: undefined,
      waiting: new Map(),
    }
    const fail = (error: unknown) => {
      if (thread === started) thread = undefined
      started.failure ??= error
      for (const { reject } of started.waiting.values()) reject(error)
      started.waiting.clear()
    }
    started.worker.on('message', (answer: PageAnswer) => {
      const waiting = started.waiting.get(answer.id)
      started.waiting.delete(answer.id)
      if ('failure' in answer) {
        const { message, code } = answer.failure
        waiting?.reject(Object.assign(new Error(message), { code }))
      } else waiting?.resolve(answer)
    })
    started.worker.on('error', fail)
    started.worker.on('exit', () => fail(new Error('The thread that reads the store has ended')))
    return started
  }

  const ask = ({ worker, waiting, failure }: Thread, query: CompiledQuery): Promise<Page> => {
    if (failure !== undefined) return Promise.reject(failure)
    const id = ++asked
    const page = new Promise<Page>((resolve, reject) => waiting.set(id, { resolve, reject }))
    // A page that is read ahead may fail when nobody waits for it any more.
    page.catch(() => undefined)
    worker.postMessage({ id, ...pageOf(query) } satisfies PageRequest)
    return page
  }

  const enter = (): Thread => {
    thread ??= start()
    clearTimeout(thread.idle)
    thread.worker.ref()
    thread.readers++
    return thread
  }

  const end = async (ending: Thread): Promise<void> => {
    clearTimeout(ending.idle)
    if (thread === ending) thread = undefined
    await ending.worker.terminate()
  }

  const leave = (left: Thread): void => {
    left.readers--
    if (left.readers > 0 || thread !== left) return
    left.worker.unref()
    left.idle = setTimeout(() => void end(left), IDLE_MS).unref()
  }

  return {
    async close() {
      if (thread) await end(thread)
    },
    async *read(source: LineSource, { after, to }: Span, signal: AbortSignal) {
      const own = enter()
      try {
        let position = after
        let width = FIRST_SPAN
        const asked: { span: Span; page: Promise<Page> }[] = []
        const askFor = (span: Span) => ({ span, page: ask(own, source.rows(span, MAX_ROWS)) })
        for (;;) {
          while (position < to && asked.length < PAGES_AHEAD) {
            const span = { after: position, to: Math.min(to, position + width) }
            asked.push(askFor(span))
            position = span.to
          }
          const next = asked.shift()
          if (!next) return
          const { rows, last, bytes } = await next.page
          signal.throwIfAborted()
          if (rows === MAX_ROWS) asked.unshift(askFor({ after: last as number, to: next.span.to }))
          const read = rows === MAX_ROWS ? (last as number) : next.span.to
          width = widthFor(read - next.span.after, bytes.byteLength)
          if (rows > 0) yield { bytes, rows }
        }
      } finally {
        leave(own)
      }
    },
  }
}
