import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, Type } from 'typebox'
import type { AuditEventType } from '../../audit/events.ts'
import { badField } from '../../errors.ts'
import { EVERYONE, type Resource, requireAccess, share, unshare } from '../../identity/access.ts'
import type { Shares } from '../../identity/shares.ts'
import type { Users } from '../../identity/users.ts'
import { say } from '../../language/sentence.ts'
import type { Store } from '../../store/database.ts'
import { problemResponses } from '../problem-schema.ts'
import { FilterQuery } from '../query.ts'

export interface ShareRouteOptions {
  store: Store
  users: Users
  shares: Pick<Shares, 'look'>
  /** Has the parameter `id`. */
  path: string
  tags: string[]
  type: Resource['type']
  /** What the answer calls the id. */
  idName: string
  events: Record<'shared' | 'ended', AuditEventType>
  params: ReturnType<typeof Type.Object>
}

const With = {
  username: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  public: Type.Optional(Type.Literal(true)),
}
const WithBody = Type.Object(With)
type With = Static<typeof WithBody>

/** Shares a thing of the caller's with a user, or with everyone who is signed in, and ends that again. */
export const shareRoute: FastifyPluginAsyncTypebox<ShareRouteOptions> = async (app, options) => {
  const { store, users, shares, path, tags, type, idName, events, params } = options

  /** @throws {Problem} `VALIDATION_FAILED` */
  const otherEnd = async ({ username, public: everyone }: With, prefix: '/' | '?') => {
    if ((username === undefined) === (everyone === undefined))
      throw badField(`${prefix}username`, say('identity.name_a_user'))
    if (username === undefined) return { userId: EVERYONE, name: 'everyone' }
    const user = await users.byUsername(username)
    if (!user) throw badField(`${prefix}username`, say('identity.nobody'))
    return { userId: user.id, name: username }
  }

  app.post(
    path,
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: `Shares this ${type} of mine with a user, or with everyone who is signed in`,
        params,
        body: WithBody,
        response: {
          200: Type.Object({ [idName]: Type.String(), shared_with: Type.String() }),
          ...problemResponses(400, 401, 403, 404),
        },
      },
    },
    async (request) => {
      const { id } = request.params as { id: string }
      await requireAccess(store, request.identity, { type, id }, 'own')
      const { userId, name } = await otherEnd(request.body, '/')
      await request.audited((record) =>
        share(store, { type, id }, userId, async (trx) => {
          // Of what has been removed and made anew since, the caller may be no owner.
          await requireAccess({ db: trx }, request.identity, { type, id }, 'own')
          await record(trx, events.shared, {
            resource_type: type,
            resource_id: id,
            details: { with: name },
          })
        }),
      )
      return { [idName]: id, shared_with: name } as never
    },
  )

  app.delete(
    path,
    {
      config: { access: 'read' },
      // A client that sends no body names them in the query.
      preValidation: async (request) => {
        request.body ??= {}
      },
      schema: {
        tags,
        summary: `Ends the share of this ${type} of mine with a user, or with everyone who is signed in`,
        description:
          'Named in the query or in the body. Who watched it by that share is cut off, within 2 s on other instances.',
        params,
        querystring: FilterQuery(With),
        body: WithBody,
        response: { 204: Type.Null({ description: 'ended' }), ...problemResponses(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const { id } = request.params as { id: string }
      await requireAccess(store, request.identity, { type, id }, 'own')
      const { username, public: everyone } = { ...request.query, ...request.body }
      const { userId, name } = await otherEnd({ username, public: everyone }, '?')
      await request.audited((record) =>
        unshare(store, { type, id }, userId, async (trx) => {
          await requireAccess({ db: trx }, request.identity, { type, id }, 'own')
          await record(trx, events.ended, { resource_type: type, resource_id: id, details: { with: name } })
        }),
      )
      await shares.look().catch((error) => request.log.warn({ err: error }, 'who watches was not looked at'))
      return reply.code(204).send(null)
    },
  )
}
