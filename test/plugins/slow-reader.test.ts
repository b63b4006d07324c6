import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as pace } from 'node:timers/promises'
import fastify from 'fastify'
import t from 'tap'
import { slowReaderPlugin } from '../../src/plugins/slow-reader.ts'

const TIMEOUT_MS = 300
/** More than kernels keep for a connection. */
const LARGE_BYTES = 32 * 1024 * 1024

t.test('an answer that its client does not take', { timeout: 60_000 }, async (t) => {
  const app = fastify()
  await app.register(slowReaderPlugin, { timeoutMs: TIMEOUT_MS })
  app.get('/large', async () => Buffer.alloc(LARGE_BYTES))
  app.get('/late', async () => {
    await pace(2 * TIMEOUT_MS)
    return 'at last'
  })
  app.get('/watched', async (_request, reply) => {
    reply.raw.setTimeout(0)
    return Buffer.alloc(LARGE_BYTES)
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  t.teardown(() => app.close())
  const { port } = app.server.address() as AddressInfo
  /** Asks without reading; resolves with both ends of the connection. */
  const ask = async (path: string) => {
    const accepted = once(app.server, 'connection')
    const client = connect(port, '127.0.0.1')
    client.on('error', () => undefined).write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
    const [there] = (await accepted) as [Socket]
    return { client, there }
  }

  const watched = await ask('/watched')
  const stopped = await ask('/large')
  const late = fetch(`http://127.0.0.1:${port}/late`).then((answer) => answer.text())
  await once(stopped.there, 'close')
  t.pass('cuts its connection')
  t.equal(watched.there.destroyed, false, 'a route that watches its reader is left alone')
  t.equal(await late, 'at last', 'and so is an answer that takes its time to begin')
  for (const { client } of [watched, stopped]) client.destroy()
})
