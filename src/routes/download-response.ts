import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../errors.ts'
import { type Sentence, say } from '../language/sentence.ts'
import { toProblem } from '../plugins/problem.ts'
import type { DownloadEnd } from '../stream/downloads.ts'
import type { Export } from '../stream/export-start.ts'
import { liftReaderTimeout } from '../transport/reader-timeout.ts'

const LOG_MS = 10_000
/** Bytes that are read ahead of the client, so that the store and the network work at the same time. */
const READ_AHEAD_BYTES = 524_288

/** Bytes that are sent in one turn of the event loop. */
const PIECE_BYTES = 65_536

/** Checks of a download's progress within its stall time. */
const LOOKS = 10

/**
 * Calls back when a client takes none of the waiting bytes for `stallMs`. Bytes in the kernel count as taken: it
 * buffers some megabytes, and takes more only when the client acknowledges them.
 * @returns the function that ends the watch
 */
const watchStall = (raw: ServerResponse, stallMs: number, stalled: () => void): (() => void) => {
  const { socket } = raw
  const taken = () => (socket ? socket.bytesWritten - socket.writableLength : 0)
  let last = taken()
  let since = performance.now()
  const watch = setInterval(() => {
    const now = taken()
    if (now !== last || raw.writableLength === 0) {
      last = now
      since = performance.now()
    } else if (performance.now() - since >= stallMs) stalled()
  }, stallMs / LOOKS)
  return () => clearInterval(watch)
}

const waiting: (() => void)[] = []
const admit = (): void => {
  waiting.shift()?.()
  if (waiting.length > 0) setImmediate(admit)
}

/**
 * Resolves in a turn of the event loop of its own, in the order of the calls: however many downloads run, a turn
 * sends one piece, and other work of the event loop comes after it.
 */
const ownTurn = (): Promise<void> =>
  new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(admit)
  })

/**
 * Returns the options of compression in blocks that are never flushed in between: a file is of use only when it is
 * whole. @param level 1–9
 */
export const compressedDownload = (level: number) => ({
  encodings: ['gzip' as const],
  customTypes: /^(?:text\/csv|application\/(?:json|x-ndjson))(?:;|$)/,
  zlibOptions: { level, chunkSize: 65_536 },
})

/**
 * Answers with a file that is read while it is sent, no faster than the client takes it. An error after the first
 * byte breaks the connection, so that a cut file never looks whole; an error before it is answered like any other.
 */
export const sendExport = async (
  request: FastifyRequest,
  reply: FastifyReply,
  { download, ...file }: Export,
): Promise<FastifyReply> => {
  const { raw } = reply
  const { revoked } = request.identity
  const abort = new AbortController()
  const give = (reason: Sentence) => () => abort.abort(new Problem('INTERRUPTED', reason))
  const cancelled = give(say('stream.export_cancelled'))
  const signedOut = give(say('stream.export_revoked'))
  const stalled = give(say('stream.export_stalled'))
  const gone = new Problem('INTERRUPTED', say('stream.client_gone'))
  download.signal.addEventListener('abort', cancelled, { once: true })
  revoked.addEventListener('abort', signedOut, { once: true })
  if (download.signal.aborted) cancelled()

  let over = false
  const finish = async (end: DownloadEnd): Promise<void> => {
    if (over) return
    over = true
    clearInterval(logging)
    unwatch()
    revoked.removeEventListener('abort', signedOut)
    download.end(end)
    if (end.state === 'failed') request.server.meters.streams.failed(request.routeOptions.url as string)
    request.log.info({ stream_id: download.id, ...end, ...download.progress }, 'a download has ended')
    await file.ended(end)
  }
  const fail = async (error: unknown): Promise<void> => {
    const isCancelled = download.signal.reason === 'cancelled' || abort.signal.reason === gone
    const { code, message } = toProblem(error, request)
    await finish(isCancelled ? { state: 'cancelled' } : { state: 'failed', error_code: code, message }).catch(
      (cause) => request.log.error({ err: cause }, 'the end of a download could not be audited'),
    )
  }
  const logging = setInterval(
    () => request.log.info({ stream_id: download.id, ...download.progress }, 'a download goes on'),
    LOG_MS,
  )

  liftReaderTimeout(raw)
  const unwatch = watchStall(raw, download.stallMs, stalled)

  const close = () => {
    abort.abort(gone)
    void fail(abort.signal.reason)
  }
  raw.once('close', close)
  if (raw.destroyed || request.raw.socket.destroyed) close()

  const blocks = file.read(abort.signal)
  const firstBlock = async () => {
    try {
      return await blocks.next()
    } catch (error) {
      await fail(error)
      throw error
    }
  }
  const first = await firstBlock()

  async function* bytes() {
    try {
      for (let next = first; !next.done; next = await blocks.next()) {
        abort.signal.throwIfAborted()
        const { rows, bytes } = next.value
        download.advance(rows, bytes.byteLength)
        for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES) {
          yield bytes.subarray(at, at + PIECE_BYTES)
          await ownTurn()
        }
      }
      await finish({ state: 'completed' })
    } catch (error) {
      await fail(error)
      throw error
    } finally {
      await blocks.return()
    }
  }
  const body = Readable.from(bytes(), { objectMode: false, highWaterMark: READ_AHEAD_BYTES })
  // A body that waits for its client to read would not notice the abort otherwise.
  abort.signal.addEventListener('abort', () => body.destroy(abort.signal.reason as Error), { once: true })
  if (abort.signal.aborted) body.destroy(abort.signal.reason as Error)
  return reply
    .header('content-type', file.contentType)
    .header('content-disposition', `attachment; filename="${file.name}"`)
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .header('x-stream-id', download.id)
    .send(body)
}
