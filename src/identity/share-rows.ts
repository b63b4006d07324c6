import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Store } from '../store/database.ts'
import { ANONYMOUS_ID } from './identity.ts'
import type { Resource } from './owner.ts'

type Db = Store['db']

/** The recipient of a share with every signed-in user. */
export const EVERYONE = '*'

/** Returns the recipients whose shares reach a user: the user, and everyone unless the user is not signed in. */
const recipientsFor = (userId: string): string[] => (userId === ANONYMOUS_ID ? [userId] : [userId, EVERYONE])

/** Selects the ids of the resources of one type that are shared with a user: a query, or a condition of one. */
export const sharedWith = (db: Db, type: Resource['type'], userId: string) =>
  db
    .selectFrom('shares')
    .select('resource_id')
    .where('resource_type', '=', type)
    .where('user_id', 'in', recipientsFor(userId))

/** Tells whether a resource is shared with a user. */
export const isShared = async (db: Db, { type, id }: Resource, userId: string): Promise<boolean> =>
  (await sharedWith(db, type, userId).where('resource_id', '=', id).limit(1).executeTakeFirst()) !== undefined

const keyOf = (type: string, id: string, userId: string): string => JSON.stringify([type, id, userId])

/** Reads the shares of many resources. @returns tells whether one of them is shared with a user */
export const sharesAmong = async (
  db: Db,
  resources: readonly Resource[],
): Promise<(resource: Resource, userId: string) => boolean> => {
  const rows = await db
    .selectFrom('shares')
    .select(['resource_type', 'resource_id', 'user_id'])
    .where('resource_id', 'in', [...new Set(resources.map(({ id }) => id))])
    .execute()
  const there = new Set(rows.map((row) => keyOf(row.resource_type, row.resource_id, row.user_id)))
  return ({ type, id }, userId) => recipientsFor(userId).some((user) => there.has(keyOf(type, id, user)))
}

/** Shares a resource with a user, or with {@link EVERYONE}; a second time changes nothing. */
export const share = async (db: Db, { type, id }: Resource, userId: string): Promise<void> => {
  await db
    .insertInto('shares')
    .values({ resource_type: type, resource_id: id, user_id: userId, created_at: Date.now() })
    .onConflict((conflict) => conflict.columns(['resource_type', 'resource_id', 'user_id']).doNothing())
    .execute()
}

/**
 * Ends a share with a user, or with {@link EVERYONE}.
 * @throws {Problem} `NOT_FOUND` when it is not shared so
 */
export const unshare = async (db: Db, { type, id }: Resource, userId: string): Promise<void> => {
  const { numDeletedRows } = await db
    .deleteFrom('shares')
    .where('resource_type', '=', type)
    .where('resource_id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()
  if (numDeletedRows === 0n) throw new Problem('NOT_FOUND', say('thing.not_shared', { thing: type }))
}

/** Ends all shares of a resource, which is being removed. */
export const endShares = async (db: Db, { type, id }: Resource): Promise<void> => {
  await db.deleteFrom('shares').where('resource_type', '=', type).where('resource_id', '=', id).execute()
}
