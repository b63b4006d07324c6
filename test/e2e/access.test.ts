import t from 'tap'
import { newUsers } from '../support/clients.ts'
import {
  type Answer,
  type Client,
  client,
  login,
  refusal,
  startProcess,
  told,
  USER_PASSWORD,
  wholeStory,
} from '../support/process.ts'

const CSV =
  'numero;fornecedor;cnpj;objeto;valor;data\n' +
  '1/2024;ACME LTDA;12.345.678/0001-95;Papel A4;1.000,00;05/03/2024\n' +
  '2/2024;ACME LTDA;12.345.678/0001-95;Papel A4;1.000,00;05/03/2024\n'
/** What the contract opens to everybody. */
const PUBLIC = [
  /^POST \/(api\/v1\/)?auth\/login$/,
  /^POST \/api\/v1\/auth\/refresh$/,
  /^GET \/api\/v1\/auth\/session$/,
  /^GET \/health\/(live|ready|metrics)$/,
  /^GET \/metrics$/,
  /^GET \/api\/v1\/anomaly-types$/,
]

const service = await startProcess({ MAX_STREAMS_PER_USER: '50' })
const admin = await login(service.url)
const stranger = client(service.url)
const { alice, bob, vera, paula } = await newUsers(admin, service.url, {
  alice: 'analyst',
  bob: 'analyst',
  vera: 'viewer',
  paula: 'publisher',
})

const problem = {
  type: String,
  title: String,
  status: Number,
  detail: String,
  code: String,
  request_id: String,
}

/** What a WebSocket is told about a channel that it subscribes to. */
const subscribing = async (user: Client, channels: readonly string[]) => {
  const socket = await user.socket('/api/v1/ws')
  const answers = []
  for (const channel of channels) {
    socket.send({ type: 'subscribe', channel })
    const answer = await socket.next(({ type }) => type === 'error' || type === 'subscribed')
    answers.push(answer.type === 'error' ? answer.error_code : 'subscribed')
  }
  socket.close()
  return answers
}

t.test('every operation of the documentation wants credentials, but those the contract opens', async (t) => {
  const documentation = (await stranger.get('/docs/json')).body
  t.match(documentation, { openapi: /^3\.1/, info: { title: 'Tributary' } })
  const operations = Object.entries(documentation.paths as Record<string, Record<string, { security?: [] }>>)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => ({
        method: method.toUpperCase(),
        path: path.replace(/\{[^}]+\}/g, 'x'),
        says: security?.length === 0 ? 'open' : 'closed',
      })),
    )
    .filter(({ method }) => method !== 'HEAD')
  t.ok(operations.length > 35, `${operations.length} operations`)
  for (const { method, path, says } of operations) {
    const answer = await stranger.call(method, path)
    const name = `${method} ${path}`
    if (PUBLIC.some((pattern) => pattern.test(name))) {
      t.not(answer.status, 401, `${name} is open`)
      t.equal(says, 'open', `${name} says so`)
    } else {
      t.equal(answer.status, 401, `${name} is not`)
      if (path.startsWith('/v1/')) {
        t.match(answer.body, { error: { type: 'authentication_error', code: 'UNAUTHENTICATED' } })
        continue
      }
      t.match(answer.headers.get('content-type'), /^application\/problem\+json/)
      t.match(answer.body, { ...problem, code: 'UNAUTHENTICATED' })
    }
  }
  t.match(await stranger.get('/api/v1/auth/session'), { status: 200, body: { user: null } })
  t.match(await vera.get('/api/v1/auth/session'), { body: { user: { username: 'vera', role: 'viewer' } } })
  const asyncApi = (await stranger.get('/docs/asyncapi.json')).body
  t.match(asyncApi, { asyncapi: /^3\./, channels: Object })
  t.match((await stranger.get('/docs')).status, /^(200|302)$/)
  t.equal(await refusal(stranger, '/api/v1/ws'), 401)
  t.equal(await refusal(stranger, '/api/v1/ws/investigations/x'), 401)
  t.equal((await stranger.get('/nowhere')).status, 404)
  t.equal((await stranger.call('HEAD', '/api/v1/events?channel=topic:x')).status, 404)
})

t.test("other people's things", async (t) => {
  const { body: dataset } = await alice.upload(new TextEncoder().encode(CSV), { name: 'mine.csv' })
  const started = await alice.investigate(dataset.dataset_id)
  const { investigation_id: id, stream_id, stream_url, ws_url } = started
  const channels = [`investigation:${id}`, `stream:${stream_id}`]
  await wholeStory(await alice.events(stream_url))

  const readings = [
    `/api/v1/investigations/${id}`,
    `/api/v1/investigations/${id}/anomalies`,
    `/api/v1/investigations/${id}/report?format=json`,
    `/api/v1/streams/${stream_id}`,
    ...channels.flatMap((channel) => [
      `/api/v1/channels/${channel}/history`,
      `/api/v1/channels/${channel}/presence`,
    ]),
  ]
  const streams = [
    stream_url,
    `/api/v1/streams/${stream_id}/events`,
    ...channels.map((channel) => `/api/v1/channels/${channel}/events`),
    ...channels.map((channel) => `/api/v1/events?channel=${channel}`),
    `/api/v1/events?channel=topic:x&channel=${channels[0]}`,
  ]
  const changes: [string, string, unknown?][] = [
    ['POST', `/api/v1/investigations/${id}/cancel`],
    ['POST', `/api/v1/investigations/${id}/pause`],
    ['POST', `/api/v1/investigations/${id}/resume`],
    ['POST', `/api/v1/investigations/${id}/share`, { public: true }],
    ['DELETE', `/api/v1/investigations/${id}`],
    ['POST', `/api/v1/streams/${stream_id}/cancel`],
  ]
  const change = (user: Client) =>
    Promise.all(
      changes.map(([method, path, body]) => user.call(method, path, body === undefined ? {} : { body })),
    )
  const statuses = (answers: readonly { status: number | undefined }[]) => answers.map(({ status }) => status)
  const all = (paths: readonly unknown[], status: number) => paths.map(() => status)
  const read = async (user: Client) => statuses(await Promise.all(readings.map((path) => user.get(path))))
  const watch = async (user: Client) => {
    const opened = await Promise.all(streams.map((path) => user.events(path)))
    for (const stream of opened) stream.close()
    return statuses(opened)
  }

  await t.test('are not there for another user', async (t) => {
    const gone = [
      await bob.get(`/api/v1/datasets/${dataset.dataset_id}`),
      await bob.get(`/api/v1/datasets/${dataset.dataset_id}/contracts`),
      await bob.call('DELETE', `/api/v1/datasets/${dataset.dataset_id}`),
      await bob.post('/api/v1/investigations', { query: 'x', dataset_id: dataset.dataset_id }),
      ...(await change(bob)),
    ]
    for (const answer of gone) {
      t.equal(answer.status, 404)
      t.match(answer.body, { ...problem, code: 'NOT_FOUND' })
      t.notMatch(answer.text, /alice|mine\.csv/)
    }
    t.same(await read(bob), all(readings, 404))
    t.same(await watch(bob), all(streams, 404), 'before an event-stream begins')
    t.equal(await refusal(bob, ws_url), 404)
    t.same(await subscribing(bob, channels), ['NOT_FOUND', 'NOT_FOUND'])
    for (const [path, key, mine] of [
      ['datasets', 'dataset_id', dataset.dataset_id],
      ['investigations', 'investigation_id', id],
      ['streams', 'stream_id', stream_id],
    ] as const) {
      const ids = async (user: Client) =>
        (await user.get(`/api/v1/${path}`)).body.items.map((item: Record<string, string>) => item[key])
      t.notOk((await ids(bob)).includes(mine), `${path} of others are not listed`)
      t.ok((await ids(alice)).includes(mine))
      t.ok((await ids(admin)).includes(mine), 'an administrator sees all')
    }
    t.same(await read(admin), all(readings, 200))
    t.same(await subscribing(admin, channels), ['subscribed', 'subscribed'])
  })

  await t.test('are read by one they are shared with, who changes nothing', async (t) => {
    t.equal((await alice.post(`/api/v1/investigations/${id}/share`, { username: 'nobody' })).status, 400)
    t.equal((await alice.post(`/api/v1/investigations/${id}/share`, {})).status, 400)
    t.equal((await alice.post(`/api/v1/investigations/${id}/share`, { username: 'bob' })).status, 200)
    t.same(await read(bob), all(readings, 200))
    t.same(await watch(bob), all(streams, 200))
    t.equal(await refusal(bob, ws_url), 101)
    t.same(await subscribing(bob, channels), ['subscribed', 'subscribed'])
    t.same(statuses(await change(bob)), all(changes, 403))
    const room = await bob.socket(ws_url)
    room.send({ type: 'cancel' })
    t.match(await room.ofType('error'), { error_code: 'FORBIDDEN' })
    room.close()
    const theirs = told(await wholeStory(await bob.events(stream_url)))
    t.same(theirs, told(await wholeStory(await alice.events(stream_url))))
    t.equal((await bob.get(`/api/v1/datasets/${dataset.dataset_id}`)).status, 404, 'the file is not shared')
    t.equal((await vera.get(`/api/v1/investigations/${id}`)).status, 404, 'nor is anything with others')
  })

  await t.test('are read by everybody who is signed in once they are public', async (t) => {
    t.equal((await alice.post(`/api/v1/investigations/${id}/share`, { public: true })).status, 200)
    t.same(await read(vera), all(readings, 200))
    t.same(await watch(vera), all(streams, 200))
    t.same(statuses(await change(vera)), all(changes, 403))
    t.same(await read(stranger), all(readings, 401))
  })

  await t.test('are gone for all when their owner removes them', async (t) => {
    t.equal((await alice.call('DELETE', `/api/v1/investigations/${id}`)).status, 204)
    for (const user of [alice, bob, vera, admin]) t.same(await read(user), all(readings, 404))
    t.equal((await alice.call('DELETE', `/api/v1/datasets/${dataset.dataset_id}`)).status, 204)
    t.equal((await admin.get(`/api/v1/datasets/${dataset.dataset_id}`)).status, 404)
  })
})

t.test('each role does what it may', async (t) => {
  const forbidden = async (answer: Answer) => {
    t.equal(answer.status, 403)
    t.match(answer.body, { ...problem, code: 'FORBIDDEN' })
  }
  await forbidden(await vera.post('/api/v1/investigations', { query: 'x', dataset_id: 'sample' }))
  await forbidden(await vera.upload(new TextEncoder().encode(CSV)))
  await forbidden(await alice.get('/api/v1/users'))
  await forbidden(
    await alice.post('/api/v1/users', { username: 'x', password: USER_PASSWORD, role: 'admin' }),
  )
  await forbidden(await alice.get('/api/v1/observability'))
  await forbidden(await alice.post('/api/v1/channels/topic:news/publications', 1))
  await forbidden(await paula.post('/api/v1/channels/audit/publications', 1))
  t.equal((await vera.get('/api/v1/datasets/sample/contracts?limit=1')).status, 200)
  t.equal((await paula.post('/api/v1/channels/topic:news/publications', { n: 1 })).status, 202)
  t.equal((await admin.get('/api/v1/observability')).status, 200)
  t.same(await subscribing(alice, ['topic:news', 'topic:private.auditor.x', 'audit', 'system']), [
    'subscribed',
    'FORBIDDEN',
    'FORBIDDEN',
    'subscribed',
  ])
  t.same(await subscribing(paula, ['topic:private.publisher.x']), ['subscribed'])

  const socket = await alice.socket('/api/v1/ws')
  socket.send({ type: 'publish', channel: 'topic:news', data: 1 })
  t.match(await socket.ofType('error'), { error_code: 'FORBIDDEN' })
  socket.close()
  const { id } = (await admin.get('/api/v1/users')).body.items.find(
    ({ username }: { username: string }) => username === 'bob',
  )
  t.same(await subscribing(alice, [`user:${id}`]), ['NOT_FOUND'], 'the channel of a user is its own')
  t.same(await subscribing(bob, [`user:${id}`]), ['subscribed'])
})

t.test('a topic reaches its subscribers as it was sent', async (t) => {
  const live = await vera.events('/api/v1/channels/topic:exact/events')
  const socket = await vera.socket('/api/v1/ws')
  socket.send({ type: 'subscribe', channel: 'topic:exact' })
  t.match(await socket.ofType('subscribed'), { channel: 'topic:exact', recovered: false })
  const payload = '{ "n" : 1.50, "text" : "linha\\nção" }'
  const publish = (body: string, type = 'application/json', key?: string) =>
    paula.call('POST', '/api/v1/channels/topic:exact/publications', {
      body,
      type,
      ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
    })
  const first = await publish(payload)
  t.equal(first.status, 202)
  t.match(first.body, { epoch: String, offset: 1 })
  t.match(await live.next(), { id: `${first.body.epoch}:1`, data: payload })
  t.match(await socket.ofType('event'), { channel: 'topic:exact', offset: 1, data: JSON.parse(payload) })
  t.match((await publish('{"a":1}\n{"b":2}\n', 'application/x-ndjson')).body, { offset: 3 })
  t.match((await publish('"once"', 'application/json', 'key-1')).body, { offset: 4 })
  t.match((await publish('"once"', 'application/json', 'key-1')).body, { offset: 4 }, 'not published twice')
  t.match(await live.next(({ data }) => data === '"once"'), { id: `${first.body.epoch}:4` })
  t.equal((await publish('{nonsense')).status, 400)
  t.equal((await publish('{"__proto__":{"admin":true}}')).status, 400)
  const history = (await vera.get('/api/v1/channels/topic:exact/history?after=1&limit=2')).body
  t.same(
    history.items.map(({ offset, data }: { offset: number; data: unknown }) => [offset, data]),
    [
      [2, { a: 1 }],
      [3, { b: 2 }],
    ],
  )
  const presence = (await vera.get('/api/v1/channels/topic:exact/presence')).body
  t.same(presence.users, ['vera'])
  live.close()
  const missed = await vera.events('/api/v1/channels/topic:exact/events', {
    lastEventId: `${first.body.epoch}:2`,
  })
  const [recovery, ...rest] = await missed.take(3)
  t.match(recovery, { event: 'recovery', data: /"recovered":true/ })
  t.same(
    rest.map(({ data }) => data),
    ['{"b":2}', '"once"'],
  )
  missed.close()
  const foreign = await vera.events('/api/v1/channels/topic:exact/events', { lastEventId: 'other:2' })
  const [lost, oldest] = await foreign.take(2)
  t.match(lost, { event: 'recovery', id: undefined, data: /"recovered":false,"reason":"/ })
  t.match(oldest, { event: undefined, id: /:1$/ }, 'all that the log has follows in place of a snapshot')
  foreign.close()
  socket.close()
})
