import { randomBytes } from 'node:crypto'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import {
  type Broker,
  type BrokerListener,
  digestOf,
  type History,
  keyReused,
  type Member,
  type Position,
  type Publication,
  type PublishOptions,
} from './broker.ts'

export interface MemoryBrokerOptions {
  /** Publications kept per channel. */
  historySize: number
  /** Time for which publications are kept after a channel's last one, in milliseconds. */
  historyTtlMs: number
  /**
   * Time for which a channel's epoch and top outlive its last publication or reading, in milliseconds. Default: 24 h,
   * or twice the history's time where that is longer. A channel with a subscriber is never forgotten.
   */
  positionTtlMs?: number
  /** Returns milliseconds of a clock that never goes back. */
  now?: () => number
}

const IDEMPOTENCY_TTL_MS = 300_000
const MAX_IDEMPOTENCY_KEYS = 100_000
const SWEEP_MS = 10_000

/** The publications of one channel, in a ring buffer that is filled from the epoch's first offset on. */
interface Log {
  epoch: string
  top: number
  /** Highest fencing token seen, by producer. */
  fences: Map<string, number>
  ring: Publication[]
  /** Offset before the one in slot 0 of the ring's first round. */
  base: number
  publishedAt: number
  touchedAt: number
}

/**
 * Makes the broker of a single process. Publishing costs the same however long the history is; pushes reach the
 * listener before `publish` resolves. Everything is lost with the process, so every start begins a new epoch.
 */
export function memoryBroker(options: MemoryBrokerOptions): Broker {
  const { historySize, historyTtlMs, now = () => performance.now() } = options
  const positionTtlMs = options.positionTtlMs ?? Math.max(86_400_000, 2 * historyTtlMs)
  const logs = new Map<string, Log>()
  const answers = new Map<string, { position: Position; digest: string | undefined; until: number }>()
  const present = new Map<string, Map<string, { member: Member; until: number }>>()
  const subscribed = new Set<string>()
  const listeners: BrokerListener[] = []
  let closed = false

  function open(channel: string): Log {
    const time = now()
    let log = logs.get(channel)
    if (log !== undefined && !subscribed.has(channel) && log.touchedAt + positionTtlMs <= time)
      log = undefined
    if (log === undefined) {
      const epoch = randomBytes(8).toString('hex')
      log = { epoch, top: 0, fences: new Map(), ring: [], base: 0, publishedAt: time, touchedAt: time }
      logs.set(channel, log)
    }
    log.touchedAt = time
    return log
  }

  function forgetOld(log: Log): void {
    if (log.base === log.top || log.publishedAt + historyTtlMs > now()) return
    log.ring = []
    log.base = log.top
  }

  const firstOf = (log: Log): number => Math.max(log.base, log.top - historySize) + 1

  function append(channel: string, log: Log, data: string, trace: string | undefined): Publication {
    const publication = { channel, epoch: log.epoch, offset: log.top + 1, data, ...(trace && { trace }) }
    log.ring[(log.top - log.base) % historySize] = publication
    log.top++
    return publication
  }

  function push(publications: Publication[]): void {
    for (const publication of publications) {
      for (const listener of listeners) listener.publication(publication)
    }
  }

  function answered(key: string, epoch: string, digest: string | undefined): Position | undefined {
    const answer = answers.get(key)
    if (!answer || answer.until <= now() || answer.position.epoch !== epoch) return undefined
    if (digest !== undefined && answer.digest !== digest) throw keyReused()
    return answer.position
  }

  function remember(key: string, position: Position, digest: string | undefined): void {
    answers.delete(key)
    answers.set(key, { position, digest, until: now() + IDEMPOTENCY_TTL_MS })
    for (const oldest of answers.keys()) {
      if (answers.size <= MAX_IDEMPOTENCY_KEYS) break
      answers.delete(oldest)
    }
  }

  function sweep(): void {
    const time = now()
    for (const [channel, log] of logs) {
      if (subscribed.has(channel)) log.touchedAt = time
      if (log.touchedAt + positionTtlMs <= time) logs.delete(channel)
      else forgetOld(log)
    }
    for (const [key, answer] of answers) {
      if (answer.until > time) break
      answers.delete(key)
    }
    for (const channel of present.keys()) membersOf(channel)
  }

  function membersOf(channel: string): Member[] {
    const members = present.get(channel)
    if (members === undefined) return []
    for (const [id, { until }] of members) if (until <= now()) members.delete(id)
    if (members.size === 0) present.delete(channel)
    return Array.from(members.values(), ({ member }) => member)
  }

  function assertOpen(): void {
    if (closed) throw new Problem('BUS_UNAVAILABLE', say('publication.bus_closed'))
  }

  const sweeping = setInterval(sweep, SWEEP_MS)
  sweeping.unref()

  return {
    async publish(channel: string, data: readonly string[], options: PublishOptions = {}) {
      const { idempotencyKey, fence, isExact = false, trace } = options
      assertOpen()
      const log = open(channel)
      forgetOld(log)
      if (fence !== undefined) {
        const { producer, token } = fence
        const newest = log.fences.get(producer) ?? 1
        if (token < newest)
          throw new Problem('FENCED', say('publication.newer_holder', { channel, producer }))
        if (token > newest) log.fences.set(producer, token)
      }
      const key = idempotencyKey === undefined ? undefined : `${channel} ${idempotencyKey}`
      const digest = isExact ? digestOf(data) : undefined
      const before = key === undefined ? undefined : answered(key, log.epoch, digest)
      if (before !== undefined) return { ...before, isRepeat: true }
      const position = { epoch: log.epoch, offset: log.top + data.length }
      if (key !== undefined) remember(key, position, digest)
      log.publishedAt = log.touchedAt
      const publications = data.map((text) => append(channel, log, text, trace))
      if (subscribed.has(channel)) push(publications)
      return position
    },

    async history(channel: string, after: number, limit: number): Promise<History> {
      assertOpen()
      const log = open(channel)
      forgetOld(log)
      const first = firstOf(log)
      const from = Math.max(first, after + 1)
      const to = Math.min(log.top, from + Math.max(1, Math.min(limit, 1000)) - 1)
      const publications: Publication[] = []
      for (let offset = from; offset <= to; offset++) {
        const publication = log.ring[(offset - 1 - log.base) % historySize]
        if (publication !== undefined) publications.push(publication)
      }
      return { epoch: log.epoch, top: log.top, first, publications }
    },

    async subscribe(channel: string) {
      assertOpen()
      subscribed.add(channel)
    },

    async unsubscribe(channel: string) {
      subscribed.delete(channel)
    },

    async signal(message: string) {
      assertOpen()
      for (const listener of listeners) listener.signal(message)
    },

    async enter(channel: string, entering: readonly Member[], ttlMs: number) {
      assertOpen()
      const members = present.get(channel) ?? new Map()
      present.set(channel, members)
      for (const member of entering) members.set(member.connection_id, { member, until: now() + ttlMs })
    },

    async leave(channel: string, leaving: readonly Member[]) {
      const members = present.get(channel)
      for (const { connection_id } of leaving) members?.delete(connection_id)
      if (members?.size === 0) present.delete(channel)
    },

    async members(channel: string) {
      assertOpen()
      return membersOf(channel)
    },

    async remove(channel: string) {
      assertOpen()
      logs.delete(channel)
    },

    async requireWritable() {
      assertOpen()
    },

    async probe() {
      assertOpen()
      return 0
    },

    listen(listener: BrokerListener) {
      listeners.push(listener)
    },

    async close() {
      closed = true
      clearInterval(sweeping)
      listeners.length = 0
    },
  }
}
