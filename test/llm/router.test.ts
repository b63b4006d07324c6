import t from 'tap'
import { Problem } from '../../src/errors.ts'
import type { Part } from '../../src/llm/provider.ts'
import { emptyProblem, VendorFailure } from '../../src/llm/provider-failure.ts'
import { FakeClock, hear, listen, routerOf, scripted, stop, text, typesOf, usage } from './scripted.ts'

const unavailable = (retryAfter?: number) =>
  new Problem('PROVIDER_UNAVAILABLE', 'a cannot be reached.', retryAfter === undefined ? {} : { retryAfter })

t.test(
  'an answer is told as it comes, after its provider and with its usage before the finish',
  async (t) => {
    const a = scripted('a', [text('O', 'i'), [...text('!'), usage(7, 3), stop]])
    const told = await hear(routerOf([a]))
    t.same(told.batches, [
      [{ type: 'chosen', provider: 'a', model: 'a-model' }],
      text('O', 'i'),
      [
        ...text('!'),
        {
          type: 'attempt-usage',
          provider: 'a',
          model: 'a-model',
          usage: { promptTokens: 7, completionTokens: 3 },
          estimated: false,
          costUsd: 0,
        },
        stop,
      ],
    ])
    t.equal(told.error, undefined)
    t.equal(a.ended, 1, 'the provider was read to its end')
    t.same(a.asked, [{ messages: [{ role: 'user', content: 'Who?' }], model: 'a-model' }])
  },
)

t.test(
  'before the first token a provider is asked again after a pause that doubles, then the next one',
  async (t) => {
    const a = scripted('a', [unavailable()])
    const b = scripted('b', [text('b'), [stop]])
    const router = routerOf([a, b], { maxRetries: 2, retryBaseMs: 100 })
    const { told, over } = listen(router)
    await router.clock.advance(99)
    t.equal(a.asked.length, 1)
    await router.clock.advance(1)
    t.equal(a.asked.length, 2)
    await router.clock.advance(199)
    t.equal(a.asked.length, 2)
    await router.clock.advance(1)
    t.equal(a.asked.length, 3)
    await over
    t.same(typesOf(told), ['chosen', 'fallback', 'chosen', 'text-delta', 'attempt-usage', 'finish'])
    t.match(told.parts[1], { from: 'a', to: 'b', reason: 'PROVIDER_UNAVAILABLE: a cannot be reached.' })
    t.equal(told.text, 'b')
    t.equal(router.clock.pending, 0)
  },
)

t.test('a pause is anything up to its bound', async (t) => {
  const router = routerOf([scripted('a', [unavailable()], [text('a'), [stop]])], {
    maxRetries: 1,
    random: () => 0.25,
  })
  const { told } = listen(router)
  await router.clock.advance(24)
  t.equal(told.isOver, false)
  await router.clock.advance(1)
  t.equal(told.text, 'a')
})

t.test('what may pass is tried again, a refused request is not', async (t) => {
  const inside = new Problem('PROVIDER_ERROR', 'x', { cause: new VendorFailure('overloaded', '') })
  const refused = new Problem('PROVIDER_ERROR', 'x', { cause: new VendorFailure('bad key', '', 401) })
  const cases: [Error, number][] = [
    [unavailable(), 3],
    [new Problem('PROVIDER_TIMEOUT', 'x'), 3],
    [new Problem('PROVIDER_RATE_LIMITED', 'x'), 3],
    [new Problem('PROVIDER_PROTOCOL_ERROR', 'x'), 3],
    [inside, 3],
    [refused, 1],
    [new TypeError('a mistake of ours'), 1],
  ]
  for (const [error, asked] of cases) {
    const a = scripted('a', [error])
    const router = routerOf([a, scripted('b', [text('b'), [stop]])], { maxRetries: 2, retryBaseMs: 0 })
    const { told, over } = listen(router)
    await router.clock.advance(0)
    await over
    t.equal(a.asked.length, asked, `${error.name} ${error.message}`)
    t.equal(told.text, 'b')
  }
})

t.test('Retry-After is waited for, up to ten seconds', async (t) => {
  const a = scripted('a', [unavailable(10)], [text('a'), [stop]])
  const router = routerOf([a, scripted('b', [text('b'), [stop]])], { maxRetries: 1 })
  const { told } = listen(router)
  await router.clock.advance(10_099)
  t.equal(a.asked.length, 1)
  await router.clock.advance(1)
  t.equal(told.text, 'a')
})

t.test(
  'a longer Retry-After is not: the next provider is asked at once, or the caller is told',
  async (t) => {
    const a = scripted('a', [unavailable(11)])
    const told = await hear(routerOf([a, scripted('b', [text('b'), [stop]])], { maxRetries: 2 }))
    t.equal(told.text, 'b')
    t.equal(a.asked.length, 1)
    const alone = await hear(routerOf([scripted('a', [unavailable(11)])], { maxRetries: 2 }))
    t.match(alone.error, { code: 'PROVIDER_UNAVAILABLE', retryAfter: 11 })
  },
)

t.test(
  'an answer without a word is asked for again, then of the next provider, also after reasoning',
  async (t) => {
    const steps = [[{ type: 'reasoning-delta', text: 'hm' }] as Part[], emptyProblem({ name: 'a' }, 'stop')]
    for (const mayReset of [true, false]) {
      const a = scripted('a', steps)
      const router = routerOf([a, scripted('b', [text('b'), [stop]])], { maxRetries: 2, retryBaseMs: 0 })
      const { told, over } = listen(router, { mayReset })
      await router.clock.advance(0)
      await over
      t.equal(a.asked.length, 3)
      t.equal(told.text, 'b')
      t.notOk(typesOf(told).includes('reset'), 'there was nothing to discard')
    }
  },
)

t.test('after the first token the text is reset and the next provider starts over', async (t) => {
  for (const first of [
    text('half'),
    [{ type: 'reasoning-delta', text: 'hm' }],
    [{ type: 'tool-call-delta', index: 0, id: 'c', name: 'f', arguments: '{' }],
  ] as Part[][]) {
    const a = scripted('a', [first, new Problem('PROVIDER_PROTOCOL_ERROR', 'a broke off.')])
    const b = scripted('b', [text('whole'), [stop]])
    const told = await hear(routerOf([a, b], { maxRetries: 2 }))
    t.equal(told.text, 'whole')
    t.equal(a.asked.length, 1, 'not asked again')
    t.same(
      typesOf(told).filter((type) => type !== first[0]?.type && type !== 'text-delta'),
      ['chosen', 'attempt-usage', 'reset', 'fallback', 'chosen', 'attempt-usage', 'finish'],
    )
    t.match(
      told.parts.find(({ type }) => type === 'reset'),
      { reason: 'PROVIDER_PROTOCOL_ERROR: a broke off.' },
    )
  }
})

t.test('where nothing may be reset, an error after the first token ends the call', async (t) => {
  const b = scripted('b', [text('b'), [stop]])
  const told = await hear(routerOf([scripted('a', [text('half'), unavailable()]), b]), { mayReset: false })
  t.match(told.error, { code: 'PROVIDER_UNAVAILABLE' })
  t.equal(told.text, 'half')
  t.same(typesOf(told), ['chosen', 'text-delta', 'attempt-usage'])
  t.equal(b.asked.length, 0)
})

t.test('before the first token the next provider is asked all the same, also after a notice', async (t) => {
  const notice: Part = { type: 'notice', event: { type: 'thinking', message: '…' } }
  const router = routerOf([
    scripted('a', [[notice], [usage(5, 0)], unavailable()]),
    scripted('b', [text('b'), [stop]]),
  ])
  const told = await hear(router, { mayReset: false })
  t.same(typesOf(told), [
    'chosen',
    'notice',
    'attempt-usage',
    'fallback',
    'chosen',
    'text-delta',
    'attempt-usage',
    'finish',
  ])
})

t.test('an answer that ends without its finish has broken off', async (t) => {
  const told = await hear(routerOf([scripted('a', [text('half')])]))
  t.match(told.error, {
    code: 'PROVIDER_PROTOCOL_ERROR',
    message: /^a ended before its answer did; ask again/,
  })
})

t.test('a refusal for its content is carried to no other provider', async (t) => {
  const b = scripted('b', [text('b'), [stop]])
  for (const steps of [[], [text('half')]]) {
    const a = scripted('a', [...steps, new Problem('CONTENT_FILTERED', 'a refused.')])
    const told = await hear(routerOf([a, b], { maxRetries: 2 }))
    t.match(told.error, { code: 'CONTENT_FILTERED' })
    t.equal(a.asked.length, 1)
  }
  t.equal(b.asked.length, 0)
})

t.test('a refusal without a word is an error, one behind words is their end', async (t) => {
  const refused: Part = { type: 'finish', reason: 'content_filter' }
  const b = scripted('b', [text('b'), [stop]])
  const silent = await hear(routerOf([scripted('a', [[usage(3, 0), refused]]), b]))
  t.match(silent.error, { code: 'CONTENT_FILTERED', message: 'a refused to answer; ask in other words' })
  t.same(typesOf(silent), ['chosen', 'attempt-usage'])
  const said = await hear(routerOf([scripted('a', [text('half'), [refused]]), b]))
  t.equal(said.error, undefined)
  t.match(said.parts.at(-1), refused)
  t.equal(b.asked.length, 0)
})

t.test("errors that are no provider's end the call", async (t) => {
  const b = scripted('b', [text('b'), [stop]])
  const told = await hear(routerOf([scripted('a', [new Problem('STORE_UNAVAILABLE', 'x')]), b]))
  t.match(told.error, { code: 'STORE_UNAVAILABLE' })
  t.equal(b.asked.length, 0)
})

t.test("when all fail the last one's problem is thrown", async (t) => {
  const told = await hear(
    routerOf([
      scripted('a', [unavailable()]),
      scripted('b', [new Problem('PROVIDER_RATE_LIMITED', 'b is busy.')]),
    ]),
  )
  t.match(told.error, { code: 'PROVIDER_RATE_LIMITED', message: 'b is busy.' })
  t.same(typesOf(told), ['chosen', 'fallback', 'chosen'])
})

t.test('a pinned provider is asked alone', async (t) => {
  const [a, b, c] = [
    scripted('a', [text('a'), [stop]]),
    scripted('b', [unavailable()]),
    scripted('c', [[stop]]),
  ]
  const router = routerOf([a, b, c], { maxRetries: 1, retryBaseMs: 0 })
  const { told, over } = listen(router, { provider: 'b' })
  await router.clock.advance(0)
  await over
  t.match(told.error, { code: 'PROVIDER_UNAVAILABLE' })
  t.same([a.asked.length, b.asked.length, c.asked.length], [0, 2, 0])
  t.match((await hear(router, { provider: 'nobody' })).error, {
    code: 'VALIDATION_FAILED',
    errors: [{ field: '/provider', reason: { key: 'field.no_provider' } }],
  })
})

t.test("a request's model is for the provider asked first, the others use their own", async (t) => {
  const [a, b] = [scripted('a', [unavailable()]), scripted('b', [text('b'), [stop]])]
  const told = await hear(routerOf([a, b]), { model: 'big' })
  t.same([a.asked[0]?.model, b.asked[0]?.model], ['big', 'b-model'])
  t.same(
    told.parts.filter(({ type }) => type === 'chosen').map((part) => 'model' in part && part.model),
    ['big', 'b-model'],
  )
  await hear(routerOf([a, b]), { model: 'small', provider: 'b' })
  t.equal(b.asked[1]?.model, 'small')
})

t.test('the most tokens of an answer are bounded by the settings', async (t) => {
  const a = scripted('a', [text('a'), [stop]])
  const router = routerOf([a], { maxTokens: 100 })
  for (const maxTokens of [undefined, 50, 500]) await hear(router, { maxTokens })
  t.same(
    a.asked.map(({ maxTokens }) => maxTokens),
    [100, 50, 100],
  )
})

t.test('a provider of the call stands where the order names it, and knows no time-out', async (t) => {
  const local = { ...scripted('local', ['stall']), model: null }
  const router = routerOf([scripted('a', [unavailable()])], { order: ['a', 'local', 'gone'] })
  t.ok(router.has('local'))
  t.notOk(router.has('nobody'))
  const controller = new AbortController()
  const { told, over } = listen(router, { model: 'x' }, { extra: [local], signal: controller.signal })
  await router.clock.advance(3_600_000)
  t.match(told.parts, [
    { type: 'chosen', provider: 'a' },
    { type: 'fallback', from: 'a', to: 'local' },
    { type: 'chosen', provider: 'local', model: null },
  ])
  t.equal(told.isOver, false)
  controller.abort(new Error('gone'))
  await over
  const none = await hear(routerOf([], { order: ['local'] }))
  t.match(none.error, { code: 'PROVIDER_UNAVAILABLE', message: /^No provider is configured; set the key/ })
})

t.test('the states name every provider of the order', async (t) => {
  const router = routerOf([scripted('a', [[stop]])], { order: ['a', 'local'], clock: new FakeClock() })
  t.same(router.states(), [
    { name: 'a', configured: true, state: 'closed', model: 'a-model', adapted: [] },
    { name: 'local', configured: true, state: 'closed', model: null, adapted: [] },
  ])
})
