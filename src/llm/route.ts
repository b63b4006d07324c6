import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import { attempt } from './attempt.ts'
import type { Breaker, Pass } from './breaker.ts'
import { cacheKey } from './cache.ts'
import { type RoutedAnswer, spread, withCache } from './cached.ts'
import { type Clock, pause } from './clock.ts'
import { EmptyAnswer } from './failure.ts'
import { costOf } from './prices.ts'
import type { ChatRequest, FinishReason, Part, Provider, Take, Taking } from './provider.ts'
import { isPassing, mayFallBack, problemOf, retryDelayMs } from './retry.ts'
import type { Routed, RouteRequest, RouterOptions } from './routing.ts'
import { tally } from './tokens.ts'
import { inWords } from './whole-answer.ts'

const SLOW_MS = 5000

export interface RouteOptions extends RouterOptions, Taking<Routed> {
  readonly clock: Clock
  breakerOf(name: string): Breaker
}

/**
 * Answers one request by the providers that it may use, or by the cache.
 * @param chain providers in the order in which they are asked
 * @throws {Problem} as {@link Router.answer}
 */
export const route = async (
  request: RouteRequest,
  chain: readonly Provider[],
  options: RouteOptions,
): Promise<void> => {
  const { signal, take, cache } = options
  signal.throwIfAborted()
  const first = chain[0]
  if (first === undefined) throw new Problem('PROVIDER_UNAVAILABLE', say('provider.none'))
  const answer: RoutedAnswer = (taking) => askInOrder(request, chain, first, { ...options, ...taking })
  if (cache === undefined || first.model === null) return answer({ signal, take })
  const key = keyOf(request, chain, first.model)
  return withCache(cache, key, first.name, answer)({ signal, take })
}

/** Asks the providers one after another until one has answered whole. */
const askInOrder = async (
  request: RouteRequest,
  chain: readonly Provider[],
  first: Provider,
  options: RouteOptions,
): Promise<void> => {
  const { signal, take, clock, breakerOf, random = Math.random } = options
  const send = wanted(take)
  let candidate = admit(chain, 0, breakerOf)
  if (candidate === undefined) throw leftAlone(chain, breakerOf)
  /** Parts that are sent as soon as the provider is asked. */
  let pending: Routed[] = []
  if (candidate.at > 0) pending.push(fallback(first, candidate.provider, leftAlone([first], breakerOf)))

  for (let retries = 0; ; ) {
    const current: Candidate = candidate
    const { provider, pass, at } = current
    const { name } = provider
    const model = at === 0 && provider.model !== null ? (request.model ?? provider.model) : provider.model
    const asked = askedWith(request, model, options.maxTokens)
    const counted = tally(asked)
    const usage = (isWhole: boolean): Routed[] => {
      const used = counted.used(isWhole)
      if (used === undefined) return []
      const costUsd = costOf(provider, model, used.usage)
      return [{ type: 'attempt-usage', provider: name, model, ...used, costUsd }]
    }
    let batches = 0
    /** True once the answer has text or a call. */
    let hasContent = false
    /** Counts a batch, and returns the parts that are passed on. */
    const countParts = (batch: readonly Part[]): readonly Routed[] => {
      batches++
      for (const part of batch) {
        counted.add(part)
        hasContent ||= part.type === 'text-delta' || part.type === 'tool-call-delta'
      }
      return batch.every(isPassedOn) ? batch : batch.filter(isPassedOn)
    }
    if (retries === 0) pending.push({ type: 'chosen', provider: name, model })

    let isAnswered = false
    let failure: Problem
    try {
      if (pending.length > 0) await send(pending)
      pending = []
      const last = await attempt(provider, asked, {
        ...limitsOf(provider, model, options),
        clock,
        signal,
        take(batch) {
          const parts = countParts(batch)
          return parts.length > 0 ? send(parts) : undefined
        },
        answered() {
          isAnswered = true
          pass.answered()
        },
      })
      pass.succeeded()
      const parts = countParts(last)
      const reason = reasonOf(last)
      if (reason === 'content_filter' && !hasContent)
        throw new Problem('CONTENT_FILTERED', say('provider.refused', { name }))
      const pieces = batches === 1 ? inWords(parts) : [parts]
      const end = pieces.pop() ?? []
      await spread(pieces, { signal, take: send })
      await send([...end, ...usage(true), { type: 'finish', reason }])
      return
    } catch (error) {
      if (signal.aborted) {
        const spent = usage(false)
        if (spent.length > 0) await take(spent)
        throw signal.reason
      }
      if (error instanceof Unwanted) throw error.cause
      failure = problemOf(error, name)
      if (isPassing(failure)) pass.failed()
    } finally {
      pass.released()
    }

    const spent = usage(false)
    if (spent.length > 0) await take(spent)
    // Reasoning without an answer need not be taken back by a reset.
    if (failure.cause instanceof EmptyAnswer) isAnswered = false
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
    pending = isAnswered ? [{ type: 'reset', reason: inText(failure) }] : []
    pending.push(fallback(provider, candidate.provider, failure))
  }
}

interface Candidate {
  readonly provider: Provider
  readonly pass: Pass
  /** Index in the chain. */
  readonly at: number
}

type BreakerOf = RouteOptions['breakerOf']

/** Returns the first provider from index `from` on whose breaker lets a request through. */
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
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  const names = chain.map(({ name }) => name)
  return new Problem('PROVIDER_UNAVAILABLE', say('provider.paused', { names, seconds }), {
    retryAfter: seconds,
  })
}

/**
 * Returns the time-outs of a request. A provider without a model answers in this process: it has no socket to time
 * out.
 */
const limitsOf = (provider: Provider, model: string | null, options: RouteOptions) => {
  if (provider.model === null) return { firstTokenTimeoutMs: 0, idleTimeoutMs: 0, slowMs: 0 }
  const { firstTokenTimeoutMs: own } = provider
  const firstTokenTimeoutMs =
    (typeof own === 'function' ? own(model ?? undefined) : own) ?? options.firstTokenTimeoutMs
  const slowMs = firstTokenTimeoutMs > 0 ? Math.min(SLOW_MS, firstTokenTimeoutMs / 3) : SLOW_MS
  return { firstTokenTimeoutMs, idleTimeoutMs: options.idleTimeoutMs, slowMs: options.slowMs ?? slowMs }
}

const askedWith = (
  { provider: _pinned, first: _first, mayReset: _mayReset, ...request }: RouteRequest,
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

const inText = ({ code, message }: Problem): string => `${code}: ${message}`

const fallback = (from: Provider, to: Provider, reason: Problem): Routed => ({
  type: 'fallback',
  from: from.name,
  to: to.name,
  reason: inText(reason),
})

/** Tells whether a part is passed on unchanged: all but usage and `finish`, which is sent after the usage. */
const isPassedOn = (part: Part): part is Exclude<Part, { type: 'usage' | 'finish' }> =>
  part.type !== 'usage' && part.type !== 'finish'

const reasonOf = (last: readonly Part[]): FinishReason =>
  last.find((part) => part.type === 'finish')?.reason ?? 'stop'

/** Ends a request whose `take` threw, with that error as `cause`: no other provider is asked. */
class Unwanted extends Error {
  constructor(cause: unknown) {
    super('no more of the answer is wanted', { cause })
    this.name = 'Unwanted'
  }
}

const refuse = (reason: unknown): never => {
  throw new Unwanted(reason)
}

/** Wraps `take` so that its errors differ from a provider's. */
const wanted =
  (take: Take<Routed>): Take<Routed> =>
  (batch) => {
    try {
      return take(batch)?.catch(refuse)
    } catch (error) {
      return refuse(error)
    }
  }
