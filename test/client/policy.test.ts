import fc from 'fast-check'
import t from 'tap'
import { MAX_DELAY_MS, nextDelay, verdictOfClose, verdictOfStatus } from '../../client/src/policy.ts'

t.test('pauses grow with full jitter up to their bound, and never undercut Retry-After', async () => {
  fc.assert(
    fc.property(
      fc.nat(1000),
      fc.option(fc.nat(60_000), { nil: undefined }),
      fc.option(fc.nat(120_000), { nil: undefined }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (failures, retryMs, retryAfterMs, random) => {
        const delay = nextDelay({ failures, retryMs, retryAfterMs }, random)
        return delay >= (retryAfterMs ?? 0) && delay <= (retryAfterMs ?? 0) + MAX_DELAY_MS
      },
    ),
  )
  t.equal(nextDelay({ failures: 1, retryMs: 2000 }, 0.5), 1000)
  t.equal(nextDelay({ failures: 3, retryMs: 2000 }, 0.5), 4000)
  t.equal(nextDelay({ failures: 1, soon: true }, 0.999), 100)
})

t.test('what can never work ends, what may pass goes on', async (t) => {
  for (const status of [400, 403, 404, 405, 409, 410, 422])
    t.equal(verdictOfStatus(status), 'give-up', `${status}`)
  for (const status of [408, 425, 429, 500, 502, 503, 504])
    t.equal(verdictOfStatus(status), 'retry', `${status}`)
  t.equal(verdictOfStatus(401), 'renew')
  const codes = {
    1000: 'retry',
    1006: 'retry',
    1008: 'give-up',
    1009: 'give-up',
    1011: 'retry',
    1012: 'soon',
    1013: 'retry',
    4401: 'renew',
  }
  for (const [code, next] of Object.entries(codes)) t.equal(verdictOfClose(Number(code)), next, code)
})
