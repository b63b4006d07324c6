import type { AuditTrail, RecordEvent } from '../audit/audited.ts'
import { badField, Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Db } from '../stream/stream.ts'
import { deferred } from '../turn/deferred.ts'
import type { TurnRequest } from '../turn/turn.ts'
import { type Identified, messagesOf } from './conversations.ts'

/** What a message asks to be replaced: a stored user message by itself, or an answer by another to the same question. */
export type ReplacementRequest =
  | { kind: 'edit'; messageId: string }
  /** Without an id, the last answer; with the id of a user's message, the answer after it. */
  | { kind: 'regenerate'; messageId?: string | undefined }

/** Messages of a conversation that are to be replaced. */
export interface Replacement {
  /** Order number of the first message that goes; all that follow it go as well. */
  from: number
  /** Order number of the message that is answered: what stands before it is recalled. */
  askedAt: number
  /** The question that stays and gets another answer; undefined where a new one takes its place. */
  question?: { id: string; content: string }
}

/** Field that names the message. */
const FIELD = '/messageId'

/** Finds where the replaced messages begin; undefined where a last answer is meant, and the message was never kept. */
const beginning = async (
  db: Db,
  session: Identified,
  request: ReplacementRequest,
  said: { id: string | undefined; content: string },
): Promise<number | undefined> => {
  const messages = () => messagesOf(db, session).select(['seq', 'role', 'content', 'replaces_seq'])
  if (request.messageId !== undefined) {
    const named = await messages().where('id', '=', request.messageId).executeTakeFirst()
    if (!named) throw badField(FIELD, say('field.no_message'))
    if (request.kind === 'edit') {
      if (named.role !== 'user') throw badField(FIELD, say('field.not_user_message'))
      return named.seq
    }
    // An answer that failed to replace another stands for that one.
    return named.role === 'user' ? named.seq + 1 : (named.replaces_seq ?? named.seq)
  }
  const questions = () => messages().where('role', '=', 'user').orderBy('seq', 'desc')
  const kept =
    said.id === undefined ? undefined : await questions().where('id', '=', said.id).executeTakeFirst()
  if (kept) return kept.seq + 1
  const last = await questions().executeTakeFirst()
  return last?.content === said.content ? last.seq + 1 : undefined
}

/**
 * Finds what a message replaces in a conversation.
 * @param session undefined while nobody has it
 * @param said the message, with the id that its client gave it
 * @returns undefined where another answer is asked for to a message that was never kept: it is said like any other
 * @throws {Problem} `VALIDATION_FAILED` naming `/messageId`
 */
export const findReplacement = async (
  db: Db,
  session: Identified | undefined,
  request: ReplacementRequest,
  said: { id: string | undefined; content: string },
): Promise<Replacement | undefined> => {
  if (!session && request.messageId !== undefined) throw badField(FIELD, say('field.no_message'))
  const from = session && (await beginning(db, session, request, said))
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

/** @throws {Problem} `VALIDATION_FAILED` where the conversation has a message of that id */
export const requireFreshId = async (
  db: Db,
  session: Identified,
  { id, field }: { id: string; field: string },
): Promise<void> => {
  const known = await messagesOf(db, session).select('seq').where('id', '=', id).executeTakeFirst()
  if (known) throw badField(field, say('field.known_message'))
}

/**
 * Refuses those who would take others' words out of a conversation that is not theirs.
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

/** Asks for the end of the answers that are being written from one message on. @returns their streams' ids */
export const cancelFrom = async (db: Db, session: Identified, { from }: Replacement): Promise<string[]> => {
  const running = await db
    .updateTable('streams')
    .set({ cancel_requested: 1 })
    .where('state', '=', 'running')
    .where(
      'id',
      'in',
      messagesOf(db, session).select('stream_id').where('seq', '>=', from).$castTo<{ stream_id: string }>(),
    )
    .returning('id')
    .execute()
  return running.map(({ id }) => id)
}

/**
 * Takes messages out of a conversation, and records those that were part of it.
 * @param end `seq` of the first message after them that stays; undefined takes all
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

/** Takes an edited message and all that followed out of its conversation. */
export const removeEdited = (
  db: Db,
  { id }: Identified,
  { from }: Replacement,
  record: RecordEvent,
): Promise<void> => remove(db, id, { from }, record)

/** A change whose events are written in a transaction of somebody else's. */
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
 * Puts a whole answer into the place of those it replaces; one that does not become whole replaces nothing, and stays
 * out of the conversation.
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
      // It went with the conversation, or with a message before it that was edited.
      if (!answer) return
      // Of an end that has to be written once more, what was recorded before is undone.
      void change?.settle()
      change = await openChange(audit, onError)
      await remove(db, sessionId, { from, end: answer.seq }, change.record)
    },
    async ended() {
      await change?.settle()
    },
  }
}
