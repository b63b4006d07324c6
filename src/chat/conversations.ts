import type { Selectable } from 'kysely'
import { noSuch } from '../errors.ts'
import type { AccessControl } from '../identity/access.ts'
import type { Identity } from '../identity/identity.ts'
import { endShares, sharedWith } from '../identity/share-rows.ts'
import type { ChatMessage } from '../llm/provider.ts'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'
import { isBehind } from '../store/keyset.ts'
import type { ChatMessageTable, ChatSessionTable } from '../store/schema.ts'
import type { Db } from '../stream/stream.ts'
import { requestCancel } from '../stream/stream-rows.ts'
import { type ConversationSearch, type FoundSession, searchConversations } from './conversation-search.ts'

export type Session = Selectable<ChatSessionTable>
export type Message = Selectable<ChatMessageTable>
/** Identifies one conversation; the channel tells it from others that have or had its id. */
export type Identified = Pick<Session, 'id' | 'channel'>

/** Pattern of the ids of conversations, which clients choose. */
export const SESSION_ID = '^[A-Za-z0-9_-]{1,64}$'
/** Most messages of a conversation that a model gets: the newest ones that fit. */
const RECALLED_MESSAGES = 40
const RECALLED_CHARS = 48_000
const TITLE_CHARS = 80

/** Returns a message with the fields that clients see. */
export const shownMessage = (message: Message) => ({
  message_id: message.id,
  session_id: message.session_id,
  role: message.role,
  content: message.content,
  state: message.state,
  agent_id: message.agent_id,
  provider: message.provider,
  model: message.model,
  usage: message.usage_json === null ? null : JSON.parse(message.usage_json),
  stream_id: message.stream_id,
  created_at: new Date(message.created_at).toISOString(),
})

/** Returns a conversation with the fields that clients see; a found one has an excerpt. */
export const shownSession = (session: Session | FoundSession) => ({
  session_id: session.id,
  title: session.title,
  owner: session.owner,
  created_at: new Date(session.created_at).toISOString(),
  updated_at: new Date(session.updated_at).toISOString(),
  ...('excerpt' in session && { excerpt: session.excerpt }),
})

const titleOf = (message: string): string =>
  [...message.trim().replace(/\s+/g, ' ')].slice(0, TITLE_CHARS).join('')

/**
 * Selects the messages of this conversation, without those of a later one with its id. Messages with a
 * `replaces_seq` are answers that have not replaced another one, and no part of the conversation.
 */
export const messagesOf = (db: Db, { id, channel }: Identified) =>
  db
    .selectFrom('chat_messages')
    .where('session_id', '=', id)
    .where('session_id', 'in', (eb) =>
      eb.selectFrom('chat_sessions').select('id').where('channel', '=', channel),
    )

/**
 * Stores conversations and their messages. Clients choose the ids, and a removed one may be created anew, by
 * another user, at any moment; so operations identify a conversation by its channel, which no other ever has.
 */
export class Conversations {
  readonly #store: Store
  readonly #access: Pick<AccessControl, 'require'>

  constructor(store: Store, access: Pick<AccessControl, 'require'>) {
    this.#store = store
    this.#access = access
  }

  async get(id: string): Promise<Session | undefined> {
    return this.#store.db.selectFrom('chat_sessions').selectAll().where('id', '=', id).executeTakeFirst()
  }

  /**
   * Returns the conversation with an id; undefined where there is none.
   * @throws {Problem} `NOT_FOUND` when the caller may not read it
   */
  async find(identity: Identity, id: string): Promise<Session | undefined> {
    const session = await this.get(id)
    if (!session) return undefined
    await this.#access.require(identity, { type: 'chat', id, channel: session.channel }, 'shared')
    return session
  }

  /**
   * Returns the conversation with an id.
   * @throws {Problem} `NOT_FOUND` when there is none, or the caller may not read it
   */
  async require(identity: Identity, id: string): Promise<Session> {
    const session = await this.find(identity, id)
    if (!session) throw noSuch('chat')
    return session
  }

  /**
   * Creates a conversation.
   * @param message the first message, for the title; empty where there is none yet
   * @returns false where the id is in use
   */
  async make(db: Db, { id, channel }: Identified, owner: string, message: string): Promise<boolean> {
    const now = Date.now()
    const made = await db
      .insertInto('chat_sessions')
      .values({ id, owner, channel, title: titleOf(message), created_at: now, updated_at: now })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .executeTakeFirst()
    return made !== undefined
  }

  /**
   * Updates a conversation at a new message, and keeps it from being removed until the transaction is over.
   * @returns false when it has been removed
   */
  async touch(db: Db, { id, channel }: Identified, message: string): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('chat_sessions')
      .set((eb) => ({
        updated_at: Date.now(),
        title: eb.case().when('title', '=', '').then(titleOf(message)).else(eb.ref('title')).end(),
      }))
      .where('id', '=', id)
      .where('channel', '=', channel)
      .executeTakeFirstOrThrow()
    return numUpdatedRows === 1n
  }

  /**
   * Lists the conversations of a user and those shared with the user, newest first.
   * @param owner `null` lists those of all users
   * @param after a place in the list
   */
  async list(owner: string | null, limit: number, after: string | null): Promise<Session[]> {
    let found = this.#store.db.selectFrom('chat_sessions').selectAll()
    if (owner !== null)
      found = found.where((eb) =>
        eb.or([eb('owner', '=', owner), eb('id', 'in', sharedWith(this.#store.db, 'chat', owner))]),
      )
    if (after !== null) found = found.where(isBehind('created_at', after))
    return found.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
  }

  /** Finds conversations by their words; see {@link searchConversations}. */
  search(search: ConversationSearch): Promise<FoundSession[]> {
    return searchConversations(this.#store, search)
  }

  /**
   * Removes a conversation and its messages, and requests the end of the turns in it, in one transaction.
   * @returns ids of the streams that are to end; their instances notice it when they renew their leases
   * @throws {Problem} `NOT_FOUND` when it was removed already
   */
  async remove({ id, channel }: Identified, alongside?: Alongside): Promise<string[]> {
    return this.#store.db.transaction().execute(async (db) => {
      // Concurrent messages and shares lock the same row, so they come wholly before or wholly after.
      const { numDeletedRows } = await db
        .deleteFrom('chat_sessions')
        .where('id', '=', id)
        .where('channel', '=', channel)
        .executeTakeFirstOrThrow()
      if (numDeletedRows === 0n) throw noSuch('chat')
      await endShares(db, { type: 'chat', id })
      const running = await requestCancel(db, channel)
      await alongside?.(db)
      return running
    })
  }

  #messagesOf(session: Identified) {
    return messagesOf(this.#store.db, session).where('replaces_seq', 'is', null)
  }

  /**
   * Returns the newest messages before one, oldest first; none of a conversation that was removed.
   * @param before a message's id
   * @returns undefined where `before` is no message of this conversation
   */
  async messages(session: Identified, limit: number, before: string | null): Promise<Message[] | undefined> {
    let found = this.#messagesOf(session).selectAll()
    if (before !== null) {
      const last = await this.#messagesOf(session).select('seq').where('id', '=', before).executeTakeFirst()
      if (!last) return undefined
      found = found.where('seq', '<', last.seq)
    }
    const rows = await found.orderBy('seq', 'desc').limit(limit).execute()
    return rows.reverse()
  }

  /**
   * Returns the last messages for a model, oldest first, each with the role of its writer.
   * @param before `seq` of a message: only earlier ones are returned
   */
  async recall(session: Identified, before?: number): Promise<ChatMessage[]> {
    const rows = await this.#messagesOf(session)
      .select(['role', 'content'])
      .where('content', '!=', '')
      .where('role', 'in', ['user', 'assistant'])
      .$if(before !== undefined, (query) => query.where('seq', '<', before as number))
      .orderBy('seq', 'desc')
      .limit(RECALLED_MESSAGES)
      .execute()
    let chars = 0
    const fitting = rows.filter(({ content }) => {
      chars += content.length
      return chars <= RECALLED_CHARS
    })
    // Some vendors refuse a conversation that begins with a message of the model.
    const recalled = fitting.reverse()
    const first = recalled.findIndex(({ role }) => role === 'user')
    return first < 0 ? [] : recalled.slice(first).map(({ role, content }) => ({ role, content }))
  }
}
