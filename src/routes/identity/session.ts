import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

const User = Type.Object({ id: Type.String(), username: Type.String(), role: Type.String() })

/** Serves `GET /api/v1/auth/session`: the caller, or null without an error; pages call it before anything else. */
export const sessionRoute: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/api/v1/auth/session',
    {
      config: { access: 'public' },
      schema: {
        tags: ['identity'],
        summary: 'Who is signed in; `user` is null for nobody',
        response: { 200: Type.Object({ user: Type.Union([User, Type.Null()]) }) },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const identity = await request.identify()
      return { user: identity ? { id: identity.id, username: identity.username, role: identity.role } : null }
    },
  )
}
