import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Position, Publication } from '../channel/broker.ts'
import type { Presence } from '../channel/presence.ts'
import { badField, ERRORS, Problem } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import {
  type Channels,
  type FeedSink,
  type FeedSubscription,
  subscribeToFeed,
  UNKNOWN_POSITION,
} from '../feed/subscription.ts'
import type { Viewer } from '../feed/viewer.ts'
import { say } from '../language/sentence.ts'
import type { ServerEvent } from '../protocol/frame.ts'
import { type Admission, type Connections, spreadRetryMs } from './connections.ts'
import { type Cursor, multiCursor, parseCursor, parsePosition, singleCursor } from './cursor.ts'
import { EventResponse, type EventResponseOptions, eventStreamHeaders } from './event-response.ts'
import { encodeComment, encodeRetry } from './event-stream.ts'
import { eventFrames, formatPosition, partedEventFrames } from './frames.ts'
import { WireMember } from './party.ts'
import { eventKind } from './party-kinds.ts'
import type { TransportObserver } from './transport-observer.ts'
import { WIRE } from './wire-count.ts'

/** The settings that all event-streams of an instance share. */
export interface EventStreamSettings extends EventResponseOptions {
  hub: Channels
  connections: Connections
  /** Notes the subscribers of each channel. */
  presence?: Pick<Presence, 'enter' | 'leave'>
  observer?: TransportObserver
  /** False to answer `FEATURE_DISABLED`. Default true. */
  enabled?: boolean
}

export interface EventStreamOptions extends EventStreamSettings {
  /** Up to 100, of different channels. */
  feeds: readonly Feed[]
  viewer: Viewer
  /** Name of the interface in metrics: a route's pattern, never text from a client. */
  endpoint: string
  /** Value of `X-Stream-Id`; a random one for event-streams that show no execution. */
  streamId?: string
  /**
   * True to write the position in every channel as `id:`, also when there is only one. Default: when there are
   * several.
   */
  cursor?: boolean
  /** Positions in single channels, by their channels' keys ({@link keyOf}), for those that the client's cursor does not name. */
  positions?: ReadonlyMap<string, Position>
}

export const MAX_FEEDS = 100

/** Made once: an error of its own for each connection would cost its stack trace. */
const LEFT = new Error('the client has left')

/**
 * Reads the client's cursor: `Last-Event-ID`, else `?last_event_id=`.
 * @returns `asked` is false when the client names no position; an id that cannot be read is a position that no log
 *   has
 */
function requestedCursor(
  request: FastifyRequest,
  channels: readonly string[],
  several: boolean,
  named: ReadonlyMap<string, Position> = new Map(),
): { asked: boolean; cursor: Cursor } {
  const query = request.query as Record<string, unknown>
  const given = request.headers['last-event-id'] || query.last_event_id
  if (given === undefined || given === '') {
    return { asked: named.size > 0, cursor: several ? multiCursor(named) : singleCursor(undefined) }
  }
  const text = typeof given === 'string' ? given : ''
  if (!several) return { asked: true, cursor: singleCursor(parsePosition(text) ?? UNKNOWN_POSITION) }
  const positions = parseCursor(text, channels)
  const cursor = multiCursor(new Map([...named, ...(positions ?? [])]))
  if (positions === undefined) for (const channel of channels) cursor.move(channel, UNKNOWN_POSITION)
  return { asked: true, cursor }
}

/** Returns the position of one channel that the client names; undefined when it names none that can be read. */
export const requestedPosition = (request: FastifyRequest): Position | undefined => {
  const given = request.headers['last-event-id'] || (request.query as Record<string, unknown>).last_event_id
  return typeof given === 'string' ? parsePosition(given) : undefined
}

/** Tells whether the client has received the terminal event of the feed. */
async function hasSeenEnd(feed: Feed, position: Position | undefined): Promise<boolean> {
  if (position === undefined || feed.ended === undefined) return false
  const end = await feed.ended()
  return end !== null && end.epoch === position.epoch && position.offset >= end.offset
}

/** Answers so that a browser's EventSource stays alive and reconnects after `retryMs`. */
export function sendAway(
  reply: FastifyReply,
  problem: Problem,
  streamId: string = randomUUID(),
): FastifyReply {
  // The status 200 does not show the refusal, so it is noted for the audit log.
  reply.request.problem = problem
  const retryMs = problem.retryAfter === undefined ? spreadRetryMs() : problem.retryAfter * 1000
  return reply
    .code(200)
    .headers(eventStreamHeaders(streamId))
    .header('retry-after', Math.ceil(retryMs / 1000))
    .header('connection', 'close')
    .send(encodeRetry(retryMs) + encodeComment(problem.tell(reply.request.language).detail))
}

/**
 * Answers with an event-stream over the feeds, from the client's position, until they end, the client leaves, reads
 * too slowly or loses its credentials, or the instance drains.
 *
 * Frames: `retry:`; for each feed whose position was named `event: recovery`, and when it could not be served `event:
 * snapshot` `{type,channel,state}` and a replay from the store without ids; then publications. `204` when every feed
 * has ended and the client has received its end. A `GET` that is refused a place now gets `200`, `retry:` and a
 * comment.
 * @throws {Problem} on other methods than `GET`: `DRAINING`, `OVERLOADED`, `TOO_MANY_CONNECTIONS`, `BUS_UNAVAILABLE`;
 *   on all `FEATURE_DISABLED`
 */
export async function serveEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  options: EventStreamOptions,
): Promise<FastifyReply> {
  const { feeds, viewer, endpoint, connections, enabled = true } = options
  if (!enabled) throw new Problem('FEATURE_DISABLED', say('socket.streams_off'))
  if (feeds.length === 0 || feeds.length > MAX_FEEDS)
    throw badField('?channel', say('socket.channel_count', { most: MAX_FEEDS }))
  const several = options.cursor ?? feeds.length > 1
  const channels = feeds.map(({ channel }) => channel)
  const { asked, cursor } = requestedCursor(request, channels, several, options.positions)
  const streamId = options.streamId ?? randomUUID()
  if (asked) {
    const seen = await Promise.all(feeds.map((feed) => hasSeenEnd(feed, cursor.at(feed.channel))))
    if (seen.every(Boolean)) return reply.code(204).header('x-stream-id', streamId).send()
  }
  let admission: Admission | undefined
  try {
    admission = connections.admit('sse', endpoint, viewer.address)
    return await openStream(request, reply, { ...options, cursor, several, streamId, admission })
  } catch (error) {
    admission?.release()
    if (request.method === 'GET' && error instanceof Problem && ERRORS[error.code].retryable) {
      return sendAway(reply, error, streamId)
    }
    throw error
  }
}

interface OpenOptions extends Omit<EventStreamOptions, 'cursor' | 'positions'> {
  cursor: Cursor
  several: boolean
  streamId: string
  admission: Admission
}

async function openStream(
  request: FastifyRequest,
  reply: FastifyReply,
  options: OpenOptions,
): Promise<FastifyReply> {
  const { feeds, viewer, hub, cursor, streamId, admission } = options
  const observer = options.observer ?? {}
  const gone = new AbortController()
  setMaxListeners(2 * MAX_FEEDS, gone.signal)
  const leave = (): void => gone.abort(LEFT)
  const { raw } = reply
  raw.once('close', leave)
  if (raw.destroyed || request.raw.socket.destroyed) gone.abort(LEFT)

  const stream: { response?: EventResponse } = {}
  let open = feeds.length
  const watching = feeds.map(async (feed): Promise<[Feed, Position | undefined, FeedSubscription]> => {
    const position = cursor.at(feed.channel)
    const sink = eventSink(feed, options, observer, {
      response: () => stream.response,
      ended() {
        open--
        if (open === 0) stream.response?.end()
      },
      // Ends all channels of the event-stream: a client that reconnects is told which one it may not have.
      withdrawn: () => stream.response?.end(),
      failed(error) {
        request.log.error({ err: error, channel: feed.channel }, 'a story could not be told')
        stream.response?.abort()
      },
    })
    return [feed, position, await subscribeToFeed(hub, feed, position ?? feed.since, sink, gone.signal)]
  })
  let watches: [Feed, Position | undefined, FeedSubscription][]
  try {
    watches = await Promise.all(watching)
  } catch (error) {
    gone.abort(LEFT)
    if (!raw.destroyed) raw.off('close', leave)
    if (!(raw.destroyed || request.raw.socket.destroyed)) throw error
    admission.release()
    return reply.hijack()
  }

  const leavePresence = enterPresence(request, options)
  reply.headers(eventStreamHeaders(streamId, options.keepaliveSeconds))
  const wordless = feeds.some((feed) => feed.wordless)
  const isPersonal = feeds.every((feed) => feed.isPersonal === true)
  const response = new EventResponse(request, reply, viewer, { ...options, wordless, isPersonal }, (cut) => {
    if (cut !== undefined)
      observer.cutoff?.(cut, { user_id: viewer.id, address: viewer.address, endpoint: options.endpoint })
    gone.abort(LEFT)
    admission.release()
    leavePresence()
  })
  stream.response = response
  admission.onDismiss((retryMs) => response.dismiss(retryMs))
  admission.queues(response.outlet)
  for (const [feed, position, { recovered, reason, position: now, begin }] of watches) {
    const { channel, name = channel } = feed
    if (position !== undefined) {
      const outcome = recovered === true ? 'recovered' : (reason ?? 'lost')
      observer.recovery?.(outcome)
      if (!feed.wordless)
        response.send({ event: 'recovery', data: recoveryText(recovered === true, name, now, reason) })
    }
    if (recovered !== false) cursor.move(channel, now)
    begin()
  }
  const [only] = watches
  if (only !== undefined && watches.length === 1 && !options.several) takeSeat(response, only, options)
  return reply
}

/** Lets an event-stream over one channel get its events together with the others of that channel. */
function takeSeat(
  { outlet, shared }: EventResponse,
  [{ events, coalesceMs = 0 }, , { seat }]: [Feed, unknown, FeedSubscription],
  { observer, endpoint }: OpenOptions,
): void {
  if (seat === undefined || shared === undefined || coalesceMs > 0) return
  const { wire, gzip } = shared
  const kind = eventKind(events, endpoint, gzip?.level, observer)
  outlet.seatAt(new WireMember(seat, kind, outlet, wire, { count: gzip?.count }))
}

/**
 * Notes the connection in the presence of every channel.
 * @returns a function that removes it again
 */
function enterPresence(request: FastifyRequest, { presence, feeds, viewer }: OpenOptions): () => void {
  if (presence === undefined) return () => {}
  const member = { connection_id: randomUUID(), user: viewer.username }
  const log = (error: unknown): void => request.log.warn({ err: error }, 'presence could not be noted')
  for (const { channel } of feeds) presence.enter(channel, member).catch(log)
  return () => {
    for (const { channel } of feeds) presence.leave(channel, member).catch(log)
  }
}

const recoveryText = (recovered: boolean, channel: string, position: Position, reason?: string): string =>
  JSON.stringify({ type: 'recovery', recovered, reason, channel, ...position })

interface EventSinkCalls {
  response(): EventResponse | undefined
  ended(): void
  withdrawn(): void
  failed(error: unknown): void
}

/** Makes the sink that writes one feed to an event-stream. */
function eventSink(
  feed: Feed,
  options: OpenOptions,
  observer: TransportObserver,
  calls: EventSinkCalls,
): FeedSink {
  const { channel, name = channel, coalesceMs } = feed
  const { cursor, several, endpoint } = options

  const frameOf = (publication: Publication, isAlone: boolean): Buffer | undefined => {
    if (!several) return eventFrames(publication, feed.events, isAlone)
    const frames = partedEventFrames(publication, feed.events, isAlone)
    if (frames === undefined) return undefined
    return Buffer.concat([frames.before, Buffer.from(`id: ${cursor.format()}\n`), frames.last])
  }
  return {
    show(publications, isAlone) {
      const outlet = calls.response()?.outlet
      let count = 0
      for (const publication of publications) {
        cursor.move(channel, publication)
        const frame = frameOf(publication, isAlone)
        if (frame === undefined) continue
        outlet?.send(frame, coalesceMs)
        count++
      }
      if (count === 0) return
      WIRE.sse.framesSent += count
      observer.sseEvent?.(endpoint, count)
    },
    lost(reason, position) {
      observer.recovery?.(reason)
      if (!feed.wordless)
        calls.response()?.send({ event: 'recovery', data: recoveryText(false, name, position, reason) })
    },
    snapshot(state) {
      if (feed.wordless) {
        for (const event of state as readonly ServerEvent[]) calls.response()?.send(event)
        return
      }
      calls
        .response()
        ?.send({ event: 'snapshot', data: JSON.stringify({ type: 'snapshot', channel: name, state }) })
    },
    replay(data, end) {
      const response = calls.response()
      if (end !== undefined) cursor.move(channel, end)
      const events = feed.events({ channel, ...(end ?? UNKNOWN_POSITION), data })
      events.forEach((event, index) => {
        const id = several ? cursor.format() : end && formatPosition(end.epoch, end.offset)
        response?.send(end !== undefined && index === events.length - 1 ? { ...event, id } : event)
      })
      observer.sseEvent?.(endpoint, events.length)
    },
    reached: (position) => cursor.move(channel, position),
    drained: () => calls.response()?.outlet.drained() ?? Promise.resolve(),
    ended: calls.ended,
    withdrawn: calls.withdrawn,
    failed(error) {
      observer.error?.('story', endpoint)
      calls.failed(error)
    },
  }
}
