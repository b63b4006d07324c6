import { ownersIn } from '../identity/owner.ts'
import type { StreamOwner } from '../stream/stream-owner.ts'

/** Tells who owns an investigation. */
export const investigationOwner = ownersIn('investigations', 'investigation')

/** Tells who owns the investigation that a stream executes, whose shares apply to the stream. */
export const ownerOfExecution: StreamOwner = async (db, { id }) => {
  const row = await db
    .selectFrom('investigations')
    .select(['id', 'owner'])
    .where('stream_id', '=', id)
    .executeTakeFirst()
  return row && { owners: [row.owner], shares: { type: 'investigation', id: row.id } }
}
