import { StringDecoder } from 'node:string_decoder'
import { Problem } from '../errors.ts'
import { eventReader, MAX_EVENT_LENGTH } from './event-source.ts'
import { protocolProblem, type Site } from './failure.ts'
import type { FinishReason, Part, Usage } from './provider.ts'

/** What is known of an answer while it arrives; an adapter writes it, event by event. */
export interface Answer {
  readonly site: Site
  /** Of the read that is being decoded. */
  parts: Part[]
  usage: Usage | null
  finish: FinishReason | null
  /** A tool was called, whatever reason the vendor gives for its end. */
  called: boolean
  /** The vendor has said that nothing follows. */
  ended: boolean
}

/** Adds what one event says to the answer; a whole answer in JSON comes as one event. @throws {Problem} */
export type TakeEvent = (event: string, answer: Answer) => void

/** Bytes of an answer to parts. Any cut of the bytes gives the same parts in the same order. */
export interface AnswerReader {
  /** The vendor has given its reason to stop, so a broken connection loses nothing. */
  readonly finished: boolean
  /** The answer is whole: its `finish` was among the parts. */
  readonly ended: boolean
  /** Why there is no more to read; the parts before it have been given. */
  readonly problem: Problem | null
  /** Parts of what was read together; often none. */
  feed(chunks: readonly Buffer[]): Part[]
  /** The last parts, ended by `finish`, once nothing follows; a `PROVIDER_PROTOCOL_ERROR` where that is too early. */
  end(): Part[]
}

/** A JSON object out of an event's data. @throws {Problem} `PROVIDER_PROTOCOL_ERROR` */
export const parseObject = (data: string, site: Site): Record<string, unknown> => {
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch {
    throw protocolProblem(site, 'sent something that is not JSON', data)
  }
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  throw protocolProblem(site, 'sent JSON that is no object', data)
}

/** A text that says something. */
export const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** A count of tokens, or 0. */
export const count = (value: unknown): number =>
  typeof value === 'number' && value > 0 && Number.isFinite(value) ? Math.floor(value) : 0

/** Notes counts of tokens; two zeros are a vendor that does not count. */
export const takeCounts = (prompt: unknown, completion: unknown, answer: Answer): void => {
  const [promptTokens, completionTokens] = [count(prompt), count(completion)]
  if (promptTokens + completionTokens > 0) answer.usage = { promptTokens, completionTokens }
}

/**
 * Reads an event-stream; or a whole answer, which begins with a bracket, whatever its content type says: some servers
 * answer whole although a stream was asked for.
 */
export const answerReader = (site: Site, take: TakeEvent): AnswerReader => {
  const decoder = new StringDecoder('utf8')
  const answer: Answer = { site, parts: [], usage: null, finish: null, called: false, ended: false }
  let told: Usage | null = null
  let concluded = false
  let problem: Problem | null = null
  let form: 'unknown' | 'events' | 'whole' = 'unknown'
  let whole = ''

  const events = eventReader(site, (data) => {
    if (!answer.ended) take(data, answer)
  })

  const conclude = (): void => {
    if (concluded) return
    if (!answer.ended && answer.finish === null) throw protocolProblem(site, 'broke its answer off')
    concluded = true
    const reason = answer.finish ?? 'stop'
    tellUsage()
    answer.parts.push({ type: 'finish', reason: reason === 'stop' && answer.called ? 'tool_calls' : reason })
  }

  const tellUsage = (): void => {
    const { usage } = answer
    if (usage === null) return
    if (usage.promptTokens === told?.promptTokens && usage.completionTokens === told.completionTokens) return
    told = usage
    answer.parts.push({ type: 'usage', ...usage })
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
      form = first === '{' || first === '[' ? 'whole' : 'events'
      if (form === 'events') whole = ''
    } else if (form === 'whole') whole += text
    if (form === 'events') events.feed(text)
    else if (whole.length > MAX_EVENT_LENGTH) throw protocolProblem(site, 'sent an answer that does not end')
  }

  /** Runs one step; whatever a vendor's odd shape breaks in an adapter is the vendor's fault. */
  const step = (run: () => void): Part[] => {
    answer.parts = []
    try {
      if (problem === null) run()
    } catch (error) {
      problem =
        error instanceof Problem
          ? error
          : protocolProblem(site, 'sent a shape that is not understood', '', error)
    }
    return answer.parts
  }

  return {
    get finished() {
      return answer.finish !== null
    },
    get ended() {
      return concluded
    },
    get problem() {
      return problem
    },
    feed: (chunks) =>
      step(() => {
        let text = ''
        for (const chunk of chunks) text += decoder.write(chunk)
        try {
          if (text !== '') decode(text)
        } catch (error) {
          // Behind the vendor's reason to stop, what is no event takes nothing from the answer; an error it sends does.
          const isSaid = error instanceof Problem && error.code !== 'PROVIDER_PROTOCOL_ERROR'
          if (answer.finish === null || isSaid) throw error
          answer.ended = true
        }
        if (answer.ended) conclude()
        else tellUsage()
      }),
    end: () =>
      step(() => {
        if (concluded) return
        try {
          const last = decoder.end()
          if (last !== '') decode(last)
          if (form === 'whole') {
            take(whole, answer)
            // Some servers give no reason to stop; JSON that says nothing at all is no answer.
            answer.ended = answer.parts.length > 0
          } else events.end()
        } catch (error) {
          // A cut terminator behind the vendor's reason to stop takes nothing from the answer.
          if (answer.finish === null) throw error
        }
        conclude()
      }),
  }
}
