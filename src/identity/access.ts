import { Problem } from '../errors.ts'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'
import { ANONYMOUS_ID, type Identity } from './identity.ts'

/** Something that belongs to somebody. */
export interface Resource {
  type: 'dataset' | 'investigation' | 'chat' | 'prompt' | 'model' | 'stream'
  id: string
}

/** `own`: everything; `shared`: read, subscribe and write in a shared room; `none`: as if it did not exist. */
export type Access = 'own' | 'shared' | 'none'

/** Every signed-in user, as the other end of a share. */
export const EVERYONE = '*'

/** The `cause` of a refusal: what was asked for, though the answer does not say that it is there. */
export class RefusedAccess extends Error {
  readonly resource: Resource

  constructor(resource: Resource) {
    super(`${resource.type} ${resource.id} belongs to somebody else`)
    this.name = 'RefusedAccess'
    this.resource = resource
  }
}

/** Who owns a resource, and what it takes its shares from. */
interface Found {
  /** Nobody's things are everybody's to read. */
  owners: readonly (string | null)[]
  shares: Resource
}

const OWNED = {
  dataset: 'datasets',
  investigation: 'investigations',
  chat: 'chat_sessions',
  prompt: 'prompts',
  model: 'models',
} as const

const CONVERSATION = 'chat:'

/** A stream takes the shares of what it belongs to; its own owner and that one's both own it. */
const findStream = async ({ db }: Store, id: string): Promise<Found | undefined> => {
  const investigation = await db
    .selectFrom('investigations')
    .select(['id', 'owner'])
    .where('stream_id', '=', id)
    .executeTakeFirst()
  if (investigation)
    return { owners: [investigation.owner], shares: { type: 'investigation', id: investigation.id } }
  const stream = await db
    .selectFrom('streams')
    .select(['owner', 'channel'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!stream?.channel.startsWith(CONVERSATION))
    return stream && { owners: [stream.owner], shares: { type: 'stream', id } }
  const sessionId = stream.channel.slice(CONVERSATION.length)
  const session = await db
    .selectFrom('chat_sessions')
    .select('owner')
    .where('id', '=', sessionId)
    .executeTakeFirst()
  return {
    owners: session ? [stream.owner, session.owner] : [stream.owner],
    shares: { type: 'chat', id: sessionId },
  }
}

/** undefined when there is none such */
const find = async (store: Store, { type, id }: Resource): Promise<Found | undefined> => {
  if (type === 'stream') return findStream(store, id)
  const numbered = type === 'prompt' || type === 'model'
  if (numbered && !/^[1-9]\d{0,14}$/.test(id)) return undefined
  const row = await store.db
    .selectFrom(OWNED[type])
    .select('owner')
    .where('id', '=', (numbered ? Number(id) : id) as never)
    .executeTakeFirst()
  return row && { owners: [row.owner], shares: { type, id } }
}

/** What a caller may do with a resource; `exists` tells a refusal from a thing that is not there. */
const judge = async (store: Store, identity: Identity, resource: Resource) => {
  const found = await find(store, resource)
  if (!found) return { access: 'none', exists: false } as const
  if (identity.role === 'admin' || found.owners.includes(identity.id))
    return { access: 'own', exists: true } as const
  // The bundled sample has no owner; models are there for everybody's prompts.
  if (found.owners.includes(null) || resource.type === 'model')
    return { access: 'shared', exists: true } as const
  const share = await store.db
    .selectFrom('shares')
    .select('user_id')
    .where('resource_type', '=', found.shares.type)
    .where('resource_id', '=', found.shares.id)
    .where('user_id', 'in', identity.id === ANONYMOUS_ID ? [identity.id] : [identity.id, EVERYONE])
    .limit(1)
    .executeTakeFirst()
  return { access: share ? 'shared' : 'none', exists: true } as const
}

/** What a caller may do with a resource. A stream of an investigation takes the investigation's access. */
export const accessTo = async (store: Store, identity: Identity, resource: Resource): Promise<Access> =>
  (await judge(store, identity, resource)).access

/**
 * @param needed `own` for cancelling, sharing and deleting, `shared` for the rest
 * @throws {Problem} `NOT_FOUND` when it is not there or not for this caller; `FORBIDDEN` when it is shared and the
 * owner's right is needed
 */
export const requireAccess = async (
  store: Store,
  identity: Identity,
  resource: Resource,
  needed: 'own' | 'shared',
): Promise<Access> => {
  const { access, exists } = await judge(store, identity, resource)
  const cause = exists ? { cause: new RefusedAccess(resource) } : {}
  if (access === 'none') throw new Problem('NOT_FOUND', `There is no such ${resource.type}`, cause)
  if (needed === 'own' && access === 'shared')
    throw new Problem('FORBIDDEN', `Only the owner of this ${resource.type} may do that`, cause)
  return access
}

/** Shares a resource with a user, or with {@link EVERYONE}; a second time changes nothing. */
export const share = (
  store: Store,
  resource: Resource,
  userId: string,
  alongside?: Alongside,
): Promise<void> =>
  store.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('shares')
      .values({
        resource_type: resource.type,
        resource_id: resource.id,
        user_id: userId,
        created_at: Date.now(),
      })
      .onConflict((conflict) => conflict.columns(['resource_type', 'resource_id', 'user_id']).doNothing())
      .execute()
    await alongside?.(trx)
  })

/** Ends a share; with nobody named, every share of the resource, as when it is deleted. */
export const unshare = async (store: Store, resource: Resource, userId?: string): Promise<void> => {
  let query = store.db
    .deleteFrom('shares')
    .where('resource_type', '=', resource.type)
    .where('resource_id', '=', resource.id)
  if (userId !== undefined) query = query.where('user_id', '=', userId)
  await query.execute()
}
