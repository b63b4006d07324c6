import { badField } from '../errors.ts'
import { say } from '../language/sentence.ts'
import { attempt, limitsOf } from './attempt.ts'
import { type Breaker, type BreakerState, breaker, withBreaker } from './breaker.ts'
import { systemClock } from './clock.ts'
import { metered } from './metered.ts'
import type { AdaptedModel, ChatRequest, Provider, Taking } from './provider.ts'
import { withRetry } from './retry.ts'
import { type RouteOptions, route } from './route.ts'
import type { Routed, RouteRequest, RouterOptions } from './routing.ts'
import { traced } from './traced.ts'

export interface ProviderState {
  readonly name: string
  readonly configured: boolean
  readonly state: BreakerState
  readonly model: string | null
  /** The models that get another form of request than the usual one. */
  readonly adapted: readonly AdaptedModel[]
}

export interface Router {
  /**
   * Gives the answer of the first provider that completes one. A request's `model` is for the provider asked first;
   * those after it use their own.
   *
   * Guarantees: `finish` is the last part, and then the call resolves; the text deltas since the last `reset` are one
   * provider's. After an abort one batch with an `attempt-usage` may still come before the signal's reason is thrown.
   * @param options.extra providers of this call only, such as a `local` that answers for one caller
   * @throws {Problem} the last attempt's when all failed; `VALIDATION_FAILED` for an unknown `provider`
   * @throws an error of `take`: no other provider is asked then
   */
  answer(request: RouteRequest, options: Taking<Routed> & { extra?: readonly Provider[] }): Promise<void>
  /** Tells whether a request's `provider` may have this name. */
  has(name: string): boolean
  states(): ProviderState[]
  /** Names of the providers in the order in which they are asked. */
  readonly order: readonly string[]
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

/**
 * Makes a router that asks providers in order, with retries before the first token, fallback, time-outs and a breaker
 * for each.
 */
export const providerRouter = (options: RouterOptions): Router => {
  const { order, clock = systemClock, random = Math.random, maxRetries, retryBaseMs } = options
  const own = new Map(options.providers.map((provider) => [provider.name, provider]))
  const breakers = new Map<string, Breaker>()

  const breakerOf = (name: string): Breaker => {
    let found = breakers.get(name)
    if (found === undefined) {
      found = breaker(options.breakerThreshold, options.cooldownMs, () => clock.now())
      breakers.set(name, found)
    }
    return found
  }

  /** Returns the providers that a request may use: only the pinned one where there is one. */
  const chainOf = ({ provider: pinned, first }: RouteRequest, extra: readonly Provider[]): Provider[] => {
    const find = (name: string) => extra.find((provider) => provider.name === name) ?? own.get(name)
    if (pinned !== undefined) {
      const provider = find(pinned)
      if (provider === undefined) throw badField('/provider', say('field.no_provider'))
      return [provider]
    }
    const names = first === undefined ? order : [first, ...order.filter((name) => name !== first)]
    return names.map(find).filter((provider) => provider !== undefined)
  }

  /** Returns the answer of one provider: an attempt within a breaker, within a meter, within retries. */
  const answerOf: RouteOptions['answerOf'] = (request, { provider, model, announce }) => {
    const asked = askedWith(request, model, options.maxTokens)
    const limits = limitsOf(provider, model, options)
    const breaker = breakerOf(provider.name)
    const guarded = withBreaker(breaker, provider.name, async (taking) => {
      await announce()
      return attempt(provider, asked, { ...limits, ...taking, clock })
    })
    const counted = metered(provider, asked, guarded)
    const { openSpan } = options
    return withRetry(openSpan ? traced(provider.name, asked.model ?? null, counted, openSpan) : counted, {
      maxRetries,
      retryBaseMs,
      clock,
      random,
      mayRetry: () => breaker.state === 'closed',
    })
  }

  return {
    async answer(request, { extra = [], ...taking }) {
      await route(request, chainOf(request, extra), { ...taking, cache: options.cache, breakerOf, answerOf })
    },
    order,
    has: (name) => order.includes(name),
    states: () =>
      order.map((name) => ({
        name,
        configured: true,
        state: breakers.get(name)?.state ?? 'closed',
        model: own.get(name)?.model ?? null,
        adapted: own.get(name)?.adapted?.() ?? [],
      })),
  }
}
