import { setTimeout as pace } from 'node:timers/promises'
import type { Test } from 'tap'
import type { EventClient, EventClientOptions } from './event-source.ts'
import { closeFollowers } from './follower.ts'
import {
  type Answer,
  type CallOptions,
  client,
  type Exit,
  login,
  PATIENCE_MS,
  startProcess,
  temporaryFolder,
} from './process.ts'
import { type RedisServer, startRedis } from './redis.ts'
import type { SocketClient, SocketClientOptions } from './socket.ts'
import { testStoreOptions } from './store.ts'

/** A lease for tests of what happens after one; the service's own is longer, and survives a busy machine. */
export const LEASE_MS = 1500
export const SHORT_LEASE = { STREAM_LEASE_MS: String(LEASE_MS) } as const

/** Of the administrator, unless it is said. */
export interface AsUser {
  token?: string
}

/** One real process of the service. */
export interface Instance {
  readonly url: string
  readonly pid: number
  readonly exited: Promise<Exit>
  output(): string
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): void
  /** As `kill -9`. */
  kill(): Promise<Exit>
  call(method: string, path: string, options?: CallOptions & AsUser): Promise<Answer>
  events(path: string, options?: EventClientOptions & AsUser): Promise<EventClient>
  socket(path: string, options?: SocketClientOptions & AsUser): Promise<SocketClient>
}

/** Instances of one service: one store, one Redis. */
export interface Deployment {
  readonly redis: RedisServer
  /** Of the administrator. */
  readonly token: string
  /** @param root the folder of another build */
  start(more?: Record<string, string>, root?: string): Promise<Instance>
}

/**
 * A Redis, and a store that the instances started here share; everything ends with the test.
 * @param env settings over those of tests
 */
export const deploy = async (
  t: Pick<Test, 'teardown'>,
  dialect: 'sqlite' | 'postgres',
  { redisArgs = [], env = {} }: { redisArgs?: string[]; env?: Record<string, string> } = {},
): Promise<Deployment> => {
  const store = dialect === 'postgres' ? await testStoreOptions('postgres') : undefined
  const redis = await startRedis(...redisArgs)
  const dataDir = await temporaryFolder()
  const instances = new Set<Instance>()
  t.teardown(async () => {
    closeFollowers()
    await Promise.all(Array.from(instances, (instance) => instance.kill()))
    await redis.stop()
  })
  let token = ''

  const start: Deployment['start'] = async (more = {}, root) => {
    const settings = {
      LOG_LEVEL: 'warn',
      ...(store && 'url' in store ? { DATABASE_URL: store.url } : { DATA_DIR: dataDir }),
      REDIS_URL: redis.url,
      JWT_SECRET: 'a secret of thirty-two bytes, or a few more',
      DRAIN_SECONDS: '2',
      MAX_STREAMS_PER_USER: '1000',
      MAX_CONNECTIONS_PER_IP: '10000',
      ...env,
      ...more,
    }
    const process_ = await startProcess(settings, root)
    const { url, pid, exited, output } = process_
    const as = (options: AsUser) => client(url, options.token ?? token)
    const instance: Instance = {
      url,
      pid,
      exited,
      output,
      signal: (name) => void process.kill(pid, name),
      kill: () => process_.kill(),
      call: (method, path, options = {}) => as(options).call(method, path, options),
      events: (path, options = {}) => as(options).events(path, options),
      socket: (path, options = {}) => as(options).socket(path, options),
    }
    instances.add(instance)
    if (token === '') token = (await login(url)).token
    return instance
  }
  return {
    redis,
    start,
    get token() {
      return token
    },
  }
}

/** Asks again until the answer is as wanted. */
export const until = async <T>(
  what: string,
  ask: () => Promise<T>,
  wanted: (answer: T) => boolean,
): Promise<T> => {
  const end = performance.now() + PATIENCE_MS
  for (;;) {
    const answer = await ask()
    if (wanted(answer)) return answer
    if (performance.now() > end) throw new Error(`${what} did not come: ${JSON.stringify(answer)}`)
    await pace(25)
  }
}
