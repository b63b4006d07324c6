import t, { type Test } from 'tap'
import { newUsers } from '../support/clients.ts'
import { deploy } from '../support/deployment.ts'
import { type Client, client, login, refusal, startProcess } from '../support/process.ts'
import type { Message, SocketClient } from '../support/socket.ts'
import { openXai } from '../support/xai.ts'

t.setTimeout(300_000)

const { vendor, env } = await openXai()

/** Where `ana` and `bia` are signed in; `caio` is, with ana's conversations shared, where bia is. */
interface Place {
  ana: Client
  bia: Client
  caio: Client
  admin: Client
}

const peopleAt = async (here: string, there: string): Promise<Place> => {
  const admin = await login(here)
  const { ana, bia, caio } = await newUsers(admin, here, { ana: 'analyst', bia: 'analyst', caio: 'analyst' })
  return { ana, bia: client(there, bia.token), caio: client(there, caio.token), admin }
}

const PLACES: Readonly<Record<string, (t: Test) => Promise<Place>>> = {
  async 'one process with SQLite'() {
    const { url } = await startProcess(env)
    return peopleAt(url, url)
  },
  async 'two processes with Redis and PostgreSQL'(t) {
    const deployment = await deploy(t, 'postgres', { env })
    const [a, b] = [await deployment.start(), await deployment.start()]
    return peopleAt(a.url, b.url)
  },
}

interface Ear {
  /** Everything that came. */
  heard(): string
  /** Resolves when what is listened to is over. */
  over(): Promise<unknown>
}

const socketEar = (t: Test, socket: SocketClient, over: Ear['over']): Ear => {
  t.teardown(() => socket.close())
  return { heard: () => JSON.stringify(socket.messages), over }
}

/** Ways to listen to a conversation. */
const EARS: Readonly<Record<string, (t: Test, who: Client, id: string) => Promise<Ear>>> = {
  async 'in its room'(t, who, id) {
    const socket = await who.socket(`/api/v1/ws/chat/${id}`)
    // Commands wait until the room is entered.
    socket.send({ type: 'history', limit: 1 })
    await socket.ofType('history')
    return socketEar(t, socket, async () =>
      t.same(await socket.closed(), { code: 1008, reason: 'the conversation was removed' }),
    )
  },
  async 'by a subscription'(t, who, id) {
    const socket = await who.socket('/api/v1/ws')
    socket.send({ type: 'subscribe', channel: `chat:${id}` })
    await socket.ofType('subscribed')
    return socketEar(t, socket, async () =>
      t.match(await socket.ofType('unsubscribed'), { channel: `chat:${id}`, reason: 'ended' }),
    )
  },
  async 'by an event-stream'(t, who, id) {
    const events = await who.events(`/api/v1/channels/chat:${id}/events`)
    t.teardown(() => events.close())
    return { heard: () => events.text(), over: async () => t.equal(await events.ended(), 'whole') }
  },
  async 'by an event-stream over several channels'(t, who, id) {
    const events = await who.events(`/api/v1/events?channel=chat:${id}&channel=system`)
    t.teardown(() => events.close())
    return {
      heard: () => events.text(),
      over: async () => {
        const { data } = await events.next(({ data }) => data.includes('conversation_removed'))
        t.match(JSON.parse(data), { channel: `chat:${id}`, data: { session_id: id } })
      },
    }
  },
}

const say = async (who: Client, id: string, message: string): Promise<Message> => {
  const { status, body, text } = await who.post('/api/v1/chat/message', { message, session_id: id })
  if (status !== 200) throw new Error(`not said, ${status}: ${text}`)
  return body
}

const share = (who: Client, id: string, body: object) => who.post(`/api/v1/chat/sessions/${id}/share`, body)

const remove = async (t: Test, who: Client, id: string) =>
  t.equal((await who.call('DELETE', `/api/v1/chat/sessions/${id}`)).status, 204)

/** One answer of a general connection. */
const asked = async (t: Test, who: Client, command: Message): Promise<[Message, SocketClient]> => {
  const socket = await who.socket('/api/v1/ws')
  t.teardown(() => socket.close())
  await socket.ofType('connected')
  socket.send(command)
  return [await socket.next(), socket]
}

/** What comes unasked has come when this resolves. */
const settled = async (socket: SocketClient): Promise<string> => {
  socket.send({ type: 'ping' })
  await socket.ofType('pong')
  return JSON.stringify(socket.messages)
}

/** A channel's name that is for nobody's eyes. */
const INNER = /chat:[\w-]+:/

for (const [where, open] of Object.entries(PLACES))
  t.test(where, async (t) => {
    const { ana, bia, caio, admin } = await open(t)

    for (const [n, [how, listen]] of Object.entries(EARS).entries())
      t.test(`one who listened to a removed conversation ${how} hears nothing of the next`, async (t) => {
        const id = `ear-${n}`
        await say(ana, id, 'words of ana')
        await share(ana, id, { username: 'caio' })
        const ears = [await listen(t, ana, id), await listen(t, caio, id)]
        await say(ana, id, 'more of ana')
        await remove(t, ana, id)
        await say(bia, id, 'a secret of bia')
        for (const { over, heard } of ears) {
          await over()
          t.match(heard(), 'more of ana')
          t.notMatch(heard(), 'a secret of bia')
          t.notMatch(heard(), INNER)
        }
        for (const former of [ana, caio]) {
          t.equal((await former.get(`/api/v1/chat/sessions/${id}`)).status, 404)
          t.equal((await former.get(`/api/v1/channels/chat:${id}/events`)).status, 404)
          t.equal(await refusal(former, `/api/v1/ws/chat/${id}`), 404)
        }
      })

    t.test('the next owner of an id is shown nothing of the conversation before', async (t) => {
      const id = 'back'
      const { stream_id: streamId } = await say(ana, id, 'words of ana')
      const [{ epoch }] = await asked(t, ana, { type: 'subscribe', channel: `chat:${id}` })
      await share(ana, id, { username: 'caio' })
      const { stream_id: caios } = await say(caio, id, 'words of caio')
      await remove(t, ana, id)
      await say(bia, id, 'a secret of bia')

      const shown: string[] = []
      for (const recover of ['all', { epoch, offset: 0 }]) {
        const [answer, socket] = await asked(t, bia, { type: 'subscribe', channel: `chat:${id}`, recover })
        t.match(answer, { type: 'subscribed', channel: `chat:${id}` })
        if (recover === 'all') t.equal(answer.recovered, true)
        await socket.next((message) => JSON.stringify(message).includes('a secret of bia'))
        shown.push(await settled(socket))
      }
      const room = await bia.socket(`/api/v1/ws/chat/${id}?recover=${epoch}:0`)
      t.teardown(() => room.close())
      t.match(await room.ofType('recovery'), { channel: `chat:${id}`, recovered: false })
      await room.ofType('snapshot')
      shown.push(await settled(room))
      const events = await bia.events(`/api/v1/channels/chat:${id}/events`, { lastEventId: `${epoch}:0` })
      t.teardown(() => events.close())
      await events.next(({ event }) => event === 'snapshot')
      shown.push(events.text())
      for (const path of ['history', 'presence'])
        shown.push((await bia.get(`/api/v1/channels/chat:${id}/${path}`)).text)
      shown.push((await bia.get(`/api/v1/chat/sessions/${id}`)).text)
      shown.push((await bia.get(`/api/v1/chat/sessions/${id}/messages`)).text)
      shown.push((await bia.get('/api/v1/streams')).text)
      for (const text of shown) {
        t.notMatch(text, 'words of')
        t.notMatch(text, streamId)
        t.notMatch(text, INNER)
      }
      for (const stream of [streamId, caios]) {
        for (const path of ['streams/:id', 'streams/:id/events', 'chat/stream/:id'])
          t.equal((await bia.get(`/api/v1/${path.replace(':id', stream)}`)).status, 404, path)
        t.equal((await bia.post(`/api/v1/streams/${stream}/cancel`)).status, 404)
        const [refused] = await asked(t, bia, { type: 'subscribe', channel: `stream:${stream}` })
        t.match(refused, { type: 'error', error_code: 'NOT_FOUND' })
      }
      const resumed = await bia.events(`/api/stream/chat?message=a&session_id=${id}`, {
        lastEventId: `${epoch}:1`,
      })
      t.equal(resumed.status, 404, 'a position of the old log is none of hers')
      t.equal((await bia.get(`/api/v1/chat/ui/${id}/stream`)).status, 204)
    })

    t.test('nobody reaches the next conversation of an id through what is left of theirs', async (t) => {
      const id = 'left'
      const { stream_id: mine } = await say(ana, id, 'words of ana')
      await share(ana, id, { public: true })
      const { stream_id: caios } = await say(caio, id, 'words of caio')
      await remove(t, ana, id)
      const { stream_id: next } = await say(bia, id, 'a secret of bia')
      for (const [former, stream] of [
        [ana, mine],
        [caio, caios],
      ] as const) {
        t.match((await former.get(`/api/v1/streams/${stream}`)).body, { channel: `chat:${id}` })
        const history = await former.get(`/api/v1/channels/stream:${stream}/history`)
        t.match(history.body, { items: [{ channel: `stream:${stream}`, data: { stream_id: stream } }] })
        t.notMatch(history.text, 'a secret of bia')
        t.notMatch(history.text, former === ana ? 'of caio' : 'of ana', 'a stream is its own part of the log')
        t.notMatch((await former.get('/api/v1/streams')).text, INNER)
        for (const path of ['streams/:id', 'streams/:id/events', 'chat/stream/:id'])
          t.equal((await former.get(`/api/v1/${path.replace(':id', next)}`)).status, 404, path)
        t.equal((await former.post(`/api/v1/streams/${next}/cancel`)).status, 404)
        const before = await former.get(`/api/v1/chat/sessions/${id}/messages`)
        t.equal(before.status, 404)
      }
      t.equal((await ana.get(`/api/v1/streams/${caios}`)).status, 404, 'what she owned is no more')
    })

    t.test('an answer under way ends with its conversation, and so does its vendor’s work', async (t) => {
      const id = 'under-way'
      const nth = vendor.asked.length
      vendor.answers({ tokens: ['um ', 'dois'], stall: 'between' })
      const room = await ana.socket(`/api/v1/ws/chat/${id}`)
      t.teardown(() => room.close())
      // Nobody has asked it before, so that no cache answers.
      room.send({ type: 'message', content: 'last words of ana' })
      const { stream_id: streamId } = await room.ofType('user_message')
      await room.ofType('agent_response')
      await remove(t, ana, id)
      await vendor.closed(nth)
      t.match(await room.closed(), { code: 1008 })
      const ending = await ana.events(`/api/v1/chat/stream/${streamId}`)
      await ending.next(({ data }) => JSON.parse(data).type === 'cancelled')
      t.equal((await ana.get(`/api/v1/streams/${streamId}`)).body.state, 'cancelled')
      await say(bia, id, 'first words of bia')
      const { items } = (await bia.get(`/api/v1/chat/sessions/${id}/messages`)).body
      t.match(
        items.map(({ content }: Message) => content),
        ['first words of bia', 'Hello world'],
      )
      t.notMatch(JSON.stringify(vendor.asked.at(-1)?.body), 'words of ana', 'nor is any of it recalled')
    })

    t.test('the log of what was done names conversations as clients do', async (t) => {
      const { text } = await admin.get('/api/v1/audit/events?limit=1000')
      t.match(text, '"chat.deleted"')
      t.notMatch(text, INNER)
    })
  })
