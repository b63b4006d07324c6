import fastify from 'fastify'

/**
 * A peer: `bare <port> [text]` is a Fastify that parses what is posted to any path, and answers 202, or an event-stream of
 * that text, event by event. Nothing is kept or sent on.
 */
const app = fastify()
let offset = 0
app.addContentTypeParser(
  'application/x-ndjson',
  { parseAs: 'string' },
  async (_request: unknown, body: string) => body.split('\n').map((line) => JSON.parse(line)),
)
const events = process.argv[3]?.match(/[\s\S]*?\n\n/g)
app.post('/stream/*', (_request, reply) => {
  const { raw } = reply.hijack()
  raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  for (const event of events ?? []) raw.write(event)
  raw.end()
})
app.post('/*', async (_request, reply) =>
  reply.code(202).send({ epoch: '0123456789abcdef', offset: ++offset }),
)
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' })
