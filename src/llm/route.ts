import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import { AttemptFailure, LeftAlone, Unwanted, wanted } from './attempt-failure.ts'
import type { Breaker } from './breaker.ts'
import { cacheKey, type ResponseCache } from './cache.ts'
import { type RoutedAnswer, withCache } from './cached.ts'
import type { Provider, Take, Taking } from './provider.ts'
import { mayFallBack } from './retry.ts'
import type { Routed, RouteRequest } from './routing.ts'

/** One provider that is asked. */
export interface Candidate {
  readonly provider: Provider
  /** The model that it is asked for; null for a provider without one. */
  readonly model: string | null
  /** Sends what comes before the answer; called when the provider is asked, the first time only. */
  announce(): Promise<void> | undefined
}

export interface RouteOptions extends Taking<Routed> {
  readonly cache?: ResponseCache | undefined
  breakerOf(name: string): Breaker
  /** Returns the answer of one provider, which throws {@link AttemptFailure} or {@link LeftAlone}. */
  answerOf(request: RouteRequest, candidate: Candidate): RoutedAnswer
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
  const answer: RoutedAnswer = (taking) => askInOrder(request, chain, { ...options, ...taking })
  if (cache === undefined || first.model === null) return answer({ signal, take })
  const key = keyOf(request, chain, first.model)
  return withCache(cache, key, first.name, answer)({ signal, take })
}

/** Asks the providers one after another until one has answered whole. */
const askInOrder = async (
  request: RouteRequest,
  chain: readonly Provider[],
  { signal, take, breakerOf, answerOf }: RouteOptions,
): Promise<void> => {
  const send = wanted(take)
  /** The last provider that was asked and failed, or the first one where its breaker let nothing through. */
  let failed: { provider: Provider; failure: AttemptFailure } | undefined
  let isAsked = false

  for (const [at, provider] of chain.entries()) {
    const model = at === 0 && provider.model !== null ? (request.model ?? provider.model) : provider.model
    const announce = announcing(send, [
      ...(failed ? newsOf(failed, provider) : []),
      { type: 'chosen', provider: provider.name, model },
    ])
    try {
      await answerOf(request, { provider, model, announce })({ signal, take: send })
      return
    } catch (error) {
      if (error instanceof Unwanted) throw error.cause
      if (error instanceof LeftAlone) {
        failed ??= { provider, failure: new AttemptFailure(leftAlone([provider], breakerOf), false) }
        continue
      }
      if (!(error instanceof AttemptFailure)) throw error
      isAsked = true
      failed = { provider, failure: error }
      if (!mayFallBack(error.problem) || (error.isAnswered && !request.mayReset)) break
    }
  }
  throw isAsked && failed ? failed.failure.problem : leftAlone(chain, breakerOf)
}

/** Returns what announces a provider: sends the parts once, and nothing when it is called again. */
const announcing = (send: Take<Routed>, parts: readonly Routed[]): Candidate['announce'] => {
  let isSent = false
  return () => {
    if (isSent) return undefined
    isSent = true
    return send(parts)
  }
}

const newsOf = (
  { provider, failure }: { provider: Provider; failure: AttemptFailure },
  next: Provider,
): Routed[] => {
  const reason = inText(failure.problem)
  const change: Routed = { type: 'fallback', from: provider.name, to: next.name, reason }
  return failure.isAnswered ? [{ type: 'reset', reason }, change] : [change]
}

const leftAlone = (chain: readonly Provider[], breakerOf: RouteOptions['breakerOf']): Problem => {
  const waitMs = Math.min(...chain.map(({ name }) => breakerOf(name).waitMs))
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  const names = chain.map(({ name }) => name)
  return new Problem('PROVIDER_UNAVAILABLE', say('provider.paused', { names, seconds }), {
    retryAfter: seconds,
  })
}

const keyOf = (request: RouteRequest, chain: readonly Provider[], model: string): string =>
  cacheKey(
    chain.map(({ name }) => name),
    request.model ?? model,
    request,
  )

const inText = ({ code, message }: Problem): string => `${code}: ${message}`
