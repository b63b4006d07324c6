import t from 'tap'
import { until } from '../support/deployment.ts'
import { openNetwork } from '../support/namespace.ts'
import { login, startProcess } from '../support/process.ts'

t.setTimeout(120_000)

/** How often the kernel sends again before it gives a peer up; its own default, 15, takes a quarter of an hour. */
const RETRIES = 4
const skip = process.getuid?.() === 0 ? false : 'network namespaces need root'

t.test('peers whose packets are dropped are found, over SSE and WebSocket', { skip }, async (t) => {
  const network = await openNetwork(t, RETRIES)
  const settings = { HOST: network.address, SSE_KEEPALIVE_INTERVAL: '1', WEBSOCKET_PING_INTERVAL: '1' }
  const service = await startProcess(settings, undefined, network.under)
  t.teardown(() => service.kill())
  const admin = await login(service.url)
  const open = async (wanted: 'sse' | 'websocket'): Promise<number> => {
    const { connections } = (await admin.get('/api/v1/observability')).body.instance
    const counts = connections as { kind: string; count: number }[]
    return counts.filter(({ kind }) => kind === wanted).reduce((sum, { count }) => sum + count, 0)
  }
  const path = '/api/v1/channels/topic:far/events'
  const staying = await admin.events(path, { localAddress: network.here })
  const vanished = await admin.events(path, { localAddress: network.going })
  const socket = await admin.socket('/api/v1/ws', { localAddress: network.going })
  await socket.ofType('connected')
  t.same([await open('sse'), await open('websocket')], [2, 1])

  await network.vanish()
  const from = performance.now()
  const gone = async (kind: 'sse' | 'websocket', left: number): Promise<number> => {
    await until(
      kind,
      () => open(kind),
      (count) => count === left,
    )
    return Math.round(performance.now() - from)
  }
  const [socketMs, streamMs] = await Promise.all([gone('websocket', 0), gone('sse', 1)])
  await admin.call('POST', '/api/v1/channels/topic:far/publications', { body: { n: 1 } })
  t.match(await staying.next(), { data: '{"n":1}' }, 'who is there is served')
  staying.close()
  vanished.close()
  socket.socket.terminate()
  t.comment(
    `a vanished WebSocket was found after ${socketMs} ms (pings each second), ` +
      `an event-stream after ${streamMs} ms (${RETRIES} retransmissions)`,
  )
})
