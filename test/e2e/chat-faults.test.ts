import t, { type Test } from 'tap'
import { client, startProcess } from '../support/process.ts'
import type { Message } from '../support/socket.ts'
import { type Answer, startVendor } from '../support/vendor.ts'
import { answeredBy, answerHeard, answerSeen, endsHeard, endsSeen, storedAnswer } from './conversation.ts'

t.setTimeout(150_000)

const delta = (content: string): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`
const cut = Buffer.from(delta('ção 😀'))
const CUT = cut.indexOf(Buffer.from('😀')) + 2
/** Longer than any line that is read. */
const ENDLESS = 'x'.repeat(1024 * 1024)

interface Fault {
  name: string
  answer: Answer
  code: string
  /** What had come before it. */
  text?: string
  retryAfter?: number
}

const FAULTS: readonly Fault[] = [
  { name: 'nothing before the first token', answer: { stall: 'first' }, code: 'PROVIDER_TIMEOUT' },
  {
    name: 'nothing after the first token',
    answer: { tokens: ['só ', 'isto'], stall: 'between' },
    code: 'PROVIDER_TIMEOUT',
    text: 'só ',
  },
  {
    name: 'a 429 with Retry-After',
    answer: { status: 429, headers: { 'retry-after': '17' } },
    code: 'PROVIDER_RATE_LIMITED',
    retryAfter: 17,
  },
  { name: 'a 500', answer: { status: 500 }, code: 'PROVIDER_UNAVAILABLE' },
  {
    name: 'an error inside a 200',
    answer: { tokens: ['até ', 'aqui'], errorInside: { message: 'inner words', type: 'server_error' } },
    code: 'PROVIDER_ERROR',
    text: 'até aqui',
  },
  {
    name: 'malformed JSON',
    answer: { raw: [delta('bom '), 'data: {"choices":[{"delta":{"content":"inner words\n\n'] },
    code: 'PROVIDER_PROTOCOL_ERROR',
    text: 'bom ',
  },
  {
    name: 'an event that is cut inside a character',
    answer: { raw: [delta('meio '), cut.subarray(0, CUT)], dieAfter: 1 },
    code: 'PROVIDER_PROTOCOL_ERROR',
    text: 'meio ',
  },
  {
    name: 'a line that does not end',
    answer: { raw: [delta('antes '), 'data: ', ...Array.from({ length: 9 }, () => ENDLESS)], stall: 'first' },
    code: 'PROVIDER_PROTOCOL_ERROR',
    text: 'antes ',
  },
  { name: 'a reset before the first token', answer: { dieAfter: 0 }, code: 'PROVIDER_PROTOCOL_ERROR' },
  {
    name: 'a reset after the first token',
    answer: { tokens: ['um ', 'dois'], dieAfter: 1 },
    code: 'PROVIDER_PROTOCOL_ERROR',
    text: 'um ',
  },
  {
    name: 'an end without a terminator',
    answer: { tokens: ['quase ', 'tudo'], unterminated: true },
    code: 'PROVIDER_PROTOCOL_ERROR',
    text: 'quase tudo',
  },
  { name: 'an empty answer', answer: { raw: [] }, code: 'PROVIDER_PROTOCOL_ERROR' },
]

const vendor = await startVendor()
t.teardown(vendor.close)
const service = await startProcess({
  ...answeredBy(vendor),
  ALLOW_ANONYMOUS: 'true',
  FIRST_TOKEN_TIMEOUT_MS: '400',
  STREAMING_TIMEOUT_MS: '400',
  LOG_LEVEL: 'silent',
})
t.teardown(() => service.kill())
const stranger = client(service.url)

const assertEnd = (t: Test, fault: Fault, end: Message | undefined, seen: string, stored: Message) => {
  t.match(end, { type: 'error', error_code: fault.code, message: String })
  t.equal(end?.retry_after ?? undefined, fault.retryAfter)
  t.notMatch(JSON.stringify(end), /inner words/, 'nothing of what the vendor said')
  t.equal(seen, fault.text ?? '')
  t.match(stored, { state: 'error', content: seen })
}

for (const [number, fault] of FAULTS.entries()) {
  t.test(`over SSE, ${fault.name}`, async (t) => {
    const session_id = `sse-${number}`
    vendor.answers(fault.answer)
    const events = await stranger.events('/api/v1/chat/stream', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'Quem é você?', session_id, provider: 'xai' }),
    })
    t.equal(await events.ended(), 'whole')
    t.same(endsSeen(events.events), ['error'], 'one terminal event')
    const end = JSON.parse(events.events.at(-1)?.data ?? '{}')
    const stored = await storedAnswer(stranger, session_id, end.stream_id)
    assertEnd(t, fault, end, answerSeen(events.events), stored)
  })

  t.test(`over WebSocket, ${fault.name}`, async (t) => {
    const session = `ws-${number}`
    vendor.answers(fault.answer)
    const room = await stranger.socket(`/api/v1/ws/chat/${session}`, { headers: { origin: service.url } })
    t.teardown(() => room.close())
    room.send({ type: 'message', content: 'Quem é você?', provider: 'xai' })
    const { stream_id } = await room.next(({ status }) => status === 'idle')
    const ends = endsHeard(room.messages, stream_id)
    t.equal(ends.length, 1, 'one terminal event')
    const stored = await storedAnswer(stranger, session, stream_id)
    assertEnd(t, fault, ends[0], answerHeard(room.messages, stream_id), stored)
  })
}

t.test('and after all of them it answers', async (t) => {
  vendor.answers({ tokens: ['bom ', 'dia'] })
  const answered = await stranger.post('/api/v1/chat/message', { message: 'Olá', provider: 'xai' })
  t.match(answered, { status: 200, body: { content: 'bom dia' } })
  t.equal(vendor.asked.length, FAULTS.length * 2 + 1, 'each asked its vendor once')
  t.comment(`${FAULTS.length} faults over 2 interfaces: ${FAULTS.length * 2} turns, one terminal event each`)
})
