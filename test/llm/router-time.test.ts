import t from 'tap'
import { Problem } from '../../src/errors.ts'
import type { Part, Take } from '../../src/llm/provider.ts'
import type { Routed } from '../../src/llm/routing.ts'
import { giving, taken } from '../support/taken.ts'
import {
  FakeClock,
  hear,
  listen,
  question,
  routerOf,
  scripted,
  stop,
  text,
  typesOf,
  usage,
} from './scripted.ts'

const down = new Problem('PROVIDER_UNAVAILABLE', 'a cannot be reached.')
const timesOut = { code: 'PROVIDER_TIMEOUT' }

t.test('an answer that does not begin in time is aborted', async (t) => {
  const a = scripted('a', ['stall'])
  const router = routerOf([a], { firstTokenTimeoutMs: 3000, idleTimeoutMs: 500 })
  const { told } = listen(router)
  await router.clock.advance(2999)
  t.equal(told.isOver, false)
  await router.clock.advance(1)
  t.match(told.error, { ...timesOut, message: /^a did not begin to answer in 3,000 ms; ask again/ })
  t.match(a.aborted, [timesOut])
})

t.test('a provider has its own first-token time-out, or none', async (t) => {
  for (const [firstTokenTimeoutMs, isOver] of [
    [5000, true],
    [5001, false],
    [0, false],
  ] as const) {
    const router = routerOf([{ ...scripted('a', ['stall']), firstTokenTimeoutMs }])
    const { told } = listen(router)
    await router.clock.advance(5000)
    t.equal(told.isOver, isOver, `${firstTokenTimeoutMs} ms`)
  }
})

t.test('silence between tokens is a time-out of its own', async (t) => {
  const a = scripted('a', [text('one'), 'stall'])
  const router = routerOf([a], { firstTokenTimeoutMs: 30_000, idleTimeoutMs: 500 })
  const { told } = listen(router)
  await router.clock.advance(499)
  t.equal(told.isOver, false)
  await router.clock.advance(1)
  t.match(told.error, { ...timesOut, message: /^a sent nothing for 500 ms; ask again/ })
  t.equal(told.text, 'one')
  t.equal(router.clock.pending, 0)
})

t.test('an answer of 400 seconds is no time-out while tokens come', async (t) => {
  const clock = new FakeClock()
  const router = routerOf(
    [
      {
        name: 'slow',
        model: 'm',
        answer: giving(async function* () {
          for (let second = 0; second < 400; second++) {
            await new Promise<void>((resolve) => clock.setTimeout(resolve, 1000))
            yield text('.')
          }
          yield [stop]
        }),
      },
    ],
    { clock, idleTimeoutMs: 1500, firstTokenTimeoutMs: 1500 },
  )
  const { told } = listen(router)
  await clock.advance(400_000)
  t.equal(told.error, undefined)
  t.equal(told.text.length, 400)
  t.equal(told.isOver, true)
})

t.test('usage before the first token does not put the time-out off, a notice does', async (t) => {
  const clock = new FakeClock()
  const speaks = (part: Part) => ({
    name: 'a',
    model: 'm',
    answer: giving(async function* () {
      for (;;) {
        await new Promise<void>((resolve) => clock.setTimeout(resolve, 600))
        yield [part]
      }
    }),
  })
  const counting = listen(routerOf([speaks(usage(1, 0))], { clock, firstTokenTimeoutMs: 1000 }))
  const telling = listen(
    routerOf([speaks({ type: 'notice', event: { type: 'thinking', message: '…' } })], {
      clock,
      firstTokenTimeoutMs: 1000,
    }),
  )
  await clock.advance(5000)
  t.match(counting.told.error, timesOut)
  t.equal(telling.told.isOver, false)
})

t.test('a consumer that takes its time is no time-out', async (t) => {
  const clock = new FakeClock()
  const router = routerOf([scripted('a', [text('1'), text('2'), [stop]])], {
    clock,
    firstTokenTimeoutMs: 100,
    idleTimeoutMs: 100,
  })
  const answer = taken<Routed>((taking) => router.answer({ messages: [], mayReset: true }, taking))
  const types: string[] = []
  for (;;) {
    const { value, done } = await answer.next()
    if (done) break
    types.push(...value.map(({ type }) => type))
    await clock.advance(1000)
  }
  t.same(types, ['chosen', 'text-delta', 'text-delta', 'attempt-usage', 'finish'])
})

t.test('viewers are told once that the model is slow to begin', async (t) => {
  for (const [firstTokenTimeoutMs, slowMs, at] of [
    [30_000, undefined, 5000],
    [6000, undefined, 2000],
    [0, undefined, 5000],
    [30_000, 50, 50],
  ] as const) {
    const router = routerOf([scripted('a', ['stall'])], { firstTokenTimeoutMs, slowMs })
    const { told } = listen(router)
    await router.clock.advance(at - 1)
    t.same(typesOf(told), ['chosen'])
    await router.clock.advance(1)
    t.match(told.parts[1], {
      type: 'notice',
      event: { type: 'model_loading', message: 'Waiting for a-model to begin.' },
    })
    await router.clock.advance(firstTokenTimeoutMs === 0 ? 1_000_000 : firstTokenTimeoutMs - at - 1)
    t.equal(told.parts.length, 2)
  }
})

t.test('a time-out before the first token is tried again, then falls back', async (t) => {
  const a = scripted('a', ['stall'])
  const router = routerOf([a, scripted('b', [text('b'), [stop]])], {
    firstTokenTimeoutMs: 1000,
    slowMs: 0,
    maxRetries: 1,
    retryBaseMs: 0,
  })
  const { told } = listen(router)
  await router.clock.advance(2000)
  t.equal(a.asked.length, 2)
  t.match(told.parts[1], { type: 'fallback', reason: /^PROVIDER_TIMEOUT: / })
  t.equal(told.text, 'b')
})

t.test('a provider that fails again and again is left alone, then tried with one request', async (t) => {
  const a = scripted('a', ...Array.from({ length: 4 }, () => [down]), [text('a'), 'stall'])
  const b = scripted('b', [text('b'), [stop]])
  const router = routerOf([a, b], { breakerThreshold: 3, cooldownMs: 5000 })
  const state = () => router.states()[0]?.state
  for (let n = 0; n < 3; n++) {
    t.equal(state(), 'closed')
    await hear(router)
  }
  t.equal(state(), 'open')
  const skipped = await hear(router)
  t.equal(a.asked.length, 3, 'not asked')
  t.match(skipped.parts[0], { type: 'fallback', from: 'a', to: 'b', reason: /^PROVIDER_UNAVAILABLE: / })
  t.equal(skipped.text, 'b')

  await router.clock.advance(4999)
  t.equal(state(), 'open')
  await router.clock.advance(1)
  t.equal(state(), 'half_open')
  await hear(router)
  t.equal(a.asked.length, 4, 'the trial')
  t.equal(state(), 'open', 'failed')

  await router.clock.advance(5000)
  const trial = listen(router)
  t.equal((await hear(router)).text, 'b', 'one trial at a time, until it answers')
  await router.clock.advance(0)
  t.equal(trial.told.text, 'a')
  t.equal(state(), 'closed')
  t.equal(a.asked.length, 5)
})

t.test('a provider on trial that breaks off after its first token is left alone at once', async (t) => {
  const a = scripted('a', [text('half'), down])
  const router = routerOf([a], { breakerThreshold: 2, cooldownMs: 100 })
  for (let n = 0; n < 2; n++) t.match((await hear(router)).error, { code: 'PROVIDER_UNAVAILABLE' })
  t.equal(router.states()[0]?.state, 'open', 'failures in mid-stream count')
  await router.clock.advance(100)
  t.equal((await hear(router)).text, 'half')
  t.equal(router.states()[0]?.state, 'open')
})

t.test('a whole answer between them makes failures start at one again', async (t) => {
  const a = scripted('a', [down], [text('a'), [stop]], [down], [text('a'), [stop]])
  const router = routerOf([a], { breakerThreshold: 2 })
  for (let n = 0; n < 4; n++) await hear(router)
  t.equal(router.states()[0]?.state, 'closed')
})

t.test('a breaker that opens between two retries ends them', async (t) => {
  const a = scripted('a', [down])
  const router = routerOf([a, scripted('b', [text('b'), [stop]])], {
    breakerThreshold: 2,
    maxRetries: 9,
    retryBaseMs: 0,
  })
  const { told } = listen(router)
  await router.clock.advance(0)
  t.equal(told.text, 'b')
  t.equal(a.asked.length, 2)
})

t.test('a pinned provider that is left alone fails at once, and says for how long', async (t) => {
  const a = scripted('a', [down])
  const router = routerOf([a], { breakerThreshold: 1, cooldownMs: 4200 })
  await hear(router)
  const told = await hear(router, { provider: 'a' })
  t.match(told.error, {
    code: 'PROVIDER_UNAVAILABLE',
    retryAfter: 5,
    message: 'a failed several times in a row; ask again in 5 seconds',
  })
  t.same(told.parts, [])
  t.equal(a.asked.length, 1)
})

t.test('refused requests and refused content do not open the breaker', async (t) => {
  for (const error of [new Problem('PROVIDER_ERROR', 'x'), new Problem('CONTENT_FILTERED', 'x')]) {
    const router = routerOf([scripted('a', [error])], { breakerThreshold: 1 })
    await hear(router)
    t.equal(router.states()[0]?.state, 'closed')
  }
})

t.test('an abort ends the call at once, whatever it waits for', async (t) => {
  const gone = new Error('cancelled')
  const moments = {
    'before the first token': { steps: ['stall'], types: ['chosen'] },
    'between tokens': { steps: [text('one'), 'stall'], types: ['chosen', 'text-delta', 'attempt-usage'] },
  } as const
  for (const [moment, { steps, types }] of Object.entries(moments)) {
    const controller = new AbortController()
    const [a, b] = [scripted('a', steps), scripted('b', [text('b'), [stop]])]
    const router = routerOf([a, b], { maxRetries: 2 })
    const { told, over } = listen(router, {}, { signal: controller.signal })
    await router.clock.advance(1)
    controller.abort(gone)
    t.same(a.aborted, [gone], 'the provider is told in the same turn')
    await over
    t.equal(told.error, gone, moment)
    t.same(typesOf(told), types)
    t.equal(a.asked.length + b.asked.length, 1, 'nothing more is asked')
    t.equal(router.clock.pending, 0)
    t.equal(router.states()[0]?.state, 'closed')
  }

  const pausing = new AbortController()
  const a = scripted('a', [down])
  const router = routerOf([a, scripted('b', [[stop]])], { maxRetries: 2 })
  const { told, over } = listen(router, {}, { signal: pausing.signal })
  await router.clock.advance(1)
  pausing.abort(gone)
  await over
  t.equal(told.error, gone, 'in the pause before a retry')
  t.equal(a.asked.length, 1)
  t.equal(router.clock.pending, 0)

  const never = await hear(router, {}, { signal: AbortSignal.abort(gone) })
  t.equal(never.error, gone, 'before anything was asked')
  t.equal(a.asked.length, 1)
})

t.test('an abort does not wait for whoever takes the answer', async (t) => {
  const controller = new AbortController()
  const a = scripted('a', [text('1'), text('2'), [stop]])
  const digesting = new Promise<never>(() => undefined)
  let taken = 0
  const answer = routerOf([a]).answer(question, {
    signal: controller.signal,
    take(batch) {
      if (!batch.some(({ type }) => type === 'text-delta')) return undefined
      taken++
      queueMicrotask(() => controller.abort(new Error('cancelled')))
      return digesting
    },
  })
  await t.rejects(answer, { message: 'cancelled' })
  t.equal(taken, 1)
})

t.test('what goes wrong where an answer is taken is no failure of its provider', async (t) => {
  const full = new Error('no room')
  const failures: Record<string, () => Promise<void>> = {
    'at once': () => {
      throw full
    },
    later: () => Promise.reject(full),
  }
  for (const [when, fail] of Object.entries(failures)) {
    const [a, b] = [scripted('a', [text('1'), text('2'), 'stall']), scripted('b', [text('b'), [stop]])]
    const router = routerOf([a, b], { breakerThreshold: 1, maxRetries: 1 })
    const take: Take<Routed> = (batch) =>
      batch.some(({ type }) => type === 'text-delta') ? fail() : undefined
    const { signal } = new AbortController()
    await t.rejects(router.answer(question, { signal, take }), full, when)
    t.same([a.asked.length, b.asked.length], [1, 0], 'nobody is asked again')
    t.equal(a.aborted.length, 1)
    t.equal(router.states()[0]?.state, 'closed')
    t.equal(router.clock.pending, 0)
  }
})

t.test('an abort does not wait for a provider that does not hear it', async (t) => {
  const controller = new AbortController()
  const deaf = { name: 'deaf', model: 'm', answer: () => new Promise<void>(() => undefined) }
  const { told, over } = listen(routerOf([deaf]), {}, { signal: controller.signal })
  controller.abort(new Error('cancelled'))
  await over
  t.match(told.error, { message: 'cancelled' })
})

t.test('a trial that is aborted, or whose consumer leaves, makes room for the next', async (t) => {
  const a = scripted('a', [down], ['stall'], [text('a'), [stop]])
  const router = routerOf([a], { breakerThreshold: 1, cooldownMs: 10 })
  await hear(router)
  await router.clock.advance(10)
  const controller = new AbortController()
  const trial = listen(router, {}, { signal: controller.signal })
  await router.clock.advance(0)
  t.match((await hear(router)).error, { code: 'PROVIDER_UNAVAILABLE' }, 'while the trial runs')
  controller.abort(new Error('cancelled'))
  await trial.over
  t.equal(router.states()[0]?.state, 'half_open')
  for await (const _ of taken<Routed>((taking) => router.answer({ messages: [], mayReset: true }, taking)))
    break
  t.equal(router.states()[0]?.state, 'half_open', 'the consumer left before anything was asked')
  t.equal((await hear(router)).text, 'a')
  t.equal(router.states()[0]?.state, 'closed')
})

t.test('a consumer that leaves has its provider aborted', async (t) => {
  const a = scripted('a', [text('1'), text('2'), 'stall'])
  const router = routerOf([a])
  for await (const batch of taken<Routed>((taking) =>
    router.answer({ messages: [], mayReset: true }, taking),
  ))
    if (batch.some(({ type }) => type === 'text-delta')) break
  t.match(a.aborted, [{ message: 'no more of the answer is wanted' }])
  t.equal(router.clock.pending, 0)
})
