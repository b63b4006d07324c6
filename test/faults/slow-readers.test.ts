import { readFile } from 'node:fs/promises'
import t from 'tap'
import type { EventClient } from '../support/event-source.ts'
import { isLong, often } from '../support/long.ts'
import { login, startProcess } from '../support/process.ts'
import type { SocketClient } from '../support/socket.ts'

t.setTimeout(isLong ? 600_000 : 120_000)

/** Of each transport as many that read and as many that have stopped. */
const READERS = often(20, 50)
const PIECE = 'x'.repeat(65_536)
const CHANNEL = 'topic:slow'
const PATH = `/api/v1/channels/${CHANNEL}/events`

const residentKiB = async (pid: number): Promise<number> =>
  Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1])
const p99 = (times: readonly number[]): number =>
  [...times].sort((one, other) => one - other)[Math.floor(times.length * 0.99)] as number

t.test('readers that stop are cut, cost no more than their bound, and come back to all of it', async (t) => {
  const limits = {
    MAX_STREAMS_PER_USER: '1000',
    MAX_CONNECTIONS_PER_IP: '1000',
    CHANNEL_HISTORY_SIZE: '5000',
  }
  const service = await startProcess({ ...limits, SLOW_CONSUMER_GRACE_MS: '1000' })
  t.teardown(() => service.kill())
  const user = await login(service.url)
  const subscribed = async (): Promise<SocketClient> => {
    const socket = await user.socket('/api/v1/ws')
    socket.send({ type: 'subscribe', channel: CHANNEL })
    await socket.ofType('subscribed')
    return socket
  }
  const each = <T>(open: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: READERS }, open))
  const reading = await each(() => user.events(PATH))
  const readingSockets = await each(subscribed)
  let n = 0
  /** Publishes some, each once all who read have the one before; returns how long each reader waited, in ms. */
  const publish = async (count: number): Promise<number[]> => {
    const waited: number[] = []
    for (const last = n + count; n < last; ) {
      n++
      const from = performance.now()
      const noted = () => waited.push(performance.now() - from)
      const { status } = await user.call('POST', `/api/v1/channels/${CHANNEL}/publications`, {
        body: { n, piece: PIECE },
      })
      t.equal(status, 202)
      const here = n
      await Promise.all([
        ...reading.map((client) => client.next(({ data }) => JSON.parse(data).n === here).then(noted)),
        ...readingSockets.map((socket) => socket.next(({ data }) => data?.n === here).then(noted)),
      ])
    }
    return waited
  }
  const before = p99(await publish(30))
  const restingKiB = await residentKiB(service.pid)

  const stopped = await each(() => user.events(PATH))
  const first = n
  for (const { response } of stopped) response.pause()
  const stoppedSockets = await each(subscribed)
  for (const { socket } of stoppedSockets) socket.pause()
  const cutoffs = async (): Promise<number> =>
    [...(await user.get('/metrics')).text.matchAll(/^subscriber_cutoffs_total\{[^}]*\} (\d+)/gm)].reduce(
      (sum, [, value]) => sum + Number(value),
      0,
    )
  const waited: number[] = []
  let mostKiB = 0
  while ((await cutoffs()) < 2 * READERS) {
    waited.push(...(await publish(10)))
    mostKiB = Math.max(mostKiB, await residentKiB(service.pid))
  }
  const during = p99(waited)
  for (const { response } of stopped) response.resume()
  for (const { socket } of stoppedSockets) socket.resume()
  const ends = await Promise.all(stopped.map((client) => client.ended()))
  t.same([...new Set(ends)], ['cut'])
  const codes = await Promise.all(stoppedSockets.map((socket) => socket.closed()))
  t.same([...new Set(codes.map(({ code }) => code))], [1013])

  const numbersOf = ({ events }: EventClient): number[] =>
    events.filter(({ event }) => event === undefined).map(({ data }) => JSON.parse(data).n)
  const back = await Promise.all(
    stopped.slice(0, 5).map(async (client) => {
      const seen = numbersOf(client)
      const again = await user.events(PATH, { lastEventId: client.events.at(-1)?.id as string })
      await again.next(({ event, data }) => event === undefined && JSON.parse(data).n === n)
      again.close()
      return [...seen, ...numbersOf(again)]
    }),
  )
  const all = Array.from({ length: n - first }, (_, index) => first + 1 + index)
  for (const numbers of back) t.same(numbers, all, 'nothing is lost or doubled for who comes back')
  for (const client of [...reading, ...readingSockets]) client.close()
  const eachKiB = Math.max(0, mostKiB - restingKiB) / (2 * READERS)
  t.comment(
    `${2 * READERS} stopped among ${2 * READERS}, cut after ${n - first} × 64 KiB; ` +
      `${Math.round(eachKiB)} KiB more for each; p99 of the others ${before.toFixed(0)} → ${during.toFixed(0)} ms`,
  )
})
