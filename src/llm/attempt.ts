import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Clock, Timer } from './clock.ts'
import type { ChatRequest, Part, Provider, Taking } from './provider.ts'

export interface AttemptOptions extends Taking<Part> {
  /** Longest wait for the first token; 0 sets no limit. */
  firstTokenTimeoutMs: number
  /** Longest wait between two batches; 0 sets no limit. */
  idleTimeoutMs: number
  /** Milliseconds after which viewers get a notice that the first token is slow; 0 sends none. */
  slowMs: number
  clock: Clock
  /** Called once, before the batch with the first token is taken. */
  answered(): void
}

/** Milliseconds that a provider that has finished may take to end, before its socket is closed. */
const LINGER_MS = 1000

const isToken = ({ type }: Part): boolean =>
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
  { firstTokenTimeoutMs, idleTimeoutMs, slowMs, clock, signal, take, answered }: AttemptOptions,
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
        answered()
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
