import { once } from 'node:events'
import { chmod, mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from '../../test/support/port.ts'
import { program } from '../../test/support/program.ts'
import { nginxProgram } from './nginx.ts'
import { type PostgresPlace, passable, postgresProgram, postgresUrl } from './postgres.ts'
import type { Program } from './program.ts'
import { prometheusProgram } from './prometheus.ts'
import { redisProgram } from './redis.ts'
import { keptSecrets } from './secrets.ts'
import { supervisor } from './supervisor.ts'

const ROOT = join(import.meta.dirname, '../../..')
const DATABASE = 'tributary'
const INSTANCES = ['instance-1', 'instance-2', 'instance-3'] as const
/** Time in which an instance closes after its drain, in ms. */
const CLOSE_MS = 5000
/** Time in which each other program ends, in ms. */
const END_MS = 3000

export interface ClusterOptions {
  host: string
  /** Of nginx; 0 takes a free one. */
  port: number
  /** Where everything is kept. */
  directory: string
  /** How long the instances take to see their clients off at the end. */
  drainSeconds: number
  /** Settings of the instances, and `PATH`. */
  env: Readonly<Record<string, string | undefined>>
  /** Takes a line for the operator. */
  say(line: string): void
  /** Ends the cluster in order. */
  signal: AbortSignal
}

const createDatabase = async (place: PostgresPlace): Promise<void> => {
  const client = new pg.Client({ connectionString: postgresUrl(place, 'postgres') })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`)
  } finally {
    await client.end()
  }
}

const instanceProgram = (name: string, log: string, env: Record<string, string>): Program => ({
  name,
  log,
  command: process.execPath,
  args: ['--enable-source-maps', '--initial-old-space-size=256', join(ROOT, 'dist/main.js')],
  cwd: ROOT,
  env,
  ready: /^Tributary listens on /m,
})

/** The programs of a cluster, and the packages that have them. */
const PROGRAMS = [
  ['redis-server', 'redis-server'],
  ['nginx', 'nginx-light'],
  ['prometheus', 'prometheus'],
] as const

/** @throws {Error} with the one line that installs all that is missing */
const findPrograms = (): void => {
  const missing = PROGRAMS.filter(([name, packaged]) => {
    try {
      program(name, packaged)
      return false
    } catch {
      return true
    }
  })
  if (missing.length === 0) return
  const [names, packages] = [0, 1].map((at) => missing.map((one) => one[at])) as [string[], string[]]
  throw new Error(
    `missing: ${names.join(', ')}; apt-get install ${packages.join(' ')} installs what is missing`,
  )
}

/** @throws {Error} in one line, when something else listens there */
const claim = async (host: string, port: number): Promise<void> => {
  const server = createServer().listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new Error(
      `${host}:${port} cannot be listened on (${(error as NodeJS.ErrnoException).code}): set PORT`,
    )
  }
  server.close()
  await once(server, 'close')
}

/** Resolves once an address answers 200. */
const answers = async (url: string, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    const answer = await fetch(url, { signal }).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.status === 200) return
    await sleep(200, undefined, { signal }).catch(() => undefined)
  }
}

/**
 * Runs a service of three instances on this machine, with all that it needs, until the signal. Resolves when it has
 * ended in order and nothing of it runs any more.
 * @throws {Error} in one line what is missing; what a program said that does not start. Nothing is left running
 */
export const cluster = async (options: ClusterOptions): Promise<void> => {
  const { host, env, say, signal, drainSeconds } = options
  const directory = resolve(options.directory)
  const port = options.port || (await freePort())
  const own = (name: string) => join(directory, name)
  const failing = new AbortController()
  const over = AbortSignal.any([signal, failing.signal])
  const programs = supervisor({ say, signal: over, onLost: (error) => failing.abort(error) })
  const isInstance = (name: string) => name.startsWith('instance-')

  const bringUp = async (): Promise<void> => {
    findPrograms()
    await claim(host, port)
    for (const name of ['redis', ...INSTANCES]) await mkdir(own(name), { recursive: true })
    // PostgreSQL belongs to another user where root starts it, who has to get through.
    await chmod(directory, 0o711)
    const { secrets, isNew } = await keptSecrets(own('secrets.json'))
    const [redisPort, postgresPort, prometheusPort] = await Promise.all([freePort(), freePort(), freePort()])
    const ports = await Promise.all(INSTANCES.map(() => freePort()))

    const place = {
      directory: await passable(own('postgres')),
      port: postgresPort,
      password: secrets.postgresPassword,
    }
    const redis = redisProgram({
      directory: own('redis'),
      port: redisPort,
      args: ['--appendonly', 'yes', '--save', '', '--maxmemory-policy', 'noeviction'],
    })
    const nginx = await nginxProgram({ directory: own('nginx'), host, port, instances: ports })
    const prometheus = await prometheusProgram({
      directory: own('prometheus'),
      port: prometheusPort,
      instances: ports.map((one) => `127.0.0.1:${one}`),
      seconds: 5,
      alerts: join(ROOT, 'deploy/alerts.yml'),
    })
    const postgres = await postgresProgram(place)

    await Promise.all([programs.keep(redis), programs.keep(postgres), programs.keep(prometheus)])
    over.throwIfAborted()
    await createDatabase(place)
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
    const settings = (at: number): Record<string, string> => ({
      JWT_SECRET: secrets.jwtSecret,
      AUDIT_SIGNING_KEY: secrets.auditSigningKey,
      ADMIN_PASSWORD: secrets.adminPassword,
      ...Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => !!entry[1])),
      HOST: '127.0.0.1',
      PORT: String(ports[at]),
      DATA_DIR: own(INSTANCES[at] as string),
      DATABASE_URL: postgresUrl(place, DATABASE),
      REDIS_URL: `redis://127.0.0.1:${redisPort}`,
      TRUST_PROXY: 'loopback',
      DRAIN_SECONDS: String(drainSeconds),
    })
    const startInstance = (name: string, at: number) =>
      programs.keep(instanceProgram(name, join(own(name), 'log'), settings(at)))
    const [first, ...others] = INSTANCES
    // The first one makes the tables and the first user.
    const running = [await startInstance(first, 0)]
    over.throwIfAborted()
    running.push(...(await Promise.all(others.map((name, at) => startInstance(name, at + 1)))))
    over.throwIfAborted()
    await programs.keep(nginx)
    await answers(`${url}/health/ready`, over)
    over.throwIfAborted()
    say(`Tributary listens on ${url}`)
    say(`console: ${url}/`)
    say(`username: ${env.ADMIN_USERNAME || 'admin'}`)
    if (isNew && !env.ADMIN_PASSWORD) say(`password: ${secrets.adminPassword}`)
    else say(`password: ${env.ADMIN_PASSWORD ? 'as ADMIN_PASSWORD says' : `in ${own('secrets.json')}`}`)
    for (const [at, { name, pid }] of running.entries())
      say(`${name}: pid ${pid}, http://127.0.0.1:${ports[at]}, log ${join(own(name), 'log')}`)
    const database = `postgres://postgres@127.0.0.1:${postgresPort}/${DATABASE}`
    say(`PostgreSQL: ${database}, password in ${own('secrets.json')}, files ${place.directory}`)
    say(`Prometheus: http://127.0.0.1:${prometheusPort}/alerts`)
  }

  try {
    await bringUp()
    if (!over.aborted) await new Promise((resolve) => over.addEventListener('abort', resolve, { once: true }))
  } catch (error) {
    if (!signal.aborted) failing.abort(error)
  } finally {
    if (signal.aborted) say('Ending: clients are seen off')
    await programs.stop((name) => name === 'nginx' && !signal.aborted, END_MS)
    await programs.stop(isInstance, drainSeconds * 1000 + CLOSE_MS)
    await programs.stop(() => true, END_MS)
  }
  if (failing.signal.aborted && !signal.aborted) throw failing.signal.reason
}
