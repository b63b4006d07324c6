import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { AuditEventType } from '../audit/events.ts'
import { badField } from '../errors.ts'
import { EVERYONE, type Resource, requireAccess, share } from '../identity/access.ts'
import type { Users } from '../identity/users.ts'
import type { Store } from '../store/database.ts'
import { problemResponses } from './problem-schema.ts'

export interface ShareRouteOptions {
  store: Store
  users: Users
  /** Has the parameter `id`. */
  path: string
  tags: string[]
  type: Resource['type']
  /** What the answer calls the id. */
  idName: string
  event: AuditEventType
  params: ReturnType<typeof Type.Object>
}

/** Shares a thing of the caller's with a user, or with everyone who is signed in. */
export const shareRoute: FastifyPluginAsyncTypebox<ShareRouteOptions> = async (app, options) => {
  const { store, users, path, tags, type, idName, event, params } = options
  app.post(
    path,
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: `Shares this ${type} of mine with a user, or with everyone who is signed in`,
        params,
        body: Type.Object({
          username: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
          public: Type.Optional(Type.Literal(true)),
        }),
        response: {
          200: Type.Object({ [idName]: Type.String(), shared_with: Type.String() }),
          ...problemResponses(400, 401, 403, 404),
        },
      },
    },
    async (request) => {
      const { id } = request.params as { id: string }
      const { username, public: everyone } = request.body
      await requireAccess(store, request.identity, { type, id }, 'own')
      if ((username === undefined) === (everyone === undefined))
        throw badField('/username', 'name a user, or say "public": true')
      const user = username === undefined ? undefined : await users.byUsername(username)
      if (username !== undefined && !user) throw badField('/username', 'is nobody')
      await request.audited((record) =>
        share(store, { type, id }, user?.id ?? EVERYONE, async (trx) => {
          // Of what has been removed and made anew since, the caller may be no owner.
          await requireAccess({ db: trx }, request.identity, { type, id }, 'own')
          await record(trx, event, {
            resource_type: type,
            resource_id: id,
            details: { with: username ?? 'everyone' },
          })
        }),
      )
      return { [idName]: id, shared_with: username ?? 'everyone' } as never
    },
  )
}
