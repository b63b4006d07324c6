import type { Publication } from '../channel/broker.ts'
import type { Feed } from '../feed/feed.ts'
import { onePerName, onePerObject } from '../feed/memo.ts'
import type { EventVocabulary, ServerEvent } from '../protocol/frame.ts'
import { encodeEvent } from './event-stream.ts'

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
  const madeOf = onePerObject((_: EventVocabulary) => new WeakMap<Publication, WeakRef<T> | null>())
  return (publication, vocabulary, isAlone) => {
    if (isAlone) {
      const events = vocabulary(publication)
      return events.length === 0 ? undefined : encode(publication, events)
    }
    const frames = madeOf(vocabulary)
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
  let text = ''
  let left = events.length
  for (const { event, data } of events) {
    left--
    text += encodeEvent({ event, data, id: left === 0 ? formatPosition(epoch, offset) : undefined })
  }
  return Buffer.from(text)
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

/** Names that are remembered of one vocabulary. */
const MAX_NAMES = 1000

/** A vocabulary under a name; the same function for the same two, so that frames are shared. */
const named = onePerObject((vocabulary: EventVocabulary) =>
  onePerName(
    MAX_NAMES,
    (name): EventVocabulary =>
      (publication) =>
        vocabulary({ ...publication, channel: name }),
  ),
)

/** A vocabulary over the events of another; the same function for the same two, so that frames are shared. */
const composed = onePerObject((outer: EventVocabulary) =>
  onePerObject(
    (inner: EventVocabulary): EventVocabulary =>
      (publication) =>
        inner(publication).flatMap(({ data }) => outer({ ...publication, data })),
  ),
)

/** `outer` over what a feed says, under the name that its clients know. */
export function spoken(
  outer: EventVocabulary,
  { events, name }: Pick<Feed, 'events' | 'name'>,
): EventVocabulary {
  const vocabulary = composed(outer)(events)
  return name === undefined ? vocabulary : named(vocabulary)(name)
}
