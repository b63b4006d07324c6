import type { Publication } from '../channel/broker.ts'
import type { Feed } from '../feed/feed.ts'
import { onePerName, onePerObject } from '../feed/memo.ts'
import type { EventVocabulary, ServerEvent } from '../protocol/frame.ts'
import { encodeEvent } from './event-stream.ts'
import { WIRE, type WireCount } from './wire-count.ts'

/**
 * Returns the frames of a publication; undefined where the vocabulary has no event for it.
 * @param isAlone no other subscriber needs them: they are not remembered, which costs more than making them
 */
type Frames<T> = (publication: Publication, vocabulary: EventVocabulary, isAlone: boolean) => T | undefined

/**
 * Makes the bytes of a publication once for each vocabulary, however many subscribers get them in a turn or still
 * have them in their queues. The log, which may keep the publication for hours, does not keep its bytes.
 */
function once<T extends object>(
  count: WireCount,
  write: (publication: Publication, events: readonly ServerEvent[]) => T,
): Frames<T> {
  const encode: typeof write = (publication, events) => {
    count.framesMade++
    return write(publication, events)
  }
  const madeOf = onePerObject((_: EventVocabulary) => new WeakMap<Publication, WeakRef<T> | null>())
  // Subscribers of one channel ask for the same frames one after another.
  let last: { publication: Publication; vocabulary: EventVocabulary; frame: T | undefined } | undefined
  const find = (publication: Publication, vocabulary: EventVocabulary): T | undefined => {
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
  return (publication, vocabulary, isAlone) => {
    if (isAlone) {
      const events = vocabulary(publication)
      return events.length === 0 ? undefined : encode(publication, events)
    }
    if (last?.publication !== publication || last.vocabulary !== vocabulary)
      last = { publication, vocabulary, frame: find(publication, vocabulary) }
    return last.frame
  }
}

/** Returns a position as text, `<epoch>:<offset>`. */
export const formatPosition = (epoch: string, offset: number): string => `${epoch}:${offset}`

/**
 * Makes the SSE frames of a publication for connections over one channel, with the position as `id:` of the last one.
 */
export const eventFrames: Frames<Buffer> = once(WIRE.sse, ({ epoch, offset }, events) => {
  let text = ''
  let left = events.length
  for (const { event, data } of events) {
    left--
    text += encodeEvent({ event, data, id: left === 0 ? formatPosition(epoch, offset) : undefined })
  }
  return Buffer.from(text)
})

/** SSE frames of one publication without an id; the subscriber's cursor goes between the two parts. */
export interface PartedFrames {
  /** Every frame but the last; empty when there is only one. */
  before: Buffer
  /** The last frame. */
  last: Buffer
}

/**
 * Makes the SSE frames of a publication for connections over several channels, whose `id:` differs from one
 * connection to the next.
 */
export const partedEventFrames: Frames<PartedFrames> = once(WIRE.sse, (_publication, events) => ({
  before: Buffer.from(events.slice(0, -1).map(encodeEvent).join('')),
  last: Buffer.from(encodeEvent(events.at(-1) ?? { data: '' })),
}))

/** Makes the WebSocket messages of a publication, one for each event. */
export const messageFrames: Frames<readonly Buffer[]> = once(WIRE.websocket, (_publication, events) =>
  events.map(({ data }) => Buffer.from(data)),
)

/** Largest number of channel names remembered for one vocabulary. */
const MAX_NAMES = 1000

/**
 * Returns a vocabulary whose events have a given channel name; the same function for the same two, so that frames are
 * shared.
 */
const named = onePerObject((vocabulary: EventVocabulary) =>
  onePerName(
    MAX_NAMES,
    (name): EventVocabulary =>
      (publication) =>
        vocabulary({ ...publication, channel: name }),
  ),
)

/**
 * Returns a vocabulary over the events of another one; the same function for the same two, so that frames are shared.
 */
const composed = onePerObject((outer: EventVocabulary) =>
  onePerObject(
    (inner: EventVocabulary): EventVocabulary =>
      (publication) =>
        inner(publication).flatMap(({ data }) => outer({ ...publication, data })),
  ),
)

/** Returns a vocabulary that translates a feed's events by `outer`, under the channel name that clients know. */
export function feedVocabulary(
  outer: EventVocabulary,
  { events, name }: Pick<Feed, 'events' | 'name'>,
): EventVocabulary {
  const vocabulary = composed(outer)(events)
  return name === undefined ? vocabulary : named(vocabulary)(name)
}
