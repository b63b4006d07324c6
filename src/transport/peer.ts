import { AsyncResource } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { RawData, WebSocket } from 'ws'
import type { Seat } from '../channel/subscriber.ts'
import { Problem } from '../errors.ts'
import type { Viewer } from '../feed/viewer.ts'
import type { Language } from '../language/language.ts'
import { say } from '../language/sentence.ts'
import { type Command, parseCommand } from '../protocol/command.ts'
import { CLOSE_CODES, type CloseCode, type EventVocabulary, type ServerFrame } from '../protocol/frame.ts'
import type { Admission } from './connections.ts'
import { callAt, whenRevoked } from './expiry.ts'
import { deflatedMessages, plainMessages } from './messages.ts'
import { WireMember } from './party.ts'
import { deflatedMessageKind, plainMessageKind } from './party-kinds.ts'
import { SHARED_WRITES } from './shared-write.ts'
import type { TransportObserver } from './transport-observer.ts'
import { WIRE } from './wire-count.ts'
import { WriteQueue, type WriteQueueLimits } from './write-queue.ts'

export interface PeerSettings extends WriteQueueLimits {
  /** Seconds between two ping frames; a peer that answers neither is dropped. */
  pingSeconds: number
  /** Seconds without any frame after which a peer is dropped. */
  timeoutSeconds: number
  /** Number of messages a second that a peer may send for long. Default 20. */
  messagesPerSecond?: number
  /** Number of messages that a peer may send at once. Default 300. */
  messageBurst?: number
  observer?: TransportObserver
}

export interface PeerOptions extends PeerSettings {
  viewer: Viewer
  /** Language of the upgrade request, in which errors are written. */
  language: Language
  admission: Admission
  /** Name of the interface in metrics. */
  endpoint: string
  /** True when the client takes compressed messages, with a window of any size. */
  takesDeflated: boolean
  /** True to join the frames of one event-loop turn into one `batch`. */
  batch: boolean
  /**
   * Handles one message. Messages are handled in the order of their arrival; an error is answered with an `error`
   * frame.
   */
  handle(command: Command): Promise<void>
  /** Takes an error that is no {@link Problem}. */
  onError(error: unknown): void
}

const BAD_MESSAGES = 20
const BAD_MESSAGES_MS = 60_000
/** Largest number of messages that may wait for those before them. */
const MAX_PENDING = 400
/** Time for which a close waits for frames that are under way, in ms. */
const LINGER_MS = 1000
const EXPIRY_NOTICE_MS = 60_000
const BATCH_MESSAGES = 500

/** The reasons of the closes on which the WebSocket library decides by itself, by close code. */
const REASONS: Readonly<Record<number, string>> = {
  1002: 'the frames break the protocol',
  1003: 'not understood',
  1007: 'the text is not UTF-8',
  1008: 'too many fragments',
  1009: 'the message is too large',
}

/** Returns the frame by which a WebSocket client learns of an error. */
export function errorFrame(error: Problem, language: Language, command?: Command): ServerFrame {
  const frame: ServerFrame = { type: 'error', error_code: error.code, message: error.tell(language).detail }
  if (command === undefined) return frame
  frame.command = command.type.slice(0, 64)
  if (typeof command.channel === 'string') frame.channel = command.channel
  return frame
}

/**
 * Keeps one WebSocket connection: sends and receives its frames, and enforces its rate, heartbeat and credentials.
 */
export class Peer {
  readonly id = randomUUID()
  /** Aborted when the connection closes. */
  readonly signal: AbortSignal
  readonly outlet: WriteQueue
  readonly #gone = new AbortController()
  readonly #socket: WebSocket
  readonly #options: PeerOptions
  #viewer: Viewer
  #cancelExpiry: () => void = () => {}
  #missedPings = 0
  #closing = false
  #messages: number
  #messagesAt = performance.now()
  #bad: number[] = []
  #pending = 0
  #last: Promise<void> = Promise.resolve()
  #batch: Buffer[] = []
  readonly #wire: Socket

  /** @param wire the TCP connection below, whose writes of one event-loop turn are joined */
  constructor(socket: WebSocket, wire: Socket, options: PeerOptions) {
    this.signal = this.#gone.signal
    this.#socket = socket
    this.#wire = wire
    this.#options = options
    this.#viewer = options.viewer
    this.#messages = options.messageBurst ?? 300
    const messagesOf = options.takesDeflated ? deflatedMessages : plainMessages
    this.outlet = new WriteQueue(
      {
        count: WIRE.websocket,
        write(frames, done) {
          // Nothing may follow a close frame, which the library writes by itself when the client closes.
          if (socket.readyState !== socket.OPEN) {
            queueMicrotask(done)
            return 0
          }
          const messages = messagesOf(frames)
          SHARED_WRITES.write(wire, messages, done)
          return messages.length
        },
        writePart(bytes, last, done) {
          // Uncompressed: the library compresses beside the event loop, and others would overtake it.
          socket.send(bytes, { binary: false, compress: false, fin: last }, done)
          return bytes.length
        },
      },
      options,
      (reason) => {
        const { id: user_id, address } = this.#viewer
        options.observer?.cutoff?.(reason, { user_id, address, endpoint: options.endpoint })
        this.#leave()
        socket.close(CLOSE_CODES.TRY_LATER, 'too slow')
      },
    )
    const { close } = socket
    socket.close = (code, reason) => close.call(socket, code, reason ?? REASONS[code ?? 0])
    this.#listen()
    options.admission.onDismiss(() => this.close(CLOSE_CODES.RESTART, 'the instance restarts'))
    options.admission.queues(this.outlet)
    this.#arm()
  }

  get viewer(): Viewer {
    return this.#viewer
  }

  #listen(): void {
    const socket = this.#socket
    const { pingSeconds, timeoutSeconds, admission } = this.#options
    const pinging = setInterval(() => this.#ping(), pingSeconds * 1000)
    const idle = setTimeout(
      () => this.close(CLOSE_CODES.POLICY, `no frame within ${timeoutSeconds} s`),
      timeoutSeconds * 1000,
    )
    const seen = (): void => {
      this.#missedPings = 0
      idle.refresh()
    }
    socket.on('pong', seen)
    socket.on('ping', () => {
      seen()
      this.#isFlood()
    })
    // What a client asks for on the connection belongs to the request that opened it.
    const receive = AsyncResource.bind((data: RawData, isBinary: boolean) => {
      seen()
      if (!this.#closing && !this.#isFlood()) this.#receive(data, isBinary)
    })
    socket.on('message', receive)
    socket.once('close', () => {
      clearInterval(pinging)
      clearTimeout(idle)
      this.#cancelExpiry()
      this.#leave()
      this.outlet.close()
      admission.release()
    })
  }

  #ping(): void {
    if (this.#missedPings >= 2) {
      this.#options.observer?.error?.('dead_peer', this.#options.endpoint)
      this.#socket.terminate()
      return
    }
    this.#missedPings++
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping()
  }

  /** Counts a message; closes the connection when there are too many. */
  #isFlood(): boolean {
    const { messagesPerSecond = 20, messageBurst = 300 } = this.#options
    const now = performance.now()
    const earned = ((now - this.#messagesAt) / 1000) * messagesPerSecond
    this.#messages = Math.min(messageBurst, this.#messages + earned) - 1
    this.#messagesAt = now
    if (this.#messages >= 0) return false
    this.close(CLOSE_CODES.POLICY, 'too many messages')
    return true
  }

  #receive(data: RawData, isBinary: boolean): void {
    let command: Command
    try {
      if (isBinary) throw new Problem('INVALID_MESSAGE', say('socket.binary'))
      command = parseCommand(String(data))
    } catch (error) {
      this.#answer(error)
      return
    }
    if (command.type === 'ping') {
      this.send({ type: 'pong', server_time: new Date().toISOString() })
      return
    }
    if (this.#pending >= MAX_PENDING) {
      this.close(CLOSE_CODES.TRY_LATER, 'too many messages are waiting')
      return
    }
    this.#pending++
    this.#last = this.#last
      .then(() => (this.#closing ? undefined : this.#options.handle(command)))
      .catch((error: unknown) => this.#answer(error, command))
      .finally(() => this.#pending--)
  }

  #answer(error: unknown, command?: Command): void {
    if (this.#closing) return
    const problem = error instanceof Problem ? error : new Problem('INTERNAL', say('request.went_wrong'))
    if (problem !== error) this.#options.onError(error)
    this.send(errorFrame(problem, this.#options.language, command))
    if (problem.code !== 'INVALID_MESSAGE') return
    this.#options.observer?.error?.('invalid_message', this.#options.endpoint)
    const now = performance.now()
    this.#bad = [...this.#bad.filter((time) => time > now - BAD_MESSAGES_MS), now]
    if (this.#bad.length >= BAD_MESSAGES) {
      this.close(CLOSE_CODES.POLICY, 'too many messages that are not understood')
    }
  }

  send(frame: ServerFrame): void {
    this.sendBytes(Buffer.from(JSON.stringify(frame)))
  }

  /**
   * Sends one message; the bytes are shared and must not change.
   * @param mayWaitMs see {@link WriteQueue.send}; a batch has a rule of its own
   */
  sendBytes(message: Buffer, mayWaitMs = 0): void {
    if (this.#closing) return
    if (!this.#options.batch) {
      this.outlet.send(message, mayWaitMs)
      return
    }
    if (this.#batch.length === 0) setImmediate(() => this.#sendBatch())
    this.#batch.push(message)
    if (this.#batch.length >= BATCH_MESSAGES) this.#sendBatch()
  }

  /**
   * Lets it get the frames of a channel together with the others of that channel; no seat lets it get all by itself. A batch
   * is made for each connection.
   */
  takeSeat(seat: Seat | undefined, vocabulary: EventVocabulary): void {
    const socket = this.#socket
    const kindOf = this.#options.takesDeflated ? deflatedMessageKind : plainMessageKind
    const isOpen = (): boolean => socket.readyState === socket.OPEN
    this.outlet.seatAt(
      seat && !this.#options.batch
        ? new WireMember(seat, kindOf(vocabulary), this.outlet, () => this.#wire, { isOpen })
        : undefined,
    )
  }

  #sendBatch(): void {
    const messages = this.#batch
    if (messages.length === 0) return
    this.#batch = []
    const parts: Buffer[] = [Buffer.from('{"type":"batch","messages":[')]
    messages.forEach((message, index) => {
      if (index > 0) parts.push(Buffer.from(','))
      parts.push(message)
    })
    parts.push(Buffer.from(`],"count":${messages.length}}`))
    this.outlet.send(Buffer.concat(parts))
  }

  /** Replaces the credentials by fresh ones of the same user. */
  renew(viewer: Viewer): void {
    this.#viewer = viewer
    this.#arm()
  }

  #arm(): void {
    this.#cancelExpiry()
    const { expiresAt, revoked } = this.#viewer
    const stopWaiting = whenRevoked(revoked, () =>
      this.close(CLOSE_CODES.POLICY, 'the credentials were revoked'),
    )
    this.#cancelExpiry = stopWaiting
    if (expiresAt === null || revoked.aborted) return
    const cancelNotice = callAt(expiresAt - EXPIRY_NOTICE_MS, () =>
      this.send({
        type: 'token_expiring',
        expires_at: new Date(expiresAt).toISOString(),
        expires_in: Math.max(0, (expiresAt - Date.now()) / 1000),
      }),
    )
    const cancelEnd = callAt(expiresAt, () => this.close(CLOSE_CODES.TOKEN_EXPIRED, 'the token has expired'))
    this.#cancelExpiry = () => {
      stopWaiting()
      cancelNotice()
      cancelEnd()
    }
  }

  /**
   * Stops receiving and sending, and ends its subscriptions now instead of when the client has answered the close.
   */
  #leave(): void {
    this.#closing = true
    this.#gone.abort()
  }

  /** Sends the frames that wait, then closes; idempotent. */
  close(code: CloseCode, reason: string): void {
    if (this.#closing) return
    this.#sendBatch()
    this.#leave()
    const closeNow = (): void => {
      clearTimeout(force)
      this.outlet.close()
      this.#socket.close(code, reason)
    }
    const force = setTimeout(closeNow, LINGER_MS)
    this.outlet.finish().then(closeNow)
  }
}
