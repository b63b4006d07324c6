import { type Chunk, chunkOf } from '../protocol/chunk-text.ts'
import type { EventVocabulary, ServerEvent } from '../protocol/frame.ts'
import { type TurnEvent, type TurnEventOf, turnEventOf } from '../protocol/turn.ts'

/**
 * What an interface does when an answer restarts, that is, another provider begins it anew after text has been shown:
 * `told`: it has an event for that, so its own turns may restart. `absorbed`: later events show the new text alone.
 * `fatal`: it can take nothing back, so it ends with an error. Turns of the latter two never restart by themselves, but
 * one that another interface started may be watched through them.
 */
export type Restart = 'told' | 'absorbed' | 'fatal'

/** Shows a turn to one connection in an interface's events; made anew for each, and as large as the answer at most. */
export interface StatefulVocabulary<R extends Restart = Restart> {
  readonly restart: R
  /** False where the interface has no event for a snapshot, and `resume` gives the events in place of one. */
  readonly hasSnapshots: boolean
  /** Called once for each publication, in order. */
  readonly events: EventVocabulary
  /**
   * Goes on from here: after a snapshot, or where a client resumes in mid-answer.
   * @param content the answer so far
   * @param index of the chunk that comes next
   * @returns the events that the connection gets in place of a snapshot; none where its interface has snapshots
   */
  resume(content: string, index: number): readonly ServerEvent[]
}

/** What an interface says of each kind of event. It is silent on the others, which are not even parsed. */
export type Phrases = {
  [T in Exclude<TurnEvent['type'], 'chunk'>]?: (event: TurnEventOf<T>) => readonly ServerEvent[]
} & { chunk?: (chunk: Chunk) => readonly ServerEvent[] }

/** Phrases of an interface that can tell an answer and its failure. */
export type AnswerPhrases = Phrases & Required<Pick<Phrases, 'chunk' | 'error'>>

export const NOTHING: readonly ServerEvent[] = []

/** The vocabulary that says these phrases. */
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

/** A cancellation, for interfaces that know no end but success and failure. */
export const cancellation = ({ stream_id }: TurnEventOf<'cancelled'>): TurnEventOf<'error'> =>
  failure(stream_id, 'CANCELLED', 'The answer was cancelled')

/**
 * For interfaces that cannot take back what they have told: a turn made for one of them never sends `reset`, but one
 * that was made for another may be watched through it. Then it ends with its error, and nothing follows, so that no
 * client takes two beginnings for one answer. A cancellation is told as an error where there is no phrase for it.
 *
 * @param hasSnapshots false where the interface has no word for a snapshot: what its connection has not been told of
 *   the text that it resumes at comes as one more chunk
 */
export function irrevocable(phrases: AnswerPhrases, hasSnapshots = true): StatefulVocabulary<'fatal'> {
  let told = ''
  let isOver = false
  const breakOff = (streamId: string): readonly ServerEvent[] => {
    isOver = true
    return phrases.error(failure(streamId, 'INTERRUPTED', 'The answer broke off and began anew'))
  }
  const chunk = (piece: Chunk): readonly ServerEvent[] => {
    told += JSON.parse(piece.json)
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
      if (isOver || hasSnapshots || content === told) return NOTHING
      if (!content.startsWith(told)) return breakOff('')
      return chunk({ streamId: '', json: JSON.stringify(content.slice(told.length)), index })
    },
  }
}
