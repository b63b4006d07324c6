import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Clock, Timer } from './clock.ts'
import type { ChatRequest, Part, Provider, Taking } from './provider.ts'
import type { RouterOptions } from './routing.ts'

const SLOW_MS = 5000

/** Makes a request once: gives the parts of the answer, and returns the last batch, which it does not give. */
export type Attempt = (taking: Taking<Part>) => Promise<readonly Part[]>

/** Time-outs of one request, in milliseconds. */
export interface Limits {
  /** Longest wait for the first token; 0 sets no limit. */
  firstTokenTimeoutMs: number
  /** Longest wait between two batches; 0 sets no limit. */
  idleTimeoutMs: number
  /** Milliseconds after which viewers get a notice that the first token is slow; 0 sends none. */
  slowMs: number
}

export interface AttemptOptions extends Taking<Part>, Limits {
  clock: Clock
}

/**
 * Returns the time-outs of a request. A provider without a model answers in this process: it has no socket to time
 * out.
 */
export const limitsOf = (
  provider: Provider,
  model: string | null,
  options: Pick<RouterOptions, 'firstTokenTimeoutMs' | 'idleTimeoutMs' | 'slowMs'>,
): Limits => {
  if (provider.model === null) return { firstTokenTimeoutMs: 0, idleTimeoutMs: 0, slowMs: 0 }
  const { firstTokenTimeoutMs: own } = provider
  const firstTokenTimeoutMs =
    (typeof own === 'function' ? own(model ?? undefined) : own) ?? options.firstTokenTimeoutMs
  const slowMs = firstTokenTimeoutMs > 0 ? Math.min(SLOW_MS, firstTokenTimeoutMs / 3) : SLOW_MS
  return { firstTokenTimeoutMs, idleTimeoutMs: options.idleTimeoutMs, slowMs: options.slowMs ?? slowMs }
}

/** Milliseconds that a provider that has finished may take to end, before its socket is closed. */
const LINGER_MS = 1000

/** Tells whether a part is a piece of what the model writes: text, a call or reasoning. */
export const isToken = ({ type }: Part): boolean =>
  type === 'text-delta' || type === 'tool-call-delta' || type === 'reasoning-delta'

const isFinish = ({ type }: Part): boolean => type === 'finish'

const loading = (model: string): Part => ({
  type: 'notice',
  event: { type: 'model_loading', message: `Waiting for ${model} to begin.` },
})

/**
 * Makes one request to one provider, with its time-outs. An abort and the time-outs take effect at once, even when
 * the provider does not react. The time-outs run only while the provider is waited for, not while `take` is.
 * @returns the last batch, the one with the `finish`, which is not taken
 * @throws {Problem} the provider's, `PROVIDER_TIMEOUT`, or `PROVIDER_PROTOCOL_ERROR` where it ends without a `finish`
 * @throws an error of `take`, or the signal's reason
 */
export const attempt = (
  provider: Provider,
  request: ChatRequest,
  { firstTokenTimeoutMs, idleTimeoutMs, slowMs, clock, signal, take }: AttemptOptions,
): Promise<readonly Part[]> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const abort = new AbortController()
    let isOver = false
    let isAnswered = false
    /** True while `take` is busy with the last batch: no time-out runs. */
    let isHeld = false
    /** True when the deadline passed meanwhile. */
    let isLapsed = false
    let isSlow = false
    /** True once the provider itself limits its silence. */
    let isEnding = false
    let linger: Timer | undefined

    const timer = (run: () => void, ms: number): Timer | undefined =>
      ms > 0 ? clock.setTimeout(run, ms) : undefined
    const clear = (set: Timer | undefined): void => {
      if (set) clock.clearTimeout(set)
    }

    const stop = (): void => {
      isOver = true
      signal.removeEventListener('abort', onAbort)
      clear(deadline)
      clear(slow)
    }
    const fail = (error: unknown): void => {
      if (isOver) return
      stop()
      reject(error)
      abort.abort(error)
    }
    const onAbort = (): void => fail(signal.reason)
    const onDeadline = (): void => {
      if (isHeld) {
        isLapsed = true
        return
      }
      const { name } = provider
      const said = isAnswered
        ? say('provider.silent', { name, milliseconds: idleTimeoutMs })
        : say('provider.slow_start', { name, milliseconds: firstTokenTimeoutMs })
      fail(new Problem('PROVIDER_TIMEOUT', said))
    }
    const onSlow = (): void => {
      if (isHeld) isSlow = true
      else void give([loading(request.model ?? provider.name)])
    }

    const give = (batch: readonly Part[]): Promise<void> | undefined => {
      try {
        const held = take(batch)
        if (held === undefined) return undefined
        isHeld = true
        return held.then(go, fail)
      } catch (error) {
        fail(error)
        return undefined
      }
    }
    const go = (): void => {
      isHeld = false
      if (isOver) return
      if (isAnswered || isLapsed) deadline?.refresh()
      isLapsed = false
      if (!isSlow) return
      isSlow = false
      onSlow()
    }

    /**
     * Handles the time-outs for a batch: the idle time-out applies from the first token on; before it, a notice is a
     * sign of life.
     */
    const look = (batch: readonly Part[]): void => {
      if (batch.some(isToken)) {
        isAnswered = true
        clear(slow)
        isSlow = false
        clear(deadline)
        deadline = isEnding ? undefined : timer(onDeadline, idleTimeoutMs)
      } else if (batch.some(({ type }) => type === 'notice')) deadline?.refresh()
    }

    /** Lets the provider end by itself, so that its socket can be used again. */
    const leave = (): void => {
      stop()
      linger = timer(() => abort.abort(new Error('the answer had ended')), LINGER_MS)
    }

    const onBatch = (batch: readonly Part[]): Promise<void> | undefined => {
      if (isOver) return undefined
      if (isAnswered) deadline?.refresh()
      else look(batch)
      if (!batch.some(isFinish)) return give(batch)
      leave()
      resolve(batch)
      return undefined
    }

    const onEnding = (): void => {
      isEnding = true
      clear(deadline)
      deadline = undefined
    }

    signal.addEventListener('abort', onAbort, { once: true })
    let deadline = timer(onDeadline, firstTokenTimeoutMs)
    const slow = timer(onSlow, slowMs)
    provider.answer(request, { signal: abort.signal, take: onBatch, ending: onEnding }).then(
      () => {
        clear(linger)
        if (isOver) return
        fail(new Problem('PROVIDER_PROTOCOL_ERROR', say('provider.ended_early', { name: provider.name })))
      },
      (error) => {
        clear(linger)
        fail(error)
      },
    )
  })
