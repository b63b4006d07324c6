import { randomUUID } from 'node:crypto'
import { type ErrorCode, Problem } from '../errors.ts'
import type { Language } from '../language/language.ts'
import { say } from '../language/sentence.ts'
import type { Db, EndCause, Ending, Execution, Runner, Stream } from './stream.ts'
import type { Streams } from './streams.ts'

/**
 * Default time for which a client may pause its reading (a laptop sleeps, a disk is full, a proxy fills its own
 * buffer first). A client that never goes on would hold a connection to the store, and one of its user's places, for
 * ever.
 */
const STALL_MS = 300_000

/** The kinds of streams whose result is a file. */
const EXPORT_KINDS = ['audit_export', 'anomaly_export'] as const
export type ExportKind = (typeof EXPORT_KINDS)[number]

export interface DownloadsOptions {
  kind: ExportKind
  /** Largest number of running exports of one user, of every kind and on all instances together. */
  maxPerUser: number
  /** Time between two reports of a download's progress to the store and the channel, in milliseconds. */
  progressMs?: number
  /** Time for which a client may take nothing of the bytes that wait for it, in milliseconds. Default 5 minutes. */
  stallMs?: number
  onError(error: unknown, streamId: string | null): void
}

export interface Progress {
  rows: number
  bytes: number
}

export type DownloadEnd =
  | { state: 'completed' | 'cancelled' }
  | { state: 'failed'; error_code: ErrorCode; message: string }

/** One running download. */
export interface Download {
  readonly id: string
  /** Aborts on cancel, at the end of a shutdown, and when this instance has lost its lease. */
  readonly signal: AbortSignal
  readonly progress: Readonly<Progress>
  /** Time after which it is broken off when its client takes none of the bytes that wait for it, in milliseconds. */
  readonly stallMs: number
  advance(rows: number, bytes: number): void
  /** Ends the download; its row and its terminal event follow. Only the first call counts. */
  end(end: DownloadEnd): void
}

interface Handover {
  execution: Execution
  settle(ending: Ending): void
}

/**
 * Executes downloads: streams whose result goes straight to the client that asked for it, instead of through a
 * channel. They run on the instance that answers and end with their connection. The channel of each, `stream:<id>`,
 * reports its progress.
 */
export class Downloads implements Runner {
  readonly kind: ExportKind
  readonly concurrency = Number.MAX_SAFE_INTEGER
  readonly resumable = false
  readonly #streams: Streams
  readonly #options: DownloadsOptions
  readonly #expected = new Map<string, (handover: Handover) => void>()
  readonly #progress = new Map<string, Progress>()

  constructor(streams: Streams, options: DownloadsOptions) {
    this.kind = options.kind
    this.#streams = streams
    this.#options = options
  }

  /** Number of downloads that run on this instance. */
  get running(): number {
    return this.#progress.size
  }

  /**
   * Starts a download.
   * @param owner id of its user
   * @param language of its caller, in which its error is written; English unless given
   * @throws {Problem} `TOO_MANY_STREAMS`, `DRAINING`
   */
  async start(owner: string, language?: Language): Promise<Download> {
    const { kind } = this
    const id = randomUUID()
    const handover = new Promise<Handover>((resolve) => this.#expected.set(id, resolve))
    try {
      await this.#streams.start(
        { id, kind, channel: `stream:${id}`, owner, language, onDisconnect: 'continue', here: true },
        (db) => this.#admit(db, owner),
      )
    } catch (error) {
      this.#expected.delete(id)
      throw error
    }
    return this.#download(id, await handover)
  }

  async #admit(db: Db, owner: string): Promise<void> {
    const { maxPerUser } = this.#options
    const { running } = await db
      .selectFrom('streams')
      .select((eb) => eb.fn.countAll<number>().as('running'))
      .where('owner', '=', owner)
      .where('kind', 'in', EXPORT_KINDS)
      .where('state', '=', 'running')
      .executeTakeFirstOrThrow()
    if (Number(running) > maxPerUser)
      throw new Problem('TOO_MANY_STREAMS', say('stream.many_exports', { most: maxPerUser }), {
        retryAfter: 5,
      })
  }

  #download(id: string, { execution, settle }: Handover): Download {
    const { progressMs = 1000, stallMs = STALL_MS, onError } = this.#options
    const progress: Progress = { rows: 0, bytes: 0 }
    this.#progress.set(id, progress)
    let reported = 0
    const report = async () => {
      if (reported === progress.bytes) return
      reported = progress.bytes
      const progress_json = JSON.stringify(progress)
      await execution.transact(async (db) => {
        await db.updateTable('streams').set({ progress_json }).where('id', '=', id).execute()
      })
      await execution.publish([JSON.stringify({ type: 'progress', stream_id: id, ...progress })])
    }
    let reporting = Promise.resolve()
    const timer = setInterval(() => {
      reporting = reporting.then(report).catch((error) => onError(error, id))
    }, progressMs)
    let ended = false
    return {
      id,
      signal: execution.signal,
      progress,
      stallMs,
      advance(rows, bytes) {
        progress.rows += rows
        progress.bytes += bytes
      },
      end(end) {
        if (ended) return
        ended = true
        clearInterval(timer)
        void reporting.then(() => settle({ state: end.state, event: endEvent(id, end, progress) }))
      },
    }
  }

  run(execution: Execution): Promise<Ending> {
    const { id } = execution.stream
    const expecting = this.#expected.get(id)
    this.#expected.delete(id)
    if (!expecting) throw new Error(`nobody waits for the download ${id}`)
    return new Promise((settle) => expecting({ execution, settle }))
  }

  async conclude({ id, language }: Stream, cause: EndCause): Promise<Ending> {
    const end: DownloadEnd =
      cause.state === 'cancelled'
        ? cause
        : { state: 'failed', error_code: cause.problem.code, message: cause.problem.tell(language).detail }
    return { state: end.state, event: endEvent(id, end, undefined) }
  }

  async settle(db: Db, { id }: Stream): Promise<void> {
    const progress = this.#progress.get(id)
    if (progress)
      await db
        .updateTable('streams')
        .set({ progress_json: JSON.stringify(progress) })
        .where('id', '=', id)
        .execute()
  }

  async ended({ id }: Stream): Promise<void> {
    this.#progress.delete(id)
  }
}

const endEvent = (stream_id: string, end: DownloadEnd, progress: Progress | undefined) => {
  const { state, ...why } = end
  const type = state === 'completed' ? 'complete' : state === 'failed' ? 'error' : 'cancelled'
  return { type, stream_id, ...why, ...progress }
}
