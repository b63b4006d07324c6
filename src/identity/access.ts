import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'
import { ANONYMOUS_ID, type Identity } from './identity.ts'

/** Something that belongs to somebody. */
export interface Resource {
  type: 'dataset' | 'investigation' | 'chat' | 'prompt' | 'model' | 'stream'
  id: string
  /** Of a conversation: this one is meant, and not another that was made under its id since. */
  channel?: string
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

/** Where what belongs to somebody is kept. */
export const OWNED = {
  dataset: 'datasets',
  investigation: 'investigations',
  prompt: 'prompts',
  model: 'models',
} as const

const CONVERSATION = 'chat:'

type Reading = Pick<Store, 'db'>

/** A stream takes the shares of what it belongs to; its own owner and that one's both own it. */
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

/** undefined when there is none such */
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
  /** Tells a refusal from a thing that is not there. */
  exists: boolean
  /** What the access takes its shares from; undefined where it needs none. */
  shares?: Resource
}

/** What a caller may do with a resource, and why. */
export const judge = async (
  store: Reading,
  identity: Pick<Identity, 'id' | 'role'>,
  resource: Resource,
): Promise<Judgement> => {
  const found = await find(store, resource)
  if (!found) return { access: 'none', exists: false }
  if (identity.role === 'admin' || found.owners.includes(identity.id)) return { access: 'own', exists: true }
  // The bundled sample has no owner; models are there for everybody's prompts.
  if (found.owners.includes(null) || resource.type === 'model') return { access: 'shared', exists: true }
  const { type, id, channel } = found.shares
  const share = await store.db
    .selectFrom('shares')
    .select('user_id')
    .where('resource_type', '=', type)
    .where('resource_id', '=', id)
    // The id, and with it the shares, may be another conversation's by now.
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

/** What a caller may do with a resource. A stream of an investigation takes the investigation's access. */
export const accessTo = async (store: Reading, identity: Identity, resource: Resource): Promise<Access> =>
  (await judge(store, identity, resource)).access

/**
 * @param needed `own` for cancelling, sharing and deleting, `shared` for the rest
 * @throws {Problem} `NOT_FOUND` when it is not there or not for this caller; `FORBIDDEN` when it is shared and the
 * owner's right is needed
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

/** Tells and enforces what a caller may do with a resource; handed to those who have no store. */
export interface AccessControl {
  /** {@link accessTo} */
  of(identity: Identity, resource: Resource): Promise<Access>
  /** {@link requireAccess} */
  require(identity: Identity, resource: Resource, needed: 'own' | 'shared'): Promise<Access>
}

/** Judges access by the owners and shares in a store. */
export const accessControl = (store: Reading): AccessControl => ({
  of: (identity, resource) => accessTo(store, identity, resource),
  require: (identity, resource, needed) => requireAccess(store, identity, resource, needed),
})

/**
 * Shares a resource with a user, or with {@link EVERYONE}; a second time changes nothing.
 * @param alongside a conversation is neither removed nor made anew until it is over
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
