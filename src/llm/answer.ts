import { StringDecoder } from 'node:string_decoder'
import { Problem } from '../errors.ts'
import { MAX_EVENT_LENGTH, type Wire } from './event-source.ts'
import type { FinishReason, Part, Usage } from './provider.ts'
import {
  emptyProblem,
  foreignError,
  foreignProblem,
  insideProblem,
  protocolProblem,
  type Site,
} from './provider-failure.ts'
import { type TextTemplate, textTemplate } from './text-template.ts'

/** One event of an answer, parsed but not validated. */
export type AnswerEvent = Readonly<Record<string, unknown>>

/**
 * The answers of one dialect: the events that end them, errors, usage and text in them. {@link answerReader} reads by
 * it.
 */
export interface AnswerDialect {
  readonly wire: Wire
  /** Text that ends an answer and is no JSON: `[DONE]`. */
  readonly terminator?: string
  /** Tells whether an event ends the answer. */
  isLast?(event: AnswerEvent): boolean
  /** Tells whether an event has a member that only this dialect's answers have. */
  isOwn(event: AnswerEvent): boolean
  /** Returns the error in an event of the dialect's own format; undefined, or anything falsy, where there is none. */
  errorOf(event: AnswerEvent): unknown
  /** Returns the reason to stop in an event; null where there is none. */
  finishOf(event: AnswerEvent): FinishReason | null
  /**
   * Returns the number of tokens so far by an event; null where it has none.
   * @param before usage by earlier events, for vendors that leave out unchanged counts
   */
  usageOf(event: AnswerEvent, before: Usage | null): Usage | null
  /** Returns the text of an event that has nothing else, under its key: such events are not parsed again. */
  readonly text?: { readonly key: string; of(event: AnswerEvent): unknown }
  /** Begins to read one answer; the returned function adds an event's content to `parts`. */
  open(): (event: AnswerEvent, parts: Part[]) => void
}

/** Turns the bytes of an answer into parts. Any cut of the bytes gives the same parts in the same order. */
export interface AnswerReader {
  /** True once the vendor has given a reason to stop; more text and the usage may follow it. */
  readonly finished: boolean
  /** True once the answer is whole: its `finish` was among the parts. */
  readonly ended: boolean
  /** The problem that ended the reading; the parts before it have been returned. */
  readonly problem: Problem | null
  /** Number of events so far; comments and other signs of life do not count. */
  readonly events: number
  /** Reads bytes and returns their parts; often none. */
  feed(chunks: readonly Buffer[]): Part[]
  /**
   * Returns the last parts, ended by `finish`, when no more bytes follow. {@link problem} is
   * `PROVIDER_PROTOCOL_ERROR` where the body ended inside an event or held none, `PROVIDER_ERROR` where the answer
   * has no character, call or refusal.
   */
  end(): Part[]
}

/** Number of lines without JSON in one answer above which the vendor does not speak its format. */
const MAX_SKIPPED_LINES = 20

/** Tells whether a value is a text that is not empty. */
export const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** Returns a count of tokens, or 0 for any other value. */
export const count = (value: unknown): number =>
  typeof value === 'number' && value > 0 && Number.isFinite(value) ? Math.floor(value) : 0

/** Returns counts of tokens as usage; null for two zeros, which come from a vendor that does not count. */
export const usageOf = (prompt: unknown, completion: unknown): Usage | null => {
  const [promptTokens, completionTokens] = [count(prompt), count(completion)]
  return promptTokens + completionTokens > 0 ? { promptTokens, completionTokens } : null
}

const isEvent = (value: unknown): value is AnswerEvent =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Returns the events in a text of JSON, which may be a list of them; undefined where it is no JSON, or holds anything
 * else.
 */
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
 * Makes the reader of one answer by its dialect. A body that begins with a bracket where events were expected is read
 * as a whole answer, whatever its content type: some servers send a whole answer although a stream was requested.
 *
 * A reason to stop does not end the answer. It ends at the dialect's terminator, or when {@link AnswerReader.end} is
 * called: at a clean end of the body, or in the silence after a reason to stop.
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
  let reported: Usage | null = null
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
    if (skipped >= MAX_SKIPPED_LINES) throw protocolProblem(site, 'not_json', line)
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
    if (!dialect.isOwn(event) && foreignError(event)) throw foreignProblem(site, event)
    const before = parts.length
    say(event, parts)
    if (!hasText || !hasCall) note(before)
    finish = dialect.finishOf(event) ?? finish
    usage = dialect.usageOf(event, usage) ?? usage
    isTerminated ||= dialect.isLast?.(event) ?? false
  }

  /** Tells whether an event had one text and nothing more, so that others like it need no parsing. */
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
      throw event?.error ? insideProblem(site, event.error) : foreignProblem(site, event ?? text)
    },
    stray(line) {
      if (!isTerminated) skip(line)
    },
  })

  const tellUsage = (): void => {
    if (usage === null) return
    if (usage.promptTokens === reported?.promptTokens && usage.completionTokens === reported.completionTokens)
      return
    reported = usage
    parts.push({ type: 'usage', ...usage })
  }

  const conclude = (): void => {
    if (concluded) return
    tellUsage()
    if (valid === 0 && skipped > 0) throw protocolProblem(site, 'other_format')
    const reason = finish ?? 'stop'
    if (!hasText && !hasCall && reason !== 'content_filter') throw emptyProblem(site, finish)
    concluded = true
    parts.push({ type: 'finish', reason: reason === 'stop' && hasCall ? 'tool_calls' : reason })
  }

  const decode = (chunk: string): void => {
    let text = chunk
    if (form === 'unknown') {
      // An empty beginning may be half a character, also half of the byte order mark.
      text = whole + text
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1)
      const first = /\S/.exec(text)?.[0]
      whole = text
      if (first === undefined && text.length < MAX_EVENT_LENGTH) return
      form = dialect.wire.bracketIsWhole && (first === '{' || first === '[') ? 'whole' : 'events'
      if (form === 'events') whole = ''
    } else if (form === 'whole') whole += text
    if (form === 'events') reader.feed(text)
    else if (whole.length > MAX_EVENT_LENGTH) throw protocolProblem(site, 'endless_answer')
  }

  /** Reads a whole answer, or, where it is no JSON, the events that some servers send without their fields' names. */
  const takeWhole = (): boolean => {
    const found = parseEvents(whole)
    if (found) for (const event of found) takeEvent(event)
    else reader.feed(whole)
    return reader.end()
  }

  /** Runs one step of reading; an error in a dialect comes from the vendor's odd data, and counts as the vendor's. */
  const step = (run: () => void): Part[] => {
    parts = []
    try {
      if (problem === null) run()
    } catch (error) {
      problem = error instanceof Problem ? error : protocolProblem(site, 'other_shape', '', error)
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
        // An unfinished line without meaning shows that the answer was cut, unless its reason to stop had come.
        if (isCut && valid === validBefore && finish === null && !isTerminated)
          throw protocolProblem(site, 'broken_off')
        conclude()
      }),
  }
}
