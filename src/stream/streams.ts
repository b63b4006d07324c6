import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Position } from '../channel/broker.ts'
import type { Hub } from '../channel/hub.ts'
import type { Presence } from '../channel/presence.ts'
import { Problem } from '../errors.ts'
import type { Language } from '../language/language.ts'
import { say } from '../language/sentence.ts'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'
import { isBehind } from '../store/keyset.ts'
import type { Db, Runner, Stream } from './stream.ts'
import { RUNNING } from './stream-rows.ts'
import { Worker, type WorkerOptions } from './worker.ts'

export interface StreamsOptions extends WorkerOptions {
  maxPerUser: number
  /** Returns the trace of the caller's request, as `traceparent` has it; undefined where there is none. */
  trace?: (() => string | undefined) | undefined
}

export interface StreamRequest {
  kind: string
  channel: string
  owner: string
  id?: string
  onDisconnect: Stream['on_disconnect']
  /** Language of the caller who starts it, in which its error is written. Default English. */
  language?: Language | undefined
  /** Runs it on this instance, at once and regardless of room; no other one ever goes on with it. */
  here?: boolean
}

/** Largest number of turns of one conversation among which the owner of a position is looked for. */
const MOST_AROUND = 100
const WORD = 'stream '
type Signal = { cancel: string } | { nudge: string } | { work: true }

/**
 * Keeps the life of every execution: started here, run by the instance that holds its lease, cancelled from any, and
 * ended by exactly one terminal event, which is in the store before it is in the channel.
 */
export class Streams {
  readonly #store: Store
  readonly #hub: Hub
  readonly #presence: Pick<Presence, 'members'>
  readonly #options: StreamsOptions
  readonly #worker: Worker
  readonly #unlisten: () => void

  constructor(store: Store, hub: Hub, presence: Pick<Presence, 'members'>, options: StreamsOptions) {
    this.#store = store
    this.#hub = hub
    this.#presence = presence
    this.#options = options
    this.#worker = new Worker(store, hub, (channel) => this.#isWatched(channel), options)
    this.#unlisten = hub.onSignal((message) => this.#signalled(message))
  }

  /** Begins to take streams of the runners' kinds, those of dead instances included. */
  work(runners: readonly Runner[]): void {
    this.#worker.work(runners)
  }

  /**
   * Stores a stream together with the domain's own rows; it runs as soon as an instance has room.
   * @throws {Problem} `TOO_MANY_STREAMS`, `DRAINING`
   */
  async start(request: StreamRequest, insert: (db: Db, stream: Stream) => Promise<void>): Promise<Stream> {
    if (this.#worker.isDraining) throw new Problem('DRAINING', say('stream.starts_none'), { retryAfter: 1 })
    const traceparent = this.#options.trace?.() ?? null
    const stream = await this.#store.transact(async (trx) => {
      await this.#admitAlone(trx, request.owner)
      const row = await trx
        .insertInto('streams')
        .values({
          id: request.id ?? randomUUID(),
          kind: request.kind,
          channel: request.channel,
          owner: request.owner,
          state: 'running',
          ...(request.here ? this.#worker.firstLease() : { instance: null, lease_until: 0, fence: 0 }),
          on_disconnect: request.onDisconnect,
          language: request.language ?? 'en',
          traceparent,
          started_at: Date.now(),
        } as never)
        .returningAll()
        .executeTakeFirstOrThrow()
      const { running } = await this.#usageOf(trx, request.owner)
      if (running > this.#options.maxPerUser)
        throw new Problem('TOO_MANY_STREAMS', say('stream.many', { most: this.#options.maxPerUser }), {
          retryAfter: 5,
        })
      await insert(trx, row)
      return row
    })
    if (request.here) {
      this.#worker.begin(stream)
      return stream
    }
    this.#worker.fill()
    if (this.#worker.isFull(request.kind)) await this.#hint({ work: true })
    return stream
  }

  /**
   * Makes a user's other starts, on all instances, wait for the end of this transaction: two that begin at once would not
   * count each other. SQLite lets one write at a time anyway.
   */
  async #admitAlone(trx: Db, owner: string): Promise<void> {
    if (this.#store.dialect === 'postgres')
      await sql`select pg_advisory_xact_lock(hashtext(${`streams:${owner}`}))`.execute(trx)
  }

  /** Counts the running streams of a user, on all instances, beside the most that may run. */
  usage(owner: string): Promise<{ limit: number; running: number }> {
    return this.#usageOf(this.#store.db, owner)
  }

  async #usageOf(db: Db, owner: string): Promise<{ limit: number; running: number }> {
    const { running } = await db
      .selectFrom('streams')
      .select((eb) => eb.fn.countAll<number>().as('running'))
      .where('owner', '=', owner)
      .where('state', '=', RUNNING)
      .executeTakeFirstOrThrow()
    return { limit: this.#options.maxPerUser, running: Number(running) }
  }

  /**
   * Cancels a stream that runs on any instance; its terminal event follows.
   * @throws {Problem} `INVALID_STATE` when it has ended
   */
  async cancel(id: string, alongside?: Alongside): Promise<void> {
    const row = await this.#store.db.transaction().execute(async (trx) => {
      const asked = await trx
        .updateTable('streams')
        .set({ cancel_requested: 1 })
        .where('id', '=', id)
        .where('state', '=', 'running')
        .returningAll()
        .executeTakeFirst()
      if (!asked) throw new Problem('INVALID_STATE', say('stream.ended'))
      await alongside?.(trx)
      return asked
    })
    if (this.#worker.abort(id, 'cancelled')) return
    if (row.instance === null) this.#worker.fill()
    else await this.#hint({ cancel: id })
  }

  /** Makes the holder of a stream read its changed state again. */
  async nudge(id: string): Promise<void> {
    if (!this.#worker.nudge(id)) await this.#hint({ nudge: id })
  }

  async get(id: string): Promise<Stream | undefined> {
    return this.#store.db.selectFrom('streams').selectAll().where('id', '=', id).executeTakeFirst()
  }

  /**
   * Returns the streams of a user that a position may belong to, the likeliest first: those of its epoch that began
   * before it. There are several where a channel has several, one after another or at once.
   * @throws {Problem} `BUS_UNAVAILABLE`
   */
  async around(owner: string, { epoch, offset }: Position): Promise<Stream[]> {
    const found = await this.#store.db
      .selectFrom('streams')
      .selectAll()
      .where('owner', '=', owner)
      .where((eb) =>
        eb.or([
          eb.and([eb('epoch', '=', epoch), eb('start_offset', '<=', offset)]),
          eb.and([eb('epoch', 'is', null), eb('state', '=', RUNNING)]),
        ]),
      )
      .orderBy('started_at', 'desc')
      .limit(MOST_AROUND)
      .execute()
    // The beginning of a stream is stored only a moment after it.
    const isOfEpoch = await Promise.all(
      found.map(
        async (stream) =>
          stream.epoch !== null ||
          (await this.#hub.history(stream.channel, Number.MAX_SAFE_INTEGER, 1)).epoch === epoch,
      ),
    )
    return found.filter((_, at) => isOfEpoch[at])
  }

  /** Lists streams, newest first, after a place in that order. */
  async list(query: {
    owner?: string
    state?: Stream['state']
    after?: string
    limit: number
  }): Promise<Stream[]> {
    let found = this.#store.db.selectFrom('streams').selectAll()
    if (query.owner !== undefined) found = found.where('owner', '=', query.owner)
    if (query.state !== undefined) found = found.where('state', '=', query.state)
    if (query.after !== undefined) found = found.where(isBehind('started_at', query.after))
    return found.orderBy('started_at', 'desc').orderBy('id', 'desc').limit(query.limit).execute()
  }

  /** Counts the streams in each state of the queue, over all instances. */
  async jobs(): Promise<{ waiting: number; running: number }> {
    const rows = await this.#store.db
      .selectFrom('streams')
      .select(['instance', (eb) => eb.fn.countAll<number>().as('count')])
      .where('state', '=', RUNNING)
      .groupBy('instance')
      .execute()
    const waiting = Number(rows.find(({ instance }) => instance === null)?.count ?? 0)
    return { waiting, running: rows.reduce((sum, { count }) => sum + Number(count), 0) - waiting }
  }

  /** Returns for how long the oldest of the streams has waited that no instance runs, in ms; 0 when none waits. */
  async oldestWaitingMs(): Promise<number> {
    const { oldest } = await this.#store.db
      .selectFrom('streams')
      .select((eb) => eb.fn.min('started_at').as('oldest'))
      .where('state', '=', RUNNING)
      .where('instance', 'is', null)
      .executeTakeFirstOrThrow()
    return oldest === null ? 0 : Math.max(0, Date.now() - Number(oldest))
  }

  /** Lists the instances that run streams now, with the number of each. */
  async instances(): Promise<{ id: string; streams: number }[]> {
    const rows = await this.#store.db
      .selectFrom('streams')
      .select(['instance', (eb) => eb.fn.countAll<number>().as('count')])
      .where('state', '=', RUNNING)
      .where('instance', 'is not', null)
      .groupBy('instance')
      .orderBy('instance')
      .execute()
    return rows.map(({ instance, count }) => ({ id: instance as string, streams: Number(count) }))
  }

  /**
   * Checks that this instance renews its leases.
   * @throws {Problem} `STORE_UNAVAILABLE` when it has not for as long as a lease lasts
   */
  async probe(): Promise<void> {
    await this.jobs()
    if (!this.#worker.isKeeping) throw new Problem('STORE_UNAVAILABLE', say('stream.leases'))
  }

  /** Counts the subscribers of a channel on all instances; on this one only while the bus is down. */
  subscribers(channel: string): Promise<number> {
    return this.#watching(channel).catch(() => this.#hub.numSubscribers(channel))
  }

  /**
   * Tells whether a channel has a subscriber on any instance.
   * @throws {Problem} `BUS_UNAVAILABLE`
   */
  async #isWatched(channel: string): Promise<boolean> {
    return this.#hub.numSubscribers(channel) > 0 || (await this.#presence.members(channel)).length > 0
  }

  /**
   * Counts the subscribers of a channel on all instances.
   * @throws {Problem} `BUS_UNAVAILABLE`
   */
  async #watching(channel: string): Promise<number> {
    return Math.max(this.#hub.numSubscribers(channel), (await this.#presence.members(channel)).length)
  }

  /** Milliseconds for which the leases of this instance still hold; undefined before it has work. */
  leaseLeftMs(): number | undefined {
    return this.#worker.leaseLeftMs
  }

  /** Counts the streams that run on this instance, and those that are paused. */
  running(): { running: number; parked: number } {
    return this.#worker.running()
  }

  /**
   * Takes no more streams, gives the running ones until `deadlineMs` from now, hands resumable ones over and ends
   * the others as interrupted.
   */
  async drain(deadlineMs: number): Promise<void> {
    await this.#worker.drain(deadlineMs)
    this.#unlisten()
    await this.#hint({ work: true })
  }

  /**
   * Sends a signal that spares the other instances the wait for their next look at the store. It may fail: the store
   * has everything.
   */
  async #hint(signal: Signal): Promise<void> {
    await this.#hub.signal(WORD + JSON.stringify(signal)).catch((error) => this.#options.onError(error, null))
  }

  #signalled(message: string): void {
    if (!message.startsWith(WORD)) return
    const signal = JSON.parse(message.slice(WORD.length)) as Signal
    if ('cancel' in signal) this.#worker.abort(signal.cancel, 'cancelled')
    else if ('nudge' in signal) this.#worker.nudge(signal.nudge)
    else this.#worker.fill()
  }
}
