import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import { dirname, join } from 'node:path'

/** Sends the same bytes on many sockets; see `native/send-many.c`. */
type SendMany = (descriptors: Int32Array, count: number, bytes: Uint8Array, taken: Int32Array) => boolean

/** Sockets that one call of the addon serves at most. */
const MOST = 1024
const LEVELS = 4

/** Loads the addon that `npm run native` builds; returns undefined where it was not built. */
export const nativeSendMany = (): SendMany | undefined => {
  let folder = import.meta.dirname
  for (let level = 0; level < LEVELS; level++, folder = dirname(folder)) {
    const path = join(folder, 'native/send-many.node')
    if (existsSync(path)) return (createRequire(import.meta.url)(path) as { sendMany: SendMany }).sendMany
  }
  return undefined
}

/** A socket with its descriptor, which Node shows on POSIX systems only. */
interface Descriptor {
  _handle?: { fd?: number } | null
}

interface Place {
  socket: Socket
  done(): void
}

/**
 * Writes the same bytes to many sockets in one call of the addon, or each by Node where there is none. A socket whose
 * earlier bytes still wait in Node is always served by Node, so that order holds, and so is what a socket did not take.
 */
export class SharedWrites {
  readonly #sendMany: SendMany | undefined
  readonly #places: (Place | undefined)[] = []
  readonly #descriptors = new Int32Array(MOST)
  readonly #taken = new Int32Array(MOST)
  #bytes: Buffer | undefined
  #count = 0
  #collects = false

  /** @param sendMany the addon; without it Node writes to each socket */
  constructor(sendMany: SendMany | undefined) {
    this.#sendMany = sendMany
  }

  /**
   * Runs work whose writes are sent together at its end. It closes no socket: another connection could have its
   * descriptor by then.
   */
  together(work: () => void): void {
    this.#collects = true
    work()
    while (this.#bytes !== undefined) this.#send(this.#bytes, this.#count)
    this.#collects = false
  }

  /**
   * Writes bytes, which are shared and must not change.
   * @param done called when they have left, or could be buffered by the system
   */
  write(socket: Socket, bytes: Buffer, done: () => void): void {
    const descriptor = (socket as Descriptor)._handle?.fd
    if (
      !this.#collects ||
      this.#sendMany === undefined ||
      descriptor === undefined ||
      descriptor < 0 ||
      socket.writableLength > 0 ||
      socket.writableEnded
    ) {
      socket.write(bytes, done)
      return
    }
    while (this.#bytes !== undefined && (this.#bytes !== bytes || this.#count === MOST))
      this.#send(this.#bytes, this.#count)
    this.#bytes = bytes
    this.#places[this.#count] = { socket, done }
    this.#descriptors[this.#count++] = descriptor
  }

  /** Sends to all collected sockets. What `done` writes meanwhile is collected in the places that are free again. */
  #send(bytes: Buffer, count: number): void {
    this.#bytes = undefined
    this.#count = 0
    const all = this.#sendMany?.(this.#descriptors, count, bytes, this.#taken) === true
    for (let index = 0; index < count; index++) {
      const { socket, done } = this.#places[index] as Place
      const taken = all ? bytes.length : (this.#taken[index] as number)
      this.#places[index] = undefined
      if (taken === bytes.length) done()
      else socket.write(bytes.subarray(taken), done)
    }
  }
}

/** The addon, where it was built. */
export const SEND_MANY = nativeSendMany()

/** The writes of this process. */
export const SHARED_WRITES = new SharedWrites(SEND_MANY)

/**
 * Returns a function that makes of ready frames what goes on the wire: once for all readers that get the same frames
 * one after another.
 */
export const packing = <T>(pack: (frames: readonly Buffer[]) => T) => {
  let last: { frames: readonly Buffer[]; packed: T } | undefined
  return (frames: readonly Buffer[]): T => {
    if (
      last?.frames.length !== frames.length ||
      !frames.every((frame, index) => frame === last?.frames[index])
    )
      last = { frames, packed: pack(frames) }
    return last.packed
  }
}
