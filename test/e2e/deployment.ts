import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pace } from 'node:timers/promises'
import type { Test } from 'tap'
import { type EventClient, type EventClientOptions, openEvents } from '../support/event-source.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { type Message, openSocket, type SocketClient, type SocketClientOptions } from '../support/socket.ts'
import { testStoreOptions } from '../support/store.ts'

/** How long anything in these tests may take: twice the slowest seen on two busy cores. */
export const PATIENCE_MS = 20_000
export const LEASE_MS = 1500
const ROOT = new URL('../../', import.meta.url).pathname

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked at, not typed
  body: any
}

export interface CallOptions {
  token?: string
  body?: unknown
  type?: string
  headers?: Record<string, string>
}

/** One real process of the service. */
export interface Instance {
  readonly url: string
  readonly pid: number
  /** Its log lines, and what it printed. */
  readonly output: readonly string[]
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): void
  /** As `kill -9`. */
  kill(): Promise<void>
  /** Exit code, or the signal that ended it. */
  readonly exited: Promise<number | string>
  /** A request as the administrator, unless another token is given; JSON there and back. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  events(path: string, options?: EventClientOptions & { token?: string }): Promise<EventClient>
  socket(path: string, options?: SocketClientOptions & { token?: string }): Promise<SocketClient>
}

/** Instances of one service: one store, one Redis. */
export interface Deployment {
  readonly redis: RedisServer
  start(more?: Record<string, string>): Promise<Instance>
  /** Of the administrator. */
  readonly token: string
}

const ADMIN_PASSWORD = 'correct-horse-battery-staple'

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const spawnInstance = async (
  env: Record<string, string>,
): Promise<{ child: ChildProcess; url: string; output: string[] }> => {
  const child = spawn(process.execPath, ['--import=tsx', 'src/main.ts'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: string[] = []
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code, signal) =>
      reject(new Error(`ended with ${code ?? signal}: ${output.slice(-5).join('\n')}`)),
    )
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        output.push(line)
        const address = /^Tributary listens on (\S+)/.exec(line)?.[1]
        if (address) resolve(address)
      })
  })
  return { child, url, output }
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
  const store = dialect === 'postgres' ? await testStoreOptions('postgres') : null
  const redis = await startRedis(...redisArgs)
  const directory = await mkdtemp(join(tmpdir(), 'tributary-e2e-'))
  const children = new Set<ChildProcess>()
  const killAll = () => {
    for (const child of children) child.kill('SIGKILL')
  }
  process.on('exit', killAll)
  t.teardown(async () => {
    const gone = [...children].map((child) => once(child, 'exit'))
    killAll()
    await Promise.all(gone)
    process.off('exit', killAll)
    await redis.stop()
    await rm(directory, { recursive: true, force: true })
  })
  let folders = 0
  let token = ''

  const start = async (more: Record<string, string> = {}): Promise<Instance> => {
    const { child, url, output } = await spawnInstance({
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'warn',
      DATA_DIR: store ? join(directory, String(++folders)) : directory,
      ...(store && 'url' in store ? { DATABASE_URL: store.url } : {}),
      REDIS_URL: redis.url,
      JWT_SECRET: 'a secret of thirty-two bytes, or a few more',
      ADMIN_PASSWORD,
      STREAM_LEASE_MS: String(LEASE_MS),
      MAX_STREAMS_PER_USER: '1000',
      RATE_LIMIT_LOGIN: '100000',
      RATE_LIMIT_PER_ADDRESS: '1000000',
      RATE_LIMIT_PER_USER: '1000000',
      MAX_CONNECTIONS_PER_IP: '10000',
      DUCKDB_THREADS: '1',
      DUCKDB_MEMORY_LIMIT: '256MB',
      ...env,
      ...more,
    })
    children.add(child)
    const exited = once(child, 'exit').then(([code, signal]) => {
      children.delete(child)
      return (code ?? signal) as number | string
    })
    const call = async (method: string, path: string, options: CallOptions = {}): Promise<Answer> => {
      const { body, type = 'application/json', headers = {} } = options
      const bearer = options.token ?? token
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { 'content-type': type }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      return { status: response.status, headers: response.headers, body: jsonOf(await response.text()) }
    }
    const bearerOf = (options: { token?: string; headers?: object }) => ({
      authorization: `Bearer ${options.token ?? token}`,
      ...options.headers,
    })
    const instance: Instance = {
      url,
      pid: child.pid as number,
      output,
      exited,
      signal: (name) => void child.kill(name),
      async kill() {
        child.kill('SIGKILL')
        await exited
      },
      call,
      events: (path, options = {}) =>
        openEvents(url + path, { patienceMs: PATIENCE_MS, ...options, headers: bearerOf(options) }),
      socket: (path, options = {}) =>
        openSocket(url + path, { patienceMs: PATIENCE_MS, ...options, headers: bearerOf(options) }),
    }
    if (token === '') token = await signIn(instance, 'admin', ADMIN_PASSWORD)
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

/** @returns an access token */
export const signIn = async (instance: Instance, username: string, password: string): Promise<string> => {
  const { status, body } = await instance.call('POST', '/auth/login', { body: { username, password } })
  if (status !== 200) throw new Error(`login answered ${status}: ${JSON.stringify(body)}`)
  return body.access_token
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

/** What `events` say, parsed, without those that have a name. */
export const told = (client: { events: readonly { event: string | undefined; data: string }[] }): Message[] =>
  client.events.filter(({ event }) => event === undefined).map(({ data }) => JSON.parse(data) as Message)
