import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Load, Seen } from './proxy/client.ts'

const ROOT = new URL('../', import.meta.url).pathname
const STREAMS = Number(process.env.PROXY_STREAMS ?? 100)
const TOKENS = 500
const RATE = 50
const ROUNDS = Number(process.env.PROXY_ROUNDS ?? 3)
const WARM_MS = 4000
const MEASURE_MS = 6000
const NGINX = '/usr/sbin/nginx'
const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const reachable = async (port: number): Promise<void> => {
  for (let tries = 0; tries < 300; tries++) {
    const socket = connect(port, '127.0.0.1')
    const answered = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
    if (answered) return
    await sleep(100)
  }
  throw new Error(`nothing listens on ${port}`)
}

const children = new Set<ChildProcess>()
const stop = async (child: ChildProcess): Promise<void> => {
  children.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

const script = (name: string, ...args: (string | number)[]): ChildProcess => {
  const child = fork(join(ROOT, 'bench/proxy', name), args.map(String), { execArgv: ['--import=tsx'] })
  children.add(child)
  return child
}

/** User and system CPU seconds of a process. */
const cpuOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}
const rssOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024

interface Peer {
  name: string
  path: string
  body: string
  /** Starts it in front of a vendor. */
  start(port: number, upstream: number, folder: string): Promise<ChildProcess[]>
}

const COMPLETION = JSON.stringify({
  model: 'bench/bench',
  stream: true,
  messages: [{ role: 'user', content: 'hi' }],
})

const service =
  (extra: (folder: string) => Promise<[Record<string, string>, ChildProcess[]]>) =>
  async (port: number, upstream: number, folder: string): Promise<ChildProcess[]> => {
    const [env, others] = await extra(folder)
    const child = spawn(process.execPath, ['--import=tsx', 'src/main.ts'], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env.PATH ?? '',
        PORT: String(port),
        DATA_DIR: join(folder, 'data'),
        LOG_LEVEL: 'error',
        ALLOW_ANONYMOUS: 'true',
        LLM_PROVIDERS: 'bench,local',
        BENCH_BASE_URL: `http://127.0.0.1:${upstream}/v1`,
        RATE_LIMIT_PER_ADDRESS: '10000000',
        RATE_LIMIT_PER_USER: '10000000',
        MAX_STREAMS_PER_USER: '100000',
        MAX_CONNECTIONS_PER_IP: '100000',
        MAX_CONCURRENT_STREAMS: '100000',
        ...env,
      },
    })
    children.add(child)
    await reachable(port)
    return [child, ...others]
  }

const inOneProcess = service(async () => [{}, []])
const behindRedis = service(async (folder) => {
  const port = await freePort()
  const redis = spawn('redis-server', ['--port', String(port), '--save', '', '--dir', folder], {
    stdio: 'ignore',
  })
  children.add(redis)
  await reachable(port)
  return [{ REDIS_URL: `redis://127.0.0.1:${port}` }, [redis]]
})

const nginx: Peer = {
  name: 'nginx proxy_pass',
  path: '/v1/chat/completions',
  body: COMPLETION,
  async start(port, upstream, folder) {
    const file = join(folder, 'nginx.conf')
    writeFileSync(
      file,
      `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000; client_body_temp_path ${folder}; proxy_temp_path ${folder};
fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
upstream llm { server 127.0.0.1:${upstream}; keepalive 200; keepalive_requests 1000000000; }
server { listen 127.0.0.1:${port}; location / { proxy_pass http://llm; proxy_http_version 1.1;
proxy_set_header Connection ""; proxy_buffering off; } } }`,
    )
    const child = spawn(NGINX, ['-p', folder, '-c', file], { stdio: 'ignore' })
    children.add(child)
    await reachable(port)
    return [child]
  },
}

const CHAT = JSON.stringify({ message: 'hi', provider: 'bench' })
const PEERS: Peer[] = [
  {
    name: 'relay, parse and re-emit',
    path: '/v1/chat/completions',
    body: COMPLETION,
    async start(port, upstream) {
      const child = script('relay.ts', port, upstream)
      await once(child, 'message')
      return [child]
    },
  },
  ...(existsSync(NGINX) ? [nginx] : []),
  { name: 'ours, /v1', path: '/v1/chat/completions', body: COMPLETION, start: inOneProcess },
  { name: 'ours, chat', path: '/api/v1/chat/stream', body: CHAT, start: inOneProcess },
  { name: 'ours, /v1, Redis', path: '/v1/chat/completions', body: COMPLETION, start: behindRedis },
  { name: 'ours, chat, Redis', path: '/api/v1/chat/stream', body: CHAT, start: behindRedis },
]

interface Figures extends Seen {
  usPerToken: number
  msPerTurn: number
  rssMiB: number
}

const measure = async (
  peer: Pick<Peer, 'path' | 'body' | 'start'>,
  tokens: number,
  rate: number,
): Promise<Figures> => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-proxy-'))
  const upstreamPort = await freePort()
  const port = await freePort()
  const upstream = script('upstream.ts', upstreamPort, tokens, rate)
  const client = script('client.ts')
  let servers: ChildProcess[] = []
  try {
    await once(upstream, 'message')
    servers = await peer.start(port, upstreamPort, folder)
    const pid = servers[0]?.pid as number
    const load: Load = {
      port,
      path: peer.path,
      body: peer.body,
      headers: [],
      streams: STREAMS,
      warmMs: WARM_MS,
      measureMs: MEASURE_MS,
    }
    client.send(load)
    await once(client, 'message')
    const before = cpuOf(pid)
    await once(client, 'message')
    const cpu = cpuOf(pid) - before
    const rssMiB = rssOf(pid) / 2 ** 20
    const [seen] = (await once(client, 'message')) as [Seen]
    if (seen.tokens === 0) throw new Error('no token came')
    return { ...seen, rssMiB, usPerToken: (cpu * 1e6) / seen.tokens, msPerTurn: (cpu * 1e3) / seen.turns }
  } finally {
    for (const child of [client, ...servers, upstream]) await stop(child)
    rmSync(folder, { recursive: true, force: true })
  }
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

const table = async (
  title: string,
  tokens: number,
  rate: number,
  log: (line: string) => void,
): Promise<void> => {
  log('')
  log(`${title}; medians of ${ROUNDS} rounds, each with every peer; ratio: to the relay of the same round`)
  log(
    'peer                        us/token    (min-max)   ratio  tokens/s  added p50    p99 ms  first byte p95 ms  ms CPU/turn  failed',
  )
  const rows = new Map<string, Figures[]>(PEERS.map(({ name }) => [name, []]))
  for (let round = 0; round < ROUNDS; round++)
    for (const peer of PEERS) {
      const figures = await measure(peer, tokens, rate).catch((error: Error) => {
        log(`${peer.name}: ${error.message}`)
      })
      if (figures) rows.get(peer.name)?.push(figures)
    }
  const relays = rows.get(PEERS[0]?.name ?? '') ?? []
  for (const [name, figures] of rows) {
    const costs = figures.map(({ usPerToken }) => usPerToken)
    const ratios = costs.map((cost, round) => cost / (relays[round]?.usPerToken ?? Number.NaN))
    const of = (read: (row: Figures) => number) => median(figures.map(read))
    log(
      [
        name.padEnd(26),
        median(costs).toFixed(2).padStart(9),
        `${Math.min(...costs).toFixed(1)}-${Math.max(...costs).toFixed(1)}`.padStart(12),
        median(ratios).toFixed(2).padStart(7),
        of(({ tokens: seen }) => seen / (MEASURE_MS / 1000))
          .toFixed(0)
          .padStart(9),
        of(({ latency }) => latency.p50)
          .toFixed(2)
          .padStart(10),
        of(({ latency }) => latency.p99)
          .toFixed(2)
          .padStart(9),
        of(({ firstByte }) => firstByte.p95)
          .toFixed(1)
          .padStart(18),
        of(({ msPerTurn }) => msPerTurn)
          .toFixed(2)
          .padStart(12),
        String(figures.reduce((sum, { failed }) => sum + failed, 0)).padStart(7),
      ].join(' '),
    )
  }
}

/**
 * What it costs to stand between a vendor and its clients: server CPU per token, and the time that a token takes,
 * beside a bare relay and nginx. The vendor and the clients are processes of their own.
 */
export default async (log: (line: string) => void): Promise<void> => {
  await table(`${STREAMS} streams at once, ${TOKENS} tokens each, as fast as they come`, TOKENS, 0, log)
  await table(`${STREAMS} streams at once, ${TOKENS} tokens each, ${RATE} tokens a second`, TOKENS, RATE, log)
  await table(`${STREAMS} short turns at once, 3 tokens each`, 3, 0, log)
}
