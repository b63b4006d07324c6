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
import { Worker, type WorkerOptions } from './worker.ts'

export interface StreamsOptions extends WorkerOptions {
  maxPerUser: number
}

export interface StreamRequest {
  kind: string
  channel: string
  owner: string
  id?: string
  onDisconnect: Stream['on_disconnect']
  /** Of who starts it: its error is told in it. English unless it is given. */
  language?: Language
  /** It runs on this instance, at once and whatever room there is; no other one ever goes on with it. */
  here?: boolean
}

/** Said in the query's text: an index that holds running streams only is not used for a parameter. */
const RUNNING = sql.lit<'running'>('running')
/** Turns of one conversation that one of its positions is looked for in. */
const MOST_AROUND = 100
const WORD = 'stream '
type Signal = { cancel: string } | { nudge: string } | { work: true }

/**
 * The life of every execution: started here, run by whichever instance holds its lease, cancelled from any, and
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

  /** Begins to take streams of the runners' kinds, also those that a dead instance left. */
  work(runners: readonly Runner[]): void {
    this.#worker.work(runners)
  }

  /**
   * Puts a stream into the store, together with the domain's own rows; it runs as soon as an instance has room.
   * @throws {Problem} `TOO_MANY_STREAMS`, `DRAINING`
   */
  async start(request: StreamRequest, insert: (db: Db, stream: Stream) => Promise<void>): Promise<Stream> {
    if (this.#worker.isDraining) throw new Problem('DRAINING', say('stream.starts_none'), { retryAfter: 1 })
    const stream = await this.#store.transact(async (trx) => {
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
          started_at: Date.now(),
        } as never)
        .returningAll()
        .executeTakeFirstOrThrow()
      const { running } = await trx
        .selectFrom('streams')
        .select((eb) => eb.fn.countAll<number>().as('running'))
        .where('owner', '=', request.owner)
        .where('state', '=', RUNNING)
        .executeTakeFirstOrThrow()
      if (Number(running) > this.#options.maxPerUser)
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
   * Asks for a stream's end; its terminal event follows. Works on any instance.
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

  /** Makes the holder of a stream look at what was changed about it. */
  async nudge(id: string): Promise<void> {
    if (!this.#worker.nudge(id)) await this.#hint({ nudge: id })
  }

  async get(id: string): Promise<Stream | undefined> {
    return this.#store.db.selectFrom('streams').selectAll().where('id', '=', id).executeTakeFirst()
  }

  /**
   * Streams of a user that a position may belong to, the likeliest first: those of its epoch that began before it.
   * There are several where a channel has several, one after another or at once.
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
    // Where a stream began is in the store only a moment after it began.
    const isOfEpoch = await Promise.all(
      found.map(
        async (stream) =>
          stream.epoch !== null ||
          (await this.#hub.history(stream.channel, Number.MAX_SAFE_INTEGER, 1)).epoch === epoch,
      ),
    )
    return found.filter((_, at) => isOfEpoch[at])
  }

  /** Newest first, behind a place in that order. */
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

  /** How many streams are in each state of the queue, over all instances. */
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

  /** Instances that run streams now, and how many each. */
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
   * Does this instance keep its leases?
   * @throws {Problem} `STORE_UNAVAILABLE` when it has not for as long as one lasts
   */
  async probe(): Promise<void> {
    await this.jobs()
    if (!this.#worker.isKeeping) throw new Problem('STORE_UNAVAILABLE', say('stream.leases'))
  }

  /** How many watch a channel, on any instance; on this one while the bus is down. */
  subscribers(channel: string): Promise<number> {
    return this.#watching(channel).catch(() => this.#hub.numSubscribers(channel))
  }

  /** @throws {Problem} `BUS_UNAVAILABLE` */
  async #isWatched(channel: string): Promise<boolean> {
    return this.#hub.numSubscribers(channel) > 0 || (await this.#presence.members(channel)).length > 0
  }

  /** @throws {Problem} `BUS_UNAVAILABLE` */
  async #watching(channel: string): Promise<number> {
    return Math.max(this.#hub.numSubscribers(channel), (await this.#presence.members(channel)).length)
  }

  /** Streams that run on this instance, and its paused ones. */
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

  /** Spares the other instances the wait for their next look at the store, which has it all; the bus may be down. */
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
