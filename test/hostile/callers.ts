import t from 'tap'
import { forge, hmac } from '../plugins/forge.ts'
import { newUsers } from '../support/clients.ts'
import { type Client, client, login, startProcess } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'

const SECRET = 'a secret of this test alone, thirty-two bytes and more'

/** The token of a user as it would be a minute after its end. */
const expired = (token: string): string => {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  const end = Math.floor(Date.now() / 1000) - 60
  return forge({ alg: 'HS256', typ: 'JWT' }, { ...claims, iat: end - 60, exp: end }, hmac('sha256', SECRET))
}

/**
 * Starts a service with one caller of each kind: the `owner` of things, one whom they are `shared` with, and others
 * who have nothing to do with them. `anonymous` is nobody at a second process, over the same store and bus, that is open
 * to callers without a token.
 */
export const startWithCallers = async () => {
  const redis = await startRedis()
  t.teardown(() => redis.stop())
  const env = {
    JWT_SECRET: SECRET,
    REDIS_URL: redis.url,
    MAX_STREAMS_PER_USER: '100000',
    MAX_CONNECTIONS_PER_IP: '100000',
  }
  const service = await startProcess(env)
  const open = await startProcess({ ...env, DATA_DIR: service.dataDir, ALLOW_ANONYMOUS: 'true' })
  const { url } = service
  const admin = await login(url)
  const users = await newUsers(admin, url, {
    viewer: 'viewer',
    analyst: 'analyst',
    auditor: 'auditor',
    publisher: 'publisher',
    shared: 'analyst',
    owner: 'analyst',
  })
  const { viewer, analyst, auditor, publisher, shared, owner } = users
  const callers = {
    nobody: client(url),
    expired: client(url, expired(admin.token)),
    anonymous: client(open.url),
    viewer,
    analyst,
    auditor,
    publisher,
    shared,
    owner,
    admin,
  } satisfies Record<string, Client>
  return { url, service, admin, owner, callers }
}

export type Caller = keyof Awaited<ReturnType<typeof startWithCallers>>['callers']
