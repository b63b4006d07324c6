import { StringDecoder } from 'node:string_decoder'
import { Problem } from '../errors.ts'
import { MAX_EVENT_LENGTH, type Wire } from './event-source.ts'
import {
  emptyProblem,
  foreignError,
  insideProblem,
  protocolProblem,
  type Site,
  toldProblem,
} from './failure.ts'
import type { FinishReason, Part, Usage } from './provider.ts'
import { type TextTemplate, textTemplate } from './text-template.ts'

/** One event of an answer, parsed; nothing of it is certain. */
export type AnswerEvent = Readonly<Record<string, unknown>>

/**
 * Describes the answers of one dialect: what ends them, what in them is an error, what is usage, and what is said. The
 * one reader of {@link answerReader} follows it.
 */
export interface AnswerDialect {
  readonly wire: Wire
  /** Data that ends an answer and is no JSON: `[DONE]`. */
  readonly terminator?: string
  /** Tells whether an event ends the answer. */
  isLast?(event: AnswerEvent): boolean
  /** Tells whether an event has a member that only this dialect's answers have. */
  isOwn(event: AnswerEvent): boolean
  /** The error that an event tells in the dialect's own words; undefined, or anything falsy, where it tells none. */
  errorOf(event: AnswerEvent): unknown
  /** The reason to stop that an event gives; null where it gives none. */
  finishOf(event: AnswerEvent): FinishReason | null
  /**
   * The tokens counted so far that an event tells; null where it tells none.
   * @param before as told by earlier events, for vendors that leave out what has not changed
   */
  usageOf(event: AnswerEvent, before: Usage | null): Usage | null
  /** Finds the text in an event that says nothing else, under its key: such events are not parsed again. */
  readonly text?: { readonly key: string; of(event: AnswerEvent): unknown }
  /** Begins to read one answer; the returned function adds to `parts` what an event says. */
  open(): (event: AnswerEvent, parts: Part[]) => void
}

/** Turns the bytes of an answer into parts. Any cut of the bytes gives the same parts in the same order. */
export interface AnswerReader {
  /** The vendor has given a reason to stop; more text and the usage may follow it. */
  readonly finished: boolean
  /** The answer is whole: its `finish` was among the parts. */
  readonly ended: boolean
  /** The problem that ended the reading; the parts before it have been given. */
  readonly problem: Problem | null
  /** Events that have come so far; comments and other signs of life are none. */
  readonly events: number
  /** Parts of what was read together; often none. */
  feed(chunks: readonly Buffer[]): Part[]
  /**
   * The last parts, ended by `finish`, once nothing follows; {@link problem} is `PROVIDER_PROTOCOL_ERROR` where the body
   * ended inside an event or held none, `PROVIDER_ERROR` where the answer has no character, call or refusal.
   */
  end(): Part[]
}

/** Lines that are no JSON of one answer, from which on the vendor does not speak its format. */
const MAX_SKIPPED_LINES = 20

/** Tells a text that is not empty from every other value. */
export const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** A count of tokens, or 0. */
export const count = (value: unknown): number =>
  typeof value === 'number' && value > 0 && Number.isFinite(value) ? Math.floor(value) : 0

/** Counts of tokens as usage; null for two zeros, which come from a vendor that does not count. */
export const usageOf = (prompt: unknown, completion: unknown): Usage | null => {
  const [promptTokens, completionTokens] = [count(prompt), count(completion)]
  return promptTokens + completionTokens > 0 ? { promptTokens, completionTokens } : null
}

const isEvent = (value: unknown): value is AnswerEvent =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The events in a text of JSON, which may be a list of them; undefined where it is no JSON, or holds anything else. */
const parseEvents = (text: string): AnswerEvent[] | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    const events = Array.isArray(value) ? value : [value]
    return events.every(isEvent) ? events : undefined
  } catch {
    return undefined
  }
}

/**
 * Reads an answer by its dialect's description. A body that begins with a bracket where events were expected is read as
 * a whole answer, whatever its content type says: some servers answer whole although a stream was asked for.
 *
 * A reason to stop is kept and not acted on. The answer ends at the dialect's terminator, or when {@link
 * AnswerReader.end} is called: at a clean end of the body, or in the silence behind a reason to stop.
 * @param onSkippedLine called for each line that is no JSON and was skipped
 */
export const answerReader = (
  site: Site,
  dialect: AnswerDialect,
  onSkippedLine: () => void = () => {},
): AnswerReader => {
  const decoder = new StringDecoder('utf8')
  const say = dialect.open()
  const template: TextTemplate | undefined = dialect.text && textTemplate(dialect.text.key, dialect.text.of)
  let parts: Part[] = []
  let usage: Usage | null = null
  let told: Usage | null = null
  let finish: FinishReason | null = null
  let isTerminated = false
  let concluded = false
  let problem: Problem | null = null
  let [events, valid, skipped] = [0, 0, 0]
  let [hasText, hasCall] = [false, false]
  let form: 'unknown' | 'events' | 'whole' = 'unknown'
  let whole = ''

  const skip = (line: string): void => {
    skipped += 1
    onSkippedLine()
    if (skipped >= MAX_SKIPPED_LINES)
      throw protocolProblem(site, `sent ${MAX_SKIPPED_LINES} lines that are not JSON`, line)
  }

  const note = (from: number): void => {
    for (let at = from; at < parts.length; at += 1) {
      const { type } = parts[at] as Part
      hasText ||= type === 'text-delta'
      hasCall ||= type === 'tool-call-delta'
    }
  }

  const takeEvent = (event: AnswerEvent): void => {
    valid += 1
    const error = dialect.errorOf(event)
    if (error) throw insideProblem(site, error)
    if (!dialect.isOwn(event) && foreignError(event)) throw toldProblem(site, event)
    const before = parts.length
    say(event, parts)
    if (!hasText || !hasCall) note(before)
    finish = dialect.finishOf(event) ?? finish
    usage = dialect.usageOf(event, usage) ?? usage
    isTerminated ||= dialect.isLast?.(event) ?? false
  }

  /** Tells whether an event said one text and nothing more, so that others like it need no parsing. */
  const isPlain = (event: AnswerEvent, before: number): boolean => {
    const part = parts[before]
    return (
      parts.length === before + 1 &&
      part?.type === 'text-delta' &&
      dialect.text?.of(event) === part.text &&
      dialect.finishOf(event) === null &&
      dialect.usageOf(event, null) === null
    )
  }

  const takeData = (data: string): void => {
    if (isTerminated) return
    events += 1
    const quick = template?.match(data)
    if (quick !== undefined) {
      valid += 1
      parts.push({ type: 'text-delta', text: quick })
      return
    }
    if (data.trim() === dialect.terminator) {
      isTerminated = true
      return
    }
    const found = parseEvents(data)
    if (found === undefined) {
      skip(data)
      return
    }
    const before = parts.length
    for (const event of found) takeEvent(event)
    const [only] = found
    if (template && found.length === 1 && only && isPlain(only, before)) template.learn(data)
  }

  const reader = dialect.wire.open(site, {
    data: takeData,
    error(text) {
      if (isTerminated) return
      const event = parseEvents(text)?.[0]
      throw event?.error ? insideProblem(site, event.error) : toldProblem(site, event ?? text)
    },
    stray(line) {
      if (!isTerminated) skip(line)
    },
  })

  const tellUsage = (): void => {
    if (usage === null) return
    if (usage.promptTokens === told?.promptTokens && usage.completionTokens === told.completionTokens) return
    told = usage
    parts.push({ type: 'usage', ...usage })
  }

  const conclude = (): void => {
    if (concluded) return
    tellUsage()
    if (valid === 0 && skipped > 0) throw protocolProblem(site, 'sent nothing in its format')
    const reason = finish ?? 'stop'
    if (!hasText && !hasCall && reason !== 'content_filter') throw emptyProblem(site, finish)
    concluded = true
    parts.push({ type: 'finish', reason: reason === 'stop' && hasCall ? 'tool_calls' : reason })
  }

  const decode = (chunk: string): void => {
    let text = chunk
    if (form === 'unknown') {
      // An empty beginning may be half a character, the byte order mark's too.
      text = whole + text
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1)
      const first = /\S/.exec(text)?.[0]
      whole = text
      if (first === undefined && text.length < MAX_EVENT_LENGTH) return
      form = dialect.wire.bracketIsWhole && (first === '{' || first === '[') ? 'whole' : 'events'
      if (form === 'events') whole = ''
    } else if (form === 'whole') whole += text
    if (form === 'events') reader.feed(text)
    else if (whole.length > MAX_EVENT_LENGTH) throw protocolProblem(site, 'sent an answer that does not end')
  }

  /** Takes a whole answer, or, where it is no JSON, the events that some servers send without their fields' names. */
  const takeWhole = (): boolean => {
    const found = parseEvents(whole)
    if (found) for (const event of found) takeEvent(event)
    else reader.feed(whole)
    return reader.end()
  }

  /** Runs one step; whatever a vendor's odd shape breaks in a dialect is the vendor's fault. */
  const step = (run: () => void): Part[] => {
    parts = []
    try {
      if (problem === null) run()
    } catch (error) {
      problem =
        error instanceof Problem
          ? error
          : protocolProblem(site, 'sent a shape that is not understood', '', error)
    }
    return parts
  }

  return {
    get finished() {
      return finish !== null
    },
    get ended() {
      return concluded
    },
    get problem() {
      return problem
    },
    get events() {
      return events
    },
    feed: (chunks) =>
      step(() => {
        let text = ''
        for (const chunk of chunks) text += decoder.write(chunk)
        if (text !== '') decode(text)
        if (isTerminated) conclude()
        else tellUsage()
      }),
    end: () =>
      step(() => {
        if (concluded) return
        const last = decoder.end()
        if (last !== '') decode(last)
        const validBefore = valid
        const isCut = form === 'whole' ? takeWhole() : reader.end()
        // Half a line that says nothing shows that the answer was cut, unless its reason to stop had come.
        if (isCut && valid === validBefore && finish === null && !isTerminated)
          throw protocolProblem(site, 'broke its answer off')
        conclude()
      }),
  }
}
