import fastify from 'fastify'
import t from 'tap'
import { Problem } from '../../src/errors.ts'
import type { Feed, ReplayedEvent } from '../../src/feed/feed.ts'
import { websocketPlugin } from '../../src/plugins/websocket.ts'
import { v1 } from '../../src/vocabulary/v1.ts'
import { openSocket, UpgradeRefused } from '../support/socket.ts'
import { openService } from './service.ts'
import { keptFeed, range, until } from './stage.ts'

t.test('connected comes first, ping is answered, and a refusal is an HTTP status', async (t) => {
  const { url, tokenOf, connections } = await openService(t, { limits: { maxPerAddress: 2 } })
  const token = await tokenOf('ana')
  const client = await openSocket(`${url}/api/v1/ws?token=${token}&connection_type=general`)
  const connected = await client.next()
  t.match(connected, { type: 'connected', user: 'ana', heartbeat_interval: 30 })
  t.match(connected.connection_id, /^\S{8,}$/)
  t.ok(Math.abs(Date.parse(connected.server_time) - Date.now()) < 5000)
  client.send({ type: 'ping' })
  t.match(await client.next(), { type: 'pong' })

  const refusal = async (path: string, headers = {}): Promise<UpgradeRefused> => {
    const error = await openSocket(`${url}${path}`, { headers }).catch((cause: unknown) => cause)
    if (!(error instanceof UpgradeRefused)) throw new Error('it was not refused', { cause: error })
    return error
  }
  t.equal((await refusal('/api/v1/ws')).status, 401)
  t.equal((await refusal('/api/v1/ws?token=nonsense')).status, 401)
  t.equal((await refusal(`/api/v1/ws?token=${token}`, { origin: 'https://evil.example' })).status, 403)
  t.equal((await refusal(`/api/v1/ws/investigations/none?token=${token}`)).status, 404)
  const second = await openSocket(`${url}/api/v1/ws?token=${token}`)
  const third = await refusal(`/api/v1/ws?token=${token}`)
  t.equal(third.status, 429)
  t.match(third.headers['retry-after'], /^\d+$/)
  t.equal(JSON.parse(third.body).code, 'TOO_MANY_CONNECTIONS')
  second.close()
  client.close()
  await until('both places are free', () => connections.size === 0)
})

t.test('subscribe, publish, presence, unsubscribe', async (t) => {
  const { url, tokenOf, hub } = await openService(t)
  const ana = await openSocket(`${url}/api/v1/ws?token=${await tokenOf('ana')}`)
  const pub = await openSocket(`${url}/api/v1/ws?token=${await tokenOf('pub', 'publisher')}`)
  ana.send({ type: 'subscribe', channel: 'topic:news' })
  const subscribed = await ana.ofType('subscribed')
  t.match(subscribed, { channel: 'topic:news', recovered: false, offset: 0 })
  pub.send({ type: 'publish', channel: 'topic:news', data: { text: 'olá' } })
  const published = await pub.ofType('published')
  t.match(published, { channel: 'topic:news', epoch: subscribed.epoch, offset: 1 })
  t.same(await ana.ofType('event'), {
    type: 'event',
    channel: 'topic:news',
    offset: 1,
    epoch: subscribed.epoch,
    data: { text: 'olá' },
  })
  pub.send({ type: 'subscribe', channel: 'topic:news' })
  await pub.ofType('subscribed')
  ana.send({ type: 'presence', channel: 'topic:news' })
  const { users } = await ana.ofType('presence')
  t.same(users.sort(), ['ana', 'pub'])
  ana.send({ type: 'subscribe', channel: 'topic:news' })
  t.match(await ana.ofType('error'), { error_code: 'CONFLICT', channel: 'topic:news', command: 'subscribe' })
  ana.send({ type: 'unsubscribe', channel: 'topic:news' })
  t.same(await ana.ofType('unsubscribed'), { type: 'unsubscribed', channel: 'topic:news' })
  ana.send({ type: 'unsubscribe', channel: 'topic:news' })
  t.same(await ana.ofType('unsubscribed'), { type: 'unsubscribed', channel: 'topic:news' }, 'and again')
  ana.send({ type: 'unsubscribe', channel: 'topic:never' })
  t.same(await ana.ofType('unsubscribed'), { type: 'unsubscribed', channel: 'topic:never' })
  pub.close()
  await until('no subscription is left', () => hub.numSubscribers('topic:news') === 0)
})

t.test('who may read and publish what', async (t) => {
  const { url, tokenOf, app } = await openService(t)
  const token = await tokenOf('ana')
  const ana = await openSocket(`${url}/api/v1/ws?token=${token}`)
  const me = (await app.users.byUsername('ana'))?.id as string
  for (const [channel, outcome] of [
    ['topic:private.auditor.x', 'FORBIDDEN'],
    ['topic:private.viewer.x', undefined],
    ['audit', 'FORBIDDEN'],
    ['system', undefined],
    [`user:${me}`, undefined],
    ['user:somebody', 'NOT_FOUND'],
    ['investigation:none', 'NOT_FOUND'],
    ['stream:none', 'NOT_FOUND'],
    ['nonsense', 'NOT_FOUND'],
    ['topic:with space', 'NOT_FOUND'],
  ] as const) {
    ana.send({ type: 'subscribe', channel })
    const answer = await ana.next(({ type }) => type === 'subscribed' || type === 'error')
    t.equal(answer.error_code, outcome, channel)
    t.equal(answer.channel, channel)
  }
  ana.send({ type: 'publish', channel: 'topic:a', data: 1 })
  t.match(await ana.ofType('error'), { error_code: 'FORBIDDEN' })
  const pub = await openSocket(`${url}/api/v1/ws?token=${await tokenOf('pub', 'publisher')}`)
  pub.send({ type: 'publish', channel: 'system', data: 1 })
  t.match(await pub.ofType('error'), { error_code: 'FORBIDDEN' })
  const auditor = await openSocket(`${url}/api/v1/ws?token=${await tokenOf('aud', 'auditor')}`)
  auditor.send({ type: 'subscribe', channel: 'audit' })
  t.match(await auditor.ofType('subscribed'), { channel: 'audit' })
  for (const client of [ana, pub, auditor]) client.close()
})

t.test('recovery: the rest, all, or what there is when it cannot be served', async (t) => {
  const store: ReplayedEvent[] = []
  const feed: Feed = { channel: 'investigation:i', events: v1, ...keptFeed(store) }
  const { url, tokenOf, publish, hub } = await openService(t, {
    historySize: 10,
    sources: { investigation: async () => feed },
  })
  const token = await tokenOf('ana')
  const { epoch } = await publish('topic:a', ...range(1, 8))
  const client = await openSocket(`${url}/api/v1/ws?token=${token}`)
  const events = async (count: number): Promise<unknown[]> => {
    const data: unknown[] = []
    while (data.length < count) data.push((await client.ofType('event')).data)
    return data
  }
  client.send({ type: 'subscribe', channel: 'topic:a', recover: { epoch, offset: 5 } })
  t.match(await client.ofType('subscribed'), { recovered: true, epoch, offset: 5 })
  t.same(await events(3), [6, 7, 8])
  client.send({ type: 'unsubscribe', channel: 'topic:a' })
  client.send({ type: 'subscribe', channel: 'topic:a', recover: 'all' })
  t.match(await client.ofType('subscribed'), { recovered: true, offset: 0 })
  t.same(await events(8), range(1, 8))
  client.send({ type: 'unsubscribe', channel: 'topic:a' })
  await publish('topic:a', ...range(9, 20))
  client.send({ type: 'subscribe', channel: 'topic:a', recover: { epoch, offset: 5 } })
  t.match(await client.ofType('subscribed'), { recovered: false, reason: 'trimmed', offset: 10 })
  await publish('topic:a', 21)
  t.same(await events(11), range(11, 21), 'all that the log of a topic still has, in place of a snapshot')
  client.send({ type: 'unsubscribe', channel: 'topic:a' })
  client.send({ type: 'subscribe', channel: 'topic:a', recover: 'all' })
  t.match(await client.ofType('subscribed'), { recovered: false, reason: 'trimmed', offset: 11 })
  t.same(await events(10), range(12, 21))

  for (const n of range(1, 15)) {
    store.push({ data: `{"key":"k${n}"}`, key: `k${n}` })
    await publish('investigation:i', { key: `k${n}` })
  }
  client.send({ type: 'subscribe', channel: 'investigation:i', recover: { epoch: 'gone', offset: 1 } })
  t.match(await client.ofType('subscribed'), { recovered: false, reason: 'epoch_changed' })
  t.match(await client.next(), { type: 'snapshot', state: { found: 15 } })
  for (const n of range(1, 15)) {
    t.same(await client.next(), { type: 'event', channel: 'investigation:i', data: { key: `k${n}` } })
  }
  await publish('investigation:i', { type: 'complete' })
  t.match(await client.next(), { type: 'event', offset: 16, data: { type: 'complete' } })
  t.match(await client.next(), { type: 'unsubscribed', channel: 'investigation:i', reason: 'ended' })
  client.send({ type: 'unsubscribe', channel: 'investigation:i' })
  t.same(
    await client.next(),
    { type: 'unsubscribed', channel: 'investigation:i' },
    'its client came too late',
  )
  await until('it has ended', () => hub.numSubscribers('investigation:i') === 0)
  client.close()
})

t.test('a connection cut anywhere and resumed equals an uncut one', async (t) => {
  const { url, tokenOf, publish } = await openService(t)
  const token = await tokenOf('ana')
  const whole = await openSocket(`${url}/api/v1/ws?token=${token}&batch=1`)
  whole.send({ type: 'subscribe', channel: 'topic:a' })
  const { epoch } = (
    await whole.next(({ messages }) => messages?.some((m: { type: string }) => m.type === 'subscribed'))
  ).messages.find((m: { type: string }) => m.type === 'subscribed')
  const publishing = (async () => {
    for (const n of range(1, 300)) await publish('topic:a', n)
  })()
  const pieces: number[] = []
  for (let offset = 0; offset < 300; ) {
    const client = await openSocket(`${url}/api/v1/ws?token=${token}`)
    client.send({ type: 'subscribe', channel: 'topic:a', recover: { epoch, offset } })
    t.match(await client.ofType('subscribed'), { recovered: true, offset })
    for (let taken = 0; taken < 37 && offset < 300; taken++) {
      const event = await client.ofType('event')
      pieces.push(event.data)
      offset = event.offset
    }
    client.close()
  }
  await publishing
  t.same(pieces, range(1, 300))
  await until('the uncut one has all', () => whole.messages.flatMap(({ messages }) => messages).length >= 302)
  t.ok(whole.messages.every(({ type, count, messages }) => type === 'batch' && count === messages.length))
  t.ok(whole.messages.length < 302, 'frames of one turn are joined')
  t.same(
    whole.messages
      .flatMap(({ messages }) => messages)
      .filter(({ type }) => type === 'event')
      .map(({ data }) => data),
    range(1, 300),
  )
  whole.close()
})

t.test('an investigation tells its whole story, the rest of it, and takes commands', async (t) => {
  const feed: Feed = {
    channel: 'investigation:i',
    events: v1,
    since: 'beginning',
    isTerminal: ({ data }) => data.includes('"complete"'),
  }
  const commanded: string[] = []
  const { url, tokenOf, publish } = await openService(t, {
    sources: {
      investigation: async (identity, id) => {
        if (identity.username !== 'ana' || id !== 'i') throw new Problem('NOT_FOUND', 'There is none')
        return feed
      },
    },
    commandInvestigation: async ({ identity }, id, command) => {
      commanded.push(`${identity.username} ${command} ${id}`)
      if (command === 'resume') throw new Problem('INVALID_STATE', 'It is not paused')
    },
  })
  await publish('investigation:i', { type: 'progress', progress: 1 }, { type: 'anomaly', anomaly_id: 'a' })
  const token = await tokenOf('ana')
  const path = '/api/v1/ws/investigations/i'
  const client = await openSocket(`${url}${path}?token=${token}`)
  t.match(await client.next(), { type: 'connected' })
  const first = await client.next()
  t.same(first, { type: 'progress', progress: 1, offset: 1, epoch: first.epoch })
  t.match(await client.next(), { type: 'anomaly', anomaly_id: 'a', offset: 2 })
  client.send({ type: 'pause' })
  client.send({ type: 'resume' })
  t.match(await client.ofType('error'), { error_code: 'INVALID_STATE', command: 'resume' })
  t.same(commanded, ['ana pause i', 'ana resume i'])
  client.send({ type: 'subscribe', channel: 'topic:a' })
  t.match(await client.ofType('error'), { error_code: 'INVALID_MESSAGE' })
  client.send({ type: 'ping' })
  await client.ofType('pong')
  await publish('investigation:i', { type: 'complete' })
  t.match(await client.next(), { type: 'complete', offset: 3 })
  const rest = await openSocket(`${url}${path}?token=${token}&recover=${first.epoch}:1`)
  t.match(await rest.ofType('recovery'), { recovered: true, offset: 1 })
  t.match(await rest.next(), { type: 'anomaly', offset: 2 })
  t.match(await rest.next(), { type: 'complete', offset: 3 })
  const other = await tokenOf('eva')
  await t.rejects(openSocket(`${url}${path}?token=${other}`), new Error('refused with 404'))
  client.close()
  rest.close()
})

t.test('switched off, it says so before the upgrade', async (t) => {
  const { url, tokenOf, connections } = await openService(t, { enabled: false })
  const token = await tokenOf('ana')
  const refused = await openSocket(`${url}/api/v1/ws?token=${token}`).catch((error: unknown) => error)
  if (!(refused instanceof UpgradeRefused)) throw new Error('it was not refused')
  t.equal(refused.status, 503)
  t.equal(JSON.parse(refused.body).code, 'FEATURE_DISABLED')
  const events = await fetch(`${url}/api/v1/channels/topic:a/events?token=${token}`)
  t.equal(events.status, 503)
  t.match(await events.json(), { code: 'FEATURE_DISABLED' })
  t.equal(connections.size, 0)
})

t.test('a failure of the server behind the upgrade closes with 1011 and says nothing of it', async (t) => {
  const app = fastify()
  t.teardown(() => app.close())
  await app.register(websocketPlugin, { compression: false })
  app.get('/fails', { websocket: true }, async () => {
    throw new Error('a secret of the server')
  })
  const client = await openSocket(`${await app.listen({ host: '127.0.0.1', port: 0 })}/fails`)
  t.same(await client.closed(), { code: 1011, reason: 'internal error' })
})
