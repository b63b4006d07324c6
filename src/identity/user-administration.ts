import type { Store } from '../store/database.ts'
import type { Actor } from './actor.ts'
import type { NewUser, User, UserChange, Users } from './users.ts'

/** Creates, changes and removes users for an administrator, and records it in the audit log. */
export interface UserAdministration {
  /** Creates a user. @throws {Problem} `CONFLICT` when the username is taken */
  create(actor: Actor, user: NewUser): Promise<User>
  /** Changes a user. @throws {Problem} `NOT_FOUND`; `CONFLICT` when no administrator would be left */
  change(actor: Actor, id: string, change: UserChange): Promise<User>
  /** Removes a user, and ends what runs for them. @throws {Problem} `NOT_FOUND`; `CONFLICT` when no administrator would be left */
  remove(actor: Actor, id: string): Promise<void>
}

/**
 * Makes the use cases that administer users.
 * @param endWork requests the end of all that runs for a user, in a transaction
 */
export const userAdministration = (
  users: Pick<Users, 'create' | 'change' | 'remove'>,
  endWork: (db: Store['db'], userId: string) => Promise<void>,
): UserAdministration => ({
  create: ({ audit }, user) =>
    audit.change((record) =>
      users.create(user, (trx, { id, username, role }) =>
        record(trx, 'user.created', { resource_type: 'user', resource_id: id, details: { username, role } }),
      ),
    ),

  change: ({ audit }, id, change) =>
    audit.change((record) =>
      users.change(id, change, (trx, user) =>
        record(trx, 'user.updated', {
          resource_type: 'user',
          resource_id: user.id,
          details: { changed: Object.keys(change), role: user.role, disabled: user.disabled },
        }),
      ),
    ),

  async remove({ audit }, id) {
    await audit.change((record) =>
      users.remove(id, async (trx, { id: removed, username }) => {
        await endWork(trx, removed)
        await record(trx, 'user.deleted', {
          resource_type: 'user',
          resource_id: removed,
          details: { username },
        })
      }),
    )
  },
})
