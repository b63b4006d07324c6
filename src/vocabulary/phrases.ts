import { type Chunk, chunkOf } from '../protocol/chunk-text.ts'
import type { EventVocabulary, ServerEvent } from '../protocol/frame.ts'
import { type TurnEvent, type TurnEventOf, turnEventOf } from '../protocol/turn-event.ts'

/**
 * The reaction of an interface to an answer that restarts, that is, which another provider begins anew after text
 * has been shown. `announced`: it has an event for that, so its own turns may restart. `absorbed`: later events
 * contain the new text alone. `fatal`: it cannot take text back, so it ends with an error. Turns of the latter two
 * never restart by themselves, but one that another interface started may be read through them.
 */
export type Restart = 'announced' | 'absorbed' | 'fatal'

/**
 * Translates a turn for one connection into an interface's events. Each connection has its own, which holds the
 * answer's text at most.
 */
export interface StatefulVocabulary<R extends Restart = Restart> {
  readonly restart: R
  /** false where the interface has no event for a snapshot; `resume` then returns the events in place of one. */
  readonly hasSnapshots: boolean
  /** Translates one publication; called for each, in order. */
  readonly events: EventVocabulary
  /**
   * Continues from a snapshot, or from the position of a client that resumes in mid-answer.
   * @param content the answer so far
   * @param index of the next chunk
   * @returns the events that the connection gets in place of a snapshot; none where its interface has snapshots
   */
  resume(content: string, index: number): readonly ServerEvent[]
}

/** The events of an interface for each type of publication. Other types are ignored and not even parsed. */
export type Phrases = {
  [T in Exclude<TurnEvent['type'], 'chunk'>]?: (event: TurnEventOf<T>) => readonly ServerEvent[]
} & { chunk?: (chunk: Chunk) => readonly ServerEvent[] }

/** Phrases of an interface that has events for an answer's text and its failure. */
export type AnswerPhrases = Phrases & Required<Pick<Phrases, 'chunk' | 'error'>>

export const NOTHING: readonly ServerEvent[] = []

/** Makes the vocabulary of phrases. */
export function speaking(phrases: Phrases): EventVocabulary {
  const table = new Map<string, unknown>(Object.entries(phrases))
  return ({ data }) => {
    const chunk = chunkOf(data)
    if (chunk !== undefined) return phrases.chunk?.(chunk) ?? NOTHING
    const phrase = table.get(turnEventOf(data)?.type ?? '') as
      | ((event: TurnEvent) => readonly ServerEvent[])
      | undefined
    return phrase === undefined ? NOTHING : phrase(JSON.parse(data))
  }
}

const failure = (streamId: string, code: string, message: string): TurnEventOf<'error'> => ({
  type: 'error',
  stream_id: streamId,
  error_code: code,
  message,
  fallback_endpoint: null,
  retry_after: null,
})

/** Returns the error event for a cancellation, for interfaces whose only ends are success and failure. */
export const cancellation = ({ stream_id }: TurnEventOf<'cancelled'>): TurnEventOf<'error'> =>
  failure(stream_id, 'CANCELLED', 'The answer was cancelled')

/**
 * Makes the vocabulary of an interface that cannot take text back. Its own turns never send `reset`, but one that
 * was started by another interface may be read through it. Then it ends with an error, and nothing follows, so that
 * no client takes two beginnings for one answer. A cancellation becomes an error where there is no phrase for it.
 *
 * @param hasSnapshots false where the interface has no event for a snapshot: text that the connection has not been
 *   sent when it resumes comes as one more chunk
 */
export function irrevocable(phrases: AnswerPhrases, hasSnapshots = true): StatefulVocabulary<'fatal'> {
  let shown = ''
  let isOver = false
  const breakOff = (streamId: string): readonly ServerEvent[] => {
    isOver = true
    return phrases.error(failure(streamId, 'INTERRUPTED', 'The answer broke off and began anew'))
  }
  const chunk = (piece: Chunk): readonly ServerEvent[] => {
    shown += JSON.parse(piece.json)
    return phrases.chunk(piece)
  }
  const speak = speaking({
    cancelled: (event) => phrases.error(cancellation(event)),
    ...phrases,
    ...(hasSnapshots ? {} : { chunk }),
    reset: ({ stream_id }) => breakOff(stream_id),
  })
  return {
    restart: 'fatal',
    hasSnapshots,
    events: (publication) => (isOver ? NOTHING : speak(publication)),
    resume(content, index) {
      if (isOver || hasSnapshots || content === shown) return NOTHING
      if (!content.startsWith(shown)) return breakOff('')
      return chunk({ streamId: '', json: JSON.stringify(content.slice(shown.length)), index })
    },
  }
}
