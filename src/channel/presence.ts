import { setImmediate as endOfTurn } from 'node:timers/promises'
import type { Broker, Member } from './broker.ts'

export interface PresenceOptions {
  /** Time after which a member of an instance that died is forgotten, in milliseconds. Default 30,000. */
  ttlMs?: number
  /**
   * Time between two heartbeats, at which members are noted again and watched channels are read, in ms. Default a
   * third of `ttlMs`.
   */
  heartbeatMs?: number
}

/** Takes changes of a channel's users (not connections: a user's second tab is no change). */
export interface PresenceListener {
  join(user: string): void
  leave(user: string): void
}

interface Watch {
  listeners: Set<PresenceListener>
  users: Set<string> | undefined
  looking: boolean
  again: boolean
}

/** Changes of a channel's members here that are written together. */
interface Round {
  /** By connection. */
  changed: Map<string, Member>
  written: Promise<void>
}

/** The part of the hub that sends word of a change to the other instances. */
interface Signals {
  signal(message: string): Promise<void>
  onSignal(listener: (message: string) => void): () => void
}

const WORD = 'presence '

/**
 * Keeps the list of the users that are subscribed to a channel, on any instance. Those who come and go in one turn of the
 * event loop, and while an earlier change is being written, are written together, so that a crowd that comes back at
 * once costs the bus as little as one of it. Members of this instance are noted again by one heartbeat. A beat that fails while the bus is down is tried again at the next, so an outage longer
 * than `ttlMs` shows as leaving and joining.
 */
export class Presence {
  readonly #broker: Broker
  readonly #signals: Signals
  readonly #ttlMs: number
  readonly #here = new Map<string, Map<string, Member>>()
  /** Per channel the round that takes further changes. */
  readonly #gathering = new Map<string, Round>()
  /** Per channel the last round, which the next one waits for. */
  readonly #last = new Map<string, Round>()
  readonly #watched = new Map<string, Watch>()
  readonly #beating: NodeJS.Timeout
  readonly #unlisten: () => void

  constructor(broker: Broker, signals: Signals, options: PresenceOptions = {}) {
    this.#broker = broker
    this.#signals = signals
    this.#ttlMs = options.ttlMs ?? 30_000
    this.#beating = setInterval(() => this.#beat(), options.heartbeatMs ?? this.#ttlMs / 3)
    this.#beating.unref()
    this.#unlisten = signals.onSignal((message) => {
      if (message.startsWith(WORD)) this.#look(message.slice(WORD.length))
    })
  }

  /**
   * Notes a member until it leaves.
   * @throws {Problem} `BUS_UNAVAILABLE`; the member is noted at the next heartbeat then
   */
  async enter(channel: string, member: Member): Promise<void> {
    const members = this.#here.get(channel) ?? new Map<string, Member>()
    this.#here.set(channel, members)
    members.set(member.connection_id, member)
    await this.#write(channel, member)
  }

  /**
   * Removes a member.
   * @throws {Problem} `BUS_UNAVAILABLE`; the member is forgotten after `ttlMs` then
   */
  async leave(channel: string, member: Member): Promise<void> {
    const members = this.#here.get(channel)
    members?.delete(member.connection_id)
    if (members?.size === 0) this.#here.delete(channel)
    await this.#write(channel, member)
  }

  /** Writes whether a member is here, with the others of its round, and sends word of it once. */
  #write(channel: string, member: Member): Promise<void> {
    let round = this.#gathering.get(channel)
    if (round === undefined) {
      const changed = new Map<string, Member>()
      const begun = Promise.allSettled([this.#last.get(channel)?.written, endOfTurn()])
      round = { changed, written: begun.then(() => this.#writeRound(channel, changed)) }
      this.#gathering.set(channel, round)
      this.#last.set(channel, round)
    }
    round.changed.set(member.connection_id, member)
    return round.written
  }

  async #writeRound(channel: string, changed: ReadonlyMap<string, Member>): Promise<void> {
    const round = this.#gathering.get(channel)
    this.#gathering.delete(channel)
    try {
      const here = this.#here.get(channel)
      const [entering, leaving] = [[], []] as [Member[], Member[]]
      for (const [id, member] of changed) (here?.has(id) ? entering : leaving).push(member)
      if (entering.length > 0) await this.#broker.enter(channel, entering, this.#ttlMs)
      if (leaving.length > 0) await this.#broker.leave(channel, leaving)
      await this.#signals.signal(WORD + channel)
    } finally {
      if (this.#last.get(channel) === round) this.#last.delete(channel)
    }
  }

  /** {@link Broker.members} */
  members(channel: string): Promise<Member[]> {
    return this.#broker.members(channel)
  }

  /**
   * Reports the users that join and leave a channel from now on, on any instance, those of an instance that died
   * included.
   * @returns a function that stops it
   */
  watch(channel: string, listener: PresenceListener): () => void {
    const watch = this.#watched.get(channel) ?? {
      listeners: new Set(),
      users: undefined,
      looking: false,
      again: false,
    }
    this.#watched.set(channel, watch)
    watch.listeners.add(listener)
    this.#look(channel)
    return () => {
      watch.listeners.delete(listener)
      if (watch.listeners.size === 0 && this.#watched.get(channel) === watch) this.#watched.delete(channel)
    }
  }

  #beat(): void {
    for (const [channel, members] of this.#here) {
      this.#broker.enter(channel, [...members.values()], this.#ttlMs).catch(() => {})
    }
    for (const channel of this.#watched.keys()) this.#look(channel)
  }

  #look(channel: string): void {
    const watch = this.#watched.get(channel)
    if (watch === undefined) return
    if (watch.looking) {
      watch.again = true
      return
    }
    watch.looking = true
    watch.again = false
    this.#broker
      .members(channel)
      .then((members) => this.#compare(watch, new Set(members.map(({ user }) => user))))
      .catch(() => {})
      .finally(() => {
        watch.looking = false
        if (watch.again) this.#look(channel)
      })
  }

  #compare(watch: Watch, users: Set<string>): void {
    const before = watch.users
    watch.users = users
    if (before === undefined) return
    for (const listener of watch.listeners) {
      for (const user of users) if (!before.has(user)) listener.join(user)
      for (const user of before) if (!users.has(user)) listener.leave(user)
    }
  }

  /** Stops the heartbeat; members of this instance are forgotten after `ttlMs` unless they have left. */
  close(): void {
    clearInterval(this.#beating)
    this.#unlisten()
    this.#here.clear()
    this.#watched.clear()
  }
}
