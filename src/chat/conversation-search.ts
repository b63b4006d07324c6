import { type Selectable, sql } from 'kysely'
import { sharedWith } from '../identity/share-rows.ts'
import { fold, unaccented } from '../language/folding.ts'
import { cursorOf } from '../protocol/page.ts'
import type { Store } from '../store/database.ts'
import { isBehind } from '../store/keyset.ts'
import type { ChatSessionTable } from '../store/schema.ts'

type Session = Selectable<ChatSessionTable>

/** The words to look for, and whose conversations to look into. */
export interface ConversationSearch {
  /** User who may read them; null for everybody's. */
  owner: string | null
  text: string
  limit: number
  /** A place in the list. */
  after: string | null
}

/** A conversation that was found, and the place in its newest message that has the words; null where its title has. */
export type FoundSession = Session & { excerpt: string | null }

/** Conversations that are looked into at once. */
const PAGE = 50
const EXCERPT_CHARS = 120

/**
 * Returns the LIKE pattern of texts that may have a word: any character stands for those that may have an accent, or a
 * meaning in the pattern.
 */
const patternOf = (word: string): string => `%${word.replace(/[^bdfghjklmpqrstvwxz0-9]/g, '_')}%`

/** Returns the part of a text around a word, in one line. */
const excerptOf = (text: string, word: string): string => {
  const line = text.replace(/\s+/g, ' ')
  const at = Math.max(0, fold(line).indexOf(word))
  const from = Math.max(0, at - EXCERPT_CHARS / 3)
  const part = line.slice(from, from + EXCERPT_CHARS).trim()
  return `${from > 0 ? '…' : ''}${part}${from + EXCERPT_CHARS < line.length ? '…' : ''}`
}

/**
 * Finds conversations whose title, or one of whose messages, has all words of a text, whatever their case and accents;
 * the newest first. The store leaves out what cannot have them, so that few texts are read.
 */
export const searchConversations = async (
  { db, dialect }: Store,
  { owner, text, limit, after }: ConversationSearch,
): Promise<FoundSession[]> => {
  const words = unaccented(text).split(/\s+/).filter(Boolean)
  const [first] = words
  if (first === undefined) return []
  const hasAll = (one: string): boolean => {
    const folded = unaccented(one)
    return words.every((word) => folded.includes(word))
  }
  const like = sql.raw(dialect === 'postgres' ? 'ilike' : 'like')
  const mayHaveAll = (column: string) =>
    sql<boolean>`(${sql.join(
      words.map((word) => sql`${sql.ref(column)} ${like} ${patternOf(word)}`),
      sql` and `,
    )})`
  const found: FoundSession[] = []
  for (let behind = after; ; ) {
    let query = db
      .selectFrom('chat_sessions')
      .selectAll()
      .where((eb) =>
        eb.or([
          mayHaveAll('title'),
          eb.exists(
            eb
              .selectFrom('chat_messages')
              .select('seq')
              .whereRef('session_id', '=', 'chat_sessions.id')
              .where('replaces_seq', 'is', null)
              .where(mayHaveAll('content')),
          ),
        ]),
      )
    if (owner !== null)
      query = query.where((eb) =>
        eb.or([eb('owner', '=', owner), eb('id', 'in', sharedWith(db, 'chat', owner))]),
      )
    if (behind !== null) query = query.where(isBehind('created_at', behind))
    const sessions = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(PAGE).execute()
    if (sessions.length === 0) return found
    const said = await db
      .selectFrom('chat_messages')
      .select(['session_id', 'content'])
      .where('replaces_seq', 'is', null)
      .where(mayHaveAll('content'))
      .where(
        'session_id',
        'in',
        sessions.map(({ id }) => id),
      )
      .orderBy('seq', 'desc')
      .execute()
    for (const session of sessions) {
      const message = said.find(({ session_id, content }) => session_id === session.id && hasAll(content))
      if (message === undefined && !hasAll(session.title)) continue
      found.push({ ...session, excerpt: message ? excerptOf(message.content, first) : null })
      if (found.length === limit) return found
    }
    const last = sessions.at(-1) as Session
    behind = cursorOf(last.created_at, last.id)
  }
}
