import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { CancelStream } from '../../stream/cancellation.ts'
import { problemResponses } from '../problem-schema.ts'

export interface CancelRouteOptions {
  cancelStream: CancelStream
  /** Path of the route, which ends in the id's parameter. */
  path: string
  /** Name of the id's parameter. */
  idName: string
  tags: string[]
}

/** Serves the cancellation of a stream of the caller's. */
export const cancelRoute: FastifyPluginAsyncTypebox<CancelRouteOptions> = async (
  app,
  { cancelStream, path, idName, tags },
) => {
  app.post(
    path,
    {
      config: { access: 'anonymous' },
      schema: {
        tags,
        summary: 'Cancels a stream of mine, on whichever instance it runs',
        params: Type.Object({ [idName]: Type.String({ minLength: 1, maxLength: 64 }) }),
        response: {
          202: Type.Object({ stream_id: Type.String(), state: Type.String() }),
          ...problemResponses(401, 403, 404, 409),
        },
      },
    },
    async (request, reply) => {
      const stream_id = (request.params as Record<string, string>)[idName] as string
      return reply.code(202).send({ stream_id, state: await cancelStream(request.actor(), stream_id) })
    },
  )
}
