import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { onePerName } from '../feed/memo.ts'
import type { Viewer } from '../feed/viewer.ts'
import { type EventFields, encodeComment, encodeEvent, encodeRetry } from './event-stream.ts'
import { callAt, whenRevoked } from './expiry.ts'
import { GZIP_HEADER, GzipCount, gzipPiece } from './gzip.ts'
import { liftReaderTimeout } from './reader-timeout.ts'
import { packing, SHARED_WRITES } from './shared-write.ts'
import { WIRE } from './wire-count.ts'
import { type CutReason, type Sink, WriteQueue, type WriteQueueLimits } from './write-queue.ts'

export interface EventResponseOptions extends WriteQueueLimits {
  /** Seconds between two comment lines. */
  keepaliveSeconds: number
  /** First reconnection time sent to the client, in ms. */
  retryMs: number
  /** Level of the gzip, 1–9, for clients that accept it; false for none. */
  compression: number | false
  /** As {@link Feed.wordless}. */
  wordless?: boolean
  /** As {@link Feed.isPersonal}, of all its feeds. */
  isPersonal?: boolean
}

/** Time for which an ended response may take to reach a client that reads slowly. */
export const LINGER_MS = 30_000
/** The same time, when the client has been dismissed. */
const DISMISSAL_MS = 900

/** Returns the headers of an event-stream; its heartbeat, in seconds, tells a reader when silence means a dead connection. */
export function eventStreamHeaders(streamId: string, keepaliveSeconds?: number): Record<string, string> {
  return {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    'x-stream-id': streamId,
    ...(keepaliveSeconds !== undefined && { 'x-keepalive-interval': String(keepaliveSeconds) }),
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

/** How a response is written: where its bytes go, and how it ends. */
interface Written {
  sink: Sink
  end: () => void
  /** The way of chunks that others get as well; left out where there are none. */
  shared?: SharedWay
}

/** The way to a connection for chunks that others get as well. */
export interface SharedWay {
  /** Returns the socket, once such chunks may be written to it. */
  wire(): Socket | undefined
  /** The level and the count of its gzip; undefined where it is not compressed. */
  gzip?: { level: number; count: GzipCount }
}

/**
 * Makes the sink of a reader who is mostly the only one: its bytes are compressed with what it got before, which takes
 * memory for each connection. Each write is flushed by itself, so everything that is sent in one event-loop turn is
 * one write.
 */
function personalGzipSink(reply: FastifyReply): Written {
  const source = new PassThrough()
  const { raw } = reply
  const { socket } = raw
  let told = socket?.bytesWritten ?? 0
  /** Returns the bytes that the socket got since the last call: the compressor gives them some time after a write. */
  const given = (): number => {
    const before = told
    told = socket?.bytesWritten ?? 0
    return told - before
  }
  raw.once('close', () => {
    WIRE.sse.bytesAfter += given()
  })
  reply.compress(source)
  const write = (bytes: Buffer, done: () => void): number => {
    source.write(bytes, done)
    return given()
  }
  return {
    sink: {
      count: WIRE.sse,
      write: (frames, done) => write(Buffer.concat(frames), done),
      writePart: (bytes, _last, done) => write(bytes, done),
    },
    end: () => source.end(),
  }
}

const LINE_END = Buffer.from('\r\n')

/** Makes one HTTP chunk. */
const chunkOf = (...parts: readonly Buffer[]): Buffer => {
  const size = parts.reduce((sum, { length }) => sum + length, 0)
  return Buffer.concat([Buffer.from(`${size.toString(16)}\r\n`), ...parts, LINE_END])
}

/** Makes one chunk of frames, once for all who get the same ones. */
export const plainChunk = packing((frames) => chunkOf(...frames))

/**
 * Makes a sink that writes straight to the socket: a finished chunk is one buffer and one system call, where
 * `response.write` makes three buffers of it and joins them anew for each subscriber. The head is sent with the first
 * bytes.
 */
export function plainSink(reply: FastifyReply): Written {
  const { raw } = reply
  let isBegun = false
  reply.hijack()
  raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders)
  const write = (frames: readonly Buffer[], done: () => void): number => {
    const { socket } = raw
    if (isBegun && raw.chunkedEncoding && socket !== null) {
      const chunk = plainChunk(frames)
      SHARED_WRITES.write(socket, chunk, done)
      return chunk.length
    }
    const body = frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames)
    raw.write(body, done)
    if (!isBegun) dropHead(raw as Head)
    isBegun = true
    return body.length
  }
  return {
    sink: { count: WIRE.sse, write, writePart: (bytes, _last, done) => write([bytes], done) },
    end: () => raw.end(),
    shared: { wire: () => (isBegun ? wireOf(raw) : undefined) },
  }
}

/** A response with the text of its head, of which Node asks no more than whether there is one once it has been sent. */
interface Head {
  _header?: string | null
}

/**
 * Lets go of the text of a head that has been sent: it hangs together from a hundred pieces, and would be kept as long as
 * the connection.
 */
const dropHead = (raw: Head): void => {
  if (typeof raw._header === 'string') raw._header = 'sent'
}

/** Returns the socket of a response, where a ready chunk may be written to it. */
const wireOf = ({ chunkedEncoding, socket }: ServerResponse): Socket | undefined =>
  chunkedEncoding ? (socket ?? undefined) : undefined

/** Compresses frames once for all who get them, at each level. */
export const compressedAt = onePerName(9, (level) =>
  packing((frames) => {
    const piece = gzipPiece(Buffer.concat(frames), Number(level))
    return { ...piece, chunk: chunkOf(piece.bytes) }
  }),
)

/**
 * Makes the sink of one of many readers: what a turn brings is compressed by itself, once for all who get it, and a
 * connection keeps no more than its checksum.
 */
function sharedGzipSink(reply: FastifyReply, level: number): Written {
  const { raw } = reply
  const compressed = compressedAt(String(level))
  const count = new GzipCount()
  let isBegun = false
  reply.hijack()
  reply.headers({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
  raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders)
  const write = (frames: readonly Buffer[], done: () => void): number => {
    const { socket } = raw
    const piece = compressed(frames)
    count.add(piece)
    if (isBegun && raw.chunkedEncoding && socket !== null) {
      SHARED_WRITES.write(socket, piece.chunk, done)
      return piece.chunk.length
    }
    const body = isBegun ? piece.bytes : Buffer.concat([GZIP_HEADER, piece.bytes])
    raw.write(body, done)
    if (!isBegun) dropHead(raw as Head)
    isBegun = true
    return body.length
  }
  return {
    sink: { count: WIRE.sse, write, writePart: (bytes, _last, done) => write([bytes], done) },
    end: () => raw.end(isBegun ? count.end() : Buffer.concat([GZIP_HEADER, count.end()])),
    shared: { wire: () => (isBegun ? wireOf(raw) : undefined), gzip: { level, count } },
  }
}

/** Chooses how a response is written, by what its client accepts. */
const writtenTo = (
  request: FastifyRequest,
  reply: FastifyReply,
  { compression, isPersonal = false }: EventResponseOptions,
): Written => {
  if (compression === false || !acceptsGzip(request)) return plainSink(reply)
  return isPersonal && typeof reply.compress === 'function'
    ? personalGzipSink(reply)
    : sharedGzipSink(reply, compression)
}

/** Keeps an open event-stream: writes its bytes and heartbeats, and ends it with its credentials. */
export class EventResponse {
  readonly outlet: WriteQueue
  readonly shared: SharedWay | undefined
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
    const { sink, end, shared } = writtenTo(request, reply, options)
    let cut: CutReason | undefined
    this.#reply = reply
    this.#end = end
    this.shared = shared
    liftReaderTimeout(raw)
    this.outlet = new WriteQueue(sink, options, (reason) => {
      cut = reason
      raw.destroy()
    })
    const heartbeat = setInterval(() => {
      if (this.outlet.unsentBytes === 0) this.comment('')
    }, options.keepaliveSeconds * 1000)
    const expire = (reason: string): void => {
      if (this.#ending) return
      // Ended in order it would look like a whole answer to a client that has no word for this.
      if (options.wordless) this.abort()
      else
        this.finish({
          event: 'token_expired',
          data: JSON.stringify({ type: 'token_expired', reason }),
        })
    }
    let stopWaiting = (): void => {}
    const cancelExpiry =
      viewer.expiresAt === null ? () => {} : callAt(viewer.expiresAt, () => expire('expired'))
    raw.once('close', () => {
      clearInterval(heartbeat)
      clearTimeout(this.#force)
      cancelExpiry()
      stopWaiting()
      this.outlet.close()
      closed(cut)
    })
    this.write(encodeRetry(options.retryMs))
    stopWaiting = whenRevoked(viewer.revoked, () => expire('revoked'))
  }

  /** Sends text of encoded frames. */
  write(text: string): void {
    this.outlet.send(Buffer.from(text))
  }

  send(event: EventFields): void {
    this.write(encodeEvent(event))
  }

  comment(text: string): void {
    this.write(encodeComment(text))
  }

  /** Ends the stream once everything has been read. */
  end(): void {
    void this.#close(LINGER_MS)
  }

  /** Ends the stream with a last event, at once for a client that does not read. */
  finish(last: EventFields): void {
    if (this.#ending) return
    this.send(last)
    void this.#close(DISMISSAL_MS)
  }

  /** Ends the stream and asks the client to reconnect after `retryMs`. */
  dismiss(retryMs: number): void {
    if (this.#ending) return
    this.write(encodeRetry(retryMs))
    void this.#close(DISMISSAL_MS)
  }

  /** Breaks the stream off, so that its client does not take it for whole. */
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
