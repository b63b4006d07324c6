import fastify, { type FastifyInstance } from 'fastify'
import { auditLog } from '../../src/audit/log.ts'
import type { Role } from '../../src/identity/identity.ts'
import { auditPlugin } from '../../src/plugins/audit.ts'
import { type AuthOptions, authPlugin } from '../../src/plugins/auth.ts'
import { compressPlugin } from '../../src/plugins/compress.ts'
import { metricsPlugin } from '../../src/plugins/metrics.ts'
import { problemPlugin, problemServerOptions } from '../../src/plugins/problem.ts'
import type { Store } from '../../src/store/database.ts'
import { cheapPasswords } from './passwords.ts'

const PASSWORD = 'a long enough password'

/** An app of the service's own errors, audit log, authentication and compression, as yet without routes. */
export const openGuardedApp = async (
  store: Store,
  auth: Partial<AuthOptions> = {},
): Promise<FastifyInstance> => {
  const app = fastify({ ...problemServerOptions(), forceCloseConnections: true })
  await app.register(metricsPlugin, {})
  await app.register(problemPlugin)
  await app.register(auditPlugin, { log: auditLog(store) })
  await app.register(authPlugin, {
    store,
    secret: 'a secret of the tests, long enough for anyone',
    issuer: 'tributary',
    audience: 'tributary',
    accessTtlSeconds: 900,
    refreshTtlSeconds: 3600,
    ticketTtlSeconds: 60,
    passwords: cheapPasswords,
    ...auth,
  })
  await app.register(compressPlugin, { level: 6, chunkBytes: 8192 })
  return app
}

/** An access token of a user of that name, who is made when new. */
export const tokenOf = async ({ users, sessions }: FastifyInstance, username: string, role: Role) => {
  if ((await users.byUsername(username)) === undefined)
    await users.create({ username, password: PASSWORD, role })
  const { accessToken } = await sessions.login({ username, password: PASSWORD, address: '127.0.0.1' })
  return accessToken
}
