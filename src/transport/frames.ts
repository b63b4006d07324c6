import type { Publication } from '../channel/broker.ts'
import type { EventVocabulary, ServerEvent } from '../protocol/frame.ts'
import { encodeEvent } from './event-stream.ts'
import type { Feed } from './feed.ts'

/**
 * `undefined` where the vocabulary does not speak of the publication.
 * @param isAlone nobody else needs them: they are not remembered, which costs more than making them
 */
type Frames<T> = (publication: Publication, vocabulary: EventVocabulary, isAlone: boolean) => T | undefined

/**
 * Makes the bytes of a publication once for each vocabulary, however many subscribers get them in a turn or still
 * have them in their queues. The log, which may keep the publication for hours, does not keep its bytes.
 */
function once<T extends object>(
  encode: (publication: Publication, events: readonly ServerEvent[]) => T,
): Frames<T> {
  const made = new WeakMap<EventVocabulary, WeakMap<Publication, WeakRef<T> | null>>()
  return (publication, vocabulary, isAlone) => {
    if (isAlone) {
      const events = vocabulary(publication)
      return events.length === 0 ? undefined : encode(publication, events)
    }
    let frames = made.get(vocabulary)
    if (frames === undefined) {
      frames = new WeakMap()
      made.set(vocabulary, frames)
    }
    const known = frames.get(publication)
    if (known === null) return undefined
    const kept = known?.deref()
    if (kept !== undefined) return kept
    const events = vocabulary(publication)
    if (events.length === 0) {
      frames.set(publication, null)
      return undefined
    }
    const frame = encode(publication, events)
    frames.set(publication, new WeakRef(frame))
    return frame
  }
}

/** `<epoch>:<offset>` */
export const formatPosition = (epoch: string, offset: number): string => `${epoch}:${offset}`

/** SSE frames of one channel: the position stands as `id:` on the last of them. */
export const eventFrames: Frames<Buffer> = once(({ epoch, offset }, events) => {
  const last = events.length - 1
  return Buffer.from(
    events
      .map((event, index) =>
        encodeEvent(index === last ? { ...event, id: formatPosition(epoch, offset) } : event),
      )
      .join(''),
  )
})

/** SSE frames without an id; the subscriber's cursor goes between the two. */
export interface PartedFrames {
  /** Every frame but the last; empty when there is one. */
  before: Buffer
  /** The last one. */
  last: Buffer
}

/** SSE frames for connections over several channels, whose `id:` differs from one connection to the next. */
export const partedEventFrames: Frames<PartedFrames> = once((_publication, events) => ({
  before: Buffer.from(events.slice(0, -1).map(encodeEvent).join('')),
  last: Buffer.from(encodeEvent(events.at(-1) ?? { data: '' })),
}))

/** WebSocket messages, one for each event. */
export const messageFrames: Frames<readonly Buffer[]> = once((_publication, events) =>
  events.map(({ data }) => Buffer.from(data)),
)

/** The oldest names are forgotten above so many for one vocabulary. */
const MAX_NAMES = 1000
const named = new WeakMap<EventVocabulary, Map<string, EventVocabulary>>()

/** The same function for the same two, so that frames are shared. */
function underName(vocabulary: EventVocabulary, name: string): EventVocabulary {
  const names = named.get(vocabulary) ?? new Map<string, EventVocabulary>()
  named.set(vocabulary, names)
  const known = names.get(name)
  if (known !== undefined) return known
  const made: EventVocabulary = (publication) => vocabulary({ ...publication, channel: name })
  names.set(name, made)
  for (const oldest of names.keys()) {
    if (names.size <= MAX_NAMES) break
    names.delete(oldest)
  }
  return made
}

/** `outer` over what a feed says, under the name that its clients know. */
export function spoken(
  outer: EventVocabulary,
  { events, name }: Pick<Feed, 'events' | 'name'>,
): EventVocabulary {
  const vocabulary = composed(outer, events)
  return name === undefined ? vocabulary : underName(vocabulary, name)
}

const compositions = new WeakMap<EventVocabulary, WeakMap<EventVocabulary, EventVocabulary>>()

/** `outer` over the events of `inner`; the same function for the same two, so that frames are shared. */
function composed(outer: EventVocabulary, inner: EventVocabulary): EventVocabulary {
  const known = compositions.get(outer) ?? new WeakMap<EventVocabulary, EventVocabulary>()
  compositions.set(outer, known)
  const made = known.get(inner)
  if (made !== undefined) return made
  const vocabulary: EventVocabulary = (publication) =>
    inner(publication).flatMap(({ data }) => outer({ ...publication, data }))
  known.set(inner, vocabulary)
  return vocabulary
}
