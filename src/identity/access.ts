import { noSuch, Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Store } from '../store/database.ts'
import type { Identity } from './identity.ts'
import type { Owners, Resource } from './owner.ts'
import { isShared } from './share-rows.ts'

/**
 * The rights of a caller: `own` allows everything; `shared` reading, subscribing and writing in a shared room;
 * `none` nothing, as if the resource did not exist.
 */
export type Access = 'own' | 'shared' | 'none'

/** The `cause` of a refusal: names the resource for the log, while the answer hides its existence. */
export class RefusedAccess extends Error {
  readonly resource: Resource

  constructor(resource: Resource) {
    super(`${resource.type} ${resource.id} belongs to somebody else`)
    this.name = 'RefusedAccess'
    this.resource = resource
  }
}

type Db = Store['db']
type Caller = Pick<Identity, 'id' | 'role'>

interface Judgement {
  access: Access
  /** Whether the resource exists: a refusal is not the same as a missing resource. */
  exists: boolean
  /** The resource whose shares decided; undefined where the access needs none. */
  shares?: Resource
}

/** Decides and enforces the access of callers to resources. */
export interface AccessControl {
  /** Returns the access of a caller. A stream has that of its investigation or conversation. */
  of(caller: Caller, resource: Resource): Promise<Access>
  /** Returns the access of a caller with the reason for it. */
  judge(caller: Caller, resource: Resource): Promise<Judgement>
  /**
   * Returns the access of a caller, or refuses it.
   * @param needed `own` for cancelling, sharing and deleting, `shared` for the rest
   * @throws {Problem} `NOT_FOUND` when it does not exist or the caller has no access; `FORBIDDEN` when it is shared
   *   and `own` is needed
   * @example
   * await access.require(identity, { type: 'prompt', id: '7' }, 'own')
   */
  require(caller: Caller, resource: Resource, needed: 'own' | 'shared'): Promise<Access>
  /** Does the same in a transaction, until whose end the resource is neither removed nor made anew. */
  requireDuring(trx: Db, caller: Caller, resource: Resource, needed: 'own' | 'shared'): Promise<Access>
}

/** Judges access by what the owners of each type of resource tell, and by the shares in a store. */
export const accessControl = (store: Pick<Store, 'db'>, owners: Owners): AccessControl => {
  const judge = async (db: Db, { id: userId, role }: Caller, resource: Resource): Promise<Judgement> => {
    const found = await owners[resource.type].find(db, resource)
    if (!found) return { access: 'none', exists: false }
    if (role === 'admin' || found.owners.includes(userId)) return { access: 'own', exists: true }
    // The sample dataset has no owner; every user's prompts may use every model.
    if (found.owners.includes(null) || resource.type === 'model') return { access: 'shared', exists: true }
    const { shares } = found
    const shared =
      (await isShared(db, shares, userId)) &&
      // The id may belong to another conversation by now, and so do the shares that were just read.
      (shares.channel === undefined || (await owners[shares.type].find(db, shares)) !== undefined)
    return { access: shared ? 'shared' : 'none', exists: true, shares }
  }

  const requireIn = async (
    db: Db,
    caller: Caller,
    resource: Resource,
    needed: 'own' | 'shared',
  ): Promise<Access> => {
    const { access, exists } = await judge(db, caller, resource)
    if (access === 'own' || access === needed) return access
    const cause = exists ? { cause: new RefusedAccess(resource) } : {}
    if (access === 'none') throw noSuch(resource.type, cause)
    throw new Problem('FORBIDDEN', say('thing.only_owner', { thing: resource.type }), cause)
  }

  return {
    of: async (caller, resource) => (await judge(store.db, caller, resource)).access,
    judge: (caller, resource) => judge(store.db, caller, resource),
    require: (caller, resource, needed) => requireIn(store.db, caller, resource, needed),
    async requireDuring(trx, caller, resource, needed) {
      await owners[resource.type].hold?.(trx, resource.id)
      return requireIn(trx, caller, resource, needed)
    },
  }
}
