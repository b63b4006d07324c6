import { once } from 'node:events'
import { createConnection } from 'node:net'
import fastify, { type FastifyInstance } from 'fastify'
import t from 'tap'
import { auditLog } from '../../src/audit/log.ts'
import type { Role } from '../../src/identity/identity.ts'
import { signIn } from '../../src/identity/sign-in.ts'
import { userAdministration } from '../../src/identity/user-administration.ts'
import { auditPlugin } from '../../src/plugins/audit.ts'
import { type AuthOptions, authPlugin } from '../../src/plugins/auth.ts'
import { loggerOptions } from '../../src/plugins/logger.ts'
import { problemPlugin, problemServerOptions } from '../../src/plugins/problem.ts'
import { type RateLimitOptions, rateLimitPlugin } from '../../src/plugins/rate-limit.ts'
import { requestLogPlugin } from '../../src/plugins/request-log.ts'
import { auditRoutes } from '../../src/routes/audit/audit-routes.ts'
import { authRoutes } from '../../src/routes/identity/auth-routes.ts'
import { userRoutes } from '../../src/routes/identity/users-routes.ts'
import type { Store } from '../../src/store/database.ts'
import { requestCancelOf } from '../../src/stream/stream-rows.ts'
import { cheapPasswords } from '../support/passwords.ts'
import { openTestStore } from '../support/store.ts'

export const SECRET = 'a secret of the tests, which is long enough'

/** A clock that stands still unless it is moved. */
export const clock = (start = Date.now()) => {
  let at = start
  const now = () => at
  return Object.assign(now, {
    advance: (ms: number) => {
      at += ms
    },
  })
}

export interface ServiceOptions {
  store?: Store
  auth?: Partial<AuthOptions>
  limits?: Partial<RateLimitOptions>
  trustProxy?: string
  routes?: (app: FastifyInstance) => void | Promise<void>
}

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test reads into whatever came
  body: any
}

/** The identity, audit and error parts of the service on a real socket, with a real store. */
export const startService = async (options: ServiceOptions = {}) => {
  const store = options.store ?? (await openTestStore('sqlite'))
  const lines: string[] = []
  const app = fastify({
    ...problemServerOptions(),
    logger: loggerOptions('trace', { write: (line) => lines.push(line) }) as object,
    ...(options.trustProxy === undefined ? {} : { trustProxy: options.trustProxy }),
  })
  const log = auditLog(store, options.auth?.now ? { now: options.auth.now } : {})
  await app.register(requestLogPlugin)
  await app.register(problemPlugin)
  await app.register(auditPlugin, { log })
  await app.register(rateLimitPlugin, {
    perAddress: 10_000,
    perUser: 10_000,
    perLogin: 10_000,
    ...options.limits,
  })
  await app.register(authPlugin, {
    store,
    secret: SECRET,
    issuer: 'tributary',
    audience: 'tributary',
    accessTtlSeconds: 900,
    refreshTtlSeconds: 86_400,
    ticketTtlSeconds: 60,
    passwords: cheapPasswords,
    ...options.auth,
  })
  await app.register(authRoutes, {
    signIn: signIn(app.sessions, app.tickets),
    tickets: app.tickets,
    accessTtlSeconds: options.auth?.accessTtlSeconds ?? 900,
  })
  await app.register(userRoutes, {
    users: app.users,
    userAdministration: userAdministration(app.users, requestCancelOf),
  })
  await app.register(auditRoutes, { audit: log })
  app.get('/api/v1/whoami', { config: { access: 'read' } }, async ({ identity }) => ({
    id: identity.id,
    username: identity.username,
    role: identity.role,
    expiresAt: identity.expiresAt,
  }))
  app.post('/api/v1/things', { config: { access: 'start' } }, async (request) => ({
    body: request.body ?? null,
  }))
  app.get(
    '/api/v1/things/:id/events',
    { config: { access: 'read', eventStream: true } },
    async ({ identity }) => ({
      username: identity.username,
      expiresAt: identity.expiresAt,
    }),
  )
  await options.routes?.(app)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  await app.users.ensureFirstUser({ username: 'admin', password: 'the admin password', production: false })

  const call = async (
    method: string,
    path: string,
    { token, body, headers }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer> => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const json = /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text }
  }

  const login = async (username: string, password: string) =>
    (await call('POST', '/auth/login', { body: { username, password } })).body as {
      access_token: string
      refresh_token: string
    }

  const admin = (await login('admin', 'the admin password')).access_token

  /** A user of that role, signed in. */
  const signUp = async (username: string, role: Role) => {
    const password = `password of ${username}`
    const { body: user } = await call('POST', '/api/v1/users', {
      token: admin,
      body: { username, password, role },
    })
    return { ...(await login(username, password)), id: user.id as string, username, password }
  }

  /** The answer to a request written by hand, up to the end of its headers, for what fetch does not send. */
  const raw = async (head: string): Promise<string> => {
    const socket = createConnection(Number(new URL(url).port), '127.0.0.1')
    socket.setEncoding('latin1')
    socket.write(head)
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
      if (text.includes('\r\n\r\n')) socket.destroy()
    })
    socket.on('error', () => socket.destroy())
    await once(socket, 'close')
    return text
  }

  const upgrade = (path: string, headers: Record<string, string> = {}) =>
    raw(
      [
        `GET ${path} HTTP/1.1`,
        `Host: ${new URL(url).host}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
        '\r\n',
      ].join('\r\n'),
    ).then((text) => Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]))

  const events = async (...types: string[]) =>
    log.events(types.length > 0 ? { eventTypes: types } : {}, { limit: 1000 })

  return { app, store, url, lines, log, call, login, signUp, admin, raw, upgrade, events }
}
