import { setMaxListeners } from 'node:events'
import type { OutgoingHttpHeaders } from 'node:http'
import { PassThrough } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Viewer } from '../feed/viewer.ts'
import { type EventFields, encodeComment, encodeEvent, encodeRetry } from './event-stream.ts'
import { callAt } from './expiry.ts'
import { type CutReason, type Sink, WriteQueue, type WriteQueueLimits } from './write-queue.ts'

export interface EventResponseOptions extends WriteQueueLimits {
  /** Seconds between comment lines. */
  keepaliveSeconds: number
  /** First reconnection time told to the client, in ms. */
  retryMs: number
  /** Gzip for clients that accept it. */
  compression: boolean
  /** `Feed.wordless` */
  wordless?: boolean
}

/** How long an ended response may take to reach a client that reads slowly. */
export const LINGER_MS = 30_000
/** The same, once the client has nothing more to expect. */
const DISMISSAL_MS = 900

/** Headers of every event-stream. */
export function eventStreamHeaders(streamId: string): Record<string, string> {
  return {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    'x-stream-id': streamId,
  }
}

function acceptsGzip(request: FastifyRequest): boolean {
  const header = request.headers['accept-encoding']
  if (header === undefined) return false
  const text = Array.isArray(header) ? header.join(',') : header
  return text
    .toLowerCase()
    .split(',')
    .some((part) => {
      const [name, ...parameters] = part.split(';').map((piece) => piece.trim())
      return name === 'gzip' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
    })
}

/** Compressed: each write is flushed by itself, so what is sent in one turn is one write. */
function compressedSink(reply: FastifyReply): { sink: Sink; end: () => void } {
  const source = new PassThrough()
  reply.compress(source)
  return {
    sink: { joins: true, write: (bytes, _last, done) => source.write(bytes, done) },
    end: () => source.end(),
  }
}

const CR = 13
const LF = 10
let latest: { bytes: Buffer; chunk: Buffer } = { bytes: Buffer.alloc(0), chunk: Buffer.alloc(0) }

/** The bytes as one HTTP chunk, made once for all subscribers that get them one after another. */
function chunkOf(bytes: Buffer): Buffer {
  if (latest.bytes === bytes) return latest.chunk
  const size = `${bytes.length.toString(16)}\r\n`
  const chunk = Buffer.allocUnsafe(size.length + bytes.length + 2)
  chunk.write(size, 'latin1')
  chunk.set(bytes, size.length)
  chunk[chunk.length - 2] = CR
  chunk[chunk.length - 1] = LF
  latest = { bytes, chunk }
  return chunk
}

/**
 * Straight to the socket: a finished chunk is one buffer and one system call, where `response.write` makes three of
 * the first and gathers them anew for each subscriber. The head goes out with the first bytes.
 */
export function plainSink(reply: FastifyReply): { sink: Sink; end: () => void } {
  const { raw } = reply
  let isBegun = false
  reply.hijack()
  raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders)
  return {
    sink: {
      joins: true,
      write: (bytes, _last, done) => {
        if (isBegun && raw.chunkedEncoding && raw.socket !== null) raw.socket.write(chunkOf(bytes), done)
        else raw.write(bytes, done)
        isBegun = true
      },
    },
    end: () => raw.end(),
  }
}

/** An open event-stream: its bytes, its heartbeat, the end of its credentials. */
export class EventResponse {
  readonly outlet: WriteQueue
  readonly #reply: FastifyReply
  readonly #end: () => void
  #ending = false
  #force: NodeJS.Timeout | undefined

  constructor(
    request: FastifyRequest,
    reply: FastifyReply,
    viewer: Viewer,
    options: EventResponseOptions,
    closed: (cut: CutReason | undefined) => void,
  ) {
    const { raw } = reply
    const { sink, end } =
      options.compression && typeof reply.compress === 'function' && acceptsGzip(request)
        ? compressedSink(reply)
        : plainSink(reply)
    let cut: CutReason | undefined
    this.#reply = reply
    this.#end = end
    this.outlet = new WriteQueue(sink, options, (reason) => {
      cut = reason
      raw.destroy()
    })
    const heartbeat = setInterval(() => {
      if (this.outlet.unsentBytes === 0) this.comment('')
    }, options.keepaliveSeconds * 1000)
    const expire = (reason: string): void => {
      if (options.wordless) this.end()
      else
        this.finish({
          event: 'token_expired',
          data: JSON.stringify({ type: 'token_expired', reason }),
        })
    }
    const revoke = (): void => expire('revoked')
    const cancelExpiry =
      viewer.expiresAt === null ? () => {} : callAt(viewer.expiresAt, () => expire('expired'))
    raw.once('close', () => {
      clearInterval(heartbeat)
      clearTimeout(this.#force)
      cancelExpiry()
      viewer.revoked.removeEventListener('abort', revoke)
      this.outlet.close()
      closed(cut)
    })
    this.write(encodeRetry(options.retryMs))
    setMaxListeners(0, viewer.revoked)
    if (viewer.revoked.aborted) revoke()
    else viewer.revoked.addEventListener('abort', revoke, { once: true })
  }

  /** Sends encoded frames. */
  write(text: string): void {
    this.outlet.send(Buffer.from(text))
  }

  send(event: EventFields): void {
    this.write(encodeEvent(event))
  }

  comment(text: string): void {
    this.write(encodeComment(text))
  }

  /** Ends it once everything has been read. */
  end(): void {
    void this.#close(LINGER_MS)
  }

  /** Ends it with a last event, at once for a client that does not read. */
  finish(last: EventFields): void {
    if (this.#ending) return
    this.send(last)
    void this.#close(DISMISSAL_MS)
  }

  /** Ends it; the client is asked to come back after `retryMs`. */
  dismiss(retryMs: number): void {
    if (this.#ending) return
    this.write(encodeRetry(retryMs))
    void this.#close(DISMISSAL_MS)
  }

  /** Breaks it off, so that its client does not take it for whole. */
  abort(): void {
    this.#reply.raw.destroy()
  }

  async #close(forceMs: number): Promise<void> {
    if (this.#ending) return
    this.#ending = true
    this.#force = setTimeout(() => this.#reply.raw.destroy(), forceMs)
    await this.outlet.finish()
    this.#end()
  }
}
