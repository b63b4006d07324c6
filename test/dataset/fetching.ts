import type { Test } from 'tap'
import { portalSource } from '../../src/dataset/sources/portal.ts'
import type { Source, SourceQuery } from '../../src/dataset/sources/source.ts'
import { Problem } from '../../src/errors.ts'
import { type Answer, type Asked, portalContract, startUpstream, virtualClock } from '../support/portal.ts'

export const KEY = 'SENTINEL-KEY'
export const QUERY: SourceQuery = { filters: { buyer: '26000' } }
export const NEVER = new AbortController().signal
/** Patience with an API that is at hand; small bodies. */
export const FAST = { headersTimeoutMs: 150, idleTimeoutMs: 150, maxBodyBytes: 100_000, random: () => 0.5 }

/** A page of the portal. */
export const page = (...ids: number[]): Answer => ({ body: JSON.stringify(ids.map(portalContract)) })
/** The portal with these pages, and empty ones after them. */
export const paged =
  (...pages: number[][]) =>
  ({ query }: Asked): Answer =>
    page(...(pages[Number(query.get('pagina')) - 1] ?? []))

/** The portal source over a loopback API and a clock that does not wait; both end with the test. */
export const portalAgainst = async (t: Test, script: (asked: Asked, nth: number) => Answer) => {
  const upstream = await startUpstream(script)
  const clock = virtualClock('2024-06-15T12:00:00Z')
  const source = portalSource({
    baseUrl: `${upstream.url}/api-de-dados/`,
    apiKey: KEY,
    requestsPerMinute: 90,
    policy: { ...FAST, clock },
  })
  t.teardown(async () => {
    await source.close()
    await upstream.close()
  })
  return { source, upstream, clock }
}

/** All that a fetch gives, and how it went. */
export const read = async (source: Source, query = QUERY, signal = NEVER) => {
  const records = source.fetch(query, signal)
  const all = []
  for await (const record of records) all.push(record)
  return { all, progress: records.progress }
}

/** The problem a fetch ends with; fails when it does not, or when it tells what it must not. */
export const problemOf = async (t: Test, promise: Promise<unknown>): Promise<Problem> => {
  const problem = await promise.then(
    () => undefined,
    (error) => error,
  )
  if (!(problem instanceof Problem)) throw new Error(`not a problem: ${problem}`)
  let told = ''
  for (let error: unknown = problem; error instanceof Error; error = error.cause) {
    told += `${error.message} ${JSON.stringify(error)}`
  }
  t.notMatch(told, /SENTINEL/, 'neither the key nor the upstream body is told')
  return problem
}
