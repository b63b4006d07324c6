import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { CallerLimits } from '../../chat/limits.ts'
import type { Identity } from '../../identity/identity.ts'
import { problemResponses } from '../problem-schema.ts'

export interface LimitsRoutesOptions {
  limitsOf(identity: Identity): Promise<CallerLimits>
}

const Count = Type.Integer({ minimum: 0 })
const Reset = Type.Integer({ minimum: 0, description: 'seconds until the count begins anew' })
const Limits = Type.Object({
  requests: Type.Object({
    limit: Count,
    remaining: Type.Integer({ minimum: 0, description: 'of this minute, behind this request' }),
    reset: Reset,
  }),
  streams: Type.Object({ limit: Count, running: Count }),
  tokens: Type.Object({
    limit: Type.Union([Count, Type.Null()], { description: 'of a UTC day; null where none is set' }),
    used: Count,
    reset: Reset,
  }),
  message: Type.Object({ limit: Type.Integer({ minimum: 1, description: 'Unicode characters' }) }),
})

/** Serves a caller's limits before they refuse anything. */
export const limitsRoutes: FastifyPluginAsyncTypebox<LimitsRoutesOptions> = async (app, { limitsOf }) => {
  app.get(
    '/api/v1/limits',
    {
      config: { access: 'anonymous' },
      schema: {
        tags: ['chat'],
        summary: 'What I may still use: requests, streams at once, tokens of today, the length of a message',
        response: { 200: Limits, ...problemResponses(401, 429) },
      },
    },
    async ({ identity }, reply) => {
      const of = (name: string): number => Number(reply.getHeader(`x-ratelimit-${name}`) ?? 0)
      const requests = { limit: of('limit'), remaining: of('remaining'), reset: of('reset') }
      const limits = await limitsOf(identity)
      return reply.header('cache-control', 'no-store').send({ requests, ...limits })
    },
  )
}
