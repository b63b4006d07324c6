import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { RecordEvent } from '../../audit/audited.ts'
import type { AuditEventType } from '../../audit/events.ts'
import type { Chat, ChatMessageInput } from '../../chat/chat.ts'
import { SESSION_ID } from '../../chat/conversations.ts'
import { badField } from '../../errors.ts'
import { say as sentence } from '../../language/sentence.ts'
import type { Db, Stream } from '../../stream/stream.ts'
import type { Turn } from '../../turn/turn.ts'
import { countingFailure } from '../failure.ts'
import type { ShowingOptions } from '../turn-start.ts'

/** What the interfaces of conversations are handed. */
export interface SayingOptions extends ShowingOptions {
  chat: Chat
}

export const SessionId = Type.String({ pattern: SESSION_ID })
export const OnDisconnect = Type.Enum(['continue', 'cancel'])
export const MAX_CONTEXT_CHARS = 20_000

/**
 * What a client gives along, as text for the model; undefined when that is nothing.
 * @throws {Problem} `VALIDATION_FAILED` naming the field
 */
export const contextText = (field: string, given: Readonly<Record<string, unknown>>): string | undefined => {
  if (Object.keys(given).length === 0) return undefined
  const text = JSON.stringify(given)
  if (text.length > MAX_CONTEXT_CHARS)
    throw badField(field, sentence('field.max_characters', { count: MAX_CONTEXT_CHARS }))
  return text
}

/** Writes down, in the transaction that starts a stream, who started it. */
export const recordStart =
  (record: RecordEvent, type: AuditEventType, details: Record<string, unknown>) =>
  (trx: Db, { id }: Stream): Promise<void> =>
    record(trx, type, { resource_type: 'stream', resource_id: id, details })

/**
 * Says something in a conversation, with its event in the audit log.
 * @param identity who says it, when it is not whom the request came from
 * @throws {Problem} what {@link Chat.say} throws
 */
export const say = async (
  request: FastifyRequest,
  chat: Chat,
  saying: ChatMessageInput,
  identity = request.identity,
): Promise<Turn> => {
  const turn = await request.audited((record) =>
    chat.say(identity, saying, recordStart(record, 'chat.started', { session_id: saying.sessionId })),
  )
  return countingFailure(request, turn)
}
