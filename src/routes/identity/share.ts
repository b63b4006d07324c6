import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { ShareableResource, Sharing } from '../../identity/sharing.ts'
import { problemResponses } from '../problem-schema.ts'
import { FilterQuery } from '../query-fields.ts'
import { KEPT } from '../text.ts'

export interface ShareRouteOptions {
  sharing: Sharing
  /** Path of the route, with the parameter `id`. */
  path: string
  tags: string[]
  type: ShareableResource['type']
  /** Name of the id in the answer. */
  idName: string
  params: ReturnType<typeof Type.Object>
}

const With = {
  username: Type.Optional(Type.String({ minLength: 1, maxLength: 256, pattern: KEPT })),
  public: Type.Optional(Type.Literal(true)),
}
const WithBody = Type.Object(With)

/** Serves shares of a resource of the caller's with a user, or with everyone who is signed in. */
export const shareRoute: FastifyPluginAsyncTypebox<ShareRouteOptions> = async (app, options) => {
  const { sharing, path, tags, type, idName, params } = options

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
      const shared_with = await sharing.share(request.actor(), { type, id }, request.body)
      return { [idName]: id, shared_with } as never
    },
  )

  app.delete(
    path,
    {
      config: { access: 'read' },
      // A client without a body sends the fields in the query.
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
      await sharing.unshare(request.actor(), { type, id }, { ...request.query, ...request.body })
      return reply.code(204).send(null)
    },
  )
}
