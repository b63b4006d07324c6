import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { newUsers } from '../support/clients.ts'
import { deploy, until } from '../support/deployment.ts'
import { type Client, client, login, refusal, startProcess } from '../support/process.ts'
import { openXai } from '../support/xai.ts'

t.setTimeout(300_000)

/** A source that never answers, so that what is asked of it goes on. */
const source = createServer(() => undefined).listen(0, '127.0.0.1')
t.teardown(() => {
  source.closeAllConnections()
  source.close()
})
await once(source, 'listening')
const { vendor, env: vendorEnv } = await openXai()
const env = {
  ...vendorEnv,
  PNCP_BASE_URL: `http://127.0.0.1:${(source.address() as AddressInfo).port}`,
}

/** Where ana, who owns, is signed in; the others are elsewhere when there is an elsewhere. */
const PLACES: Readonly<Record<string, (t: Test) => Promise<[string, string]>>> = {
  async 'one process with SQLite'() {
    const { url } = await startProcess(env)
    return [url, url]
  },
  async 'two processes with Redis and PostgreSQL'(t) {
    const deployment = await deploy(t, 'postgres', { env })
    return [(await deployment.start()).url, (await deployment.start()).url]
  },
}

/** Each resolves when the service has cut its listener off. */
type Listening = (t: Test, who: Client) => Promise<() => Promise<unknown>>

const room =
  (path: string): Listening =>
  async (t, who) => {
    const socket = await who.socket(path)
    t.teardown(() => socket.close())
    await socket.ofType('connected')
    return async () =>
      t.same(await socket.closed(), { code: 1008, reason: 'it is not shared with you any more' })
  }
const subscription =
  (channel: string): Listening =>
  async (t, who) => {
    const socket = await who.socket('/api/v1/ws')
    t.teardown(() => socket.close())
    socket.send({ type: 'subscribe', channel })
    await socket.ofType('subscribed')
    return async () => {
      t.match(await socket.ofType('unsubscribed'), { channel, reason: 'not_shared' })
      socket.send({ type: 'subscribe', channel })
      t.match(await socket.ofType('error'), { error_code: 'NOT_FOUND', channel })
    }
  }
const eventStream =
  (path: string): Listening =>
  async (t, who) => {
    const events = await who.events(path)
    t.teardown(() => events.close())
    t.equal(events.status, 200)
    return async () => {
      t.equal(await events.ended(), 'whole')
      t.equal((await who.events(path)).status, 404)
    }
  }

const everyWay = (channel: string, path: string): Listening[] => [
  room(path),
  subscription(channel),
  eventStream(`/api/v1/channels/${channel}/events`),
  eventStream(`/api/v1/events?channel=${channel}&channel=system`),
]

for (const [where, open] of Object.entries(PLACES))
  t.test(where, async (t) => {
    const [here, there] = await open(t)
    const admin = await login(here)
    const made = await newUsers(admin, here, { ana: 'analyst', bia: 'analyst', caio: 'viewer' })
    const { ana } = made
    const [bia, caio] = [client(there, made.bia.token), client(there, made.caio.token)]

    /** Shares a thing both ways, ends both shares, and looks who still listens. */
    const shareAndEnd = async (t: Test, thing: string, channel: string, ways: Listening[]) => {
      const share = `${thing}/share`
      t.equal((await ana.post(share, { username: 'bia' })).status, 200)
      t.equal((await ana.post(share, { public: true })).status, 200)
      const bias = await Promise.all(ways.map((way) => way(t, bia)))
      const caios = await Promise.all(ways.map((way) => way(t, caio)))
      for (const way of ways) await way(t, ana)

      t.equal((await bia.call('DELETE', `${share}?public=true`)).status, 403)
      t.equal((await ana.call('DELETE', `${share}?public=true`)).status, 204)
      await Promise.all(caios.map((cut) => cut()))
      t.equal((await caio.get(thing)).status, 404)
      t.equal((await caio.call('DELETE', `${share}?public=true`)).status, 404)
      t.equal((await bia.get(thing)).status, 200, 'a share of one’s own is not ended with everybody’s')

      t.equal((await admin.call('DELETE', share, { body: { username: 'bia' } })).status, 204)
      await Promise.all(bias.map((cut) => cut()))
      t.equal((await bia.get(thing)).status, 404)
      const listening = async () => (await ana.get(`/api/v1/channels/${channel}/presence`)).body.items
      await until(
        'nobody but the owner, in every way',
        listening,
        (items: { user: string }[]) =>
          items.length === ways.length && items.every(({ user }) => user === 'ana'),
      )
      t.equal((await ana.call('DELETE', `${share}?username=bia`)).status, 404, 'there is nothing left to end')
    }

    t.test('who listens to a conversation is cut off with the share, and refused from then on', async (t) => {
      await ana.post('/api/v1/chat/sessions', { session_id: 'talk' })
      const ways = everyWay('chat:talk', '/api/v1/ws/chat/talk')
      await shareAndEnd(t, '/api/v1/chat/sessions/talk', 'chat:talk', ways)
      t.equal(await refusal(bia, '/api/v1/ws/chat/talk'), 404)
    })

    t.test('who reads one answer is, in mid-answer', async (t) => {
      vendor.answers({ tokens: ['one', ' two'], stepped: true })
      const path = '/api/v1/chat/sessions/answer'
      await ana.post('/api/v1/chat/sessions', { session_id: 'answer' })
      await ana.post(`${path}/share`, { username: 'bia' })
      const speaker = await ana.socket('/api/v1/ws/chat/answer')
      t.teardown(() => speaker.close())
      speaker.send({ type: 'message', content: 'tell me' })
      const { stream_id } = await speaker.ofType('user_message')
      await vendor.step()
      const cuts = await Promise.all(
        [`/api/v1/chat/stream/${stream_id}`, `/api/v1/streams/${stream_id}/events`].map((one) =>
          eventStream(one)(t, bia),
        ),
      )
      const kept = await ana.events(`/api/v1/chat/stream/${stream_id}`)
      t.equal((await ana.call('DELETE', `${path}/share?username=bia`)).status, 204)
      await Promise.all(cuts.map((cut) => cut()))
      await vendor.step()
      t.equal(await kept.ended(), 'whole', 'its owner reads it to the end')
      t.equal((await ana.get(`/api/v1/streams/${stream_id}`)).body.state, 'completed')
    })

    t.test('who listens to an investigation is, too', async (t) => {
      const { body } = await ana.post('/api/v1/investigations', {
        query: 'anything odd?',
        data_source: 'pncp',
      })
      const { investigation_id: id, stream_id, stream_url, ws_url } = body
      await shareAndEnd(t, `/api/v1/investigations/${id}`, `investigation:${id}`, [
        ...everyWay(`investigation:${id}`, ws_url),
        subscription(`stream:${stream_id}`),
        eventStream(`/api/v1/streams/${stream_id}/events`),
        eventStream(stream_url),
      ])
      t.equal(await refusal(bia, ws_url), 404)
    })

    t.test(
      'a review reaches those who read the investigation, wherever they are, until the share ends',
      async (t) => {
        const { investigation_id: id } = await ana.investigate('sample')
        const path = `/api/v1/investigations/${id}`
        const channel = `reviews:${id}`
        const socket = await bia.socket('/api/v1/ws')
        t.teardown(() => socket.close())
        socket.send({ type: 'subscribe', channel })
        t.match(await socket.ofType('error'), { error_code: 'NOT_FOUND', channel }, 'before the share')
        await ana.post(`${path}/share`, { username: 'bia' })
        const cut = await subscription(channel)(t, bia)
        socket.send({ type: 'subscribe', channel })
        await socket.ofType('subscribed')
        const finding = (await until(
          'a finding',
          async () => (await ana.get(`${path}/anomalies?limit=1`)).body.items[0]?.anomaly_id,
          (one) => one !== undefined,
        )) as string
        const review = `${path}/anomalies/${finding}/review`
        await ana.call('PUT', review, { body: { verdict: 'confirmed', note: 'seen' } })
        t.match((await socket.ofType('event')).data, {
          type: 'review',
          investigation_id: id,
          anomaly_id: finding,
          review: { verdict: 'confirmed', note: 'seen', reviewer: 'ana' },
        })
        await bia.call('DELETE', review)
        t.match((await socket.ofType('event')).data, { anomaly_id: finding, review: null })
        await ana.call('DELETE', `${path}/share?username=bia`)
        await cut()
      },
    )

    t.test('the end of a share names who it was with, and is in the log', async (t) => {
      await ana.post('/api/v1/chat/sessions', { session_id: 'named' })
      const share = '/api/v1/chat/sessions/named/share'
      for (const [query, field] of [
        ['', '?username'],
        ['?username=bia&public=true', '?username'],
        ['?username=nobody', '?username'],
        ['?public=false', '?public'],
        ['?user=bia', '?user'],
      ] as const)
        t.match(
          await ana.call('DELETE', share + query),
          { status: 400, body: { errors: [{ field }] } },
          query,
        )
      await ana.post(share, { username: 'bia' })
      t.equal((await ana.call('DELETE', `${share}?username=bia`)).status, 204)
      const { items } = (await admin.get('/api/v1/audit/events?event_type=chat.unshared&order=desc')).body
      t.match(items[0], {
        resource_type: 'chat',
        resource_id: 'named',
        details: { with: 'bia' },
        success: true,
      })
    })
  })
