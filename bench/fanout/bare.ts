import fastify from 'fastify'

/** A peer: `bare <port>` is a Fastify that parses what is posted to any path and answers 202. Nothing is kept or sent on. */
const app = fastify()
let offset = 0
app.addContentTypeParser(
  'application/x-ndjson',
  { parseAs: 'string' },
  async (_request: unknown, body: string) => body.split('\n').map((line) => JSON.parse(line)),
)
app.post('/*', async (_request, reply) =>
  reply.code(202).send({ epoch: '0123456789abcdef', offset: ++offset }),
)
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' })
