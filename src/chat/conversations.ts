import { type Selectable, sql } from 'kysely'
import { Problem } from '../errors.ts'
import { requireAccess } from '../identity/access.ts'
import type { Identity } from '../identity/identity.ts'
import { say } from '../language/sentence.ts'
import type { ChatMessage } from '../llm/provider.ts'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'
import { isBehind } from '../store/keyset.ts'
import type { ChatMessageTable, ChatSessionTable } from '../store/schema.ts'
import type { Db } from '../stream/stream.ts'

export type Session = Selectable<ChatSessionTable>
export type Message = Selectable<ChatMessageTable>
/** One conversation, and no other that has or had its id. */
export type Identified = Pick<Session, 'id' | 'channel'>

/** Ids that clients may give a conversation. */
export const SESSION_ID = '^[A-Za-z0-9_-]{1,64}$'
/** What a model is told of a conversation: its newest messages, as many as fit. */
const RECALLED_MESSAGES = 40
const RECALLED_CHARS = 48_000
const TITLE_CHARS = 80

/** A message as clients see it. */
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

/** A conversation as clients see it. */
export const shownSession = (session: Session) => ({
  session_id: session.id,
  title: session.title,
  owner: session.owner,
  created_at: new Date(session.created_at).toISOString(),
  updated_at: new Date(session.updated_at).toISOString(),
})

export const noSuchChat = (): Problem => new Problem('NOT_FOUND', say('thing.no_such', { thing: 'chat' }))

const titleOf = (said: string): string => [...said.trim().replace(/\s+/g, ' ')].slice(0, TITLE_CHARS).join('')

/**
 * Selects from the messages of this conversation, and not of the next of its id. Those with a `replaces_seq` are answers
 * that have not replaced another: they are no part of it.
 */
export const messagesOf = (db: Db, { id, channel }: Identified) =>
  db
    .selectFrom('chat_messages')
    .where('session_id', '=', id)
    .where('session_id', 'in', (eb) =>
      eb.selectFrom('chat_sessions').select('id').where('channel', '=', channel),
    )

/**
 * Conversations and what was said in them. Ids are the clients': one that was removed may be made anew, by somebody
 * else, at any moment, so what is done with a conversation is done by its channel, which no other ever has.
 */
export class Conversations {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async get(id: string): Promise<Session | undefined> {
    return this.#store.db.selectFrom('chat_sessions').selectAll().where('id', '=', id).executeTakeFirst()
  }

  /**
   * The conversation of that id; undefined where nobody has one.
   * @throws {Problem} `NOT_FOUND` when the caller may not read it
   */
  async find(identity: Identity, id: string): Promise<Session | undefined> {
    const session = await this.get(id)
    if (!session) return undefined
    await requireAccess(this.#store, identity, { type: 'chat', id, channel: session.channel }, 'shared')
    return session
  }

  /**
   * The conversation of that id.
   * @throws {Problem} `NOT_FOUND` when there is none, or the caller may not read it
   */
  async require(identity: Identity, id: string): Promise<Session> {
    const session = await this.find(identity, id)
    if (!session) throw noSuchChat()
    return session
  }

  /**
   * Makes a conversation.
   * @param said the first thing, or nothing yet
   * @returns false where somebody has one of that id
   */
  async make(db: Db, { id, channel }: Identified, owner: string, said: string): Promise<boolean> {
    const now = Date.now()
    const made = await db
      .insertInto('chat_sessions')
      .values({ id, owner, channel, title: titleOf(said), created_at: now, updated_at: now })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .executeTakeFirst()
    return made !== undefined
  }

  /**
   * Notes that something is said in a conversation, which is not removed until the transaction is over.
   * @returns false when it has been removed
   */
  async touch(db: Db, { id, channel }: Identified, said: string): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('chat_sessions')
      .set((eb) => ({
        updated_at: Date.now(),
        title: eb.case().when('title', '=', '').then(titleOf(said)).else(eb.ref('title')).end(),
      }))
      .where('id', '=', id)
      .where('channel', '=', channel)
      .executeTakeFirstOrThrow()
    return numUpdatedRows === 1n
  }

  /**
   * Those of a user and those shared with them, newest first.
   * @param owner `null` lists everybody's
   * @param after a place in the list
   */
  async list(owner: string | null, limit: number, after: string | null): Promise<Session[]> {
    let found = this.#store.db.selectFrom('chat_sessions').selectAll()
    if (owner !== null)
      found = found.where((eb) =>
        eb.or([
          eb('owner', '=', owner),
          eb(
            'id',
            'in',
            eb
              .selectFrom('shares')
              .select('resource_id')
              .where('resource_type', '=', 'chat')
              .where('user_id', 'in', [owner, '*']),
          ),
        ]),
      )
    if (after !== null) found = found.where(isBehind('created_at', after))
    return found.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
  }

  /**
   * Removes a conversation and everything said in it, and asks for the end of what is being said in it: both or
   * neither.
   * @returns ids of the streams that are to end; their holders find it out by themselves when they renew their leases
   * @throws {Problem} `NOT_FOUND` when somebody else has
   */
  async remove({ id, channel }: Identified, alongside?: Alongside): Promise<string[]> {
    return this.#store.db.transaction().execute(async (db) => {
      // What is said and shared at this moment waits for the end of this, or this for the end of that.
      const { numDeletedRows } = await db
        .deleteFrom('chat_sessions')
        .where('id', '=', id)
        .where('channel', '=', channel)
        .executeTakeFirstOrThrow()
      if (numDeletedRows === 0n) throw noSuchChat()
      await db
        .deleteFrom('shares')
        .where('resource_type', '=', 'chat')
        .where('resource_id', '=', id)
        .execute()
      const running = await db
        .updateTable('streams')
        .set({ cancel_requested: 1 })
        .where('channel', '=', channel)
        .where('state', '=', sql.lit<'running'>('running'))
        .returning('id')
        .execute()
      await alongside?.(db)
      return running.map((stream) => stream.id)
    })
  }

  #messagesOf(session: Identified) {
    return messagesOf(this.#store.db, session).where('replaces_seq', 'is', null)
  }

  /**
   * The newest messages before one, oldest first; none of a conversation that was removed.
   * @param before a message's id; undefined where it is none of this conversation
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
   * What was said last, oldest first, as a model is told it; roles are those of the writers.
   * @param before `seq` of a message: what was said last before that one
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
    // Some vendors refuse a conversation that they would begin themselves.
    const said = fitting.reverse()
    const first = said.findIndex(({ role }) => role === 'user')
    return first < 0 ? [] : said.slice(first).map(({ role, content }) => ({ role, content }))
  }
}
