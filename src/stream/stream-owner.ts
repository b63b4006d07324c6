import { type Namespace, parseChannel } from '../channel/name.ts'
import { type Owned, type OwnerLookup, ownersIn } from '../identity/owner.ts'
import type { Db, Stream } from './stream.ts'

/** Finds the resource that a stream is a part of; returns undefined when there is none. */
export type StreamOwner = (db: Db, stream: Pick<Stream, 'id' | 'channel'>) => Promise<Owned | undefined>

/**
 * Makes the lookup of streams. The owners of what a stream is a part of own it too, and the shares of that apply to it.
 * @param wholes finds what a stream is a part of, by the namespace of its channel
 */
export const streamOwner = (wholes: Partial<Record<Namespace, StreamOwner>>): OwnerLookup => ({
  ...ownersIn('streams', 'stream'),
  async find(db, { id }) {
    const stream = await db
      .selectFrom('streams')
      .select(['id', 'owner', 'channel'])
      .where('id', '=', id)
      .executeTakeFirst()
    if (!stream) return undefined
    const whole = await wholes[parseChannel(stream.channel).namespace]?.(db, stream)
    return {
      owners: [stream.owner, ...(whole?.owners ?? [])],
      shares: whole?.shares ?? { type: 'stream', id },
    }
  },
})
