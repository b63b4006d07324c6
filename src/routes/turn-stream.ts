import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Hub } from '../channel/hub.ts'
import { ERRORS, type ErrorCode, Problem } from '../errors.ts'
import type { EventVocabulary } from '../protocol/frame.ts'
import type { Streams } from '../stream/streams.ts'
import { type EventStreamSettings, serveEvents } from '../transport/sse.ts'
import type { Turn } from '../turn/turns.ts'
import { type TurnFeedOptions, turnFeed } from './turn-feed.ts'
import { viewerOf } from './viewer.ts'

export interface TurnStreamOptions {
  feed: TurnFeedOptions
  streaming: EventStreamSettings
  /** The route's pattern, for metrics. */
  endpoint: string
  /** The interface's own words; v1 where none are named. */
  vocabulary?: EventVocabulary
}

/** Answers with a turn that has just been started, as an event-stream. */
export const serveTurn = async (
  request: FastifyRequest,
  reply: FastifyReply,
  turn: Turn,
  { feed, streaming, endpoint, vocabulary }: TurnStreamOptions,
): Promise<FastifyReply> => {
  await turn.began
  return serveEvents(request, reply, {
    ...streaming,
    feeds: [turnFeed(feed, turn.stream, vocabulary)],
    viewer: viewerOf(request.identity, request),
    endpoint,
    streamId: turn.stream.id,
  })
}

/** Ends the turn, and its vendor's work, as soon as its client leaves: nobody could come back to it. */
export const cancelWhenLeft = (reply: FastifyReply, streams: Streams, turn: Turn): void => {
  let over = false
  turn.ended.then(
    () => {
      over = true
    },
    () => {
      over = true
    },
  )
  const left = () => {
    if (!over) streams.cancel(turn.stream.id).catch(() => undefined)
  }
  reply.raw.once('close', left)
  if (reply.raw.destroyed) left()
}

/** Counts as one who watches the turn until it ends or `signal` aborts, so that it is not taken for forsaken. */
const attend = async (hub: Hub, turn: Turn, signal: AbortSignal): Promise<void> => {
  const ignore = { deliver: () => undefined, drained: async () => undefined, lost: () => undefined }
  const subscription = await hub.subscribe(turn.stream.channel, ignore, 'now')
  const leave = () => subscription.close()
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) leave()
  turn.ended.then(leave, leave)
}

export type Completed = Readonly<Record<string, unknown>> & { content: string }

/**
 * Waits for a turn's whole answer.
 * @returns the fields of `complete`, and the answer
 * @throws {Problem} what the turn ended with, when not with an answer
 */
export const wholeAnswer = async (reply: FastifyReply, hub: Hub, turn: Turn): Promise<Completed> => {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  if (reply.raw.destroyed) gone.abort()
  await attend(hub, turn, gone.signal)
  const { event, content } = await turn.ended
  if (event.type === 'complete') return { ...event, content }
  throw problemOf(event)
}

/** The problem that a turn's `error` or `cancelled` event tells of. */
export const problemOf = (event: Readonly<Record<string, unknown>>): Problem => {
  if (event.type === 'cancelled') return new Problem('INTERRUPTED', 'The answer was cancelled')
  const { error_code, message, retry_after } = event
  const code: ErrorCode = Object.hasOwn(ERRORS, String(error_code)) ? (error_code as ErrorCode) : 'INTERNAL'
  return new Problem(code, String(message), retry_after === null ? {} : { retryAfter: Number(retry_after) })
}
