import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { type Running, start as startProgram } from '../../deploy/cluster/program.ts'
import { redisProgram } from '../../deploy/cluster/redis.ts'
import { freePort } from './port.ts'

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

/**
 * A real redis-server on a free port of 127.0.0.1, in a directory of its own, without persistence unless told. It
 * ends with this process at the latest.
 * @param args more of its command line: `'--appendonly', 'yes'`
 * @throws one line that says how to install it
 */
export async function startRedis(...args: string[]): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-redis-'))
  const host = '127.0.0.1'
  let port = await freePort()
  const file = join(directory, 'redis.conf')
  await writeFile(file, args.includes('--sentinel') ? '' : 'save ""\n')
  let server: Running | undefined

  async function start(): Promise<void> {
    server = await startProgram(redisProgram({ directory, port, settings: file, args }))
  }

  const kill = async (): Promise<void> => {
    server?.signal('SIGKILL')
    await server?.exited
  }

  for (let attempt = 1; ; attempt++) {
    const taken = await start().then(
      () => undefined,
      (error: Error) => error,
    )
    if (taken === undefined) break
    if (attempt === 5 || !taken.message.includes('Address already in use')) throw taken
    port = await freePort()
  }
  return {
    url: `redis://${host}:${port}`,
    host,
    port,
    get pid() {
      return server?.pid ?? 0
    },
    pause: () => server?.signal('SIGSTOP'),
    resume: () => server?.signal('SIGCONT'),
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

/** Moves a slot with its keys from one master to another, as `redis-cli --cluster reshard` does. @returns the keys' number */
export async function moveSlot(slot: number, from: RedisServer, to: RedisServer): Promise<number> {
  const id = async (server: RedisServer) => String(await server.command('CLUSTER', 'MYID'))
  const [fromId, toId] = [await id(from), await id(to)]
  await to.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId)
  await from.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId)
  let moved = 0
  for (;;) {
    const keys = (await from.command('CLUSTER', 'GETKEYSINSLOT', slot, 100)) as string[]
    if (keys.length === 0) break
    await from.command('MIGRATE', to.host, to.port, '', 0, 5000, 'KEYS', ...keys)
    moved += keys.length
  }
  for (const server of [to, from]) await server.command('CLUSTER', 'SETSLOT', slot, 'NODE', toId)
  return moved
}

export interface Sentinels {
  /** `redis+sentinel://…` */
  readonly url: string
  readonly master: RedisServer
  stop(): Promise<void>
}

/** A master, its replica, and three sentinels of which two decide; resolves when all know of each other. */
export async function startSentinels(): Promise<Sentinels> {
  const master = await startRedis()
  const replica = await startRedis('--replicaof', master.host, String(master.port))
  const sentinels = await Promise.all([0, 1, 2].map(() => startRedis('--sentinel')))
  for (const sentinel of sentinels)
    for (const command of [
      ['MONITOR', 'main', master.host, master.port, 2],
      ['SET', 'main', 'down-after-milliseconds', 500],
      ['SET', 'main', 'failover-timeout', 3000],
    ])
      await sentinel.command('SENTINEL', ...command)
  const end = performance.now() + WHOLE_MS
  for (const sentinel of sentinels)
    for (let known = ''; !(/num-slaves,1,/.test(known) && /num-other-sentinels,2,/.test(known)); ) {
      if (performance.now() > end) throw new Error(`the sentinels do not find each other: ${known}`)
      known = `${await sentinel.command('SENTINEL', 'MASTER', 'main')},`
    }
  for (let link = ''; !/slave0:.*state=online/.test(link); ) {
    if (performance.now() > end) throw new Error(`the replica is not there: ${link}`)
    link = String(await master.command('INFO', 'replication'))
  }
  return {
    url: `redis+sentinel://${sentinels.map(({ host, port }) => `${host}:${port}`).join(',')}/main`,
    master,
    async stop() {
      await Promise.all([master, replica, ...sentinels].map((server) => server.stop()))
    },
  }
}
