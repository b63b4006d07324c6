import type { PartyKind } from '../channel/subscriber.ts'
import { onePerName, onePerObject } from '../feed/memo.ts'
import type { EventVocabulary } from '../protocol/frame.ts'
import { compressedAt, plainChunk } from './event-response.ts'
import { eventFrames, messageFrames } from './frames.ts'
import { deflatedMessages, plainMessages } from './messages.ts'
import { partyKind } from './party.ts'
import type { TransportObserver } from './transport-observer.ts'
import { WIRE } from './wire-count.ts'

/** Endpoints of event-streams that are told apart; there are fewer. */
const MAX_ENDPOINTS = 100
/** Levels of compression, and none. */
const MAX_LEVELS = 10
const PLAIN = ''
const UNOBSERVED: TransportObserver = {}

const gzipPack = (level: string) => {
  const compressed = compressedAt(level)
  return (frames: readonly Buffer[]) => {
    const piece = compressed(frames)
    return { bytes: piece.chunk, piece }
  }
}

const eventKinds = onePerObject((observer: TransportObserver) =>
  onePerObject((events: EventVocabulary) =>
    onePerName(MAX_LEVELS, (level) =>
      onePerName(MAX_ENDPOINTS, (endpoint) =>
        partyKind({
          count: WIRE.sse,
          framesOf(publications) {
            const made = publications.map((publication) => eventFrames(publication, events, false))
            const frames = made.filter((frame) => frame !== undefined)
            return { frames, shown: frames.length }
          },
          pack: level === PLAIN ? (frames) => ({ bytes: plainChunk(frames) }) : gzipPack(level),
          told: (shown, connections) => observer.sseEvent?.(endpoint, shown * connections),
        }),
      ),
    ),
  ),
)

/**
 * Returns the kind of parties of event-streams over one channel, as they are counted.
 * @param level of their gzip; undefined for those that are not compressed
 */
export const eventKind = (
  events: EventVocabulary,
  endpoint: string,
  level: number | undefined,
  observer: TransportObserver = UNOBSERVED,
): PartyKind => eventKinds(observer)(events)(level === undefined ? PLAIN : String(level))(endpoint)

const messageKinds = (pack: typeof plainMessages) =>
  onePerObject((vocabulary: EventVocabulary) =>
    partyKind({
      count: WIRE.websocket,
      framesOf(publications) {
        const made = publications.map((publication) => messageFrames(publication, vocabulary, false))
        const shown = made.filter((frames) => frames !== undefined)
        return { frames: shown.flat(), shown: shown.length }
      },
      pack: (frames) => ({ bytes: pack(frames) }),
    }),
  )

/** Return the kinds of parties of WebSockets, by the vocabulary of their channel. */
export const plainMessageKind = messageKinds(plainMessages)
export const deflatedMessageKind = messageKinds(deflatedMessages)
