import t from 'tap'
import { openEvents } from '../support/event-source.ts'
import { openService } from './service.ts'
import { range, until } from './stage.ts'

t.test('a publication arrives byte for byte as it was sent, on every interface', async (t) => {
  const { url, tokenOf, hub } = await openService(t)
  const viewer = { authorization: `Bearer ${await tokenOf('ana')}` }
  const publisher = { authorization: `Bearer ${await tokenOf('pub', 'publisher')}` }
  const publish = (channel: string, body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(`${url}/api/v1/channels/${encodeURIComponent(channel)}/publications`, {
      method: 'POST',
      body: body as string,
      headers: { 'content-type': 'application/json', ...publisher, ...headers },
    })
  const one = await openEvents(`${url}/api/v1/channels/topic:a/events`, { headers: viewer })
  const many = await openEvents(`${url}/api/v1/events?channel=topic:a&channel=topic:b`, { headers: viewer })
  t.equal(one.status, 200)
  t.equal(many.status, 200)
  const bodies = [
    '{"n":12345678901234567890,"f":1.0,"dup":1,"dup":2}',
    ' [1,  2]',
    '"ü \\u2028 \u2028 😀"',
    'null',
    '{"a":{"b":[{"c":"\\n"}]}}',
  ]
  for (const [index, body] of bodies.entries()) {
    const response = await publish('topic:a', body)
    t.equal(response.status, 202)
    const { epoch, offset } = (await response.json()) as { epoch: string; offset: number }
    t.equal(offset, index + 1)
    t.match(await one.next(), { id: `${epoch}:${offset}`, event: undefined, data: body })
    const { event, data } = await many.next()
    t.equal(event, 'publication')
    t.ok(data.endsWith(`,"data":${body}}`))
    t.match(JSON.parse(data), { channel: 'topic:a', epoch, offset })
  }
  const pretty = await publish('topic:b', '{\n  "a": 1\n}')
  t.equal(pretty.status, 202)
  t.same(JSON.parse((await many.next()).data).data, { a: 1 })

  for (const [body, status] of [
    ['', 400],
    ['{', 400],
    ['{"__proto__":{}}', 400],
    ['{"a":[{"constructor":1}]}', 400],
    [Buffer.from([0x22, 0xc3, 0x28, 0x22]), 400],
    [`"${'x'.repeat(262_142)}"`, 202],
    [`"${'x'.repeat(262_143)}"`, 413],
  ] as const) {
    t.equal((await publish('topic:c', body)).status, status, String(body).slice(0, 20))
  }
  t.equal((await publish('topic:c', '1', { 'content-type': 'text/plain' })).status, 415)
  t.equal((await publish('system', '1')).status, 403)
  t.equal((await publish('nonsense', '1')).status, 400)
  t.equal((await publish('topic:c', '1', viewer)).status, 403)
  t.equal((await publish('topic:c', '1', { authorization: '' })).status, 401)

  const first = (await (await publish('topic:d', '1', { 'idempotency-key': 'k' })).json()) as object
  const second = (await (await publish('topic:d', '1', { 'idempotency-key': 'k' })).json()) as object
  t.same(second, first)
  const reused = await publish('topic:d', '2', { 'idempotency-key': 'k' })
  t.equal(reused.status, 422)
  t.match(await reused.json(), { code: 'IDEMPOTENCY_KEY_REUSED', detail: /use a new key/ })
  t.equal((await publish('topic:e', '2', { 'idempotency-key': 'k' })).status, 202, 'a key is of its channel')
  t.equal((await hub.history('topic:d', 0, 10)).top, 1)
  one.close()
  many.close()
})

t.test('many publications as NDJSON are all there, in order, or none is', async (t) => {
  const { url, tokenOf, hub } = await openService(t)
  const authorization = `Bearer ${await tokenOf('pub', 'publisher')}`
  const publish = (body: string) =>
    fetch(`${url}/api/v1/channels/topic:a/publications`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-ndjson', authorization },
    })
  const good = await publish('{"n":1}\r\n\n{"n": 2}\n[3]')
  t.equal(good.status, 202)
  t.match(await good.json(), { offset: 3 })
  const bad = await publish('{"n":4}\n{"n":5\n{"__proto__":1}\n6')
  t.equal(bad.status, 400)
  const problem = (await bad.json()) as { errors: { field: string }[] }
  t.same(
    problem.errors.map(({ field }) => field),
    ['line 2', 'line 3'],
  )
  t.equal((await publish('\n\n')).status, 400)
  t.equal((await publish('1\n'.repeat(10_001))).status, 413)
  t.equal((await publish(`1\n"${'x'.repeat(262_143)}"`)).status, 413)
  t.equal((await publish('1\n'.repeat(4_194_305))).status, 413)
  const { publications } = await hub.history('topic:a', 0, 10)
  t.same(
    publications.map(({ data }) => data),
    ['{"n":1}', '{"n": 2}', '[3]'],
  )
})

t.test('history in pages, presence over every interface, and who may see them', async (t) => {
  const { url, tokenOf, publish, broker } = await openService(t)
  const headers = { authorization: `Bearer ${await tokenOf('ana')}` }
  const get = (path: string) => fetch(`${url}/api/v1/channels/${path}`, { headers })
  const { epoch } = await publish('topic:a', ...range(1, 25))
  interface Page {
    items: { channel: string; epoch: string; offset: number; data: number }[]
    next: string | null
    first: number
    top: number
  }
  const seen: number[] = []
  let next: string | null = ''
  for (let pages = 0; next !== null; pages++) {
    t.ok(pages < 3)
    const page = (await (await get(`topic:a/history?limit=10&after=${next}`)).json()) as Page
    seen.push(...page.items.map(({ data }) => data))
    t.match(page, { epoch, first: 1, top: 25 })
    next = page.next
  }
  t.same(seen, range(1, 25))
  const tail = (await (await get('topic:a/history?after=23')).json()) as Page
  t.match(tail.items, [
    { channel: 'topic:a', epoch, offset: 24, data: 24 },
    { channel: 'topic:a', epoch, offset: 25, data: 25 },
  ])
  t.equal((await get('topic:a/history?after=x')).status, 400)
  t.equal((await get('topic:a/history?limit=0')).status, 400)
  t.equal((await get('topic:a/history?limit=1001')).status, 400)
  await broker.remove('topic:a')
  t.equal((await get(`topic:a/history?after=${epoch}:3`)).status, 409)
  for (const what of ['history', 'presence', 'events']) {
    t.equal((await get(`topic:private.auditor.x/${what}`)).status, 403)
    t.equal((await get(`audit/${what}`)).status, 403)
    t.equal((await get(`user:other/${what}`)).status, 404)
    t.equal((await get(`stream:none/${what}`)).status, 404)
    t.equal((await get(`nonsense/${what}`)).status, 400)
  }
  const refused = await fetch(`${url}/api/v1/events?channel=topic:a&channel=audit`, { headers })
  t.equal(refused.status, 403)
  t.equal((await fetch(`${url}/api/v1/events`, { headers })).status, 400)

  const watching = await openEvents(`${url}/api/v1/channels/topic:p/events`, { headers })
  const users = async (): Promise<string[]> =>
    ((await (await get('topic:p/presence')).json()) as { users: string[] }).users
  t.same(await users(), ['ana'])
  watching.close()
  const patience = performance.now() + 5000
  while ((await users()).length > 0) if (performance.now() > patience) throw new Error('she never left')
})

t.test('one event-stream goes on behind a position in each channel, and says where it cannot', async (t) => {
  const { url, tokenOf, publish } = await openService(t)
  const headers = { authorization: `Bearer ${await tokenOf('ana')}` }
  const a = await publish('topic:a', ...range(1, 5))
  await publish('topic:b', ...range(1, 3))
  const query = new URLSearchParams({ channel: 'topic:a', recover: 'all' })
  query.append('channel', 'topic:b')
  query.append('channel', 'topic:c')
  query.append('position', `${a.epoch}:3:topic:a`)
  query.append('position', 'another-life:1:topic:c')
  const events = await openEvents(`${url}/api/v1/events?${query}`, { headers })
  await publish('topic:c', 'live')
  await until('the live publication', () => events.events.some(({ data }) => data.includes('"live"')))
  const seen = events.events
    .filter(({ event }) => event === 'publication')
    .map(({ data }) => JSON.parse(data))
  t.same(
    seen.filter(({ channel }) => channel === 'topic:a').map(({ data }) => data),
    [4, 5],
  )
  t.same(
    seen.filter(({ channel }) => channel === 'topic:b').map(({ data }) => data),
    [1, 2, 3],
    'a channel without a position is told from its beginning',
  )
  const lost = events.events.filter(({ event, data }) => event === 'recovery' && !JSON.parse(data).recovered)
  t.match(
    lost.map(({ data }) => JSON.parse(data)),
    [{ channel: 'topic:c', reason: 'epoch_changed' }],
  )
  events.close()
  const bad = await fetch(`${url}/api/v1/events?channel=topic:a&position=nonsense`, { headers })
  t.equal(bad.status, 400)
})

t.test('a stream opened with a token in its query ends when that token does', async (t) => {
  const { url, tokenOf, connections } = await openService(t, { accessTtlSeconds: 4 })
  const client = await openEvents(`${url}/api/v1/channels/topic:a/events?token=${await tokenOf('ana')}`)
  t.equal(client.status, 200)
  t.match(await client.next(), { event: 'token_expired', data: /expired/ })
  t.equal(await client.ended(), 'whole')
  await until('its place is free', () => connections.size === 0)
})
