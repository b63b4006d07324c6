import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { ConfigError, loadConfig } from '../../src/config.ts'
import { coalesceMsOf } from '../../src/feed/coalescing.ts'
import { openService } from './service.ts'

t.test('events of a hot channel leave together, in order with those of all others', async (t) => {
  const { coalescing } = loadConfig({ COALESCE_MS: 'topic:hot.*=1000' })
  const { url, tokenOf, publish } = await openService(t, { coalescing })
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('utf8')
  t.teardown(() => socket.destroy())
  let text = ''
  const arrived = async (part: string) => {
    while (!text.includes(part)) text += (await once(socket, 'data'))[0]
  }
  socket.write(
    'GET /api/v1/events?channel=topic:hot.prices&channel=topic:cold HTTP/1.1\r\nHost: 127.0.0.1\r\n' +
      `Authorization: Bearer ${await tokenOf('ana')}\r\n\r\n`,
  )
  await arrived('retry:')
  for (const n of [1, 2, 3]) await publish('topic:hot.prices', { hot: n })
  await publish('topic:cold', { cold: 1 })
  await arrived('"cold"')
  const chunks = text.split('\r\n').filter((part) => /"(hot|cold)":/.test(part))
  t.equal(chunks.length, 1, 'one write')
  t.same(chunks[0]?.match(/"(hot|cold)":\d/g), ['"hot":1', '"hot":2', '"hot":3', '"cold":1'])

  await publish('topic:hot.prices', { hot: 4 })
  await arrived('"hot":4')
})

t.test('COALESCE_MS names channels by patterns, of which the first that matches counts', async (t) => {
  const { coalescing } = loadConfig({ COALESCE_MS: 'topic:a.b=20, topic:a*=50,chat:*=5' })
  const times = ['topic:a.b', 'topic:a+b', 'topic:ab.c', 'topic:b', 'xtopic:a', 'chat:s'].map((channel) =>
    coalesceMsOf(coalescing, channel),
  )
  t.same(times, [20, 50, 50, 0, 0, 5])
  for (const bad of ['50', 'topic:a', 'topic:a=', 'topic:a=1001', 'topic:a=-1', '=5'])
    t.throws(() => loadConfig({ COALESCE_MS: bad }), ConfigError, bad)
})
