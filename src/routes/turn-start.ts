import type { FastifyReply, FastifyRequest } from 'fastify'
import { type ErrorCode, Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { EventStreamSettings } from '../transport/sse.ts'
import { sendAway } from '../transport/sse.ts'
import type { Turn } from '../turn/turn.ts'
import { cancelWhenLeft, serveTurn, type TurnStreamOptions } from './turn-stream.ts'

/** What every route that shows turns is handed. */
export type ShowingOptions = Pick<TurnStreamOptions, 'feed' | 'streaming'>

/** What passes by itself: an EventSource that is answered with a status would not come back for it. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'DRAINING',
  'OVERLOADED',
  'TOO_MANY_CONNECTIONS',
  'TOO_MANY_STREAMS',
  'BUS_UNAVAILABLE',
])

/**
 * Refuses what could not be shown once it runs: nobody would watch it, and it would be paid for.
 * @throws {Problem} `FEATURE_DISABLED`, `DRAINING`, `OVERLOADED`, `TOO_MANY_CONNECTIONS`
 */
export const requirePlace = (
  request: FastifyRequest,
  { enabled = true, connections }: Pick<EventStreamSettings, 'enabled' | 'connections'>,
): void => {
  if (!enabled) throw new Problem('FEATURE_DISABLED', say('socket.streams_off'))
  connections.check(request.ip)
}

/**
 * Starts a turn and answers with it as an event-stream. A `GET` that there is no room for now is answered with `200`,
 * `retry:` and a comment, and nothing is started.
 * @param options.resumable false where its client could not come back: the turn ends when it leaves
 * @throws {Problem} what `start` throws, and {@link requirePlace}
 */
export const startServed = async (
  request: FastifyRequest,
  reply: FastifyReply,
  start: () => Promise<Turn>,
  { resumable = true, ...options }: TurnStreamOptions & { resumable?: boolean },
): Promise<FastifyReply> => {
  let turn: Turn
  try {
    requirePlace(request, options.streaming)
    turn = await start()
  } catch (error) {
    if (request.method === 'GET' && error instanceof Problem && PASSING.has(error.code))
      return sendAway(reply, error)
    throw error
  }
  if (!resumable) cancelWhenLeft(reply, options.feed.streams, turn)
  return serveTurn(request, reply, turn, options)
}
