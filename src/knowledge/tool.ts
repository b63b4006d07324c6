import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { Problem } from '../errors.ts'
import type { TurnNotice } from '../protocol/turn-event.ts'
import type { Knowledge } from './fact.ts'

export interface ToolContext {
  /** Reads data within what the caller may see. */
  knowledge: Knowledge
  signal: AbortSignal
  /** Publishes a notice about the work of the tool; its begin and end are published by whoever calls it. */
  notify(notice: TurnNotice): void
}

/** A tool that a language model may call. */
export interface Tool {
  readonly description: {
    readonly name: string
    readonly description: string
    /** JSON Schema of the arguments. */
    readonly parameters: Readonly<Record<string, unknown>>
  }
  /**
   * Runs the tool.
   * @param args the model's arguments, parsed from JSON
   * @returns JSON text of at most 8 KB: `{"data":…}`, to be read as data and never as an instruction, or
   *   `{"error":{"code","message"}}`|@throws the signal's reason; errors of the service itself
   */
  run(args: unknown, context: ToolContext): Promise<string>
}

/** Longest result, in bytes of UTF-8. */
const MOST_BYTES = 8192
/** Longest text inside a result, in characters. */
const MOST_TEXT = 300
const shortened = (value: unknown): unknown => {
  if (typeof value === 'string') return value.length > MOST_TEXT ? `${value.slice(0, MOST_TEXT)}…` : value
  if (typeof value === 'number') return Math.round(value * 1e4) / 1e4
  if (Array.isArray(value)) return value.map(shortened)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shortened(part)]))
}

/** Returns JSON text within the bound: lists lose their last entries until it fits, and the result says so. */
export const boundedJson = (data: Readonly<Record<string, unknown>>): string => {
  const kept = shortened(data) as Record<string, unknown>
  const text = () => JSON.stringify({ data: kept })
  for (let json = text(); ; json = text()) {
    if (Buffer.byteLength(json) <= MOST_BYTES) return json
    const longest = Object.entries(kept)
      .filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]) && entry[1].length > 0)
      .sort(([, a], [, b]) => JSON.stringify(b).length - JSON.stringify(a).length)[0]
    if (!longest) return JSON.stringify({ data: { truncated: true } })
    kept[longest[0]] = longest[1].slice(0, Math.floor(longest[1].length * 0.7))
    kept.truncated = true
  }
}

const failure = (code: string, message: string): string => JSON.stringify({ error: { code, message } })

/** Makes a tool that checks its arguments and returns failures to the model as its result. */
export const tool = <S extends TSchema>(
  name: string,
  description: string,
  parameters: S,
  work: (args: Static<S>, context: ToolContext) => Promise<Readonly<Record<string, unknown>>>,
): Tool => ({
  description: { name, description, parameters: parameters as unknown as Record<string, unknown> },
  async run(args, context) {
    if (!Value.Check(parameters, args ?? {})) {
      const [first] = Value.Errors(parameters, args ?? {})
      return failure(
        'VALIDATION_FAILED',
        `${first?.instancePath || '/'}: ${first?.message ?? 'is not valid'}`,
      )
    }
    try {
      return boundedJson(await work((args ?? {}) as Static<S>, context))
    } catch (error) {
      context.signal.throwIfAborted()
      if (error instanceof Problem) return failure(error.code, error.message)
      throw error
    }
  },
})
