import type { FastifyPluginAsync } from 'fastify'
import { type AuthRouteOptions, authRoutes } from './auth-routes.ts'
import { sessionRoute } from './session.ts'
import { type UserRoutesOptions, userRoutes } from './users-routes.ts'

export interface IdentityInterfaceOptions extends AuthRouteOptions, UserRoutesOptions {}

/** Serves sign-in, tickets and users. */
export const identityInterface: FastifyPluginAsync<IdentityInterfaceOptions> = async (app, options) => {
  await app.register(authRoutes, options)
  await app.register(sessionRoute)
  await app.register(userRoutes, options)
}
