import type { Hub } from '../channel/hub.ts'
import { ERRORS, type ErrorCode, Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Turn } from './turn.ts'

/** The fields of a turn's `complete` event, and its answer. */
export type CompletedTurn = Readonly<Record<string, unknown>> & { content: string }

/** Returns the problem that a turn's `error` or `cancelled` event reports. */
export const problemOf = (event: Readonly<Record<string, unknown>>): Problem => {
  if (event.type === 'cancelled') return new Problem('INTERRUPTED', say('chat.answer_cancelled'))
  const { error_code, message, retry_after } = event
  const code: ErrorCode = Object.hasOwn(ERRORS, String(error_code)) ? (error_code as ErrorCode) : 'INTERNAL'
  return new Problem(code, String(message), retry_after === null ? {} : { retryAfter: Number(retry_after) })
}

/**
 * Subscribes to a turn for a caller who waits for it, so that it does not count as abandoned.
 * @param gone aborts when the caller leaves
 * @returns the function that ends the subscription; it ends by itself with the turn
 */
const attend = async (hub: Pick<Hub, 'subscribe'>, turn: Turn, gone: AbortSignal): Promise<() => void> => {
  const ignore = { deliver: () => undefined, drained: async () => undefined, lost: () => undefined }
  const subscription = await hub.subscribe(turn.stream.channel, ignore, 'now')
  const leave = () => subscription.close()
  gone.addEventListener('abort', leave, { once: true })
  if (gone.aborted) leave()
  turn.ended.then(leave, leave)
  return leave
}

/**
 * Waits for the first piece of a turn's answer, for interfaces whose status reports a failure before it.
 * @throws {Problem} the turn's own when it ended without an answer before its first piece
 */
export const firstPiece = async (
  hub: Pick<Hub, 'subscribe'>,
  turn: Turn,
  gone: AbortSignal,
): Promise<void> => {
  const leave = await attend(hub, turn, gone)
  await turn.firstText
  leave()
  const end = await Promise.race([turn.ended, undefined])
  if (end && end.event.type !== 'complete') throw problemOf(end.event)
}

/**
 * Waits for a turn's whole answer.
 * @throws {Problem} the turn's own when it ended without an answer
 */
export const wholeAnswer = async (
  hub: Pick<Hub, 'subscribe'>,
  turn: Turn,
  gone: AbortSignal,
): Promise<CompletedTurn> => {
  await attend(hub, turn, gone)
  const { event, content } = await turn.ended
  if (event.type === 'complete') return { ...event, content }
  throw problemOf(event)
}
