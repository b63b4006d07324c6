import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { badField, Problem } from '../../errors.ts'
import type { Grant } from '../../identity/sessions.ts'
import type { SignIn } from '../../identity/sign-in.ts'
import type { Tickets } from '../../identity/tickets.ts'
import { say } from '../../language/sentence.ts'
import { SESSION_COOKIE } from '../../plugins/auth.ts'
import { addressKey } from '../../plugins/rate-limit.ts'
import { problemResponses } from '../problem-schema.ts'
import { KEPT } from '../text.ts'

export interface AuthRouteOptions {
  signIn: SignIn
  tickets: Pick<Tickets, 'ttlSeconds'>
  accessTtlSeconds: number
}

const Login = Type.Object({
  username: Type.String({ minLength: 1, maxLength: 256, pattern: KEPT }),
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
  refresh_token: Type.Optional(RefreshToken),
  cookie: Type.Optional(
    Type.Boolean({ description: 'sets a new session cookie; without a refresh token the old one is shown' }),
  ),
})
const Logout = Type.Union([Type.Object({ refresh_token: Type.Optional(RefreshToken) }), Type.Null()])

/** Serves login, refresh, logout and tickets. */
export const authRoutes: FastifyPluginAsyncTypebox<AuthRouteOptions> = async (app, options) => {
  const { signIn, tickets, accessTtlSeconds } = options
  const tags = ['identity']

  const body = (grant: Grant) => ({
    access_token: grant.accessToken,
    token_type: 'bearer' as const,
    expires_in: accessTtlSeconds,
    refresh_token: grant.refreshToken,
  })

  /** @throws {Problem} `UNAUTHENTICATED` where the request shows no session by its cookie */
  const ofCookie = async (request: FastifyRequest): Promise<Grant> => {
    await request.identify()
    const { credential, headers } = request
    if (!credential || headers.authorization !== undefined)
      throw new Problem('UNAUTHENTICATED', say('identity.sign_in'))
    return signIn.prolong(request.auditTrail(), credential)
  }

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
        const grant = await signIn.login(request.auditTrail(), {
          username,
          password,
          address: addressKey(request),
        })
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
        description:
          'A refresh token is used once; one that comes again ends its session. A session cookie is changed for a new one.',
        security: [],
        body: Refresh,
        response: { 200: Granted, ...problemResponses(400, 401, 429) },
      },
    },
    async (request, reply) => {
      const { refresh_token, cookie } = request.body
      if (refresh_token === undefined && cookie !== true)
        throw badField('/refresh_token', say('field.required'))
      const grant = await (refresh_token === undefined
        ? ofCookie(request)
        : signIn.refresh(request.auditTrail(), refresh_token))
      if (cookie === true || request.cookies[SESSION_COOKIE] !== undefined) reply.sessionCookie(grant.cookie)
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
      await signIn.logout(request.auditTrail(), {
        identity,
        session: request.credential?.session,
        refreshToken: request.body?.refresh_token,
      })
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
      const ticket = await signIn.ticket(request.auditTrail(), request.credential)
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ticket, expires_in: tickets.ttlSeconds })
    },
  )
}
