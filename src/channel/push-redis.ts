import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import { within } from '../deadline.ts'

export interface PushOptions {
  /** A client that connects when asked to, does not queue, and does not subscribe again by itself. */
  client: Redis
  /** True for sharded pub/sub, which needs Redis 7. */
  sharded: boolean
  /** A pub/sub channel to which only this connection subscribes. */
  probeName: string
  /** Publishes a probe over another connection. */
  sendProbe(name: string, token: string): Promise<unknown>
  probeIntervalMs: number
  /** Time after which a missing probe counts as a dead connection, in milliseconds. */
  probeTimeoutMs: number
  message(name: string, message: Buffer): void
  /** Reports that pushes may have been lost and that they come again. */
  interrupted(): void
  /** Reports that the connection was made again. */
  reconnected?(): void
  /** Reports that a slot has moved to another node. */
  moved?(): void
  /** Reports that all subscriptions have been made, for the first time or again. */
  restored?(): void
  roundtrip?(ms: number): void
}

/** The push side of a broker: one connection, or one per shard. */
export interface Pushes {
  /** True while every wanted subscription has been made. */
  readonly up: boolean
  /**
   * Subscribes to one name; waits for a connection that has just broken to be made again.
   * @throws when the connection is down or does not answer
   */
  subscribe(name: string): Promise<void>
  unsubscribe(name: string): Promise<void>
  /**
   * Probes the connections.
   * @returns milliseconds of the slowest connection's probe
   */
  probe(): Promise<number>
  close(): void
}

/**
 * Joins the commands of one event-loop turn into a single write to the socket: a write costs more than a short
 * command.
 */
export const gather = (stream: Redis['stream']): void => {
  if (!stream.writable || stream.writableCorked > 0) return
  stream.cork()
  process.nextTick(() => stream.uncork())
}

/** Number of channels per SUBSCRIBE when many are restored at once. */
const BATCH = 500
/** Time for which a subscription waits for a connection that has just broken and is made anew, in milliseconds. */
const REMAKE_MS = 750

/**
 * Holds a Redis connection that receives pushes, and tests it: every `probeIntervalMs` it pings its server and a
 * message is published to it over another connection. When either does not come back the connection is dropped, made
 * anew, and subscribed to all its names.
 */
export class PushConnection implements Pushes {
  readonly #options: PushOptions
  readonly #client: Redis
  readonly #names = new Set<string>()
  readonly #probes = new Map<string, () => void>()
  #probing: NodeJS.Timeout | undefined
  #restored = false
  /** The break of the connection, until it is made again. */
  #break: { at: number; over: Promise<true>; end: (over: true) => void } | undefined
  #interruptions = 0
  #closed = false

  constructor(options: PushOptions) {
    this.#options = options
    this.#client = options.client
    this.#names.add(options.probeName)
    this.#client.on('error', () => {})
    this.#client.on('ready', () => void this.#restore())
    this.#client.on('close', () => this.#broke())
    this.#client.on('moved', () => options.moved?.())
    // As bytes, which are made text once: the client would decode them before anybody asked.
    this.#client.on(options.sharded ? 'smessageBuffer' : 'messageBuffer', (from: Buffer, message: Buffer) => {
      const name = from.toString()
      if (name === options.probeName) this.#probes.get(message.toString())?.()
      else options.message(name, message)
    })
    this.#client.connect().catch(() => {})
    this.#probeLater()
  }

  get names(): ReadonlySet<string> {
    return this.#names
  }

  get up(): boolean {
    return this.#restored
  }

  async subscribe(name: string): Promise<void> {
    this.#names.add(name)
    const { stream } = this.#client
    try {
      await this.#send([name]).catch(async (error) => {
        if (stream === this.#client.stream) {
          if (this.#client.status === 'ready' && stream.writable) throw error
          this.#broke()
        }
        if (!(await this.#remade())) throw error
        await this.#send([name])
      })
    } catch (error) {
      this.#names.delete(name)
      throw error
    }
  }

  #broke(): void {
    if (!this.#restored) return
    this.#restored = false
    let end = (_: true): void => {}
    const over = new Promise<true>((resolve) => {
      end = resolve
    })
    this.#break = { at: performance.now(), over, end }
  }

  /**
   * Waits for a connection that has just broken.
   * @returns false when it has not been made again in time
   */
  async #remade(): Promise<boolean> {
    if (this.#restored) return true
    if (this.#break === undefined) return false
    const leftMs = this.#break.at + REMAKE_MS - performance.now()
    return leftMs > 0 && within(this.#break.over, leftMs, () => false)
  }

  /** Subscribes to names as soon as it can, and reports `interrupted` then. */
  adopt(names: readonly string[]): void {
    for (const name of names) this.#names.add(name)
    if (!this.#restored) return
    const { stream } = this.#client
    this.#send(names).then(
      () => this.#options.interrupted(),
      () => this.#drop(stream),
    )
  }

  async unsubscribe(name: string): Promise<void> {
    if (!this.#names.delete(name)) return
    if (this.#client.stream) gather(this.#client.stream)
    if (this.#options.sharded) await this.#client.sunsubscribe(name)
    else await this.#client.unsubscribe(name)
  }

  /** Drops names without unsubscribing at the server, because another connection has them. */
  forget(names: Iterable<string>): void {
    for (const name of names) this.#names.delete(name)
  }

  async #send(names: readonly string[]): Promise<void> {
    const sent: Promise<unknown>[] = []
    if (this.#client.stream) gather(this.#client.stream)
    if (this.#options.sharded) for (const name of names) sent.push(this.#client.ssubscribe(name))
    else {
      for (let i = 0; i < names.length; i += BATCH) {
        sent.push(this.#client.subscribe(...names.slice(i, i + BATCH)))
      }
    }
    await Promise.all(sent)
  }

  async #restore(): Promise<void> {
    const { stream } = this.#client
    try {
      await this.#send([...this.#names])
    } catch {
      this.#drop(stream)
      return
    }
    if (stream !== this.#client.stream) return
    this.#restored = true
    this.#break?.end(true)
    this.#break = undefined
    this.#options.restored?.()
    if (this.#interruptions++ === 0) return
    this.#options.reconnected?.()
    this.#options.interrupted()
  }

  #probeLater(): void {
    if (this.#closed) return
    this.#probing = setTimeout(() => {
      const proof = this.#restored ? this.#prove() : Promise.resolve()
      proof.finally(() => this.#probeLater())
    }, this.#options.probeIntervalMs)
    this.#probing.unref()
  }

  async #prove(): Promise<void> {
    const { stream } = this.#client
    const pinged = this.#client.ping().catch(() => this.#drop(stream))
    const probed = this.probe().then(
      (ms) => this.#options.roundtrip?.(ms),
      () => {},
    )
    await Promise.all([pinged, probed])
  }

  /**
   * Sends a message to itself.
   * @returns milliseconds it took
   * @throws when it could not be sent; or when it did not come back, and then the connection is dropped
   */
  async probe(): Promise<number> {
    if (!this.#restored) throw new Error('the push connection is down')
    const token = randomBytes(8).toString('hex')
    const { stream } = this.#client
    const sent = performance.now()
    const back = new Promise<true>((resolve) => {
      this.#probes.set(token, () => resolve(true))
    })
    const { sendProbe, probeName, probeTimeoutMs } = this.#options
    try {
      if (
        await within(
          sendProbe(probeName, token).then(() => back),
          probeTimeoutMs,
          () => false,
        )
      )
        return performance.now() - sent
      this.#drop(stream)
      throw new Error('a probe did not come back')
    } finally {
      this.#probes.delete(token)
    }
  }

  /** Breaks this connection, unless it has been replaced; a new one is made at once. */
  #drop(stream: Redis['stream']): void {
    if (stream !== this.#client.stream) return
    this.#broke()
    stream?.destroy()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#probing)
    this.#client.disconnect()
  }
}
