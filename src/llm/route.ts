import { Problem } from '../errors.ts'
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
 * Answers one call by the providers that it may use, or by the cache.
 * @param chain in the order in which they are asked
 * @throws {Problem} as the router's `answer` does
 */
export const route = async (
  request: RouteRequest,
  chain: readonly Provider[],
  options: RouteOptions,
): Promise<void> => {
  const { signal, take, cache } = options
  signal.throwIfAborted()
  const first = chain[0]
  if (first === undefined) throw new Problem('PROVIDER_UNAVAILABLE', 'No provider is configured.')
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
  const tell = wanted(take)
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
    const usage = (isWhole: boolean): Routed[] => {
      const used = counted.used(isWhole)
      if (used === undefined) return []
      const costUsd = costOf(provider, model, used.usage)
      return [{ type: 'attempt-usage', provider: name, model, ...used, costUsd }]
    }
    let batches = 0
    /** There is something of an answer. */
    let hasSpoken = false
    /** Notes a batch, and returns the parts that are handed on. */
    const noted = (batch: readonly Part[]): readonly Routed[] => {
      batches++
      for (const part of batch) {
        counted.add(part)
        hasSpoken ||= part.type === 'text-delta' || part.type === 'tool-call-delta'
      }
      return batch.every(isTold) ? batch : batch.filter(isTold)
    }
    if (retries === 0) news.push({ type: 'chosen', provider: name, model })

    let isAnswered = false
    let failure: Problem
    try {
      if (news.length > 0) await tell(news)
      news = []
      const last = await attempt(provider, asked, {
        ...limitsOf(provider, model, options),
        clock,
        signal,
        take(batch) {
          const parts = noted(batch)
          return parts.length > 0 ? tell(parts) : undefined
        },
        answered() {
          isAnswered = true
          pass.answered()
        },
      })
      pass.succeeded()
      const parts = noted(last)
      const reason = reasonOf(last)
      if (reason === 'content_filter' && !hasSpoken)
        throw new Problem('CONTENT_FILTERED', `${name} refused to answer.`)
      const pieces = batches === 1 ? inWords(parts) : [parts]
      const end = pieces.pop() ?? []
      await spread(pieces, { signal, take: tell })
      await tell([...end, ...usage(true), { type: 'finish', reason }])
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
    // Reasoning that no answer followed is nothing that had to be discarded.
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
    news = isAnswered ? [{ type: 'reset', reason: inText(failure) }] : []
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

/** Tells the parts that are handed on as they are from usage and `finish`, which is sent behind the usage. */
const isTold = (part: Part): part is Exclude<Part, { type: 'usage' | 'finish' }> =>
  part.type !== 'usage' && part.type !== 'finish'

const reasonOf = (last: readonly Part[]): FinishReason =>
  last.find((part) => part.type === 'finish')?.reason ?? 'stop'

/** Ends a call whose taker wants no more of the answer, for the reason in `cause`: no other provider is asked. */
class Unwanted extends Error {
  constructor(cause: unknown) {
    super('no more of the answer is wanted', { cause })
    this.name = 'Unwanted'
  }
}

const refuse = (reason: unknown): never => {
  throw new Unwanted(reason)
}

/** `take`, whose errors are told from a provider's. */
const wanted =
  (take: Take<Routed>): Take<Routed> =>
  (batch) => {
    try {
      return take(batch)?.catch(refuse)
    } catch (error) {
      return refuse(error)
    }
  }
