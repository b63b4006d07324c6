import type { AuditEventType } from '../audit/events.ts'
import { badField } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Store } from '../store/database.ts'
import type { AccessControl } from './access.ts'
import type { Actor } from './actor.ts'
import type { Resource } from './owner.ts'
import { EVERYONE, share, unshare } from './share-rows.ts'
import type { Shares } from './shares.ts'
import type { Users } from './users.ts'

/** Types of resources that their owners share, and the audit events of that. */
const SHARE_EVENTS = {
  chat: { shared: 'chat.shared', ended: 'chat.unshared' },
  investigation: { shared: 'investigation.shared', ended: 'investigation.unshared' },
} as const satisfies Partial<Record<Resource['type'], Record<'shared' | 'ended', AuditEventType>>>

export interface ShareableResource {
  type: keyof typeof SHARE_EVENTS
  id: string
}

/** A user by name, or every signed-in user: exactly one of the two. */
export interface ShareRecipient {
  username?: string | undefined
  public?: true | undefined
}

export interface SharingOptions {
  store: Store
  access: AccessControl
  users: Pick<Users, 'byUsername'>
  shares: Pick<Shares, 'look'>
  /** Called when the watch over shares failed; it is repeated by itself. */
  onError(error: unknown): void
}

/** Shares resources of a caller, and ends shares. */
export interface Sharing {
  /**
   * Shares a resource of the caller's; a second time changes nothing.
   * @returns the recipient's name, or `everyone`
   * @throws {Problem} `NOT_FOUND`, `FORBIDDEN`; `VALIDATION_FAILED` naming `/username`
   */
  share(actor: Actor, resource: ShareableResource, recipient: ShareRecipient): Promise<string>
  /**
   * Ends a share of a resource of the caller's and cuts off the readers who had access by it.
   * @throws {Problem} `NOT_FOUND`, `FORBIDDEN`; `VALIDATION_FAILED` naming `?username`
   */
  unshare(actor: Actor, resource: ShareableResource, recipient: ShareRecipient): Promise<void>
}

/** Makes the use cases that share resources. */
export const sharing = ({ store, access, users, shares, onError }: SharingOptions): Sharing => {
  /** Finds the recipient of a share. @throws {Problem} `VALIDATION_FAILED` */
  const recipientOf = async ({ username, public: everyone }: ShareRecipient, prefix: '/' | '?') => {
    if ((username === undefined) === (everyone === undefined))
      throw badField(`${prefix}username`, say('identity.name_a_user'))
    if (username === undefined) return { userId: EVERYONE, name: 'everyone' }
    const user = await users.byUsername(username)
    if (!user) throw badField(`${prefix}username`, say('identity.nobody'))
    return { userId: user.id, name: username }
  }

  /**
   * Changes shares of a resource, and checks before and within the change that the caller owns it: it may be made
   * anew meanwhile.
   */
  const change = async (
    { identity, audit }: Actor,
    resource: ShareableResource,
    end: 'shared' | 'ended',
    recipient: () => ReturnType<typeof recipientOf>,
  ): Promise<string> => {
    await access.require(identity, resource, 'own')
    const { userId, name } = await recipient()
    const { type, id } = resource
    const apply = end === 'shared' ? share : unshare
    await audit.change((record) =>
      store.db.transaction().execute(async (trx) => {
        await access.requireDuring(trx, identity, resource, 'own')
        await apply(trx, resource, userId)
        await record(trx, SHARE_EVENTS[type][end], {
          resource_type: type,
          resource_id: id,
          details: { with: name },
        })
      }),
    )
    return name
  }

  return {
    share: (actor, resource, recipient) =>
      change(actor, resource, 'shared', () => recipientOf(recipient, '/')),
    async unshare(actor, resource, recipient) {
      await change(actor, resource, 'ended', () => recipientOf(recipient, '?'))
      await shares.look().catch(onError)
    },
  }
}
