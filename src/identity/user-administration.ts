import type { Actor } from './actor.ts'
import type { NewUser, User, UserChange, Users } from './users.ts'

/** Creates, changes and removes users for an administrator, and records it in the audit log. */
export interface UserAdministration {
  /** Creates a user. @throws {Problem} `CONFLICT` when the username is taken */
  create(actor: Actor, user: NewUser): Promise<User>
  /** Changes a user. @throws {Problem} `NOT_FOUND`; `CONFLICT` when no administrator would be left */
  change(actor: Actor, id: string, change: UserChange): Promise<User>
  /** Removes a user. @throws {Problem} `NOT_FOUND`; `CONFLICT` when no administrator would be left */
  remove(actor: Actor, id: string): Promise<void>
}

/** Makes the use cases that administer users. */
export const userAdministration = (
  users: Pick<Users, 'create' | 'change' | 'remove'>,
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
      users.remove(id, (trx, { id: removed, username }) =>
        record(trx, 'user.deleted', {
          resource_type: 'user',
          resource_id: removed,
          details: { username },
        }),
      ),
    )
  },
})
