import type { Socket } from 'node:net'
import { within } from '../deadline.ts'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'

/**
 * The kinds of frames between the primary and a worker. A frame is the length of the rest in four bytes, its kind in
 * one, and its body: JSON of a call or an answer, the text of a signal, or a push as {@link pushFrame} makes it.
 */
export const KIND = { call: 1, answer: 2, push: 3, signal: 4, interrupted: 5 } as const
type Kind = (typeof KIND)[keyof typeof KIND]

/** A call: the verb, its arguments and the number under which it is answered; 0 where no answer is wanted. */
type Call = [number: number, verb: string, ...args: unknown[]]
/** An answer to a call: its result, or the code of its refusal. */
type CallAnswer = [number: number, result: unknown, refusal?: string]

/** The functions that a worker may call, by their verbs. */
export type Verbs = Readonly<Record<string, (...args: never[]) => unknown>>

const LENGTH_BYTES = 4

/** Makes a frame of texts and bytes. */
export const frameOf = (kind: Kind, body: string | Buffer = ''): Buffer => {
  const size = typeof body === 'string' ? Buffer.byteLength(body) : body.length
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + 1 + size)
  frame.writeUInt32BE(1 + size, 0)
  frame[LENGTH_BYTES] = kind
  if (typeof body === 'string') frame.write(body, LENGTH_BYTES + 1)
  else body.copy(frame, LENGTH_BYTES + 1)
  return frame
}

/** Returns a function that takes bytes as they arrive, and hands their frames over one by one. */
export const frameReader = (take: (kind: number, body: Buffer) => void) => {
  let waiting: Buffer[] = []
  let size = 0
  let wanted = LENGTH_BYTES
  return (chunk: Buffer): void => {
    waiting.push(chunk)
    size += chunk.length
    if (size < wanted) return
    const bytes = waiting.length === 1 ? chunk : Buffer.concat(waiting, size)
    let at = 0
    for (;;) {
      wanted = LENGTH_BYTES
      if (size - at < wanted) break
      wanted += bytes.readUInt32BE(at)
      if (size - at < wanted) break
      take(bytes[at + LENGTH_BYTES] as number, bytes.subarray(at + LENGTH_BYTES + 1, at + wanted))
      at += wanted
    }
    waiting = at < size ? [bytes.subarray(at)] : []
    size -= at
  }
}

/** The refusal of a call by the primary, with the code of its problem. */
export class Refusal extends Error {
  readonly code: string

  constructor(code: string) {
    super(`The primary refused: ${code}`)
    this.name = 'Refusal'
    this.code = code
  }
}

/** Runs a worker's calls, and sends their answers. */
export const callReader = (verbs: Verbs, send: (frame: Buffer) => void) => {
  const answer = (...words: CallAnswer) => {
    if (words[0] !== 0) send(frameOf(KIND.answer, JSON.stringify(words)))
  }
  return (body: Buffer): void => {
    const [number, verb, ...args] = JSON.parse(body.toString()) as Call
    const refuse = (error: unknown) =>
      answer(number, null, error instanceof Problem ? error.code : 'INTERNAL_ERROR')
    try {
      const result = verbs[verb]?.(...(args as never[]))
      if (result instanceof Promise) result.then((value) => answer(number, value), refuse)
      else answer(number, result)
    } catch (error) {
      refuse(error)
    }
  }
}

export interface LineOptions {
  /** Time after which a call counts as failed, in milliseconds. Default 1500: the primary shares its processors with its workers. */
  timeoutMs?: number
}

interface Asked {
  resolve(result: unknown): void
  reject(error: Error): void
}

/**
 * A worker's end of its connection to the primary, which lives as long as both. Calls are made in their order. While
 * the primary does not answer, calls fail at once and send nothing; an answer, however late, ends that.
 */
export class Line {
  readonly #socket: Socket
  readonly #timeoutMs: number
  readonly #asked = new Map<number, Asked>()
  readonly #listeners = new Map<number, (body: Buffer) => void>()
  #last = 0
  #isSilent = false

  constructor(socket: Socket, { timeoutMs = 1500 }: LineOptions = {}) {
    this.#socket = socket
    this.#timeoutMs = timeoutMs
    this.#listeners.set(KIND.answer, (body) => this.#answered(body))
    socket.on(
      'data',
      frameReader((kind, body) => this.#listeners.get(kind)?.(body)),
    )
    socket.on('error', () => undefined)
    socket.on('close', () => {
      for (const { reject } of this.#asked.values()) reject(new Error('The primary has gone'))
      this.#asked.clear()
    })
  }

  /** Takes frames of a kind that the primary sends by itself. */
  on(kind: Kind, listener: (body: Buffer) => void): void {
    this.#listeners.set(kind, listener)
  }

  /**
   * Calls the primary.
   * @throws {Refusal} when it refuses
   * @throws {Problem} `BUS_UNAVAILABLE` when it has gone or does not answer; the call may have taken effect
   */
  async call<T>(verb: string, ...args: unknown[]): Promise<T> {
    if (this.#socket.destroyed) throw new Problem('BUS_UNAVAILABLE', say('publication.bus_closed'))
    if (this.#isSilent) throw new Problem('BUS_UNAVAILABLE', say('publication.bus_silent'))
    const number = ++this.#last
    const answer = new Promise((resolve, reject) => this.#asked.set(number, { resolve, reject }))
    this.#send([number, verb, ...args])
    try {
      return (await within(answer, this.#timeoutMs, () => {
        this.#isSilent = true
        throw new Error('The primary did not answer in time')
      })) as T
    } catch (error) {
      if (error instanceof Refusal) throw error
      throw new Problem('BUS_UNAVAILABLE', say('publication.bus_silent'), { cause: error })
    }
  }

  /** Tells the primary something that it does not answer. */
  tell(verb: string, ...args: unknown[]): void {
    if (!this.#socket.destroyed) this.#send([0, verb, ...args])
  }

  /** Sends a call, together with the others of this moment. */
  #send(call: Call): void {
    const socket = this.#socket
    if (socket.writableCorked === 0) {
      socket.cork()
      process.nextTick(() => socket.uncork())
    }
    socket.write(frameOf(KIND.call, JSON.stringify(call)))
  }

  #answered(body: Buffer): void {
    this.#isSilent = false
    const [number, result, refusal] = JSON.parse(body.toString()) as CallAnswer
    const asked = this.#asked.get(number)
    this.#asked.delete(number)
    if (refusal === undefined) asked?.resolve(result)
    else asked?.reject(new Refusal(refusal))
  }

  close(): void {
    this.#socket.destroy()
  }
}
