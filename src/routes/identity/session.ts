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
        response: {
          200: Type.Object({
            user: Type.Union([User, Type.Null()]),
            expires_in: Type.Optional(
              Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
                description:
                  'seconds until the end of the credential; null without an end, left out for nobody',
              }),
            ),
          }),
        },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const identity = await request.identify()
      if (!identity) return { user: null }
      const { id, username, role, expiresAt } = identity
      const expires_in = expiresAt === null ? null : Math.max(0, Math.floor((expiresAt - Date.now()) / 1000))
      return { user: { id, username, role }, expires_in }
    },
  )
}
