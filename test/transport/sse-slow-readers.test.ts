import { connect, type Socket } from 'node:net'
import t from 'tap'
import { openEvents } from '../support/event-source.ts'
import { numbers, openStage, range, until } from './stage.ts'

/** A reader on a bare socket that never reads what it asked for. */
async function openStopped(url: string, path: string, gzip: boolean): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.on('error', () => {})
  const encoding = gzip ? 'accept-encoding: gzip\r\n' : ''
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\n${encoding}\r\n`)
  socket.pause()
  return socket
}

t.test('a reader that stops is cut and its bytes are let go; the others get all, in order', async (t) => {
  const stage = await openStage(t, { stream: { graceMs: 200 } })
  const { url, publish, seen, hub } = stage
  const stopped = await Promise.all(range(1, 20).map((n) => openStopped(url, '/one/topic:a', n % 4 === 0)))
  t.teardown(() => {
    for (const socket of stopped) socket.destroy()
  })
  const reading = await Promise.all(range(1, 10).map(() => openEvents(`${url}/one/topic:a`)))
  await until('all are subscribed', () => hub.numSubscribers('topic:a') === 30)
  global.gc?.()
  const before = process.memoryUsage()
  const noise = Array.from({ length: 4000 }, () => Math.random().toString(36).slice(2)).join('')
  let slowest = 0
  let n = 0
  for (; hub.numSubscribers('topic:a') > 10 && n < 2000; n++) {
    const start = performance.now()
    await publish('topic:a', { n, noise: noise.slice(0, 16_384 + (n % 100)) })
    for (const client of reading) await client.next((event) => JSON.parse(event.data).n === n)
    slowest = Math.max(slowest, performance.now() - start)
  }
  t.equal(hub.numSubscribers('topic:a'), 10, 'only those who read are left')
  t.equal(seen.cutoffs.length, 20)
  for (const client of reading) t.same(numbers(client.events), range(0, n - 1))
  const grown = (process.memoryUsage().rss - before.rss) / 1_048_576
  t.comment(
    `20 stopped readers cut after ${n} × 16 KiB; slowest delivery to readers ${slowest.toFixed(1)} ms; ` +
      `RSS +${grown.toFixed(0)} MiB, both ends; reasons ${[...new Set(seen.cutoffs)]}`,
  )
  const resumed = await openEvents(`${url}/one/topic:a`, {
    lastEventId: reading[0]?.events[3]?.id as string,
  })
  t.match(JSON.parse((await resumed.next()).data), { recovered: true })
  t.same(numbers(await resumed.take(n - 4)), range(4, n - 1))
})

t.test('one large event never cuts a slow reader, and a long replay waits for it', async (t) => {
  const { url, publish, seen } = await openStage(t, {
    stream: { graceMs: 150, bufferBytes: 4096, compression: false },
    hub: { historyPage: 20 },
  })
  const { epoch } = await publish('topic:a', 0)
  const large = await openStopped(url, '/one/topic:a', false)
  t.teardown(() => large.destroy())
  await until('it is there', () => seen.opened === 1)
  const megabytes = 12
  await publish('topic:a', 'x'.repeat(megabytes * 1_048_576))
  let bytes = 0
  let tail = ''
  const slowly = (socket: Socket, done: () => boolean): Promise<void> =>
    until(
      'it has read all',
      () => {
        const chunk = socket.read(262_144) ?? socket.read()
        if (chunk !== null) {
          bytes += chunk.length
          tail = (tail + String(chunk)).slice(-200)
        }
        return done()
      },
      30_000,
    )
  await slowly(
    large,
    () => tail.includes(`id: ${epoch}:2`) || (bytes > megabytes * 1_048_576 && /"\n\n/.test(tail)),
  )
  t.ok(bytes > megabytes * 1_048_576)
  t.same(seen.cutoffs, [])
  large.destroy()

  await publish('topic:b', ...range(1, 500).map((n) => ({ n, pad: 'y'.repeat(8000) })))
  const { epoch: other } = await publish('topic:b', { n: 'last' })
  const replay = await openStopped(url, `/one/topic:b?last_event_id=${other}:0`, false)
  t.teardown(() => replay.destroy())
  bytes = 0
  tail = ''
  await slowly(replay, () => tail.includes('"last"'))
  t.same(seen.cutoffs, [])
  t.ok(bytes > 500 * 8000)
})
