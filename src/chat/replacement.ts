import type { AuditTrail, RecordEvent } from '../audit/audited.ts'
import { badField, Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Db } from '../stream/stream.ts'
import { requestCancel } from '../stream/stream-rows.ts'
import { deferred } from '../turn/deferred.ts'
import type { TurnRequest } from '../turn/turn.ts'
import { type Identified, messagesOf } from './conversations.ts'

/**
 * A request to replace messages: an edited user message in place of a stored one, or another answer to the same
 * question.
 */
export type ReplacementRequest =
  | { kind: 'edit'; messageId: string }
  /** Without an id, the last answer is replaced; with the id of a user's message, the answer after it. */
  | { kind: 'regenerate'; messageId?: string | undefined }

/** The messages of a conversation that are to be replaced. */
export interface Replacement {
  /** Order number of the first message to replace; all later ones are replaced too. */
  from: number
  /** Order number of the message that is answered: earlier messages are recalled. */
  askedAt: number
  /** The question that stays and gets another answer; undefined where a new one replaces it. */
  question?: { id: string; content: string }
}

/** The field of the request that names the message. */
const FIELD = '/messageId'

/**
 * Finds the first of the replaced messages; returns undefined where the last answer is meant, and the message was
 * never stored.
 */
const beginning = async (
  db: Db,
  session: Identified,
  request: ReplacementRequest,
  received: { id: string | undefined; content: string },
): Promise<number | undefined> => {
  const messages = () => messagesOf(db, session).select(['seq', 'role', 'content', 'replaces_seq'])
  if (request.messageId !== undefined) {
    const named = await messages().where('id', '=', request.messageId).executeTakeFirst()
    if (!named) throw badField(FIELD, say('field.no_message'))
    if (request.kind === 'edit') {
      if (named.role !== 'user') throw badField(FIELD, say('field.not_user_message'))
      return named.seq
    }
    // An answer that failed to replace another one represents that one.
    return named.role === 'user' ? named.seq + 1 : (named.replaces_seq ?? named.seq)
  }
  const questions = () => messages().where('role', '=', 'user').orderBy('seq', 'desc')
  const kept =
    received.id === undefined ? undefined : await questions().where('id', '=', received.id).executeTakeFirst()
  if (kept) return kept.seq + 1
  const last = await questions().executeTakeFirst()
  return last?.content === received.content ? last.seq + 1 : undefined
}

/**
 * Finds the messages that a message replaces in a conversation.
 * @param session undefined while the conversation does not exist
 * @param received the message, with the id that its client gave it
 * @returns undefined where another answer is requested to a message that was never stored: it is added like any
 *   other
 * @throws {Problem} `VALIDATION_FAILED` naming `/messageId`
 */
export const findReplacement = async (
  db: Db,
  session: Identified | undefined,
  request: ReplacementRequest,
  received: { id: string | undefined; content: string },
): Promise<Replacement | undefined> => {
  if (!session && request.messageId !== undefined) throw badField(FIELD, say('field.no_message'))
  const from = session && (await beginning(db, session, request, received))
  if (!session || from === undefined) return undefined
  if (request.kind === 'edit') return { from, askedAt: from }
  const question = await messagesOf(db, session)
    .select(['seq', 'id', 'content'])
    .where('role', '=', 'user')
    .where('seq', '<', from)
    .orderBy('seq', 'desc')
    .executeTakeFirst()
  if (!question) throw badField(FIELD, say('field.no_question'))
  const { seq: askedAt, ...kept } = question
  return { from, askedAt, question: kept }
}

/** Refuses an id of a message that the conversation has already. @throws {Problem} `VALIDATION_FAILED` */
export const requireFreshId = async (
  db: Db,
  session: Identified,
  { id, field }: { id: string; field: string },
): Promise<void> => {
  const known = await messagesOf(db, session).select('seq').where('id', '=', id).executeTakeFirst()
  if (known) throw badField(field, say('field.known_message'))
}

/**
 * Refuses callers who would remove messages of others from a conversation that they do not own.
 * @throws {Problem} `FORBIDDEN`
 */
export const requireAuthor = async (
  db: Db,
  session: Identified,
  { askedAt }: Replacement,
  userId: string,
): Promise<void> => {
  const foreign = await messagesOf(db, session)
    .select('seq')
    .where('seq', '>=', askedAt)
    .where('role', '=', 'user')
    .where('author', '!=', userId)
    .executeTakeFirst()
  if (foreign) throw new Problem('FORBIDDEN', say('chat.others_messages'))
}

/** Requests the end of the answers that are being written from one message on. @returns ids of their streams */
export const cancelFrom = (db: Db, session: Identified, { from }: Replacement): Promise<string[]> =>
  requestCancel(
    db,
    session.channel,
    messagesOf(db, session).select('stream_id as id').where('seq', '>=', from).$asScalar().$castTo<string>(),
  )

/**
 * Removes messages from a conversation, and records those that were part of it.
 * @param end `seq` of the first later message that stays; undefined removes all
 */
const remove = async (
  db: Db,
  sessionId: string,
  { from, end }: { from: number; end?: number },
  record: RecordEvent,
): Promise<void> => {
  const rows = await db
    .deleteFrom('chat_messages')
    .where('session_id', '=', sessionId)
    .where('seq', '>=', from)
    .$if(end !== undefined, (query) => query.where('seq', '<', end as number))
    .returning(['seq', 'id', 'role', 'content', 'replaces_seq'])
    .execute()
  const known = rows.filter(({ replaces_seq }) => replaces_seq === null)
  for (const { id: message_id, role, content } of known.sort((one, other) => one.seq - other.seq))
    await record(db, 'chat.message_replaced', {
      resource_type: 'chat',
      resource_id: sessionId,
      details: { message_id, role, content },
    })
}

/** Removes an edited message and all later ones from its conversation. */
export const removeEdited = (
  db: Db,
  { id }: Identified,
  { from }: Replacement,
  record: RecordEvent,
): Promise<void> => remove(db, id, { from }, record)

/** A change whose events are recorded in a transaction of other code. */
interface OpenChange {
  record: RecordEvent
  /** Resolves when the events are durable in the log. */
  settle(): Promise<void>
}

const openChange = async (audit: AuditTrail, onError: (error: unknown) => void): Promise<OpenChange> => {
  const opened = deferred<RecordEvent>()
  const over = deferred<void>()
  const changed = audit.change(async (record) => {
    opened.resolve(record)
    await over.promise
  })
  return {
    record: await opened.promise,
    settle() {
      over.resolve()
      return changed.catch(onError)
    },
  }
}

/**
 * Replaces answers by a whole new answer; an answer that does not become whole replaces nothing, and stays out of
 * the conversation.
 */
export const replaceAtEnd = (
  { id: sessionId }: Identified,
  { from }: Replacement,
  audit: AuditTrail,
  onError: (error: unknown) => void,
): Required<Pick<TurnRequest, 'complete' | 'ended'>> => {
  let change: OpenChange | undefined
  return {
    async complete(db, { id }) {
      const answer = await db
        .updateTable('chat_messages')
        .set({ replaces_seq: null })
        .where('stream_id', '=', id)
        .where('role', '=', 'assistant')
        .returning('seq')
        .executeTakeFirst()
      // The answer was removed with the conversation, or with an earlier message that was edited.
      if (!answer) return
      // An end that has to be written again records its events again; the earlier ones were rolled back.
      void change?.settle()
      change = await openChange(audit, onError)
      await remove(db, sessionId, { from, end: answer.seq }, change.record)
    },
    async ended() {
      await change?.settle()
    },
  }
}
