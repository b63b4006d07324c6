import t from 'tap'
import { memoryBroker } from '../../src/channel/broker-memory.ts'
import { downloadFeed } from '../../src/feed/download-feed.ts'
import { feeds, logFeeds, type NamespaceFeeds } from '../../src/feed/feeds.ts'
import { type StreamKind, streamFeed } from '../../src/feed/stream-feed.ts'
import { viewerOf } from '../../src/routes/request-viewer.ts'
import type { Runner } from '../../src/stream/stream.ts'
import { Connections } from '../../src/transport/connections.ts'
import { serveEvents } from '../../src/transport/sse.ts'
import { accessIn, sharesIn } from '../support/access.ts'
import { openGuardedApp, tokenOf } from '../support/guarded-app.ts'
import { openTestStore } from '../support/store.ts'
import { openStreams } from '../support/streams.ts'

/** A kind of stream that the service does not have: it counts, and says how far it came. */
const counting: Runner = {
  kind: 'count',
  concurrency: 1,
  resumable: false,
  async run({ stream, publish }) {
    for (const n of [1, 2, 3]) await publish([JSON.stringify({ type: 'number', stream_id: stream.id, n })])
    return { state: 'completed', event: { type: 'complete', stream_id: stream.id, numbers: 3 } }
  },
  conclude: async ({ id }, { state }) => ({ state, event: { type: 'cancelled', stream_id: id } }),
  settle: async () => undefined,
  ended: async () => undefined,
}

t.test('a new kind of stream is one runner and one line of the table', async (t) => {
  const store = await openTestStore('sqlite')
  const broker = memoryBroker({ historySize: 100, historyTtlMs: 60_000 })
  t.teardown(() => broker.close())
  const { hub, presence, streams } = openStreams(t, store, broker)
  const shares = sharesIn(store)
  t.teardown(() => shares.close())
  const kinds: Record<string, StreamKind> = { count: { runner: counting, feed: downloadFeed(streams) } }
  const refuse = () => Promise.reject(new Error('not asked for here'))
  const table: NamespaceFeeds = {
    ...logFeeds(hub),
    investigation: refuse,
    reviews: refuse,
    chat: refuse,
    stream: streamFeed({ access: accessIn(store), streams, shares, kinds }),
  }
  const app = await openGuardedApp(store)
  t.teardown(() => app.close())
  const feedOf = feeds(table)
  app.get<{ Params: { id: string } }>(
    '/events/:id',
    { exposeHeadRoute: false, config: { access: 'read', eventStream: true } },
    async (request, reply) =>
      serveEvents(request, reply, {
        hub,
        presence,
        connections: new Connections({ maxConnections: 100, maxPerAddress: 100 }),
        keepaliveSeconds: 30,
        retryMs: 2000,
        compression: false,
        bufferBytes: 65_536,
        graceMs: 2000,
        feeds: [await feedOf(request.identity, `stream:${request.params.id}`)],
        viewer: viewerOf(request.identity, request),
        endpoint: '/events/:id',
      }),
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  streams.work(Object.values(kinds).map(({ runner }) => runner))
  const [ana, bia] = [await tokenOf(app, 'ana', 'analyst'), await tokenOf(app, 'bia', 'analyst')]
  const { id: owner } = await store.db
    .selectFrom('users')
    .select('id')
    .where('username', '=', 'ana')
    .executeTakeFirstOrThrow()
  const events = (id: string, token: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/events/${id}`, {
      headers: { authorization: `Bearer ${token}`, ...headers },
    })
  const start = async (kind: string): Promise<string> => {
    const id = crypto.randomUUID()
    const request = { id, kind, channel: `stream:${id}`, owner, onDisconnect: 'continue' as const }
    await streams.start(request, async () => undefined)
    return id
  }

  const id = await start('count')
  const followed = await (await events(id, ana)).text()
  const dataOf = (text: string): { type: string; n?: number }[] =>
    [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json as string))
  t.match(dataOf(followed), [{ n: 1 }, { n: 2 }, { n: 3 }, { type: 'complete', numbers: 3 }])
  const ids = [...followed.matchAll(/^id: (.*)$/gm)].map(([, position]) => position as string)
  const rest = await (await events(id, ana, { 'last-event-id': ids[1] as string })).text()
  t.match(dataOf(rest).slice(-2), [{ n: 3 }, { type: 'complete' }], 'recovers')
  t.equal((await events(id, ana, { 'last-event-id': ids.at(-1) as string })).status, 204, 'has ended')
  t.equal((await events(id, bia)).status, 404, 'is its owner’s')

  const unknown = await start('sum')
  const refused = await events(unknown, ana)
  t.equal(refused.status, 404, 'of an unknown kind')
  t.match(await refused.json(), { code: 'NOT_FOUND', detail: 'There is no such stream' })
  await streams.cancel(unknown)
  t.equal((await streams.get(unknown))?.state, 'running', 'and nobody runs it')
})
