import { once } from 'node:events'
import { Redis } from 'ioredis'
import t from 'tap'
import { type CachedAnswer, cacheKey, memoryCache } from '../../src/llm/cache.ts'
import { redisCache } from '../../src/llm/cache-redis.ts'
import type { ChatRequest, Part } from '../../src/llm/provider.ts'
import { startRedis } from '../support/redis.ts'
import { hear, question, routerOf, type Scripted, scripted, stop, text, typesOf, usage } from './scripted.ts'

const cache = () => memoryCache({ ttlMs: 60_000, maxEntries: 100 })
const answering = (name: string, ...words: string[]): Scripted =>
  scripted(name, [...words.map((word) => text(word)), [usage(3, words.length), stop]])

t.test('a whole answer is given again in its pieces, and costs nothing', async (t) => {
  const a = answering('a', 'one ', 'two')
  const router = routerOf([a], { cache: cache() })
  await hear(router)
  const again = await hear(router)
  t.same(again.batches, [
    [{ type: 'chosen', provider: 'a', model: 'a-model', cached: true }],
    text('one '),
    text('two'),
    [stop],
  ])
  t.equal(a.asked.length, 1)
})

t.test('the key is all that an answer depends on, and nothing else', async (t) => {
  const request: ChatRequest = {
    messages: [{ role: 'user', content: 'Who?' }],
    temperature: 0.5,
    topP: 1,
    maxTokens: 10,
    stop: ['x'],
    seed: 1,
    tools: [{ name: 'f', description: 'd', parameters: { a: 1, b: 2 } }],
    toolChoice: 'auto',
    responseFormat: { type: 'text' },
  }
  const key = cacheKey(['a'], 'm', request)
  t.match(key, /^[0-9a-f]{64}$/)
  const others: [string, string][] = [
    ['providers', cacheKey(['a', 'b'], 'm', request)],
    ['order', cacheKey(['b', 'a'], 'm', request)],
    ['model', cacheKey(['a'], 'n', request)],
    ...(
      [
        { messages: [{ role: 'system', content: 'Who?' }] },
        { messages: [{ role: 'user', content: 'Why?' }] },
        { temperature: undefined },
        { topP: 0.9 },
        { maxTokens: 11 },
        { stop: ['y'] },
        { seed: 2 },
        { tools: [] },
        { toolChoice: 'none' },
        { responseFormat: { type: 'json_object' } },
      ] as Partial<ChatRequest>[]
    ).map((change): [string, string] => [
      JSON.stringify(change),
      cacheKey(['a'], 'm', { ...request, ...change }),
    ]),
  ]
  t.equal(new Set([key, ...others.map(([, other]) => other)]).size, others.length + 1)
  const shuffled = Object.fromEntries(Object.entries(request).reverse()) as unknown as ChatRequest
  t.equal(
    cacheKey(['a'], 'm', {
      ...shuffled,
      tools: [{ parameters: { b: 2, a: 1 }, description: 'd', name: 'f' }],
    }),
    key,
  )
})

t.test('only whole answers of the provider asked first are kept, without calls and notices', async (t) => {
  const notice: Part = { type: 'notice', event: { type: 'thinking', message: '…' } }
  const call: Part = { type: 'tool-call-delta', index: 0, name: 'f', arguments: '{}' }
  const scripts: Record<string, Scripted> = {
    'cut by length': scripted('a', [text('a'), [{ type: 'finish', reason: 'length' }]]),
    'a call': scripted('a', [[call], [{ type: 'finish', reason: 'tool_calls' }]]),
    'a call and stop': scripted('a', [[call], [stop]]),
    'a notice': scripted('a', [[notice], text('a'), [stop]]),
    empty: scripted('a', [[stop]]),
    long: scripted('a', [text('x'.repeat(65_537)), [stop]]),
    'no language model': { ...answering('local', 'a'), model: null },
  }
  for (const [why, provider] of Object.entries(scripts)) {
    const router = routerOf([provider], { cache: cache() })
    await hear(router)
    t.notOk(
      (await hear(router)).parts.some((part) => part.type === 'chosen' && part.cached),
      why,
    )
  }

  const b = answering('b', 'b')
  const fallen = routerOf([scripted('a', [text('half')]), b], { cache: cache() })
  await hear(fallen)
  t.equal((await hear(fallen)).text, 'b')
  t.equal(b.asked.length, 2, "an answer of the second choice does not outlive the first one's failure")
})

t.test('another model, provider or conversation is another answer', async (t) => {
  const [a, b] = [answering('a', 'a'), answering('b', 'b')]
  const router = routerOf([a, b], { cache: cache() })
  await hear(router)
  await hear(router, { model: 'other' })
  t.equal((await hear(router, { provider: 'b' })).text, 'b')
  await hear(router, { messages: [...question.messages, { role: 'user', content: 'And?' }] })
  t.same([a.asked.length, b.asked.length], [3, 1])
  await hear(router, { model: 'a-model' })
  t.equal(a.asked.length, 3, "the provider's own model by its name is the same")
})

t.test('an answer that came in one piece is given again word by word', async (t) => {
  const router = routerOf([scripted('a', [[...text('one two'), stop]])], { cache: cache() })
  await hear(router)
  t.same(typesOf(await hear(router)), ['chosen', 'text-delta', 'text-delta', 'finish'])
})

const answer: CachedAnswer = { model: 'm', batches: [text('kept')] }

t.test('in this process, answers are kept for their time, the newest first', async (t) => {
  let now = 1
  const kept = memoryCache({ ttlMs: 1000, maxEntries: 2 }, () => now)
  kept.set('a', answer)
  kept.set('b', answer)
  kept.set('a', answer)
  kept.set('c', answer)
  t.same(await kept.get('a'), answer)
  t.equal(await kept.get('b'), undefined)
  now = 1000
  t.same(await kept.get('c'), answer)
  now = 1002
  t.equal(await kept.get('c'), undefined)
})

t.test(
  'on Redis, answers are kept for their time, for all instances; without it there are none',
  async (t) => {
    const server = await startRedis()
    t.teardown(() => server.stop())
    const redis = new Redis(server.url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      lazyConnect: true,
    })
    redis.on('error', () => {})
    t.teardown(() => redis.disconnect())
    let now = 0
    const open = () => redisCache(redis, { prefix: 'test:answer:', ttlMs: 60_000, now: () => now })
    const kept = open()
    await once(redis, 'ready')

    t.equal(await kept.get('k'), undefined)
    const router = routerOf([answering('a', 'one ', 'two')], { cache: kept })
    await hear(router)
    const again = await hear(routerOf([scripted('a', [])], { cache: open() }))
    t.equal(again.text, 'one two')

    kept.set('k', answer)
    t.same(await kept.get('k'), answer)
    const left = Number(await server.command('PTTL', 'test:answer:k'))
    t.ok(left > 0 && left <= 60_000, 'it ends by itself')

    for (const text of ['{', '1', '{"batches":[[{"type":"finish"}]]}', '{"batches":[null]}']) {
      await server.command('SET', 'test:answer:odd', text)
      t.equal(await kept.get('odd'), undefined, text)
    }

    server.pause()
    t.equal(await kept.get('k'), undefined, 'a Redis that hangs')
    server.resume()
    t.equal(await kept.get('k'), undefined, 'is left alone')
    now = 2000
    t.same(await kept.get('k'), answer, 'for two seconds')

    await server.kill()
    t.equal(await kept.get('k'), undefined, 'a Redis that is gone')
    now = 4000
    kept.set('k', answer)
    const told = await hear(routerOf([answering('a', 'a')], { cache: open() }))
    t.equal(told.text, 'a')
    t.equal(told.error, undefined)
  },
)
