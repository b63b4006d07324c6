import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'
import { ANONYMOUS_ID, type Identity } from './identity.ts'

/** A reference to a resource that has an owner. */
export interface Resource {
  type: 'dataset' | 'investigation' | 'chat' | 'prompt' | 'model' | 'stream'
  id: string
  /** Of a conversation: its channel, which differs when another one was made under the same id. */
  channel?: string
}

/**
 * The rights of a caller: `own` allows everything; `shared` reading, subscribing and writing in a shared room;
 * `none` nothing, as if the resource did not exist.
 */
export type Access = 'own' | 'shared' | 'none'

/** The recipient of a share with every signed-in user. */
export const EVERYONE = '*'

/** The `cause` of a refusal: names the resource for the log, while the answer hides its existence. */
export class RefusedAccess extends Error {
  readonly resource: Resource

  constructor(resource: Resource) {
    super(`${resource.type} ${resource.id} belongs to somebody else`)
    this.name = 'RefusedAccess'
    this.resource = resource
  }
}

/** The owners of a resource, and the resource whose shares apply to it. */
interface Found {
  /** Ids of users; null means that everybody may read it. */
  owners: readonly (string | null)[]
  shares: Resource
}

/** The table of each type of resource that has an owner. */
export const OWNED = {
  dataset: 'datasets',
  investigation: 'investigations',
  prompt: 'prompts',
  model: 'models',
} as const

const CONVERSATION = 'chat:'

type Reading = Pick<Store, 'db'>

/** Finds a stream: the shares of its investigation or conversation apply to it, and the owners of both own it. */
const findStream = async ({ db }: Reading, id: string): Promise<Found | undefined> => {
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
  const { owner, channel } = stream
  const session = await db
    .selectFrom('chat_sessions')
    .select(['id', 'owner'])
    .where('channel', '=', channel)
    .executeTakeFirst()
  return session
    ? { owners: [owner, session.owner], shares: { type: 'chat', id: session.id, channel } }
    : { owners: [owner], shares: { type: 'stream', id } }
}

const findConversation = async ({ db }: Reading, id: string, meant?: string): Promise<Found | undefined> => {
  const row = await db
    .selectFrom('chat_sessions')
    .select(['owner', 'channel'])
    .where('id', '=', id)
    .$if(meant !== undefined, (query) => query.where('channel', '=', meant as string))
    .executeTakeFirst()
  return row && { owners: [row.owner], shares: { type: 'chat', id, channel: row.channel } }
}

/** Finds a resource; returns undefined when there is none. */
const find = async (store: Reading, { type, id, channel }: Resource): Promise<Found | undefined> => {
  if (type === 'stream') return findStream(store, id)
  if (type === 'chat') return findConversation(store, id, channel)
  const numbered = type === 'prompt' || type === 'model'
  if (numbered && !/^[1-9]\d{0,14}$/.test(id)) return undefined
  const row = await store.db
    .selectFrom(OWNED[type])
    .select('owner')
    .where('id', '=', (numbered ? Number(id) : id) as never)
    .executeTakeFirst()
  return row && { owners: [row.owner], shares: { type, id } }
}

interface Judgement {
  access: Access
  /** Whether the resource exists: a refusal is not the same as a missing resource. */
  exists: boolean
  /** The resource whose shares decided; undefined where the access needs none. */
  shares?: Resource
}

/** Decides the access of a caller to a resource, and returns the reason with it. */
export const judge = async (
  store: Reading,
  identity: Pick<Identity, 'id' | 'role'>,
  resource: Resource,
): Promise<Judgement> => {
  const found = await find(store, resource)
  if (!found) return { access: 'none', exists: false }
  if (identity.role === 'admin' || found.owners.includes(identity.id)) return { access: 'own', exists: true }
  // The sample dataset has no owner; every user's prompts may use every model.
  if (found.owners.includes(null) || resource.type === 'model') return { access: 'shared', exists: true }
  const { type, id, channel } = found.shares
  const share = await store.db
    .selectFrom('shares')
    .select('user_id')
    .where('resource_type', '=', type)
    .where('resource_id', '=', id)
    // The id may belong to another conversation by now, and so do its shares.
    .$if(channel !== undefined, (query) =>
      query.where('resource_id', 'in', (eb) =>
        eb
          .selectFrom('chat_sessions')
          .select('id')
          .where('channel', '=', channel as string),
      ),
    )
    .where('user_id', 'in', identity.id === ANONYMOUS_ID ? [identity.id] : [identity.id, EVERYONE])
    .limit(1)
    .executeTakeFirst()
  return { access: share ? 'shared' : 'none', exists: true, shares: found.shares }
}

/** Returns the access of a caller to a resource. A stream of an investigation has the investigation's access. */
export const accessTo = async (store: Reading, identity: Identity, resource: Resource): Promise<Access> =>
  (await judge(store, identity, resource)).access

/**
 * Returns the access of a caller to a resource, or refuses it.
 * @param needed `own` for cancelling, sharing and deleting, `shared` for the rest
 * @throws {Problem} `NOT_FOUND` when it does not exist or the caller has no access; `FORBIDDEN` when it is shared
 *   and `own` is needed
 * @example
 * await requireAccess(store, identity, { type: 'prompt', id: '7' }, 'own')
 */
export const requireAccess = async (
  store: Reading,
  identity: Identity,
  resource: Resource,
  needed: 'own' | 'shared',
): Promise<Access> => {
  const { access, exists } = await judge(store, identity, resource)
  const cause = exists ? { cause: new RefusedAccess(resource) } : {}
  if (access === 'none') throw new Problem('NOT_FOUND', say('thing.no_such', { thing: resource.type }), cause)
  if (needed === 'own' && access === 'shared')
    throw new Problem('FORBIDDEN', say('thing.only_owner', { thing: resource.type }), cause)
  return access
}

/** Decides and enforces the access of callers, for code that has no store. */
export interface AccessControl {
  /** See {@link accessTo}. */
  of(identity: Identity, resource: Resource): Promise<Access>
  /** See {@link requireAccess}. */
  require(identity: Identity, resource: Resource, needed: 'own' | 'shared'): Promise<Access>
}

/** Judges access by the owners and shares in a store. */
export const accessControl = (store: Reading): AccessControl => ({
  of: (identity, resource) => accessTo(store, identity, resource),
  require: (identity, resource, needed) => requireAccess(store, identity, resource, needed),
})

/**
 * Shares a resource with a user, or with {@link EVERYONE}; a second time changes nothing.
 * @param alongside written in the same transaction, during which a conversation is neither removed nor made anew
 */
export const share = (
  store: Store,
  resource: Resource,
  userId: string,
  alongside?: Alongside,
): Promise<void> =>
  store.db.transaction().execute(async (trx) => {
    if (resource.type === 'chat')
      await trx
        .updateTable('chat_sessions')
        .set((eb) => ({ owner: eb.ref('owner') }))
        .where('id', '=', resource.id)
        .execute()
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

/**
 * Ends a share with a user, or with {@link EVERYONE}.
 * @throws {Problem} `NOT_FOUND` when it is not shared so
 */
export const unshare = (
  store: Store,
  { type, id }: Resource,
  userId: string,
  alongside?: Alongside,
): Promise<void> =>
  store.db.transaction().execute(async (trx) => {
    const { numDeletedRows } = await trx
      .deleteFrom('shares')
      .where('resource_type', '=', type)
      .where('resource_id', '=', id)
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow()
    if (numDeletedRows === 0n) throw new Problem('NOT_FOUND', say('thing.not_shared', { thing: type }))
    await alongside?.(trx)
  })
