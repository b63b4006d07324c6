import { setImmediate as nextTurn } from 'node:timers/promises'
import { Problem } from '../errors.ts'
import { Attempt, SLOW } from './attempt.ts'
import type { Breaker, Pass } from './breaker.ts'
import { type CachedAnswer, cacheKey, recording } from './cache.ts'
import { type Clock, pause } from './clock.ts'
import { costOf } from './prices.ts'
import type { ChatRequest, FinishReason, Provider } from './provider.ts'
import { isPassing, mayFallBack, problemOf, retryDelayMs } from './retry.ts'
import type { Routed, RouteRequest, RouterOptions } from './router.ts'
import { tally } from './tokens.ts'
import { inWords } from './whole-answer.ts'

const SLOW_MS = 5000

export interface RouteOptions extends RouterOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  breakerOf(name: string): Breaker
}

/**
 * The way of one call along the providers that it may use.
 * @param chain in the order in which they are asked
 * @throws {Problem} as the router's `stream` does
 */
export async function* route(request: RouteRequest, chain: readonly Provider[], options: RouteOptions): Told {
  const { signal, clock, cache, breakerOf, random = Math.random } = options
  signal.throwIfAborted()
  const first = chain[0]
  if (first === undefined) throw new Problem('PROVIDER_UNAVAILABLE', 'No provider is configured.')

  const key = cache && first.model !== null ? keyOf(request, chain, first.model) : undefined
  const kept = key === undefined ? undefined : await cache?.get(key)
  signal.throwIfAborted()
  if (kept) {
    yield* replay(first.name, kept, signal)
    return
  }

  let candidate = admit(chain, 0, breakerOf)
  if (candidate === undefined) throw leftAlone(chain, breakerOf)
  /** Goes out as soon as the provider is asked. */
  let news: Routed[] = []
  if (candidate.at > 0) news.push(fallback(first, candidate.provider, leftAlone([first], breakerOf)))

  for (let retries = 0; ; ) {
    const current: Candidate = candidate
    const { provider, pass, at } = current
    const { name } = provider
    const model = at === 0 && provider.model !== null ? (request.model ?? provider.model) : provider.model
    const asked = askedWith(request, model, options.maxTokens)
    const counted = tally(asked)
    const record = key !== undefined && at === 0 ? recording() : undefined
    const usage = (isWhole: boolean): Routed[] => {
      const used = counted.used(isWhole)
      if (used === undefined) return []
      const costUsd = costOf(name, model, used.usage)
      return [{ type: 'attempt-usage', provider: name, model, ...used, costUsd }]
    }
    if (retries === 0) news.push({ type: 'chosen', provider: name, model })

    let attempt: Attempt | undefined
    let isFirst = true
    let failure: Problem
    try {
      if (news.length > 0) yield news
      news = []
      attempt = attemptOf(provider, asked, options)
      for (;;) {
        const batch = await attempt.next()
        if (batch === SLOW) {
          yield [loading(model ?? name)]
          continue
        }
        if (batch === undefined)
          throw new Problem('PROVIDER_PROTOCOL_ERROR', `${name} ended before its answer did.`)
        const parts: Routed[] = []
        let reason: FinishReason | undefined
        for (const part of batch) {
          counted.add(part)
          record?.add(part)
          if (part.type === 'finish') reason = part.reason
          else if (part.type !== 'usage') parts.push(part)
        }
        record?.endBatch()
        if (attempt.isAnswered) pass.answered()
        if (reason !== undefined) {
          attempt.leave()
          pass.succeeded()
          const answer = reason === 'stop' ? record?.answer(model) : undefined
          if (answer && key !== undefined) cache?.set(key, answer)
          const pieces = isFirst ? inWords(parts) : [parts]
          const last = pieces.pop() ?? []
          yield* spread(pieces, signal)
          yield [...last, ...usage(true), { type: 'finish', reason }]
          return
        }
        isFirst = false
        if (parts.length > 0) yield parts
      }
    } catch (error) {
      if (signal.aborted) {
        const spent = usage(false)
        if (spent.length > 0) yield spent
        throw signal.reason
      }
      failure = problemOf(error, name)
      if (isPassing(failure)) pass.failed()
    } finally {
      attempt?.close()
      pass.released()
    }

    const isAnswered = attempt?.isAnswered === true
    const spent = usage(false)
    if (spent.length > 0) yield spent
    if (!isAnswered && isPassing(failure) && retries < options.maxRetries) {
      const delayMs = retryDelayMs(retries, failure, { baseMs: options.retryBaseMs, random })
      if (delayMs !== undefined && breakerOf(name).state === 'closed') {
        await pause(delayMs, { clock, signal })
        const again = breakerOf(name).admit()
        if (again) {
          retries++
          candidate = { provider, pass: again, at }
          continue
        }
      }
    }
    candidate =
      mayFallBack(failure) && (!isAnswered || request.mayReset) ? admit(chain, at + 1, breakerOf) : undefined
    if (candidate === undefined) throw failure
    retries = 0
    news = isAnswered ? [{ type: 'reset', reason: reasonOf(failure) }] : []
    news.push(fallback(provider, candidate.provider, failure))
  }
}

interface Candidate {
  readonly provider: Provider
  readonly pass: Pass
  /** Place among those that may be asked. */
  readonly at: number
}

type BreakerOf = RouteOptions['breakerOf']

/** The first from `from` on that is not to be left alone. */
const admit = (chain: readonly Provider[], from: number, breakerOf: BreakerOf): Candidate | undefined => {
  for (let at = from; at < chain.length; at++) {
    const provider = chain[at] as Provider
    const pass = breakerOf(provider.name).admit()
    if (pass) return { provider, pass, at }
  }
  return undefined
}

const leftAlone = (chain: readonly Provider[], breakerOf: BreakerOf): Problem => {
  const waitMs = Math.min(...chain.map(({ name }) => breakerOf(name).waitMs))
  const names = chain.map(({ name }) => name).join(', ')
  return new Problem(
    'PROVIDER_UNAVAILABLE',
    `${names} failed again and again; it is left alone for a while.`,
    {
      retryAfter: Math.max(1, Math.ceil(waitMs / 1000)),
    },
  )
}

/** A provider without a model answers in this process: there is no socket for a time-out to guard. */
const attemptOf = (provider: Provider, request: ChatRequest, options: RouteOptions): Attempt => {
  const { clock, signal } = options
  if (provider.model === null)
    return new Attempt(provider, request, {
      firstTokenTimeoutMs: 0,
      idleTimeoutMs: 0,
      slowMs: 0,
      clock,
      signal,
    })
  const firstTokenTimeoutMs = provider.firstTokenTimeoutMs ?? options.firstTokenTimeoutMs
  const slowMs = firstTokenTimeoutMs > 0 ? Math.min(SLOW_MS, firstTokenTimeoutMs / 3) : SLOW_MS
  return new Attempt(provider, request, {
    firstTokenTimeoutMs,
    idleTimeoutMs: options.idleTimeoutMs,
    slowMs: options.slowMs ?? slowMs,
    clock,
    signal,
  })
}

const askedWith = (
  { provider: _pinned, mayReset: _mayReset, ...request }: RouteRequest,
  model: string | null,
  maxTokens = 0,
): ChatRequest => ({
  ...request,
  model: model ?? undefined,
  ...(maxTokens > 0 && { maxTokens: Math.min(maxTokens, request.maxTokens ?? maxTokens) }),
})

const keyOf = (request: RouteRequest, chain: readonly Provider[], model: string): string =>
  cacheKey(
    chain.map(({ name }) => name),
    request.model ?? model,
    request,
  )

const reasonOf = ({ code, message }: Problem): string => `${code}: ${message}`

const fallback = (from: Provider, to: Provider, reason: Problem): Routed => ({
  type: 'fallback',
  from: from.name,
  to: to.name,
  reason: reasonOf(reason),
})

const loading = (model: string): Routed => ({
  type: 'notice',
  event: { type: 'model_loading', message: `Waiting for ${model} to begin.` },
})

type Told = AsyncGenerator<readonly Routed[], void, undefined>

/** Each in an event-loop turn of its own, so that whoever joins what comes in one turn does not join them again. */
async function* spread(batches: readonly (readonly Routed[])[], signal: AbortSignal): Told {
  for (const batch of batches) {
    signal.throwIfAborted()
    yield batch
    await nextTurn()
  }
}

/** Gives an answer again in its pieces. */
async function* replay(provider: string, { model, batches }: CachedAnswer, signal: AbortSignal): Told {
  yield [{ type: 'chosen', provider, model, cached: true }]
  const [only, ...others] = batches as readonly Routed[][]
  yield* spread(only && others.length === 0 ? inWords(only) : (batches as readonly Routed[][]), signal)
  yield [{ type: 'finish', reason: 'stop' }]
}
