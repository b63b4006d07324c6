import type { Selectable } from 'kysely'
import type { ChatMessage } from '../llm/provider.ts'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'
import { isOlder } from '../store/keyset.ts'
import type { ChatMessageTable, ChatSessionTable } from '../store/schema.ts'
import type { Db } from '../stream/stream.ts'

export type Session = Selectable<ChatSessionTable>
export type Message = Selectable<ChatMessageTable>

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

/** Conversations and what was said in them. */
export class Conversations {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async get(id: string): Promise<Session | undefined> {
    return this.#store.db.selectFrom('chat_sessions').selectAll().where('id', '=', id).executeTakeFirst()
  }

  /**
   * Makes a conversation where nobody has one of that id, and notes that something is said in it.
   * @returns its owner
   */
  async touch(db: Db, id: string, owner: string, said: string): Promise<string> {
    const now = Date.now()
    const title = [...said.trim().replace(/\s+/g, ' ')].slice(0, TITLE_CHARS).join('')
    const session = await db
      .insertInto('chat_sessions')
      .values({ id, owner, title, created_at: now, updated_at: now })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({
          updated_at: now,
          title: eb
            .case()
            .when('chat_sessions.title', '=', '')
            .then(title)
            .else(eb.ref('chat_sessions.title'))
            .end(),
        })),
      )
      .returning('owner')
      .executeTakeFirstOrThrow()
    return session.owner
  }

  /**
   * Those of a user and those shared with them, newest first.
   * @param owner `null` lists everybody's
   * @param after id of the last one of the page before
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
    if (after !== null) {
      const last = await this.get(after)
      if (!last) return []
      found = found.where(isOlder('created_at', last.created_at, last.id))
    }
    return found.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
  }

  /** Removes a conversation and everything said in it. */
  async remove(id: string, alongside?: Alongside): Promise<void> {
    await this.#store.db.transaction().execute(async (db) => {
      await db.deleteFrom('chat_messages').where('session_id', '=', id).execute()
      await db
        .deleteFrom('shares')
        .where('resource_type', '=', 'chat')
        .where('resource_id', '=', id)
        .execute()
      await db.deleteFrom('chat_sessions').where('id', '=', id).execute()
      await alongside?.(db)
    })
  }

  /**
   * The newest messages before one, oldest first.
   * @param before a message's id; undefined where it is none of this conversation
   */
  async messages(id: string, limit: number, before: string | null): Promise<Message[] | undefined> {
    const { db } = this.#store
    let found = db.selectFrom('chat_messages').selectAll().where('session_id', '=', id)
    if (before !== null) {
      const last = await db
        .selectFrom('chat_messages')
        .select('seq')
        .where('id', '=', before)
        .where('session_id', '=', id)
        .executeTakeFirst()
      if (!last) return undefined
      found = found.where('seq', '<', last.seq)
    }
    const rows = await found.orderBy('seq', 'desc').limit(limit).execute()
    return rows.reverse()
  }

  /** What was said last, oldest first, as a model is told it; roles are those of the writers. */
  async recall(id: string): Promise<ChatMessage[]> {
    const rows = await this.#store.db
      .selectFrom('chat_messages')
      .select(['role', 'content'])
      .where('session_id', '=', id)
      .where('content', '!=', '')
      .where('role', 'in', ['user', 'assistant'])
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
