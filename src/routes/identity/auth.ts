import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { AuditEventType } from '../../audit/events.ts'
import { badField, Problem } from '../../errors.ts'
import { type Grant, ReusedToken, type Sessions } from '../../identity/sessions.ts'
import type { Tickets } from '../../identity/tickets.ts'
import { say } from '../../language/sentence.ts'
import { SESSION_COOKIE } from '../../plugins/auth.ts'
import { addressKey } from '../../plugins/rate-limit.ts'
import { problemResponses } from '../problem-schema.ts'

export interface AuthRouteOptions {
  sessions: Sessions
  tickets: Tickets
  accessTtlSeconds: number
}

const Login = Type.Object({
  username: Type.String({ minLength: 1, maxLength: 256 }),
  password: Type.String({ minLength: 1, maxLength: 1024 }),
  cookie: Type.Optional(
    Type.Boolean({ description: 'also sets an HttpOnly session cookie, good on same-origin requests' }),
  ),
})

const Granted = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal('bearer'),
  expires_in: Type.Integer({ description: 'seconds' }),
  refresh_token: Type.String(),
})

const RefreshToken = Type.String({ minLength: 1, maxLength: 512 })
const Refresh = Type.Object({
  refresh_token: RefreshToken,
  cookie: Type.Optional(Type.Boolean()),
})
const Logout = Type.Union([Type.Object({ refresh_token: Type.Optional(RefreshToken) }), Type.Null()])

/** Serves login, refresh, logout and tickets. */
export const authRoutes: FastifyPluginAsyncTypebox<AuthRouteOptions> = async (app, options) => {
  const { sessions, tickets, accessTtlSeconds } = options
  const tags = ['identity']

  const body = (grant: Grant) => ({
    access_token: grant.accessToken,
    token_type: 'bearer' as const,
    expires_in: accessTtlSeconds,
    refresh_token: grant.refreshToken,
  })

  const whose = (grant: Grant) => ({ user_id: grant.userId, user_email: grant.email })

  for (const url of ['/auth/login', '/api/v1/auth/login']) {
    app.post(
      url,
      {
        config: { access: 'public', limit: 'login' },
        schema: {
          tags,
          summary: 'Signs in',
          description: 'After 5 failures of an account from an address within an hour: 429 with Retry-After.',
          security: [],
          body: Login,
          response: { 200: Granted, ...problemResponses(400, 401, 429) },
        },
      },
      async (request, reply) => {
        const { username, password, cookie } = request.body
        const details = { username }
        let grant: Grant
        try {
          grant = await request.audited((record) =>
            sessions.login({ username, password, address: addressKey(request) }, (trx, granted) =>
              record(trx, 'auth.login', { ...whose(granted), details }),
            ),
          )
        } catch (error) {
          if (error instanceof Problem) {
            const type: AuditEventType = error.code === 'LOCKED_OUT' ? 'auth.locked_out' : 'auth.login_failed'
            await request.audit(type, { success: false, error_code: error.code, details })
          }
          throw error
        }
        if (cookie === true) reply.sessionCookie(grant.cookie)
        return reply.header('cache-control', 'no-store').send(body(grant))
      },
    )
  }

  app.post(
    '/api/v1/auth/refresh',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Changes a refresh token for new tokens',
        description: 'A refresh token is used once; one that comes again ends its session.',
        security: [],
        body: Refresh,
        response: { 200: Granted, ...problemResponses(400, 401, 429) },
      },
    },
    async (request, reply) => {
      let grant: Grant
      try {
        grant = await request.audited((record) =>
          sessions.refresh(request.body.refresh_token, (trx, granted) =>
            record(trx, 'auth.refresh', whose(granted)),
          ),
        )
      } catch (error) {
        if (error instanceof ReusedToken)
          await request.audit('auth.refresh_reused', {
            user_id: error.userId,
            success: false,
            error_code: error.code,
          })
        else if (error instanceof Problem)
          await request.audit('auth.refresh_failed', { success: false, error_code: error.code })
        throw error
      }
      if (request.body.cookie === true || request.cookies[SESSION_COOKIE] !== undefined)
        reply.sessionCookie(grant.cookie)
      return reply.header('cache-control', 'no-store').send(body(grant))
    },
  )

  app.post(
    '/api/v1/auth/logout',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Signs out: ends the session, its tokens and what is live on them',
        body: Logout,
        response: { 204: Type.Null(), ...problemResponses(400, 401) },
      },
    },
    async (request, reply) => {
      const identity = await request.identify()
      const given = request.body?.refresh_token
      const owned = given === undefined ? undefined : await sessions.sessionOf(given)
      const session = request.credential?.session ?? owned?.session
      if (!identity && !owned) throw new Problem('UNAUTHENTICATED', say('identity.no_session'))
      if (owned && identity && owned.userId !== identity.id)
        throw badField('/refresh_token', say('identity.anothers_token'))
      const ended = [...new Set([session, owned?.session])].filter((one) => one != null)
      const fields = { user_id: identity?.id ?? owned?.userId ?? null }
      if (ended.length === 0) await request.audit('auth.logout', fields)
      for (const [index, one] of ended.entries())
        await request.audited((record) =>
          sessions.revoke(one, async (trx) => {
            if (index === 0) await record(trx, 'auth.logout', fields)
          }),
        )
      return reply.sessionCookie(undefined).code(204).send(null)
    },
  )

  app.post(
    '/api/v1/auth/tickets',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Issues a single-use ticket for ?ticket= on EventSource, WebSocket and downloads',
        description: 'It belongs to the first path it opens; with a Last-Event-ID it opens that path again.',
        response: {
          201: Type.Object({ ticket: Type.String(), expires_in: Type.Integer({ description: 'seconds' }) }),
          ...problemResponses(401, 429),
        },
      },
    },
    async (request, reply) => {
      if (!request.credential) throw new Problem('UNAUTHENTICATED', say('identity.sign_in'))
      const { credential } = request
      const ticket = await request.audited((record) =>
        tickets.issue(credential, (trx) => record(trx, 'auth.ticket')),
      )
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ticket, expires_in: tickets.ttlSeconds })
    },
  )
}
