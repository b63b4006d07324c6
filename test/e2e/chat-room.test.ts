import t, { type Test } from 'tap'
import { newUsers } from '../support/clients.ts'
import { answerHeard, endsHeard, storedAnswer } from '../support/conversation.ts'
import { deploy, type Instance, until } from '../support/deployment.ts'
import { login, refusal, USER_PASSWORD } from '../support/process.ts'
import type { Message, SocketClient } from '../support/socket.ts'
import { openXai } from '../support/xai.ts'

t.setTimeout(300_000)

const { vendor, env } = await openXai()
const deployment = await deploy(t, 'sqlite', { env: { ...env, ALLOW_ANONYMOUS: 'true' } })
const a = await deployment.start()
const b = await deployment.start()
const admin = await login(a.url)
const { ana, bia, caio, vera } = await newUsers(admin, a.url, {
  ana: 'analyst',
  bia: 'analyst',
  caio: 'analyst',
  vera: 'viewer',
})

interface Person {
  token: string
}

let rooms = 0
const room = (session: string): string => `/api/v1/ws/chat/${session}`

/** A conversation of ana's that bia and vera share. */
const conversation = async (): Promise<string> => {
  const session = `room-${++rooms}`
  const { token } = ana
  await a.call('POST', '/api/v1/chat/sessions', { token, body: { session_id: session } })
  for (const username of ['bia', 'vera'])
    await a.call('POST', `/api/v1/chat/sessions/${session}/share`, { token, body: { username } })
  return session
}

/** Somebody in a room, once what is told there reaches them. */
const enter = async (t: Test, where: Instance, session: string, { token }: Person, query = '') => {
  const socket = await where.socket(room(session) + query, { token })
  t.teardown(() => socket.close())
  await socket.ofType('connected')
  // Commands wait until the room is entered.
  socket.send({ type: 'history', limit: 1 })
  await socket.ofType('history')
  return socket
}

/** The id of the next turn that is heard of. */
const nextTurn = async (socket: SocketClient): Promise<string> =>
  (await socket.ofType('user_message')).stream_id

const idle = (socket: SocketClient, streamId: string) =>
  socket.next(({ status, stream_id }) => status === 'idle' && stream_id === streamId)

/** What everybody in a room is told alike. */
const shared = (socket: SocketClient): Message[] =>
  socket.messages.filter(({ offset }) => offset !== undefined)

const auditOf = async (type: string, userId?: string): Promise<Message[]> =>
  (await admin.get(`/api/v1/audit/events?limit=1000&event_type=${type}${userId ? `&user_id=${userId}` : ''}`))
    .body.items

t.test('users of one conversation hear the same on two instances, and each may speak', async (t) => {
  const session = await conversation()
  const first = await enter(t, a, session, ana)
  const second = await enter(t, b, session, bia)
  vendor.answers({ tokens: ['Olá, ', 'Ana \u2028', '👋'] })
  first.send({ type: 'message', content: 'Quem é você?\u2028', agent_id: 'drummond' })
  const streamId = await nextTurn(second)
  await Promise.all([idle(first, streamId), idle(second, streamId)])
  vendor.answers({ tokens: ['Olá, Bia'] })
  second.send({ type: 'message', content: 'E eu?', provider: 'xai', model: 'grok-other' })
  const other = await nextTurn(first)
  await Promise.all([idle(first, other), idle(second, other)])
  t.same(shared(first), shared(second), 'frame for frame, under the same positions')
  t.match(
    shared(first).filter(({ type }) => type === 'user_message'),
    [
      { user: 'ana', content: 'Quem é você?\u2028', stream_id: streamId },
      { user: 'bia', content: 'E eu?', stream_id: other },
    ],
  )
  t.match(endsHeard(first.messages, streamId), [
    { type: 'agent_response_complete', agent_id: 'drummond', provider: 'xai', total_tokens: Number },
  ])
  t.match(endsHeard(first.messages, other), [{ model: 'grok-other' }])
  const told = vendor.asked.at(-1)?.body.messages.map(({ content }: Message) => content)
  t.ok(told.includes('Quem é você?\u2028'), 'bia’s question comes with what ana asked before')
  for (const id of [streamId, other])
    t.equal(answerHeard(second.messages, id), (await storedAnswer(a, session, id, ana.token)).content)

  second.send({ type: 'history' })
  const { messages } = await second.ofType('history')
  t.match(messages, [
    { role: 'user', content: 'Quem é você?\u2028', state: 'complete', stream_id: streamId },
    { role: 'assistant', content: 'Olá, Ana \u2028👋', state: 'complete', agent_id: 'drummond' },
    { role: 'user', content: 'E eu?' },
    { role: 'assistant', content: 'Olá, Bia', model: 'grok-other', usage: { completion_tokens: Number } },
  ])
  second.send({ type: 'history', before: messages[2].message_id, limit: 1 })
  t.same((await second.ofType('history')).messages, [messages[1]])
  second.send({ type: 'history', before: 'nothing' })
  t.match(await second.ofType('error'), { error_code: 'VALIDATION_FAILED', command: 'history' })
  const { body } = await a.call('GET', `/api/v1/chat/sessions/${session}`, { token: ana.token })
  t.equal(body.title, 'Quem é você?', 'the first thing said names the conversation')
})

t.test('one who comes in during an answer hears it from its beginning', async (t) => {
  const session = await conversation()
  const first = await enter(t, a, session, ana)
  vendor.answers({ tokens: ['um ', 'dois ', 'três'], stepped: true })
  first.send({ type: 'message', content: 'conte' })
  const streamId = await nextTurn(first)
  await vendor.step(2)
  await first.next(({ content }) => content?.includes('dois'))
  const late = await enter(t, b, session, vera)
  t.equal(await nextTurn(late), streamId)
  await vendor.step()
  await Promise.all([idle(first, streamId), idle(late, streamId)])
  t.same(shared(late), shared(first))
  t.equal(answerHeard(late.messages, streamId), 'um dois três')
  const later = await enter(t, b, session, bia)
  t.same(shared(later), [], 'what is over is for history')
})

t.test('one who was away goes on where it was, or is shown where things stand', async (t) => {
  const session = await conversation()
  const first = await enter(t, a, session, ana)
  const away = await enter(t, a, session, bia)
  vendor.answers({ tokens: ['um ', 'dois ', 'três'], stepped: true })
  first.send({ type: 'message', content: 'conte' })
  const streamId = await nextTurn(away)
  await vendor.step()
  const { epoch, offset } = await away.ofType('agent_response')
  away.close()
  await vendor.step()
  await first.next(({ content }) => content?.includes('dois'))
  const back = await enter(t, b, session, bia, `?recover=${epoch}:${offset}`)
  const lost = await enter(t, b, session, vera, `?recover=other:${offset}`)
  const recovery = ({ messages }: SocketClient) => messages.filter(({ type }) => type === 'recovery')
  t.match(recovery(back), [{ recovered: true, epoch, offset }])
  t.match(recovery(lost), [{ recovered: false, reason: 'epoch_changed', epoch }])
  await vendor.step()
  await Promise.all([first, back, lost].map((socket) => idle(socket, streamId)))
  const said = (socket: SocketClient) =>
    shared(socket).filter(({ type }) => !['recovery', 'agent_status'].includes(type))
  t.same(
    said(back),
    said(first).filter((frame) => frame.offset > offset),
  )
  t.equal(answerHeard(lost.messages, streamId), 'um dois três')
})

t.test('a room is told who comes, who leaves and who types, each user once', async (t) => {
  const session = await conversation()
  const first = await enter(t, a, session, ana)
  const [one, two] = [await enter(t, a, session, bia), await enter(t, b, session, bia)]
  t.match(await first.ofType('join'), { user: 'bia' })
  for (let n = 0; n < 21; n++) one.send({ type: 'typing', active: n % 2 === 0 })
  t.match(await first.ofType('typing'), { user: 'bia', active: true })
  one.close()
  t.match(await two.next(({ type, active }) => type === 'typing' && !active), { user: 'bia' })
  const words = shared(two).filter(({ type }) => type === 'typing')
  t.ok(
    words.every(({ active }, place) => active === (place % 2 === 0)),
    'told in turns, ending with false',
  )
  t.ok(words.length < 10, `${words.length} of 21 changes were told`)
  const guest = await enter(t, b, session, vera)
  t.match(await first.next(({ type }) => type === 'join' || type === 'leave'), { type: 'join', user: 'vera' })
  two.close()
  t.match(await guest.ofType('leave'), { user: 'bia' })
  t.match(await first.ofType('leave'), { user: 'bia' })
  guest.close()
  t.match(await first.ofType('leave'), { user: 'vera' })
  t.same(
    first.messages.filter(({ type }) => type === 'join').map(({ user }) => user),
    ['bia', 'vera'],
    'nobody twice, and nobody is told of themselves',
  )
})

t.test('whose turn it is, and whose conversation, decides who may cancel', async (t) => {
  const session = await conversation()
  const owner = await enter(t, a, session, ana)
  const guest = await enter(t, b, session, bia)
  const cancel = (who: SocketClient, stream_id?: string) =>
    who.send(stream_id ? { type: 'cancel', stream_id } : { type: 'cancel' })
  const refused = async (who: SocketClient, error_code: string) =>
    t.match(await who.ofType('error'), { error_code, command: 'cancel', message: String })
  cancel(owner)
  await refused(owner, 'INVALID_STATE')

  vendor.always({ tokens: ['parte ', 'nunca'], stepped: true })
  owner.send({ type: 'message', content: 'minha' })
  const owners = await nextTurn(guest)
  await vendor.step()
  await guest.ofType('agent_response')
  cancel(guest, owners)
  await refused(guest, 'FORBIDDEN')
  cancel(guest)
  await refused(guest, 'FORBIDDEN')
  guest.send({ type: 'message', content: 'dela' })
  const guests = await nextTurn(guest)
  cancel(guest)
  t.match(await guest.ofType('cancelled'), { stream_id: guests, content_chars: 0 })
  guest.send({ type: 'message', content: 'dela de novo' })
  const again = await nextTurn(guest)
  cancel(owner)
  t.match(await owner.next(({ stream_id, type }) => type === 'cancelled' && stream_id === again), {})

  const elsewhere = await enter(t, b, await conversation(), ana)
  cancel(elsewhere, owners)
  await refused(elsewhere, 'NOT_FOUND')
  elsewhere.send({ type: 'cancel', stream_id: 'none' })
  await refused(elsewhere, 'NOT_FOUND')
  const other = await enter(t, b, session, ana)
  cancel(other, owners)
  t.match(await owner.next(({ stream_id, type }) => type === 'cancelled' && stream_id === owners), {
    content_chars: 6,
  })
  t.match(await storedAnswer(a, session, owners, ana.token), { state: 'cancelled', content: 'parte ' })
  cancel(other, owners)
  await refused(other, 'INVALID_STATE')
  vendor.always({})

  const cancelled = await auditOf('stream.cancelled')
  t.same(
    cancelled
      .map(({ resource_id }) => resource_id)
      .filter((id) => [owners, guests, again].includes(id))
      .sort(),
    [owners, guests, again].sort(),
  )
  t.match(
    (await auditOf('security.refused')).filter(({ resource_id }) => resource_id === owners),
    [{ error_code: 'FORBIDDEN', details: { command: 'cancel' } }],
  )
})

t.test('what is said is held to the rules of POST, and a refused message leaves the room open', async (t) => {
  const session = await conversation()
  const before = vendor.asked.length
  const owner = await enter(t, a, session, ana)
  for (const [message, error_code, named] of [
    [{ content: ' \n\t' }, 'VALIDATION_FAILED', /content.*blank/],
    [{ content: '' }, 'VALIDATION_FAILED', /content/],
    [{ content: '😀'.repeat(10_001) }, 'VALIDATION_FAILED', /content.*10,000/],
    [{ content: 'a', agent_id: 'nobody' }, 'VALIDATION_FAILED', /agent_id/],
    [{ content: 'a', provider: 'nobody' }, 'VALIDATION_FAILED', /provider/],
    [{}, 'INVALID_MESSAGE', /content/],
    [{ content: 7 }, 'INVALID_MESSAGE', /content/],
    [{ content: 'a', surprise: true }, 'INVALID_MESSAGE', /./],
    [{ content: 'a', constructor: 1 }, 'INVALID_MESSAGE', /key/],
  ] as const) {
    owner.send({ type: 'message', ...message })
    t.match(await owner.ofType('error'), { error_code, message: named }, JSON.stringify(message).slice(0, 60))
  }
  for (const wrong of [
    { type: 'typing' },
    { type: 'history', limit: 0 },
    { type: 'shout' },
    { type: 'subscribe' },
  ]) {
    owner.send(wrong)
    t.match(await owner.ofType('error'), { error_code: 'INVALID_MESSAGE', command: wrong.type })
  }
  t.equal(vendor.asked.length, before, 'nobody was asked')
  owner.send({ type: 'ping' })
  await owner.ofType('pong')
  owner.send({ type: 'message', content: '😀'.repeat(10_000) })
  await idle(owner, await nextTurn(owner))

  const reader = await enter(t, b, session, vera)
  for (const command of [
    { type: 'message', content: 'a' },
    { type: 'typing', active: true },
    { type: 'cancel' },
  ]) {
    reader.send(command)
    t.match(await reader.ofType('error'), { error_code: 'FORBIDDEN', command: command.type })
  }
  owner.send({ type: 'message', content: 'leia' })
  await idle(reader, await nextTurn(reader))
  reader.send({ type: 'auth', token: ana.token })
  t.match(await reader.ofType('error'), { error_code: 'FORBIDDEN' })
  const fresh = await login(a.url, 'vera', USER_PASSWORD)
  reader.send({ type: 'auth', token: fresh.token })
  t.match(await reader.ofType('authenticated'), { user: 'vera' })

  await a.call('DELETE', `/api/v1/chat/sessions/${session}`, { token: ana.token })
  for (const one of [owner, reader])
    t.same(await one.closed(), { code: 1008, reason: 'the conversation was removed' })
})

t.test('who may come in is decided before the upgrade, and noted', async (t) => {
  const session = await conversation()
  const mine = await enter(t, a, 'made_by-entering', caio)
  mine.send({ type: 'message', content: 'a' })
  const streamId = await nextTurn(mine)
  await idle(mine, streamId)
  t.equal(await refusal(caio, room(session)), 404)
  t.equal(await refusal(ana, room('made_by-entering')), 404)
  t.equal(await refusal(ana, room('not%20a%20name')), 404)
  t.equal(await refusal(ana, room('x'.repeat(65))), 404)
  t.equal(await refusal(vera, room('not-there')), 404, 'one who may only read makes no conversation')
  t.equal(await refusal(admin, room('made_by-entering')), 101)

  const stranger = { token: '' }
  const foreign = { ...stranger, headers: { origin: 'https://elsewhere.example' } }
  const outside = await a.socket(room('anyone'), foreign).catch(({ status }) => status)
  t.equal(outside, 403, 'a page of others may not')
  const own = await a.socket(room('anyone'), { ...stranger, headers: { origin: a.url } })
  t.teardown(() => own.close())
  t.match(await own.ofType('connected'), { user: 'anonymous' })
  own.send({ type: 'message', content: 'Olá' })
  await idle(own, await nextTurn(own))
  t.equal(await refusal(ana, room('anyone')), 404)

  const users = (await admin.get('/api/v1/users')).body.items
  const { id } = users.find(({ username }: Message) => username === 'caio')
  t.match(await auditOf('chat.created', id), [{ resource_type: 'chat', resource_id: 'made_by-entering' }])
  t.match(await auditOf('chat.started', id), [
    { resource_type: 'stream', resource_id: streamId, details: { session_id: 'made_by-entering' } },
  ])
  t.match(await auditOf('security.refused', id), [{ resource_type: 'chat', resource_id: session }])
})

t.test('any other connection may follow a conversation in the service’s own words', async (t) => {
  const session = await conversation()
  const speaker = await enter(t, a, session, ana)
  const follower = await b.socket('/api/v1/ws', { token: bia.token })
  t.teardown(() => follower.close())
  follower.send({ type: 'subscribe', channel: `chat:${session}` })
  await follower.ofType('subscribed')
  speaker.send({ type: 'message', content: 'Olá' })
  const streamId = await nextTurn(speaker)
  const ending = await follower.next(({ data }) => data?.type === 'complete')
  t.match(ending, { channel: `chat:${session}`, data: { stream_id: streamId }, epoch: String })
  const types = follower.messages.filter(({ type }) => type === 'event').map(({ data }) => data.type)
  t.same(
    types.filter((type) => type !== 'chunk'),
    ['user_message', 'start', 'detecting', 'intent', 'agent_selected', 'complete'],
  )
  await until(
    'both are known to watch',
    async () => (await a.call('GET', `/api/v1/streams/${streamId}`)).body.subscribers,
    (count) => count === 2,
  )
})
