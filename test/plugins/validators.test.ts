import { subscribe } from 'node:diagnostics_channel'
import AjvCompiler from '@fastify/ajv-compiler'
import Fastify, { type FastifyInstance } from 'fastify'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { validatorOptions } from '../../src/plugins/validators.ts'

const PARTS = ['body', 'querystring', 'params', 'headers'] as const

t.test('every schema of the service is one that validators can be made of', async (t) => {
  const schemas: { name: string; schema: object }[] = []
  // Published before anything is registered.
  subscribe('fastify.initialization', (message) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url, schema }) => {
      for (const part of PARTS) {
        const own = schema?.[part]
        if (own) schemas.push({ name: `${part} of ${method} ${url}`, schema: own })
      }
    })
  })
  const app = await buildApp(
    loadConfig({
      NODE_ENV: 'test',
      DATA_DIR: t.testdir(),
      LOG_LEVEL: 'silent',
      ADMIN_PASSWORD: 'correct-horse',
      PASSWORD_COST: '10',
    }),
  )
  t.teardown(() => app.close())

  t.ok(schemas.length > 100, 'there are many')
  const { validateSchema: _, ...customOptions } = validatorOptions.ajv.customOptions
  const compile = AjvCompiler()({}, { customOptions })
  for (const { name, schema } of schemas) t.doesNotThrow(() => compile({ schema } as never), name)
})

t.test('a schema that nobody can use fails the requests for it, and no other', async (t) => {
  const app = Fastify(validatorOptions)
  t.teardown(() => app.close())
  let asked = 0
  app.get('/bad', { schema: { querystring: { type: 'nonsense' } } }, async () => {
    asked += 1
  })
  app.get('/good', async () => 'good')
  await app.ready()
  t.equal((await app.inject('/good')).statusCode, 200)
  t.equal((await app.inject('/bad')).statusCode, 500)
  t.equal((await app.inject('/bad')).statusCode, 500)
  t.equal(asked, 0)
})

t.test(
  'text stands for numbers, defaults are filled in, and errors are of the request that made them',
  async (t) => {
    const app = Fastify(validatorOptions)
    t.teardown(() => app.close())
    const schema = { querystring: { type: 'object', properties: { n: { type: 'integer', default: 7 } } } }
    app.get('/n', { schema }, async ({ query }) => query)
    t.same((await app.inject('/n')).json(), { n: 7 })
    t.same((await app.inject('/n?n=8')).json(), { n: 8 })
    const refused = await app.inject('/n?n=x')
    t.match(refused.json(), { statusCode: 400, message: 'querystring/n must be integer' })
    t.same((await app.inject('/n?n=9')).json(), { n: 9 })
  },
)
