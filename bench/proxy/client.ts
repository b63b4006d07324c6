import { connect } from 'node:net'

/** What the parent asks for. */
export interface Load {
  port: number
  path: string
  body: string
  headers: string[]
  /** Streams at once; each that ends is followed by another one until the time is over. */
  streams: number
  warmMs: number
  measureMs: number
  /** Tells when each stream has brought a token, and leaves them all open, instead of measuring. */
  hold?: boolean
  /** Asks on all connections at one moment, so many times, instead of measuring for some time. */
  bursts?: number
}

/** What was seen in the time that was measured. */
export interface Seen {
  tokens: number
  turns: number
  failed: number
  /** From a token's write at the vendor to its arrival here, ms. */
  latency: { p50: number; p99: number }
  /** From the request to the first byte of its answer, ms. */
  firstByte: { p50: number; p95: number }
}

const MARK = Buffer.from('@t@')
const DIGITS = 18
const END = Buffer.from('\r\n0\r\n\r\n')

const at = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

const run = async (load: Load, started: () => void, over: () => void): Promise<Seen> => {
  const head = [
    `POST ${load.path} HTTP/1.1`,
    `host: 127.0.0.1:${load.port}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(load.body)}`,
    ...load.headers,
  ].join('\r\n')
  const request = `${head}\r\n\r\n${load.body}`
  const latencies: number[] = []
  const firstBytes: number[] = []
  const seen = { tokens: 0, turns: 0, failed: 0 }
  let began = 0
  let measuring = false
  let closing = false
  const asking: (() => void)[] = []
  let idle = 0
  let isIdle = (): void => undefined
  /** Waits until every connection has its answer. */
  const settled = () =>
    new Promise<void>((resolve) => {
      isIdle = resolve
      if (idle === load.streams) resolve()
    })
  const open = (): void => {
    let asked = 0
    let waiting = true
    let silent = true
    let tail = Buffer.alloc(0)
    const socket = connect({ port: load.port, host: '127.0.0.1', noDelay: true })
    const ask = () => {
      asked = performance.now()
      waiting = true
      socket.write(request)
    }
    const next = load.bursts === undefined ? ask : () => ++idle === load.streams && isIdle()
    asking.push(ask)
    socket.on('connect', next)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (closing) return
      if (load.hold) throw new Error('a stream that was to stay open was closed')
      if (measuring) seen.failed++
      open()
    })
    socket.on('data', (data: Buffer) => {
      const now = Number(process.hrtime.bigint())
      if (waiting && measuring) firstBytes.push(performance.now() - asked)
      waiting = false
      const bytes = tail.length > 0 ? Buffer.concat([tail, data]) : data
      let place = bytes.indexOf(MARK)
      let last = 0
      while (place >= 0 && place + MARK.length + DIGITS <= bytes.length) {
        last = place + MARK.length + DIGITS
        if (silent && ++began === load.streams && load.hold) started()
        silent = false
        if (measuring) {
          seen.tokens++
          latencies.push((now - Number(bytes.toString('latin1', place + MARK.length, last))) / 1e6)
        }
        place = bytes.indexOf(MARK, last)
      }
      const ended = bytes.length >= END.length && bytes.subarray(-END.length).equals(END)
      tail = ended ? Buffer.alloc(0) : Buffer.from(bytes.subarray(Math.max(last, bytes.length - 32)))
      if (!ended) return
      if (measuring) seen.turns++
      next()
    })
    sockets.push(socket)
  }
  const sockets: ReturnType<typeof connect>[] = []
  for (let i = 0; i < load.streams; i++) open()
  if (load.hold) await new Promise(() => undefined)
  await new Promise((resolve) => setTimeout(resolve, load.warmMs))
  measuring = true
  started()
  for (let burst = 0; burst < (load.bursts ?? 0); burst++) {
    await settled()
    idle = 0
    for (const ask of asking) ask()
  }
  if (load.bursts !== undefined) await settled()
  await new Promise((resolve) => setTimeout(resolve, load.measureMs))
  measuring = false
  over()
  closing = true
  for (const socket of sockets) socket.destroy()
  const sorted = Float64Array.from(latencies).sort()
  const first = Float64Array.from(firstBytes).sort()
  return {
    ...seen,
    latency: { p50: at(sorted, 0.5), p99: at(sorted, 0.99) },
    firstByte: { p50: at(first, 0.5), p95: at(first, 0.95) },
  }
}

process.on('message', (load: Load) => {
  run(
    load,
    () => process.send?.('started'),
    () => process.send?.('over'),
  ).then((seen) => process.send?.(seen))
})
