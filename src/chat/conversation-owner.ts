import { type OwnerLookup, ownersIn } from '../identity/owner.ts'
import type { StreamOwner } from '../stream/stream-owner.ts'

/** Tells who owns a conversation, which its channel tells from others that have or had its id. */
export const conversationOwner: OwnerLookup = {
  ...ownersIn('chat_sessions', 'chat'),
  async find(db, { id, channel }) {
    const row = await db
      .selectFrom('chat_sessions')
      .select(['owner', 'channel'])
      .where('id', '=', id)
      .$if(channel !== undefined, (query) => query.where('channel', '=', channel as string))
      .executeTakeFirst()
    return row && { owners: [row.owner], shares: { type: 'chat', id, channel: row.channel } }
  },
  // The removal of a conversation locks the same row.
  hold: (trx, id) =>
    trx
      .updateTable('chat_sessions')
      .set((eb) => ({ owner: eb.ref('owner') }))
      .where('id', '=', id)
      .execute(),
}

/** Tells who owns the conversation in whose channel a stream answers, and whose shares apply to the stream. */
export const ownerOfTurn: StreamOwner = async (db, { channel }) => {
  const row = await db
    .selectFrom('chat_sessions')
    .select(['id', 'owner'])
    .where('channel', '=', channel)
    .executeTakeFirst()
  return row && { owners: [row.owner], shares: { type: 'chat', id: row.id, channel } }
}
