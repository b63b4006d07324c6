import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock, Timer } from '../../src/llm/clock.ts'
import type { ChatRequest, Part, Provider, Take } from '../../src/llm/provider.ts'
import { providerRouter, type Router } from '../../src/llm/router.ts'
import type { Routed, RouteRequest, RouterOptions } from '../../src/llm/routing.ts'
import { giving } from '../support/taken.ts'

/** A batch, an error to throw, or silence until the request is aborted. */
export type Step = readonly Part[] | Error | 'stall'

export interface Scripted extends Provider {
  readonly asked: ChatRequest[]
  /** Reasons with which requests were aborted. */
  readonly aborted: unknown[]
  /** Requests that were read to their end. */
  ended: number
}

/** A provider that plays a script for each request; the last one again and again. */
export const scripted = (name: string, ...scripts: (readonly Step[])[]): Scripted => {
  const provider: Scripted = {
    name,
    model: `${name}-model`,
    asked: [],
    aborted: [],
    ended: 0,
    answer: giving(async function* (request, signal) {
      const script = scripts[Math.min(provider.asked.length, scripts.length - 1)] ?? []
      provider.asked.push(request)
      const aborted = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => {
          provider.aborted.push(signal.reason)
          reject(signal.reason)
        })
      })
      aborted.catch(() => {})
      for (const step of script) {
        signal.throwIfAborted()
        if (step instanceof Error) throw step
        if (step === 'stall') await aborted
        else yield step
      }
      provider.ended++
    }),
  }
  return provider
}

export const text = (...words: string[]): Part[] => words.map((word) => ({ type: 'text-delta', text: word }))
export const usage = (promptTokens: number, completionTokens: number): Part => ({
  type: 'usage',
  promptTokens,
  completionTokens,
})
export const stop: Part = { type: 'finish', reason: 'stop' }

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #now = 0
  readonly #timers = new Map<Timer, { run: () => void; ms: number; at: number }>()

  now = (): number => this.#now

  setTimeout(run: () => void, ms: number): Timer {
    const timer: Timer = {
      refresh: () => {
        this.#timers.set(timer, { run, ms, at: this.#now + ms })
      },
    }
    timer.refresh()
    return timer
  }

  clearTimeout(timer: Timer): void {
    this.#timers.delete(timer)
  }

  get pending(): number {
    return this.#timers.size
  }

  /** Lets everything that waits for no timer happen, before and after each timer that falls due. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    for (;;) {
      await nextTurn()
      const [due] = [...this.#timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)
      if (due === undefined) break
      const [timer, { run, at }] = due
      this.#now = at
      this.#timers.delete(timer)
      run()
    }
    this.#now = until
  }
}

/** A router over these providers, in their order, with short limits and no jitter. */
export const routerOf = (
  providers: readonly Provider[],
  { clock = new FakeClock(), ...options }: Partial<RouterOptions> & { clock?: FakeClock } = {},
): Router & { clock: FakeClock } => ({
  ...providerRouter({
    providers,
    order: providers.map(({ name }) => name),
    firstTokenTimeoutMs: 30_000,
    idleTimeoutMs: 10_000,
    maxRetries: 0,
    retryBaseMs: 100,
    breakerThreshold: 5,
    cooldownMs: 5000,
    random: () => 1,
    ...options,
    clock,
  }),
  clock,
})

export interface Told {
  readonly batches: (readonly Routed[])[]
  readonly parts: Routed[]
  /** What a viewer has who heeds `reset`. */
  text: string
  error: unknown
  isOver: boolean
}

export const question: RouteRequest = { messages: [{ role: 'user', content: 'Who?' }], mayReset: true }

/** Listens to a call; what came so far can be read at any time. */
export const listen = (
  router: Router,
  request: Partial<RouteRequest> = {},
  {
    signal = new AbortController().signal,
    extra,
  }: { signal?: AbortSignal; extra?: readonly Provider[] } = {},
): { told: Told; over: Promise<Told> } => {
  const told: Told = { batches: [], parts: [], text: '', error: undefined, isOver: false }
  const run = async (): Promise<Told> => {
    try {
      const take: Take<Routed> = (batch) => {
        told.batches.push(batch)
        for (const part of batch) {
          told.parts.push(part)
          if (part.type === 'reset') told.text = ''
          if (part.type === 'text-delta') told.text += part.text
        }
        return undefined
      }
      await router.answer({ ...question, ...request }, { signal, take, ...(extra && { extra }) })
    } catch (error) {
      told.error = error
    }
    told.isOver = true
    return told
  }
  return { told, over: run() }
}

export const hear = (...args: Parameters<typeof listen>): Promise<Told> => listen(...args).over

export const typesOf = ({ parts }: Told): string[] => parts.map(({ type }) => type)
