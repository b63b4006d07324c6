import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Load, LoadResult } from './fanout/load.ts'
import { NCHAN, PORT, tokenOf } from './fanout/peers.ts'
import { cpuOf, median, Processes } from './processes.ts'
import { writeResults } from './results.ts'

const ROUNDS = Number(process.env.ROUNDS ?? 3)
const SECONDS = Number(process.env.SECONDS ?? 4)
const PORTS = [PORT, PORT + 1]
const REDIS_PORT = PORT + 2
const REDIS = `redis://127.0.0.1:${REDIS_PORT}`

type Spoken = Pick<Load, 'path' | 'publish' | 'ready' | 'send' | 'headers'>

/** A server of which two instances share what is published over one Redis. */
interface Peer {
  name: string
  /** Starts both; undefined where it is not installed. */
  start(processes: Processes): Promise<{ pids: number[]; spoken: Spoken } | undefined>
}

const tributary: Peer = {
  name: 'Tributary',
  async start(processes) {
    const pids: number[] = []
    for (const port of PORTS) {
      const settings = { REDIS_URL: REDIS, ADMIN_PASSWORD: 'bench-password-1', PASSWORD_COST: '10' }
      pids.push((await processes.service(port, settings)).pid as number)
    }
    return {
      pids,
      spoken: {
        path: '/api/v1/ws',
        publish: '/api/v1/channels/topic:#/publications',
        send: '{"type":"subscribe","channel":"topic:#"}',
        ready: '"subscribed"',
        headers: [`authorization: Bearer ${await tokenOf('bench-password-1')}`],
      },
    }
  },
}

const socketIo = (adapter: string): Peer => ({
  name: `Socket.IO, ${adapter}`,
  async start(processes) {
    const script = new URL('fanout/rooms.js', import.meta.url).pathname
    const children = await Promise.all(
      PORTS.map((port) =>
        processes.listening(port, process.execPath, [script, String(port), REDIS, adapter]),
      ),
    )
    return {
      pids: children.map(({ pid }) => pid as number),
      // `40` opens the main namespace.
      spoken: {
        path: '/socket.io/?EIO=4&transport=websocket&room=#',
        publish: '/#',
        send: '40',
        ready: '40{',
        headers: [],
      },
    }
  },
})

const nchan: Peer = {
  name: 'nginx with Nchan',
  async start(processes) {
    if (!existsSync(NCHAN)) return undefined
    const pids = await Promise.all(
      PORTS.map(async (port) => {
        const conf = join(processes.folder, `nginx-${port}.conf`)
        const folder = processes.folder
        writeFileSync(
          conf,
          `load_module ${NCHAN};
daemon off; master_process off; pid ${folder}/nginx-${port}.pid; error_log /dev/null;
events { worker_connections 20000; }
http {
  access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder};
  fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  upstream bus { nchan_redis_server ${REDIS}; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location ~ ^/sub/(.+)$ { nchan_subscriber; nchan_channel_id $1; nchan_subscriber_first_message newest; nchan_redis_pass bus; }
    location ~ ^/pub/(.+)$ { nchan_publisher; nchan_channel_id $1; nchan_message_buffer_length 10; nchan_redis_pass bus; }
  }
}
`,
        )
        return (await processes.listening(port, 'nginx', ['-c', conf])).pid as number
      }),
    )
    return { pids, spoken: { path: '/sub/#', publish: '/pub/#', ready: '101', headers: [] } }
  },
}

const PEERS = [nchan, socketIo('redis-adapter'), socketIo('streams-adapter'), tributary]

interface Case {
  name: string
  channels: number
  connections: number
  rate: number
}

const CASES: readonly Case[] = [
  { name: 'one channel of 200, 100 publications a second', channels: 1, connections: 200, rate: 100 },
  { name: '200 channels of 4, flat out', channels: 200, connections: 800, rate: 0 },
]

interface Figure {
  /** Deliveries per second of the instances' processor time. */
  perSecond: number
  /** Microseconds of Redis for each publication. */
  redis: number
  p50: number
  p99: number
  missing: number
}

const measure = async (peer: Peer, { channels, connections, rate }: Case): Promise<Figure | undefined> => {
  const processes = new Processes()
  try {
    const redis = await processes.listening(REDIS_PORT, 'redis-server', [
      ...['--port', String(REDIS_PORT), '--bind', '127.0.0.1', '--save', '', '--dir', processes.folder],
      ...['--logfile', join(processes.folder, 'redis.log')],
    ])
    const started = await peer.start(processes)
    if (started === undefined) return undefined
    const load: Load = {
      ...started.spoken,
      ports: PORTS,
      kind: 'websocket',
      connections,
      channels,
      rate,
      publishers: 8,
      window: 64,
      warmSeconds: 1.5,
      seconds: SECONDS,
    }
    const subscribers = processes.script('../fanout/subscribers', JSON.stringify(load))
    const said = async () => (await once(subscribers, 'message'))[0]
    const cpu = () => started.pids.reduce((sum, pid) => sum + cpuOf(pid), 0)
    await said()
    subscribers.send('warm')
    await said()
    const [before, redisBefore] = [cpu(), cpuOf(redis.pid as number)]
    subscribers.send('measure')
    const { delivered, published, p50, p99, missing } = (await said()) as LoadResult
    return {
      perSecond: delivered / (cpu() - before),
      redis: ((cpuOf(redis.pid as number) - redisBefore) * 1e6) / published,
      p50,
      p99,
      missing,
    }
  } finally {
    await processes.close()
  }
}

/**
 * Measures two instances over one Redis, half of each channel's WebSockets on each, publishing over HTTP to both in turn,
 * beside peers in the same rounds. Peers that are not installed are left out.
 */
export default async (log: (line: string) => void): Promise<void> => {
  const results: object[] = []
  for (const one of CASES) {
    const figures = new Map<Peer, Figure[]>()
    for (let round = 0; round < ROUNDS; round++)
      for (const peer of PEERS) {
        const figure = await measure(peer, one)
        if (figure) figures.set(peer, [...(figures.get(peer) ?? []), figure])
      }
    const of = (peer: Peer, field: keyof Figure): number =>
      median((figures.get(peer) ?? []).map((figure) => figure[field]))
    log(`\n${one.name}; medians of ${ROUNDS} rounds, each with every peer`)
    log('peer                            deliveries/CPU-s    p50 ms    p99 ms  Redis us/pub  missing')
    for (const peer of figures.keys()) {
      log(
        [
          peer.name.padEnd(31),
          of(peer, 'perSecond').toFixed(0).padStart(16),
          of(peer, 'p50').toFixed(2).padStart(9),
          of(peer, 'p99').toFixed(2).padStart(9),
          of(peer, 'redis').toFixed(1).padStart(13),
          String(of(peer, 'missing')).padStart(8),
        ].join(' '),
      )
      results.push({ case: one.name, peer: peer.name, rounds: figures.get(peer) })
    }
  }
  writeResults('instances', results)
}
