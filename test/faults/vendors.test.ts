import t, { type Test } from 'tap'
import { postEvents } from '../support/clients.ts'
import { answerHeard, answerSeen, endsHeard, endsSeen, storedAnswer } from '../support/conversation.ts'
import { client, startProcess } from '../support/process.ts'
import type { Message } from '../support/socket.ts'
import { type Answer, startVendor } from '../support/vendor.ts'
import {
  askingAgainAt,
  brokenAt,
  brokenBehindReason,
  comments,
  cutAt,
  end,
  heardOf,
  line,
  MOMENTS,
  type Moment,
  placesOf,
  reset,
  sends,
  silence,
  splitAt,
  TEXT,
  textAt,
} from '../support/vendor-faults.ts'
import { openXai } from '../support/xai.ts'

t.setTimeout(300_000)

const MB = 1024 * 1024
/** Longer than the second for which a vendor may hold its terminator back, and the two for an error's body. */
const TIMEOUT_MS = 3000

/** One turn, and what must come of it. */
interface Case {
  what?: string
  /** To the requests of the turn, in order. */
  answers: readonly Answer[]
  /** Absent when the answer is whole. */
  code?: string
  text: string
  retryAfter?: number
  /** The vendor takes no connection at all, or none after its first answer. */
  refuses?: 'at once' | 'later'
}

interface Fault {
  name: string
  at(moment: Moment): readonly Case[]
}

/** The part of the last moment that is behind the reason to stop, where a connection takes nothing with it. */
const wholeAt = (moment: Moment, answer: Answer): Case[] =>
  moment === 'after the last token'
    ? [{ what: 'behind the reason to stop', answers: [answer], text: TEXT }]
    : []

/**
 * A status is the first that is said in an answer, and a connection is made before it. Where a token has come, the
 * nearest is the vendor's next answer in the same turn, which a call of a tool in the first one brings about.
 */
const onceMoreAt = (moment: Moment, answer: Answer): Answer[] =>
  moment === 'before the first token' ? [answer] : [askingAgainAt(moment), answer]

const statusAt = (moment: Moment, status: number, headers: Record<string, string> = {}): Answer[] =>
  onceMoreAt(moment, { status, headers, body: '{"error":{"message":"inner words"}}' })

const failing = (
  moment: Moment,
  code: string,
  answers: readonly Answer[],
  more: Partial<Case> = {},
): Case => ({
  answers,
  code,
  text: textAt(moment),
  ...more,
})

/** The part of the first moment that is before the status. */
const headlessAt = (moment: Moment, code: string, answer: Answer): Case[] =>
  moment === 'before the first token' ? [failing(moment, code, [answer], { what: 'without a head' })] : []

const insideOf = (error: object): string =>
  `data: ${JSON.stringify({ error: { message: 'inner words', ...error } })}\n\n`

const MALFORMED = [
  'data: {"choices":[{"delta":{"content":"inner words\n\n',
  'data: <html>inner words</html>\n\n',
  'data: ["inner words"\n\n',
  'data: 7\n\n',
  '<html>inner words</html>',
  '{"inner":"words"',
]

/** What had left a vendor of a long line when its connection was closed. */
const linesSent: number[] = []
const noteSent = (bytes: number): void => void linesSent.push(bytes)

const FAULTS: readonly Fault[] = [
  {
    name: 'silence',
    at: (moment) => [
      failing(moment, 'PROVIDER_TIMEOUT', [brokenAt(moment, silence)]),
      ...headlessAt(moment, 'PROVIDER_TIMEOUT', { stall: 'before' }),
      ...wholeAt(moment, brokenBehindReason(silence)),
    ],
  },
  {
    name: 'comments and no event',
    at: (moment) => [failing(moment, 'PROVIDER_TIMEOUT', [brokenAt(moment, comments)])],
  },
  {
    name: 'a 429 with Retry-After',
    at: (moment) => [
      failing(moment, 'PROVIDER_RATE_LIMITED', statusAt(moment, 429, { 'retry-after': '17' }), {
        retryAfter: 17,
      }),
    ],
  },
  {
    name: 'a 5xx',
    at: (moment) => [
      ...[500, 502, 503, 504, 529].map((status) =>
        failing(moment, 'PROVIDER_UNAVAILABLE', statusAt(moment, status), { what: `${status}` }),
      ),
      failing(moment, 'PROVIDER_UNAVAILABLE', statusAt(moment, 503, { 'retry-after': '3' }), {
        what: 'with Retry-After',
        retryAfter: 3,
      }),
      failing(moment, 'PROVIDER_UNAVAILABLE', onceMoreAt(moment, { status: 500, stall: 'first' }), {
        what: 'whose body does not come',
      }),
    ],
  },
  {
    name: 'an error event inside a 200',
    at: (moment) => [
      failing(moment, 'PROVIDER_ERROR', [brokenAt(moment, sends(insideOf({ type: 'server_error' })))]),
      failing(moment, 'PROVIDER_RATE_LIMITED', [brokenAt(moment, sends(insideOf({ code: 429 })))], {
        what: 'a busy vendor',
      }),
    ],
  },
  {
    name: 'a malformed event',
    at: (moment) =>
      MALFORMED.flatMap((text) => {
        const isLine = text.endsWith('\n')
        const isSkipped = isLine && moment !== 'before the first token'
        const broken = failing(moment, 'PROVIDER_PROTOCOL_ERROR', [brokenAt(moment, sends(text))], {
          what: text,
        })
        const skipped = { what: `${text}, once`, answers: broken.answers, text: textAt(moment) }
        const often = failing(moment, 'PROVIDER_PROTOCOL_ERROR', [brokenAt(moment, sends(text.repeat(20)))], {
          what: `${text}, twenty times`,
        })
        return [isSkipped ? skipped : broken, ...(isLine ? [often] : [])]
      }),
  },
  {
    name: 'an event split at every byte',
    at: (moment) => {
      const places = placesOf(moment)
      return [
        ...places.map((place) => ({ what: `byte ${place}`, answers: [splitAt([place])], text: TEXT })),
        { what: 'each byte by itself', answers: [splitAt(places)], text: TEXT },
      ]
    },
  },
  {
    name: 'a line without an end',
    at: (moment) => [
      failing(moment, 'PROVIDER_PROTOCOL_ERROR', [
        brokenAt(moment, line(Number.POSITIVE_INFINITY, noteSent)),
      ]),
    ],
  },
  {
    name: 'a line of 64 MB',
    at: (moment) => [failing(moment, 'PROVIDER_PROTOCOL_ERROR', [brokenAt(moment, line(64 * MB, noteSent))])],
  },
  {
    name: 'an end without a terminator, at every byte',
    at: (moment) =>
      placesOf(moment).map((place) => ({
        what: `byte ${place}`,
        answers: [cutAt(place, end)],
        ...heardOf(place, false),
      })),
  },
  {
    name: 'a connection reset, at every byte',
    at: (moment) => [
      ...headlessAt(moment, 'PROVIDER_UNAVAILABLE', { dieAfter: -1 }),
      ...placesOf(moment).map((place) => ({
        what: `byte ${place}`,
        answers: [cutAt(place, reset)],
        ...heardOf(place, true),
      })),
    ],
  },
  {
    name: 'a connection refused',
    at: (moment) =>
      moment === 'before the first token'
        ? [failing(moment, 'PROVIDER_UNAVAILABLE', [], { refuses: 'at once' })]
        : [failing(moment, 'PROVIDER_UNAVAILABLE', [askingAgainAt(moment)], { refuses: 'later' })],
  },
]

const { vendor, env } = await openXai()
const nobody = await startVendor()
await nobody.close()
/** Vendors that answer once and are gone, by the name of their provider. */
const leavers = await Promise.all(
  ['leaver-a', 'leaver-b', 'leaver-c', 'leaver-d'].map(async (name) => ({
    name,
    vendor: await startVendor(),
  })),
)
for (const leaver of leavers) t.teardown(leaver.vendor.close)
const free = [...leavers]

const addressOf = (name: string, url: string): Record<string, string> => ({
  [`${name.toUpperCase().replace('-', '_')}_BASE_URL`]: `${url}/v1`,
})
const service = await startProcess({
  ...env,
  LLM_PROVIDERS: ['xai', 'nobody', ...leavers.map(({ name }) => name)].join(','),
  ...addressOf('nobody', nobody.url),
  ...Object.assign({}, ...leavers.map((leaver) => addressOf(leaver.name, leaver.vendor.url))),
  ALLOW_ANONYMOUS: 'true',
  FIRST_TOKEN_TIMEOUT_MS: String(TIMEOUT_MS),
  STREAMING_TIMEOUT_MS: String(TIMEOUT_MS),
  LOG_LEVEL: 'silent',
})
t.teardown(() => service.kill())
const stranger = client(service.url)

/** Answers that are still to be given, by the session whose message asks for them. */
const scripts = new Map<string, Answer[]>()
vendor.always(({ body }) => {
  const message = body.messages.findLast(({ role }: Message) => role === 'user').content
  const answer = scripts.get(message.split(' ').at(-1))?.shift()
  if (!answer) throw new Error(`nothing more was to be asked for ${message}`)
  return answer
})

/** Sets a case up. @returns the provider that is to be asked */
const providerOf = ({ answers, refuses }: Case, session: string): string => {
  scripts.set(session, [...answers])
  if (refuses === undefined) return 'xai'
  if (refuses === 'at once') return 'nobody'
  const leaver = free.pop()
  if (!leaver) throw new Error('more vendors are to leave than there are')
  leaver.vendor.always(() => {
    leaver.vendor.refuse()
    return { ...answers[0], headers: { connection: 'close' } }
  })
  return leaver.name
}

/** What a client got of a turn. */
interface Got {
  ends: readonly string[]
  end: Message | undefined
  text: string
  /** Everything, as JSON. */
  all: string
  stored: Message
}

const overSse = async (session_id: string, provider: string): Promise<Got> => {
  const message = `Quem é você? ${session_id}`
  const events = await postEvents(stranger, '/api/v1/chat/stream', { message, session_id, provider })
  if ((await events.ended()) !== 'whole') throw new Error('the response was cut')
  const last = JSON.parse(events.events.at(-1)?.data ?? '{}')
  return {
    ends: endsSeen(events.events),
    end: last,
    text: answerSeen(events.events),
    all: events.text(),
    stored: await storedAnswer(stranger, session_id, last.stream_id),
  }
}

const overWebSocket = async (session: string, provider: string): Promise<Got> => {
  const room = await stranger.socket(`/api/v1/ws/chat/${session}`, { headers: { origin: service.url } })
  try {
    room.send({ type: 'message', content: `Quem é você? ${session}`, provider })
    const { stream_id } = await room.next(({ status }) => status === 'idle')
    const stored = await storedAnswer(stranger, session, stream_id)
    const ends = endsHeard(room.messages, stream_id)
    return {
      ends: ends.map(({ type }) => type.replace('agent_response_', '')),
      end: ends[0],
      text: answerHeard(room.messages, stream_id),
      all: JSON.stringify(room.messages),
      stored,
    }
  } finally {
    room.close()
  }
}

const INTERFACES = { SSE: overSse, WebSocket: overWebSocket }

let turns = 0
let passed = 0

/** One comparison for a turn: there are many of them. */
const assertCase = async (t: Test, { what = 'one turn', ...one }: Case, talk: typeof overSse) => {
  const session = `turn-${++turns}`
  const { ends, end, text, stored, all } = await talk(session, providerOf(one, session))
  const state = one.code === undefined ? 'complete' : 'error'
  t.same(
    {
      ends,
      code: end?.error_code,
      retryAfter: end?.retry_after ?? undefined,
      text,
      stored: { state: stored.state, content: stored.content },
      leaked: /inner/.test(all),
      broken: /\ufffd|\\ud[89a-f]/i.test(all),
      unasked: scripts.get(session)?.length,
    },
    {
      ends: [state],
      code: one.code,
      retryAfter: one.retryAfter,
      text: one.text,
      stored: { state, content: one.text },
      leaked: false,
      broken: false,
      unasked: one.refuses ? one.answers.length : 0,
    },
    `${what}: one terminal event, its code, no character broken`,
  )
}

t.test('a vendor’s fault ends its turn once, with its code', async (t) => {
  t.jobs = 6
  for (const { name, at } of FAULTS)
    for (const moment of MOMENTS)
      for (const [over, talk] of Object.entries(INTERFACES))
        t.test(`over ${over}, ${name} ${moment}`, { buffered: true }, async (t) => {
          for (const one of at(moment)) await assertCase(t, one, talk)
          if (t.passing()) passed += 1
        })
})

t.test('and after all of them it answers', async (t) => {
  const cells = FAULTS.length * MOMENTS.length * Object.keys(INTERFACES).length
  t.equal(cells, 72)
  t.equal(passed, cells)
  t.equal(linesSent.length, 12, 'no long line is read on')
  vendor.answers({ tokens: ['bom ', 'dia'] })
  const answered = await stranger.post('/api/v1/chat/message', { message: 'Olá', provider: 'xai' })
  t.match(answered, { status: 200, body: { content: 'bom dia' } })
  const session_id = 'after-a-failure'
  vendor.answers({ status: 400 }, { tokens: ['sim'] })
  const failed = await stranger.post('/api/v1/chat/message', { message: 'Um?', provider: 'xai', session_id })
  t.equal(failed.status, 502)
  await stranger.post('/api/v1/chat/message', { message: 'Dois?', provider: 'xai', session_id })
  const history: Message[] = vendor.asked.at(-1)?.body.messages.slice(1)
  t.match(history, [
    { role: 'user', content: 'Um?' },
    { role: 'assistant', content: '[no answer]' },
    { role: 'user', content: 'Dois?' },
  ])
  vendor.answers({ status: 401 })
  const refused = await stranger.post('/api/v1/chat/message', { message: 'Três?', provider: 'xai' })
  t.match(refused, { status: 502, body: { detail: /XAI_API_KEY/ } })
  vendor.answers({ raw: ['data: oops\n\n'.repeat(20)] })
  await stranger.post('/api/v1/chat/message', { message: 'Quatro?', provider: 'xai' })
  const metrics = await (await fetch(`${service.url}/metrics`)).text()
  t.match(metrics, /^llm_skipped_lines_total\{.*provider="xai".*\} \d\d+$/m)
  const most = Math.max(...linesSent) / MB
  t.comment(
    `${passed} of ${cells} cells, 12 faults × 3 moments × 2 interfaces: ${turns} turns, one terminal event each; ` +
      `of a long line at most ${most.toFixed(1)} MB were sent`,
  )
})
