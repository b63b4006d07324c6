import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import fastify from 'fastify'
import t from 'tap'
import { slowBodyPlugin } from '../../src/plugins/slow-body.ts'

const HEAD = (path: string, length: number) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\n\r\n`

t.test('a body that does not arrive', async (t) => {
  const app = fastify()
  await app.register(slowBodyPlugin, { timeoutMs: 200 })
  app.post('/read', async (request) => ({ read: request.body }))
  app.post(
    '/refused',
    { onRequest: async (_request, reply) => reply.code(403).send('no') },
    async () => 'never',
  )
  app.post('/watched', { config: { watchesBody: true } }, async (request) => ({ read: request.body }))
  await app.listen({ port: 0, host: '127.0.0.1' })
  t.teardown(() => app.close())
  const { port } = app.server.address() as AddressInfo
  const open = async () => {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8')
    await once(socket, 'connect')
    socket.on('error', () => undefined)
    return socket
  }

  const late = await open()
  late.write(HEAD('/read', 10))
  late.write('four')
  await once(late, 'close')
  t.pass('cuts its connection')

  const refused = await open()
  refused.write(HEAD('/refused', 10))
  const [answer] = await once(refused, 'data')
  t.match(answer, /^HTTP\/1.1 403/)
  await once(refused, 'close')
  t.pass('cuts it too where the request was refused before its body')

  const kept = await open()
  for (const text of ['first', 'again']) {
    kept.write(HEAD('/read', text.length) + text)
    t.match((await once(kept, 'data'))[0], new RegExp(`"read":"${text}"`))
  }
  const watched = await open()
  watched.write(HEAD('/watched', 4))
  const other = await open()
  other.write(HEAD('/read', 4))
  await once(other, 'close')
  t.notOk(watched.destroyed, 'a route that watches its body is left alone')
  watched.write('slow')
  t.match((await once(watched, 'data'))[0], /"read":"slow"/)
  kept.write(`${HEAD('/read', 4)}last`)
  t.match((await once(kept, 'data'))[0], /"read":"last"/, 'a connection whose bodies came lives on')
  for (const socket of [kept, watched]) socket.destroy()
})
