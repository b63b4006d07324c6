import t from 'tap'
import { gather, heard, publishNumbers, reconnected, summed } from '../support/crowd.ts'
import { deploy, type Instance, until } from '../support/deployment.ts'
import { login, newUser, told } from '../support/process.ts'

t.setTimeout(300_000)

const ROWS = Array.from({ length: 400 }, (_, n) => {
  const value = n % 50 === 0 ? 900_000 + n : 1000 + (n % 7) * 10
  return `${n};Fornecedor ${n % 9};12.345.678/0001-95;Órgão ${n % 3};Papel A4;10;${value},00;0${1 + (n % 9)}/03/2024`
})
const CSV = `Número;Fornecedor;CNPJ;Órgão;Objeto;Quantidade;Valor;Data de assinatura\n${ROWS.join('\n')}\n`

t.test('two processes over one Redis and one SQLite are one service', async (t) => {
  const deployment = await deploy(t, 'sqlite')
  const a = await deployment.start()
  const b = await deployment.start()

  t.test(
    'what is published on one is seen on the other, over SSE, over several channels, over WebSocket',
    async (t) => {
      const single = await b.events('/api/v1/channels/topic:x/events')
      const several = await b.events('/api/v1/events?channel=topic:x&channel=topic:y')
      const socket = await b.socket('/api/v1/ws')
      for (const channel of ['topic:x', 'topic:y']) {
        socket.send({ type: 'subscribe', channel })
        await socket.ofType('subscribed')
      }
      const sent = '{ "text":"ação, ção",  "big": 12345678901234567890, "n":1.50 }'
      const json = { type: 'application/json', body: sent }
      const { status, body } = await a.call('POST', '/api/v1/channels/topic:x/publications', json)
      t.equal(status, 202)
      t.match(body, { epoch: /^\w+$/, offset: 1 })
      const event = await single.next()
      t.equal(event.data, sent, 'byte for byte as it was sent')
      t.equal(event.id, `${body.epoch}:1`)
      const joined = await several.next(({ event }) => event === 'publication')
      t.match(JSON.parse(joined.data), { channel: 'topic:x', epoch: body.epoch, offset: 1 })
      t.ok(joined.data.includes(sent))
      t.match(await socket.ofType('event'), { channel: 'topic:x', epoch: body.epoch, offset: 1 })

      const many = Array.from({ length: 20 }, (_, n) => JSON.stringify({ n })).join('\n')
      const lines = { type: 'application/x-ndjson', body: many }
      t.equal((await a.call('POST', '/api/v1/channels/topic:y/publications', lines)).body.offset, 20)
      for (let n = 0; n < 20; n++) {
        t.same(JSON.parse((await several.next()).data).data, { n })
        t.same((await socket.ofType('event')).data, { n })
      }
      const publisher = await a.socket('/api/v1/ws')
      publisher.send({ type: 'publish', channel: 'topic:x', data: { over: 'websocket' } })
      t.match(await publisher.ofType('published'), { epoch: body.epoch, offset: 2 })
      t.same(JSON.parse((await single.next()).data), { over: 'websocket' })

      const cursor = (await several.next()).id as string
      several.close()
      for (const channel of ['topic:x', 'topic:y'])
        await a.call('POST', `/api/v1/channels/${channel}/publications`, { body: { after: channel } })
      const resumed = await a.events('/api/v1/events?channel=topic:x&channel=topic:y', {
        lastEventId: cursor,
      })
      const missed = [await resumed.next(isNamed('publication')), await resumed.next(isNamed('publication'))]
      t.same(missed.map(({ data }) => JSON.parse(data).data.after).sort(), ['topic:x', 'topic:y'])
      for (const client of [single, resumed, socket, publisher]) client.close()
    },
  )

  t.test('clients that hop between the two by their last id hear everything once, in order', async (t) => {
    let turn = 0
    const origin = () => [a, b][turn++ % 2]?.url as string
    const place = { origin, token: deployment.token, channel: 'topic:hop' }
    const last = 500
    const followers = await gather(place, 20, () => 1 + Math.random() * 60)
    await publishNumbers(place, 1, last)
    await Promise.all(followers.map((follower) => heard(follower, last)))
    for (const follower of followers) follower.close()
    t.same(summed(followers, last), { lost: 0, doubled: 0, disordered: 0 })
    const { connections, failed } = reconnected(followers)
    t.same(failed, [], 'every position could be served')
    t.comment(
      `${followers.length} clients, ${connections} connections, ${last} publications: 0 lost, 0 doubled`,
    )
  })

  t.test('who is subscribed is known on both', async (t) => {
    const admin = await login(a.url)
    const [first, second] = [await newUser(admin, a.url, 'ana'), await newUser(admin, b.url, 'bia')]
    const ana = await first.events('/api/v1/channels/topic:room/events')
    const bia = await second.socket('/api/v1/ws')
    bia.send({ type: 'subscribe', channel: 'topic:room' })
    await bia.ofType('subscribed')
    const users = async (instance: Instance): Promise<string[]> =>
      (await instance.call('GET', '/api/v1/channels/topic:room/presence')).body.users.sort()
    for (const instance of [a, b])
      t.same(
        await until(
          'presence',
          () => users(instance),
          ({ length }) => length === 2,
        ),
        ['ana', 'bia'],
      )
    ana.close()
    for (const instance of [a, b])
      t.same(
        await until(
          'leaving',
          () => users(instance),
          ({ length }) => length === 1,
        ),
        ['bia'],
      )
    bia.close()
  })

  t.test('a ticket bought on one opens one connection, on the other', async (t) => {
    const { status, body } = await a.call('POST', '/api/v1/auth/tickets')
    t.equal(status, 201)
    const path = `/api/v1/channels/topic:ticket/events?ticket=${body.ticket}`
    const answers = await Promise.all(
      [b, a, b, a].map((instance) => fetch(instance.url + path, { signal: AbortSignal.timeout(10_000) })),
    )
    t.same(answers.map(({ status }) => status).sort(), [200, 401, 401, 401])
    await Promise.all(answers.map((answer) => answer.body?.cancel()))
  })

  t.test('a user disabled on one is told and cut off on the other within 5 s', async (t) => {
    const { token } = await newUser(await login(a.url), b.url, 'caio', 'viewer')
    const users = (await a.call('GET', '/api/v1/users')).body.items
    const { id } = users.find(({ username }: { username: string }) => username === 'caio')
    const events = await b.events('/api/v1/channels/topic:x/events', { token })
    const socket = await b.socket('/api/v1/ws', { token })
    await socket.ofType('connected')
    const from = performance.now()
    t.equal((await a.call('PATCH', `/api/v1/users/${id}`, { body: { disabled: true } })).status, 200)
    const took = async (end: Promise<unknown>) => {
      await end
      return performance.now() - from
    }
    const [sse, ws] = await Promise.all([took(events.ended()), took(socket.closed())])
    t.ok(sse < 5000 && ws < 5000, 'both are closed in time')
    t.equal(events.events.at(-1)?.event, 'token_expired')
    t.match(await socket.closed(), { code: 1008 })
    const asks = async () => (await b.call('GET', '/api/v1/datasets', { token })).status
    await until('refusal', asks, (status) => status === 401)
    t.comment(
      `revoked elsewhere: SSE closed after ${Math.round(sse)} ms, WebSocket after ${Math.round(ws)} ms`,
    )
  })
})

t.test('two processes over one Redis and one PostgreSQL', async (t) => {
  const env = { RATE_LIMIT_PER_USER: '120' }
  const deployment = await deploy(t, 'postgres', { env })
  const [a, b] = (await Promise.all([deployment.start(), deployment.start()])) as [Instance, Instance]

  t.test('upload on one, investigate on the other, read on both', async (t) => {
    const upload = await a.call('POST', '/api/v1/datasets?name=portal', { type: 'text/csv', body: CSV })
    t.match(upload, { status: 201, body: { rows: 400, rejected: 0 } })
    const started = await b.call('POST', '/api/v1/investigations', {
      body: { query: 'anything odd?', dataset_id: upload.body.dataset_id },
    })
    t.equal(started.status, 202)
    const path = `/api/v1/investigations/stream/${started.body.investigation_id}`
    const [here, there] = await Promise.all([a.events(path), b.events(path)])
    await Promise.all([here.ended(), there.ended()])
    t.same(here.events, there.events, 'both saw the same, under the same ids')
    const story = told(here)
    t.equal(story.at(-1)?.type, 'complete')
    t.equal(story.filter(({ type }) => type === 'anomaly').length, story.at(-1)?.total_anomalies)
    for (const instance of [a, b]) {
      const found = await instance.call(
        'GET',
        `/api/v1/investigations/${started.body.investigation_id}/anomalies?limit=1000`,
      )
      t.same(
        found.body.items.map((item: { anomaly_id: string }) => item.anomaly_id),
        story.filter(({ type }) => type === 'anomaly').map(({ anomaly_id }) => anomaly_id),
      )
    }
  })

  t.test('what several remove at once is removed once, and told once', async (t) => {
    const { body: upload } = await a.call('POST', '/api/v1/datasets?name=gone', {
      type: 'text/csv',
      body: CSV,
    })
    const { body: started } = await a.call('POST', '/api/v1/investigations', {
      body: { query: 'anything odd?', dataset_id: upload.dataset_id },
    })
    const events = await b.events(started.stream_url)
    await events.ended()
    const things = {
      'investigation.deleted': `/api/v1/investigations/${started.investigation_id}`,
      'data.deleted': `/api/v1/datasets/${upload.dataset_id}`,
    }
    for (const [type, path] of Object.entries(things)) {
      const answers = await Promise.all([a, b, a, b].map((instance) => instance.call('DELETE', path)))
      t.same(answers.map(({ status }) => status).sort(), [204, 404, 404, 404])
      const { body } = await b.call('GET', `/api/v1/audit/events?event_type=${type}`)
      t.equal(body.items.length, 1, type)
    }
  })

  t.test('what runs for a user who is removed on one ends on the other', async (t) => {
    const { token } = await newUser(await login(a.url), a.url, 'davi', 'analyst')
    const users = (await a.call('GET', '/api/v1/users')).body.items
    const { id } = users.find(({ username }: { username: string }) => username === 'davi')
    const file = { token, type: 'text/csv', body: CSV }
    const { body: upload } = await b.call('POST', '/api/v1/datasets?name=mine', file)
    const { body: started } = await b.call('POST', '/api/v1/investigations', {
      token,
      body: { query: 'anything odd?', dataset_id: upload.dataset_id },
    })
    const path = `/api/v1/investigations/${started.investigation_id}`
    t.equal((await b.call('POST', `${path}/pause`, { token })).status, 202)
    const events = await a.events(started.stream_url)
    const from = performance.now()
    t.equal((await a.call('DELETE', `/api/v1/users/${id}`)).status, 204)
    const late = await Promise.all([
      b.call('POST', '/api/v1/datasets?name=late', file),
      b.call('POST', '/api/v1/auth/tickets', { token }),
    ])
    t.same(
      late.map(({ status }) => status),
      [401, 401],
      'nothing more is made for them, though the other may not know yet',
    )
    await events.ended()
    t.comment(`ended ${Math.round(performance.now() - from)} ms after the removal`)
    t.equal(told(events).at(-1)?.type, 'cancelled')
    t.equal((await b.call('GET', path)).body.status, 'cancelled')
  })

  t.test('both append to one audit chain at once, and it holds', async (t) => {
    const attempts = 24
    const wrong = (n: number) => ({ body: { username: `nobody${n}`, password: 'wrong-password' } })
    const answers = await Promise.all(
      Array.from({ length: attempts }, (_, n) => (n % 2 === 0 ? a : b).call('POST', '/auth/login', wrong(n))),
    )
    t.ok(answers.every(({ status }) => status === 401))
    for (const instance of [a, b]) {
      const { body } = await instance.call('GET', '/api/v1/audit/verify')
      t.match(body, { valid: true, first_broken: null })
      t.ok(body.checked > attempts)
    }
  })

  t.test('a limit counts what is asked of either', async (t) => {
    const { token } = await newUser(await login(a.url), a.url, 'dora', 'viewer')
    const answers = []
    for (let n = 0; n < 130; n++)
      answers.push(await (n % 2 === 0 ? a : b).call('GET', '/api/v1/datasets', { token }))
    t.equal(answers.filter(({ status }) => status === 200).length, 120)
    const refused = answers.filter(({ status }) => status === 429)
    t.equal(refused.length, 10)
    t.ok(Number(refused[0]?.headers.get('retry-after')) > 0)
  })
})

function isNamed(name: string): ({ event }: { event: string | undefined }) => boolean {
  return ({ event }) => event === name
}
