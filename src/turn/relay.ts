import type { FinishReason, Take, Taking, ToolCall } from '../llm/provider.ts'
import type { Routed } from '../llm/routing.ts'
import type { TurnWriter } from './turn.ts'

/** The outcome of one routed answer. */
export interface Relayed {
  provider: string | null
  model: string | null
  cached: boolean
  finishReason: FinishReason
  /** The complete tool calls of the model. */
  toolCalls: ToolCall[]
}

/** Observes the speed and the usage of vendors, for metrics. */
export interface LlmObserver {
  firstToken?(provider: string, seconds: number): void
  /** Measures the time between two batches of pieces of one answer. */
  gap?(provider: string, seconds: number): void
  tokens?(provider: string, usage: { promptTokens: number; completionTokens: number }): void
  cost?(provider: string, dollars: number): void
  /** @param seconds from the first token to the last */
  pace?(provider: string, completionTokens: number, seconds: number): void
}

/**
 * Matches characters that cannot be stored: PostgreSQL's text has no U+0000, and UTF-8 no half of a surrogate pair.
 * They are removed from the published answer too, so that both are the same.
 */
const UNKEPT = /\0|\p{Surrogate}/gu
const FIRST_HALF = /[\ud800-\udbff]$/
const REPLACEMENT = '\ufffd'

/**
 * Writes a routed answer into a turn, no faster than its channel takes it.
 * @param answer starts the routed answer
 * @param forwardTools whether the client runs the tools, and gets their calls piece by piece
 */
export const relay = async (
  turn: TurnWriter,
  answer: (taking: Taking<Routed>) => Promise<void>,
  { forwardTools = false, observer = {} }: { forwardTools?: boolean; observer?: LlmObserver } = {},
): Promise<Relayed> => {
  const relayed: Relayed = {
    provider: null,
    model: null,
    cached: false,
    finishReason: 'stop',
    toolCalls: [],
  }
  const calls = new Map<number, { id: string; name: string; arguments: string }>()
  let chosenMs = performance.now()
  let firstMs: number | null = null
  let lastMs = 0
  const noteToken = () => {
    const { provider } = relayed
    if (provider === null) return
    const now = performance.now()
    if (firstMs === null) {
      firstMs = now
      observer.firstToken?.(provider, (now - chosenMs) / 1000)
    } else observer.gap?.(provider, (now - lastMs) / 1000)
    lastMs = now
  }
  /** The first half of a surrogate pair that a vendor's pieces have split; it waits for the second half. */
  let half = ''
  const tellText = (piece: string): void => {
    const text = half + piece
    half = FIRST_HALF.test(text) ? text.slice(-1) : ''
    turn.text(text.slice(0, text.length - half.length).replace(UNKEPT, REPLACEMENT))
  }
  const take: Take<Routed> = (batch) => {
    for (const part of batch) {
      switch (part.type) {
        case 'text-delta':
          noteToken()
          tellText(part.text)
          break
        case 'reasoning-delta':
          noteToken()
          turn.emit({ type: 'reasoning', content: part.text })
          break
        case 'tool-call-delta': {
          noteToken()
          const { index, id, name, arguments: piece } = part
          const call = calls.get(index) ?? { id: '', name: '', arguments: '' }
          calls.set(index, call)
          call.id ||= id ?? ''
          call.name ||= name ?? ''
          call.arguments += piece
          if (forwardTools)
            turn.emit({
              type: 'tool_call',
              index,
              ...(id === undefined ? {} : { id }),
              ...(name === undefined ? {} : { name }),
              arguments: piece,
            })
          break
        }
        case 'chosen':
          relayed.provider = part.provider
          relayed.model = part.model
          relayed.cached = part.cached === true
          chosenMs = performance.now()
          firstMs = null
          turn.answeredBy({ provider: part.provider, model: part.model })
          break
        case 'fallback':
          turn.emit({ type: 'fallback', from: part.from, to: part.to, reason: part.reason })
          break
        case 'reset':
          calls.clear()
          half = ''
          turn.reset(part.reason)
          break
        case 'attempt-usage': {
          const { provider, model, usage, costUsd } = part
          turn.addUsage({ provider, model, costUsd, ...usage })
          observer.tokens?.(provider, usage)
          observer.cost?.(provider, costUsd)
          if (firstMs !== null)
            observer.pace?.(provider, usage.completionTokens, (performance.now() - firstMs) / 1000)
          break
        }
        case 'notice':
          turn.emit(part.event)
          break
        case 'finish':
          relayed.finishReason = part.reason
          break
      }
    }
    return turn.drained()
  }
  await answer({ signal: turn.signal, take })
  if (half !== '') turn.text(REPLACEMENT)
  relayed.toolCalls = [...calls.entries()].sort(([a], [b]) => a - b).map(([, call]) => call)
  return relayed
}
