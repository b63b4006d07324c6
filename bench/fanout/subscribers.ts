import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import type { Load, LoadResult } from './load.ts'

/**
 * `subscribers <load as JSON>` opens the connections, publishes, and counts what arrives. Bytes are not parsed: each
 * publication has one `@`, behind which stands the time at which it was sent.
 */
const load = JSON.parse(process.argv[2] as string) as Load
const AT = 64
/** Digits of a time, in microseconds. */
const DIGITS = 16
const PAD_BYTES = 130
/** One client in so many has its latencies noted. */
const SAMPLED = 20

/** Returns the port of one instance after another. */
const portOf = (turn: number): number => load.ports[turn % load.ports.length] as number

const nowMicros = (): number => Math.round((performance.timeOrigin + performance.now()) * 1000)

let delivered = 0
let counting = false
const latencies: number[] = []

/** Returns a WebSocket text message of a client, masked by zeros. */
const masked = (text: string): Buffer => {
  const body = Buffer.from(text)
  return Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body])
}

const requestOf = ({ kind, path, headers }: Load, channel: number): string => {
  const lines = [
    `GET ${path.replace('#', String(channel))} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...headers,
    ...(kind === 'sse'
      ? ['Accept: text/event-stream']
      : [
          'Connection: Upgrade',
          'Upgrade: websocket',
          'Sec-WebSocket-Version: 13',
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        ]),
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

const count = (bytes: Buffer, isSampled: boolean): void => {
  for (let at = bytes.indexOf(AT); at >= 0; at = bytes.indexOf(AT, at + 1)) {
    delivered++
    if (isSampled && counting && at + DIGITS < bytes.length)
      latencies.push((nowMicros() - Number(bytes.toString('latin1', at + 1, at + 1 + DIGITS))) / 1000)
  }
}

/** Opens one connection and resolves when it is subscribed. */
const subscribe = async (index: number): Promise<Socket> => {
  const channel = index % load.channels
  const socket = connect(portOf(Math.floor(index / load.channels)), '127.0.0.1').setNoDelay()
  await once(socket, 'connect')
  socket.write(requestOf(load, channel))
  let head = ''
  let sent = load.send === undefined
  for (;;) {
    const [part] = (await once(socket, 'data')) as [Buffer]
    head += part.toString('latin1')
    if (!sent && head.includes('\r\n\r\n')) {
      sent = true
      socket.write(masked((load.send as string).replace('#', String(channel))))
    }
    if (sent && head.includes(load.ready)) break
    if (/^HTTP\/1\.1 [45]/.test(head)) throw new Error(head)
  }
  const isSampled = index % SAMPLED === 0
  socket.on('data', (bytes) => count(bytes, isSampled))
  return socket
}

const sockets: Socket[] = []
for (let from = 0; from < load.connections; from += 100)
  sockets.push(
    ...(await Promise.all(
      Array.from({ length: Math.min(100, load.connections - from) }, (_, index) => subscribe(from + index)),
    )),
  )
process.send?.('ready')
await once(process, 'message')

const pools = load.ports.map(
  (port) =>
    new Pool(`http://127.0.0.1:${port}`, {
      connections: Math.ceil(load.publishers / load.ports.length),
      pipelining: 1,
    }),
)
const headers = Object.fromEntries(load.headers.map((line) => line.split(': ') as [string, string]))
let published = 0
const publish = async (): Promise<void> => {
  const { batch = 1 } = load
  const channel = (published / batch) % load.channels
  const pool = pools[(published / batch) % pools.length] as Pool
  published += batch
  const text = `{"at":"@${String(nowMicros()).padStart(DIGITS, '0')}","text":"${'x'.repeat(PAD_BYTES)}"}`
  const { body, statusCode } = await pool.request({
    path: load.publish.replace('#', String(channel)),
    method: 'POST',
    headers: { ...headers, 'content-type': batch > 1 ? 'application/x-ndjson' : 'application/json' },
    body: Array<string>(batch).fill(text).join('\n'),
  })
  const answer = await body.text()
  if (statusCode >= 300) throw new Error(`${statusCode} ${answer}`)
}
const perPublication = load.connections / load.channels

/** Publishes for some seconds: at the rate, or flat out with a few publications on their way. */
const run = async (seconds: number): Promise<void> => {
  const end = performance.now() + seconds * 1000
  const first = delivered
  const before = published
  if (load.rate > 0) {
    const start = performance.now()
    for (let n = 0; performance.now() < end; n++) {
      await sleep(Math.max(0, start + (n * 1000) / load.rate - performance.now()))
      void publish()
    }
  } else {
    const worker = async () => {
      while (performance.now() < end) {
        await publish()
        while (
          delivered - first < (published - before - load.window) * perPublication &&
          performance.now() < end + 5000
        )
          await sleep(0)
      }
    }
    await Promise.all(Array.from({ length: load.publishers }, worker))
  }
}
/** Waits until all that was published has arrived; says how much is missing. */
const settle = async (): Promise<number> => {
  const end = performance.now() + 10_000
  const due = () => published * perPublication
  while (delivered < due() && performance.now() < end) await sleep(10)
  return due() - delivered
}

do await run(load.warmSeconds)
while (published < (load.warmPublications ?? 0))
await settle()
process.send?.('measure')
await once(process, 'message')
counting = true
const already = delivered
const publishedBefore = published
const startedAt = performance.now()
await run(load.seconds)
const missing = await settle()
const sorted = latencies.sort((a, b) => a - b)
const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
process.send?.({
  delivered: delivered - already,
  published: published - publishedBefore,
  missing,
  seconds: (performance.now() - startedAt) / 1000,
  p50: at(0.5),
  p99: at(0.99),
} satisfies LoadResult)
for (const socket of sockets) socket.destroy()
await Promise.all(pools.map((pool) => pool.close()))
process.disconnect()
