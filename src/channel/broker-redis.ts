import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Cluster, Redis, RedisOptions } from 'ioredis'
import { within } from '../deadline.ts'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import {
  type Broker,
  type BrokerListener,
  digestOf,
  type History,
  keyReused,
  type Member,
  type PublishOptions,
} from './broker.ts'
import type { ChannelObserver } from './channel-observer.ts'
import { joinedReadings } from './history-readings.ts'
import { type Append, type Appended, PublishQueue } from './publish-queue.ts'
import { readPush } from './push.ts'
import { PushShards } from './push-cluster.ts'
import { gather, PushConnection, type Pushes } from './push-redis.ts'
import { clusterClient, parseRedisUrl, type RedisNode, redisClient } from './redis-url.ts'

export interface RedisBrokerOptions {
  /** Address of Redis, in a form that {@link parseRedisUrl} reads. */
  url: string
  /**
   * Prefix of every key and pub/sub channel; instances that share channels have the same one. Default `tributary`.
   */
  prefix?: string
  /** Publications kept per channel. */
  historySize: number
  /** Time for which publications are kept after a channel's last one, in milliseconds. */
  historyTtlMs: number
  /**
   * Time for which a channel's epoch, top and fence outlive its last publication or reading, in milliseconds.
   * Default: 24 h, or twice the history's time where that is longer.
   */
  positionTtlMs?: number
  /** Time after which a command counts as failed and its connection is replaced, in milliseconds. Default 750. */
  commandTimeoutMs?: number
  /** Time between two probes of the push connection, in milliseconds. Default 1000. */
  probeIntervalMs?: number
  observer?: Pick<ChannelObserver, 'roundtrip' | 'reconnected'>
}

const IDEMPOTENCY_TTL_MS = 300_000
/** Most bytes of texts that are pushed in one message. */
const PUSH_BYTES = 65_536
/** Lifetime of the key by whose writing it is tested whether Redis takes writes. */
const WRITTEN_TTL_MS = 1000

const TIMED_OUT = 'Redis did not answer in time'

const lua = (verb: string): string => readFileSync(new URL(`./lua/${verb}.lua`, import.meta.url), 'utf8')

const SCRIPTS = {
  channelPublish: { lua: lua('log') + lua('publish') },
  channelHistory: { lua: lua('log') + lua('history'), numberOfKeys: 2 },
  channelEnter: { lua: lua('enter'), numberOfKeys: 1 },
  channelMembers: { lua: lua('members'), numberOfKeys: 1 },
}

/** The fields of a stream's entry: its text, and its trace where it has one. */
type EntryFields = [d: string, data: string, t?: string, trace?: string]

type Refusal = 'FENCED' | 'REUSED'

interface Scripts {
  /** These take their arguments as one array, since there may be more than a call takes: here the number of keys first. */
  channelPublish(
    args: (string | number)[],
  ): Promise<([epoch: string, offset: string, repeat?: string] | [refusal: Refusal])[]>
  channelEnter(args: (string | number)[]): Promise<null>
  channelHistory(
    ...args: (string | number)[]
  ): Promise<[epoch: string, top: string, first: string, entries: [id: string, fields: EntryFields][]]>
  channelMembers(key: string): Promise<string[]>
}

/**
 * Makes the broker of several instances: a Redis Stream per channel for history and pub/sub for pushes, both written
 * by one Lua script; on a cluster sharded pub/sub (Redis 7).
 *
 * A channel gets a new epoch when its keys are gone (flushed, evicted, expired) and when the server has restarted or
 * failed over since the channel was last touched (another `run_id` or `master_replid`), because writes that it had
 * acknowledged may be lost. One case cannot be detected from here: a master that is cut off from its sentinels or
 * from its cluster's majority goes on acknowledging to the clients on its side until it notices. Those writes are
 * gone when it comes back, under the other master's epochs, so their readers get `epoch_changed`. Slots that are
 * moved to another node without loss get new epochs too, and so may every channel of a server that gets its first
 * replica: that is `recovered:false` where a replay would have been possible, never the other way round.
 *
 * Commands fail at once while the connection is down, and after `commandTimeoutMs` when the server hangs. A failed
 * `publish` may have taken effect, so a caller that repeats it passes an `idempotencyKey`. On a cluster each command
 * to a hung node takes that time.
 */
export function redisBroker(options: RedisBrokerOptions): Broker {
  const { historySize, historyTtlMs, prefix = 'tributary', observer } = options
  const positionTtlMs = options.positionTtlMs ?? Math.max(86_400_000, 2 * historyTtlMs)
  const commandTimeoutMs = options.commandTimeoutMs ?? 750
  const probeIntervalMs = options.probeIntervalMs ?? 1000
  const address = parseRedisUrl(options.url)
  const clustered = address.kind === 'cluster'
  const publishCommand = clustered ? 'SPUBLISH' : 'PUBLISH'
  const signalName = `${prefix}:signal`
  const probePrefix = `${prefix}:probe:${randomBytes(6).toString('hex')}`
  const listeners: BrokerListener[] = []
  /**
   * The identity of the server's run, read when its connection was made; empty on a cluster, whose scripts read it
   * themselves.
   */
  let life: string | undefined
  let connectionCount = 0
  let closed = false

  const connection: RedisOptions = {
    enableOfflineQueue: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandTimeoutMs,
    connectTimeout: 1000,
    disconnectTimeout: 100,
    retryStrategy: (times) => Math.min(20 * times, 250) * (0.75 + 0.5 * Math.random()),
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  } as RedisOptions
  // Its commands are waited for here, with a look at what had arrived already.
  const { commandTimeout: _, ...untimed } = connection
  const client: Redis | Cluster = clustered ? clusterClient(address, untimed) : redisClient(address, untimed)
  for (const [name, script] of Object.entries(SCRIPTS)) client.defineCommand(name, script)
  const scripts = client as unknown as Scripts
  client.on('error', () => {})
  client.on('close', () => {
    life = undefined
  })
  client.on('ready', () => {
    identifyServer().then(connected, () => {})
  })
  client.connect().catch(() => {})

  let resolveStarted = (): void => {}
  /** Resolves when the first connection is ready or its time is over. */
  const started = within(
    new Promise<void>((resolve) => {
      resolveStarted = () => {
        if (life !== undefined && pushes.up) resolve()
      }
    }),
    commandTimeoutMs,
    () => undefined,
  )

  /**
   * Reports an interruption to the listener: an error that broke this connection may have swallowed pushes on the
   * other one.
   */
  function connected(): void {
    resolveStarted()
    if (connectionCount++ === 0) return
    observer?.reconnected?.('commands')
    for (const listener of listeners) listener.interrupted()
  }

  async function identifyServer(): Promise<void> {
    if (!('stream' in client)) {
      await Promise.allSettled(client.nodes('master').map((node) => node.ping()))
      life = ''
      return
    }
    const { stream } = client
    const info = await client.info()
    if (client.stream !== stream) return
    life = `${/run_id:(\w+)/.exec(info)?.[1]} ${/master_replid:(\w+)/.exec(info)?.[1]}`
  }

  const connect = (probeName: string, node?: RedisNode): PushConnection =>
    new PushConnection({
      client: redisClient(address, connection, node),
      sharded: clustered,
      probeName,
      async sendProbe(name, token) {
        await requireWrite(name)
        await run(() => client.call(publishCommand, name, token) as Promise<unknown>)
      },
      probeIntervalMs,
      probeTimeoutMs: commandTimeoutMs,
      message: receive,
      interrupted: () => {
        for (const listener of listeners) listener.interrupted()
      },
      reconnected: () => observer?.reconnected?.('pushes'),
      moved: () => {
        if (pushes instanceof PushShards) pushes.refresh()
      },
      restored: () => resolveStarted(),
      ...(observer?.roundtrip ? { roundtrip: observer.roundtrip.bind(observer) } : {}),
    })
  const pushes = connectPushes()

  function connectPushes(): Pushes {
    if ('slots' in client) {
      const shards = new PushShards(client, probePrefix, (node, probeName) => connect(probeName, node))
      shards.adopt(signalName)
      return shards
    }
    const single = connect(probePrefix)
    single.adopt([signalName])
    return single
  }

  function receive(name: string, message: Buffer): void {
    if (name === signalName) {
      for (const listener of listeners) listener.signal(message.toString())
      return
    }
    const channel = name.slice(prefix.length + 2, -1)
    for (const publication of readPush(channel, message))
      for (const listener of listeners) listener.publication(publication)
  }

  async function run<T>(command: (life: string) => Promise<T>): Promise<T> {
    if (life === undefined && !closed) await started
    if (life === undefined) throw new Problem('BUS_UNAVAILABLE', say('publication.bus_unreachable'))
    const stream = 'stream' in client ? client.stream : undefined
    if (stream) gather(stream)
    try {
      return await within(command(life), commandTimeoutMs, () => {
        throw new Error(TIMED_OUT)
      })
    } catch (error) {
      const message = error instanceof Error ? error.message : ''
      if (message === TIMED_OUT && stream !== undefined && 'stream' in client && stream === client.stream) {
        life = undefined
        stream.destroy()
      }
      throw new Problem('BUS_UNAVAILABLE', say('publication.bus_silent'), { cause: error })
    }
  }

  /**
   * Tests that the server takes a write: one that answers reads may refuse writes, since it is full or its replicas
   * are gone.
   */
  const requireWrite = (name: string): Promise<unknown> =>
    run(() => client.set(name, '1', 'PX', WRITTEN_TTL_MS))

  const key = (channel: string, part: string): string => `${prefix}:{${channel}}:${part}`
  const pushName = (channel: string): string => `${prefix}:{${channel}}`
  const newEpoch = (): string => randomUUID().replaceAll('-', '').slice(0, 16)
  const textOf = ({ connection_id, user }: Member): string => JSON.stringify({ connection_id, user })

  const readHistory = async (channel: string, after: number, limit: number): Promise<History> => {
    const from = `${Math.max(0, after) + 1}-0`
    const count = Math.max(1, Math.min(limit, 1000))
    const [epoch, top, first, entries] = await run((life) =>
      scripts.channelHistory(
        ...[key(channel, 'meta'), key(channel, 'log'), life, newEpoch(), positionTtlMs, from, count],
      ),
    )
    const publications = entries.map(([id, [, data, , trace]]) => {
      const publication = { channel, epoch, offset: Number.parseInt(id, 10), data }
      return trace === undefined ? publication : { ...publication, trace }
    })
    return { epoch, top: Number(top), first: Number(first), publications }
  }

  const keysOf = ({ channel, options: { idempotencyKey } }: Append): string[] => {
    const meta = key(channel, 'meta')
    const answer = idempotencyKey === undefined ? meta : key(channel, `answer:${idempotencyKey}`)
    return [meta, key(channel, 'log'), answer]
  }

  const argumentsOf = ({ channel, texts, options }: Append): (string | number)[] => {
    const { idempotencyKey, fence, isExact = false, trace = '' } = options
    return [
      newEpoch(),
      fence === undefined ? '' : `fence:${fence.producer}`,
      fence?.token ?? 1,
      idempotencyKey === undefined ? 0 : IDEMPOTENCY_TTL_MS,
      isExact ? digestOf(texts) : '',
      pushName(channel),
      trace,
      texts.length,
    ].concat(texts)
  }

  async function append(appends: readonly Append[]): Promise<Appended[]> {
    const keys = appends.flatMap(keysOf)
    const settings = [historySize, historyTtlMs, positionTtlMs, publishCommand, PUSH_BYTES]
    const all = appends.flatMap(argumentsOf)
    const answers = await run((life) =>
      scripts.channelPublish([keys.length, ...keys, life, ...settings].concat(all)),
    )
    return answers.map(([epoch, offset, repeat]) => {
      if (offset !== undefined) {
        const position = { epoch, offset: Number(offset) }
        return repeat === undefined ? position : { ...position, isRepeat: true }
      }
      return epoch === 'REUSED' ? keyReused() : new Problem('FENCED', say('publication.fenced'))
    })
  }
  const queue = new PublishQueue(append, clustered)

  return {
    publish(channel: string, data: readonly string[], options: PublishOptions = {}) {
      return queue.publish(channel, data, options)
    },

    history: joinedReadings(readHistory),

    async subscribe(channel: string) {
      if (!pushes.up && !closed) await started
      try {
        await pushes.subscribe(pushName(channel))
      } catch (error) {
        throw new Problem('BUS_UNAVAILABLE', say('publication.bus_unsubscribable'), { cause: error })
      }
    },

    async unsubscribe(channel: string) {
      await pushes.unsubscribe(pushName(channel)).catch(() => {})
    },

    async signal(message: string) {
      await run(() => client.call(publishCommand, signalName, message))
    },

    async enter(channel: string, members: readonly Member[], ttlMs: number) {
      await run(() => scripts.channelEnter([key(channel, 'members'), ttlMs, ...members.map(textOf)]))
    },

    async leave(channel: string, members: readonly Member[]) {
      await run(() => client.zrem(key(channel, 'members'), members.map(textOf)))
    },

    async members(channel: string) {
      const texts = await run(() => scripts.channelMembers(key(channel, 'members')))
      return texts.map((text) => JSON.parse(text) as Member)
    },

    async remove(channel: string) {
      await run(() => client.del(key(channel, 'meta'), key(channel, 'log')))
    },

    async requireWritable(channel: string) {
      await requireWrite(key(channel, 'written'))
    },

    async probe() {
      if (!pushes.up && !closed) await started
      try {
        return await pushes.probe()
      } catch (error) {
        throw new Problem('BUS_UNAVAILABLE', say('publication.bus_silent'), { cause: error })
      }
    },

    listen(listener: BrokerListener) {
      listeners.push(listener)
    },

    async close() {
      closed = true
      life = undefined
      listeners.length = 0
      pushes.close()
      client.disconnect()
    },
  }
}
