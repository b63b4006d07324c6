import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Problem } from '../../errors.ts'
import { requireAccess } from '../../identity/access.ts'
import type { Store } from '../../store/database.ts'
import type { Streams } from '../../stream/streams.ts'
import { problemResponses } from '../problem-schema.ts'

export interface StreamCancelOptions {
  store: Store
  streams: Streams
}

/**
 * Cancels a stream, with its event in the audit log.
 * @param identity who asks, when it is not whom the request came from
 * @throws {Problem} `NOT_FOUND`, `FORBIDDEN`; `INVALID_STATE` when it has ended
 */
export const cancelStream = async (
  request: FastifyRequest,
  { store, streams }: StreamCancelOptions,
  id: string,
  identity = request.identity,
): Promise<void> => {
  const stream = { type: 'stream', id } as const
  await requireAccess(store, identity, stream, 'own')
  await request.audited((record) =>
    streams.cancel(id, (trx) =>
      record(trx, 'stream.cancelled', { resource_type: stream.type, resource_id: id }),
    ),
  )
}

/** For the `catch` of a cancellation: a stream that has ended is left as it is. */
export const passEnded = (error: unknown): void => {
  if (!(error instanceof Problem && error.code === 'INVALID_STATE')) throw error
}

/** Cancels a stream of the caller's. */
export const streamCancelRoute: FastifyPluginAsyncTypebox<
  StreamCancelOptions & {
    /** Ends in the id. */
    path: string
    /** What the id is called in the path. */
    idName: string
    tags: string[]
  }
> = async (app, { path, idName, tags, ...means }) => {
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
      const id = (request.params as Record<string, string>)[idName] as string
      await cancelStream(request, means, id)
      return reply.code(202).send({ stream_id: id, state: (await means.streams.get(id))?.state as string })
    },
  )
}
