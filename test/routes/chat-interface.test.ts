import t from 'tap'
import { present, type ShowingOptions, startServed } from '../../src/routes/turn-stream.ts'
import { Connections } from '../../src/transport/connections.ts'
import { completions } from '../../src/turn/completion.ts'
import type { TurnRequest } from '../../src/turn/turn.ts'
import {
  type BodyInterface,
  CHAT_INTERFACES,
  type ChatInterface,
  type EventInterface,
  mayRestart,
} from '../../src/vocabulary/interfaces.ts'
import { irrevocable } from '../../src/vocabulary/phrases.ts'
import { sharesIn } from '../support/access.ts'
import { openGuardedApp, tokenOf } from '../support/guarded-app.ts'
import { openTestStore } from '../support/store.ts'
import { openTurns } from '../support/turns.ts'
import { observe } from '../transport/stage.ts'

const line = (fields: object) => ({ data: `${JSON.stringify(fields)}\n` })

/** An interface that the service does not have: each piece is a line of NDJSON. */
const LINES = {
  endpoint: '/fixture/lines',
  wire: 'body',
  contentType: 'application/x-ndjson',
  restart: 'fatal',
  resumable: false,
  vocabulary: ({ greeting }: { greeting: string }) =>
    irrevocable(
      {
        start: () => [line({ greeting })],
        chunk: ({ json }) => [line({ piece: JSON.parse(json) })],
        complete: ({ finish_reason }) => [line({ finish_reason })],
        error: (event) => [{ event: 'error', data: JSON.stringify(event) }],
      },
      false,
    ),
} as const satisfies BodyInterface

/** The same in named events. */
const EVENTS = {
  endpoint: '/fixture/events',
  wire: 'event-stream',
  restart: 'fatal',
  resumable: true,
  vocabulary: () =>
    irrevocable({
      chunk: ({ json }) => [{ event: 'piece', data: json }],
      complete: () => [{ event: 'end', data: '{}' }],
      error: ({ message }) => [{ event: 'failure', data: message }],
    }),
} as const satisfies EventInterface

const openFixture = async () => {
  const store = await openTestStore('sqlite')
  const { hub, streams, turns } = openTurns(t, store)
  const { observer } = observe()
  const watched = sharesIn(store)
  const showing: ShowingOptions = {
    feed: { store, streams, turns, shares: watched },
    streaming: {
      hub,
      connections: new Connections({ maxConnections: 100, maxPerAddress: 100 }, observer),
      compression: false,
      keepaliveSeconds: 30,
      retryMs: 2000,
      bufferBytes: 65_536,
      graceMs: 2000,
    },
  }
  const start = completions({ store, turns, maxTokensPerDay: 0 })
  const app = await openGuardedApp(store)
  const answers: Record<string, TurnRequest['answer']> = {
    whole: async (turn) => {
      turn.text('um ')
      turn.emit({ type: 'thinking', message: 'not a word of this interface' })
      turn.text('dois')
      return { provider: 'local', model: null, finishReason: 'stop' }
    },
    restarted: async (turn) => {
      turn.text('um ')
      await turn.drained()
      turn.reset('another provider begins anew')
      turn.text('dois')
      return { provider: 'local', model: null, finishReason: 'stop' }
    },
  }
  for (const through of [LINES, EVENTS])
    app.post<{ Params: { kind: string } }>(
      `${through.endpoint}/:kind`,
      { config: { access: 'start' } },
      async (request, reply) =>
        startServed(
          request,
          reply,
          () => start(request.actor(), {}, answers[request.params.kind] as TurnRequest['answer']),
          through.wire === 'body' ? present(through, { greeting: 'olá' }) : present(through, undefined),
          showing,
        ),
    )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    await app.close()
    watched.close()
    await store.close()
  })
  const token = await tokenOf(app, 'ana', 'analyst')
  const ask = (path: string) =>
    fetch(`${url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
  return { ask, store }
}

t.test('an interface that is described in one object streams a turn over either wire', async (t) => {
  const { ask, store } = await openFixture()

  const lines = await ask('/fixture/lines/whole')
  t.equal(lines.headers.get('content-type'), 'application/x-ndjson')
  const told = (await lines.text())
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text))
  t.strictSame(told.at(0), { greeting: 'olá' })
  t.strictSame(told.at(-1), { finish_reason: 'stop' })
  t.equal(told.map(({ piece = '' }) => piece).join(''), 'um dois')

  const events = await ask('/fixture/events/whole')
  t.match(events.headers.get('content-type'), /^text\/event-stream/)
  const text = await events.text()
  t.match(text, /event: piece\ndata: "um "/)
  t.match(text, /event: end\ndata: \{\}/)
  t.notMatch(text, /not a word/)

  const started = await store.db
    .selectFrom('audit_events')
    .select('resource_id')
    .where('event_type', '=', 'chat.started')
    .execute()
  t.strictSame(
    started.map(({ resource_id }) => resource_id),
    [lines.headers.get('x-stream-id'), events.headers.get('x-stream-id')],
    'each start is in the audit log',
  )

  const restarted = await (await ask('/fixture/events/restarted')).text()
  t.match(
    restarted,
    /event: failure\ndata: The answer broke off/,
    'who can take nothing back ends with an error',
  )
})

t.test('whether turns may restart follows from what an interface does then', async (t) => {
  t.equal(mayRestart(LINES), false)
  // @ts-expect-error the vocabulary takes nothing back, so the interface cannot say that it does
  const contradictory: EventInterface = { ...EVENTS, restart: 'announced' }
  t.equal(contradictory.restart, 'announced')
  const interfaces: Record<string, ChatInterface> = CHAT_INTERFACES
  t.strictSame(
    Object.keys(interfaces).filter((name) => mayRestart(interfaces[name] as ChatInterface)),
    ['chat', 'chatMessage', 'chatRoom', 'wholeCompletion'],
  )
})
