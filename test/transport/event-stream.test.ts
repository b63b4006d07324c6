import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EventSource } from 'eventsource'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import fc from 'fast-check'
import t from 'tap'
import { encodeComment, encodeEvent, encodeRetry } from '../../src/transport/event-stream.ts'
import { publication } from '../../src/vocabulary/publication.ts'
import { channelFrames, roomFrames } from '../../src/vocabulary/socket.ts'

const nasty = fc.string({
  unit: fc.oneof(
    { weight: 3, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('\n', '\r', '\r\n', '\0', '\u2028', ':', ' ', 'data:', 'id: 9', '\ufeff'),
    },
  ),
  maxLength: 40,
})
const safe = fc
  .string({
    unit: fc.constantFrom('a', 'Z', '0', ':', ' ', '-', 'é', '😀', '{'),
    minLength: 1,
    maxLength: 20,
  })
  .filter((text) => text.trim() === text)

const lines = (data: string): string => data.replace(/\r\n|\r/g, '\n')

t.test('whatever goes in, a parser gives one event back with the same data', async (t) => {
  fc.assert(
    fc.property(nasty, safe, safe, fc.boolean(), (data, id, event, named) => {
      const events: EventSourceMessage[] = []
      const errors: unknown[] = []
      const parser = createParser({ onEvent: (e) => events.push(e), onError: (error) => errors.push(error) })
      parser.feed(encodeRetry(1000))
      parser.feed(encodeEvent(named ? { id, event, data } : { id, data }))
      t.same(errors, [])
      t.same(events, [{ id, event: named ? event : undefined, data: lines(data) }])
    }),
    { numRuns: 500 },
  )
})

t.test('an id or a name that could begin another field or event is refused', async (t) => {
  for (const bad of ['a\nb', 'a\rb', 'a\r\n\r\nb', 'a\0', '\u2028', 'x\u2029']) {
    t.throws(() => encodeEvent({ id: bad, data: '' }), TypeError)
    t.throws(() => encodeEvent({ event: bad, data: '' }), TypeError)
  }
  for (const retry of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    t.throws(() => encodeEvent({ retry, data: '' }), TypeError)
  }
})

t.test('a comment never becomes an event', async (t) => {
  fc.assert(
    fc.property(nasty, (text) => {
      const seen: string[] = []
      const parser = createParser({
        onEvent: () => seen.push('event'),
        onRetry: () => seen.push('retry'),
        onComment: (comment) => seen.push(`:${comment}`),
      })
      parser.feed('retry: 1\n\n')
      parser.feed(encodeComment(text))
      t.equal(seen[0], 'retry')
      t.ok(seen.slice(1).every((one) => one.startsWith(':')))
    }),
  )
})

t.test('the eventsource client gets the same events over a socket', async (t) => {
  const samples = fc.sample(nasty, 150)
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(encodeRetry(60_000))
    for (const [index, data] of samples.entries()) response.write(encodeEvent({ id: `${index}`, data }))
    response.write(encodeEvent({ event: 'end', data: '' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = new EventSource(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  t.teardown(() => {
    client.close()
    server.closeAllConnections()
    server.close()
  })
  const received: { id: string; data: string }[] = []
  client.addEventListener('message', ({ lastEventId, data }) => received.push({ id: lastEventId, data }))
  await new Promise((resolve) => client.addEventListener('end', resolve))
  t.same(
    received,
    samples.map((data, index) => ({ id: `${index}`, data: lines(data) })),
  )
})

t.test('vocabularies embed the published text as it is', async (t) => {
  const entry = {
    channel: 'topic:"a"',
    epoch: 'e1',
    offset: 7,
    data: '{"n":1.0, "big":12345678901234567890}',
  }
  const [multi] = publication(entry)
  t.match(multi, { event: 'publication' })
  t.ok(multi?.data.endsWith(`"data":${entry.data}}`))
  t.match(JSON.parse(multi?.data ?? ''), { channel: 'topic:"a"', epoch: 'e1', offset: 7, data: { n: 1 } })

  const [frame] = channelFrames.events(entry)
  t.ok(frame?.data.includes(entry.data))
  t.match(JSON.parse(frame?.data ?? ''), { type: 'event', channel: 'topic:"a"', offset: 7, epoch: 'e1' })
  t.same(JSON.parse(channelFrames.replayed('c', '[1]')), { type: 'event', channel: 'c', data: [1] })

  const object = fc
    .dictionary(fc.string(), fc.jsonValue())
    .filter((one) => !('offset' in one || 'epoch' in one))
  fc.assert(
    fc.property(object, fc.boolean(), (value, pretty) => {
      const data = JSON.stringify(value, null, pretty ? 2 : 0)
      const [own] = roomFrames.events({ ...entry, data })
      t.same(JSON.parse(own?.data ?? ''), { ...JSON.parse(data), offset: 7, epoch: 'e1' })
    }),
  )
})
