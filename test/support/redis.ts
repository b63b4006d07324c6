import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Redis } from 'ioredis'

export interface RedisServer {
  readonly url: string
  readonly host: string
  readonly port: number
  /** Of the process that runs now. */
  readonly pid: number
  /** Hangs it: connections stay, nothing is answered. */
  pause(): void
  resume(): void
  /** As `kill -9`. */
  kill(): Promise<void>
  /** Starts it again on its port, with what it had on disk. */
  start(): Promise<void>
  restart(): Promise<void>
  /** Sends one command over a connection of its own. */
  command(name: string, ...args: (string | number)[]): Promise<unknown>
  /** Kills it and removes its files; idempotent. */
  stop(): Promise<void>
}

const NOT_INSTALLED = 'redis-server is missing: apt-get install redis-server'

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/**
 * A real redis-server on a free port of 127.0.0.1, in a directory of its own, without persistence unless told. It
 * ends with this process at the latest.
 * @param args more of its command line: `'--appendonly', 'yes'`
 * @throws one line that says how to install it
 */
export async function startRedis(...args: string[]): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-redis-'))
  const host = '127.0.0.1'
  const port = await freePort()
  const file = join(directory, 'redis.conf')
  await writeFile(file, args.includes('--sentinel') ? '' : 'save ""\n')
  let child: ChildProcess | undefined

  const killNow = () => child?.kill('SIGKILL')
  process.on('exit', killNow)

  async function start(): Promise<void> {
    const own = ['--port', String(port), '--bind', host, '--dir', directory, '--loglevel', 'notice']
    const server = spawn('redis-server', [file, ...own, ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
    child = server
    const said: string[] = []
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'ENOENT' ? new Error(NOT_INSTALLED) : error),
      )
      server.once('exit', () => reject(new Error(`redis-server ended: ${said.slice(-3).join(' | ')}`)))
      createInterface({ input: server.stdout }).on('line', (line) => {
        said.push(line)
        if (/Ready to accept connections|Sentinel ID is/.test(line)) resolve()
      })
    })
  }

  async function kill(): Promise<void> {
    const server = child
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return
    const gone = once(server, 'exit')
    server.kill('SIGKILL')
    await gone
  }

  await start()
  return {
    url: `redis://${host}:${port}`,
    host,
    port,
    get pid() {
      return child?.pid ?? 0
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    kill,
    start,
    async restart() {
      await kill()
      await start()
    },
    async command(name, ...rest) {
      const client = new Redis({ host, port, lazyConnect: true, enableReadyCheck: false })
      client.on('error', () => {})
      try {
        await client.connect()
        return await client.call(name, ...rest)
      } finally {
        client.disconnect()
      }
    },
    async stop() {
      await kill()
      process.off('exit', killNow)
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export interface RedisCluster {
  /** `redis+cluster://…` */
  readonly url: string
  readonly servers: readonly RedisServer[]
  stop(): Promise<void>
}

const WHOLE_MS = 30_000

/** Three masters that share the slots, without replicas; resolves when each knows all of them. */
export async function startCluster(): Promise<RedisCluster> {
  const servers = await Promise.all([0, 1, 2].map(() => startRedis('--cluster-enabled', 'yes')))
  const borders = [0, 5461, 10_923, 16_384]
  for (const [i, server] of servers.entries()) {
    await server.command('CLUSTER', 'ADDSLOTSRANGE', borders[i] as number, (borders[i + 1] as number) - 1)
    await server.command('CLUSTER', 'SET-CONFIG-EPOCH', i + 1)
  }
  const [first, ...others] = servers as [RedisServer, ...RedisServer[]]
  for (const { host, port } of others) await first.command('CLUSTER', 'MEET', host, port)
  const end = performance.now() + WHOLE_MS
  for (const server of servers) {
    let info = ''
    while (!/cluster_state:ok[\s\S]*cluster_known_nodes:3/.test(info)) {
      if (performance.now() > end) throw new Error(`the cluster does not come together: ${info}`)
      info = String(await server.command('CLUSTER', 'INFO'))
    }
  }
  return {
    url: `redis+cluster://${servers.map(({ host, port }) => `${host}:${port}`).join(',')}`,
    servers,
    async stop() {
      await Promise.all(servers.map((server) => server.stop()))
    },
  }
}
