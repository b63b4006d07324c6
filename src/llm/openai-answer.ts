import { type AnswerDialect, type AnswerEvent, isText, usageOf } from './answer.ts'
import { eventStream } from './event-source.ts'
import type { FinishReason, Part } from './provider.ts'

/** A tool call, streamed or whole, parsed but not validated. */
interface CallDelta {
  index?: unknown
  id?: unknown
  function?: { name?: unknown; arguments?: unknown } | null
}
interface Counts {
  prompt_tokens?: unknown
  completion_tokens?: unknown
}
interface Delta {
  content?: unknown
  refusal?: unknown
  reasoning_content?: unknown
  reasoning?: unknown
  tool_calls?: unknown
}
interface Choice {
  index?: unknown
  delta?: Delta | null
  message?: Delta | null
  finish_reason?: unknown
  error?: unknown
  /** One vendor puts the counts here. */
  usage?: Counts | null
}
/** A chunk or a whole completion, parsed but not validated. */
interface Chunk {
  id?: unknown
  error?: unknown
  object?: unknown
  usage?: Counts | null
  choices?: readonly (Choice | null)[] | null
}

const choicesOf = ({ choices }: Chunk): readonly Choice[] =>
  Array.isArray(choices) ? choices.filter((choice) => typeof choice === 'object' && choice !== null) : []

/** Matches texts that are no reason to stop: some servers send an empty one or the word with every chunk. */
const NO_REASON = /^(null|none)?$/i
const FAILED = /^(error|insufficient_system_resource)$/

const finishReason = (reason: string): FinishReason => {
  switch (reason) {
    case 'length':
    case 'max_tokens':
    case 'model_length':
      return 'length'
    case 'tool_calls':
    case 'function_call':
    case 'tool_use':
      return 'tool_calls'
    case 'content_filter':
      return 'content_filter'
    default:
      return 'stop'
  }
}

/** Adds content that is a list of typed pieces, as some vendors' reasoning models send it. */
const takePieces = (pieces: readonly unknown[], parts: Part[]): void => {
  for (const piece of pieces as readonly ({ type?: unknown; text?: unknown; thinking?: unknown } | null)[]) {
    if (isText(piece?.text)) parts.push({ type: 'text-delta', text: piece.text })
    else if (Array.isArray(piece?.thinking)) {
      for (const { text } of piece.thinking) if (isText(text)) parts.push({ type: 'reasoning-delta', text })
    }
  }
}

/**
 * Makes a function that numbers the calls to which deltas belong. Vendors give an index and, with the first delta, an
 * id; some give no index, or 0 to every call, or repeat the id, or give neither and the whole call at once.
 */
const callNumbers = (): ((call: CallDelta, choice: unknown) => { index: number; isNew: boolean }) => {
  const byId = new Map<string, number>()
  const byIndex = new Map<string, number>()
  let calls = 0
  return ({ index: place, id, function: tool }, choice) => {
    const given = typeof place === 'number' ? `${choice}:${place}` : undefined
    const known = isText(id) ? byId.get(id) : given === undefined ? undefined : byIndex.get(given)
    const continued =
      known ??
      (!isText(id) && given === undefined && !isText(tool?.name) && calls > 0 ? calls - 1 : undefined)
    const index = continued ?? calls++
    if (isText(id)) byId.set(id, index)
    if (given !== undefined) byIndex.set(given, index)
    return { index, isNew: continued === undefined }
  }
}

/** Begins to read one answer: its text from the first choice that has some, its calls from any. */
const open = (): ReturnType<AnswerDialect['open']> => {
  const numberOf = callNumbers()
  let speaker: unknown
  let thinker: unknown

  const takeCall = (call: CallDelta | null, choice: unknown, answerId: unknown, parts: Part[]): void => {
    if (typeof call !== 'object' || call === null) return
    const { index, isNew } = numberOf(call, choice)
    const { name, arguments: input } = call.function ?? {}
    const text = typeof input === 'string' ? input : input ? JSON.stringify(input) : ''
    const id = isText(call.id) ? call.id : `call_${isText(answerId) ? `${answerId}_` : ''}${index}`
    if (isNew) parts.push({ type: 'tool-call-delta', index, id, name: String(name ?? ''), arguments: text })
    else if (text !== '') parts.push({ type: 'tool-call-delta', index, arguments: text })
  }

  const takeWords = (delta: Delta, choice: unknown, parts: Part[]): void => {
    // Some servers send the same reasoning under both names.
    const reasoning = isText(delta.reasoning_content) ? delta.reasoning_content : delta.reasoning
    const said: Part[] = []
    if (isText(reasoning)) said.push({ type: 'reasoning-delta', text: reasoning })
    if (isText(delta.content)) said.push({ type: 'text-delta', text: delta.content })
    else if (Array.isArray(delta.content)) takePieces(delta.content, said)
    if (isText(delta.refusal)) said.push({ type: 'text-delta', text: delta.refusal })
    for (const part of said) {
      if (part.type === 'text-delta') speaker ??= choice
      else thinker ??= choice
      if ((part.type === 'text-delta' ? speaker : thinker) === choice) parts.push(part)
    }
  }

  return (event, parts) => {
    const chunk: Chunk = event
    for (const [place, choice] of choicesOf(chunk).entries()) {
      const delta = choice.delta ?? choice.message
      if (!delta) continue
      const at = choice.index ?? place
      takeWords(delta, at, parts)
      if (Array.isArray(delta.tool_calls))
        for (const call of delta.tool_calls) takeCall(call, at, chunk.id, parts)
    }
  }
}

const contentOf = (event: AnswerEvent): unknown => {
  const { choices } = event as Chunk
  return choices?.length === 1 ? choices[0]?.delta?.content : undefined
}

const countsOf = (chunk: Chunk): Counts | null | undefined =>
  chunk.usage ?? choicesOf(chunk).find(({ usage }) => usage)?.usage

/**
 * The answers of OpenAI's chat completions and of compatible servers, streamed or whole.
 * @see https://platform.openai.com/docs/api-reference/chat-streaming
 */
export const openAiAnswer: AnswerDialect = {
  wire: eventStream,
  terminator: '[DONE]',
  isOwn: (event) => choicesOf(event as Chunk).length > 0 || Boolean((event as Chunk).usage),
  errorOf(event) {
    const chunk = event as Chunk
    if (chunk.error) return chunk.error
    if (chunk.object === 'error') return chunk
    return choicesOf(chunk)
      .map((choice) => choice.error || (FAILED.test(String(choice.finish_reason)) && choice))
      .find(Boolean)
  },
  finishOf: (event) =>
    choicesOf(event as Chunk)
      .flatMap(({ finish_reason: reason }) =>
        typeof reason === 'string' && !NO_REASON.test(reason) ? [finishReason(reason)] : [],
      )
      .at(-1) ?? null,
  usageOf(event) {
    const counts = countsOf(event as Chunk)
    return counts ? usageOf(counts.prompt_tokens, counts.completion_tokens) : null
  },
  text: { key: 'content', of: contentOf },
  open,
}
