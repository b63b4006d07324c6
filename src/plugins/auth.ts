import cookie from '@fastify/cookie'
import jwt from '@fastify/jwt'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { Problem } from '../errors.ts'
import type { ExternalKeys } from '../identity/external-keys.ts'
import { ANONYMOUS_ID, type Capability, can, type Identity } from '../identity/identity.ts'
import type { Passwords } from '../identity/passwords.ts'
import { type Credential, type Revocation, revocation, type UserState } from '../identity/revocation.ts'
import { type Sessions, sessions } from '../identity/sessions.ts'
import { type Tickets, tickets } from '../identity/tickets.ts'
import { type JwtCodec, tokens } from '../identity/tokens.ts'
import { type ExternalSubject, externalUserId, type Users, users } from '../identity/users.ts'
import { say } from '../language/sentence.ts'
import type { Store } from '../store/database.ts'
import { crossOrigin, originOf } from './origin.ts'

/** The callers that a route admits: everyone, everyone where anonymous use is on, or those with the capability. */
export type RouteAccess = 'public' | 'anonymous' | Capability

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess
    /** Capability that signed-in callers of an `anonymous` route need: by default `read` for GET, else `start`. */
    capability?: Capability
    /**
     * True where the route answers a GET with an event-stream: `?token=` opens it, and limits do not answer it with a
     * 429.
     */
    eventStream?: boolean
  }
  interface FastifyInstance {
    users: Users
    sessions: Sessions
    tickets: Tickets
    revocation: Revocation
    /**
     * Returns the identity of an access token, for a connection, opened by `request`, that shows a new one.
     * @throws {Problem} `UNAUTHENTICATED`, `TOKEN_EXPIRED`
     */
    authenticateToken(token: string, request: FastifyRequest): Promise<Identity>
    /**
     * Checks once more, when the work of a request begins, that its credential holds: its body may have come long after
     * its head.
     * @returns undefined where nothing has to be awaited
     * @throws {Problem} `UNAUTHENTICATED`
     */
    requireStill(credential: Credential): Promise<void> | undefined
  }
  interface FastifyRequest {
    /**
     * The caller.
     * @throws {Error} on a public route, where there may be none
     */
    readonly identity: Identity
    maybeIdentity: Identity | undefined
    /** The credential by which the caller was identified; undefined for the anonymous one. */
    credential: Credential | undefined
    /** Identifies the caller on a public route too; undefined when there is none. */
    identify(): Promise<Identity | undefined>
  }
  interface FastifyReply {
    /** Sets the session cookie; undefined removes it. */
    sessionCookie(value: string | undefined): FastifyReply
  }
}

export interface AuthOptions {
  store: Store
  /** Key that signs access tokens and cookies, HS256. */
  secret: string
  issuer: string
  audience: string
  accessTtlSeconds: number
  refreshTtlSeconds: number
  ticketTtlSeconds: number
  /** Keys of another issuer whose tokens are accepted, and the `iss` that they must name. */
  external?: { keys: ExternalKeys; issuer: string | undefined } | undefined
  allowAnonymous?: boolean
  publicUrl?: string | undefined
  corsOrigins?: readonly string[]
  /** Paths of third-party plugins, which declare no access and are public: `/docs`, `/*`. */
  unguarded?: readonly string[]
  passwords: Passwords
  revocationPollMs?: number
  now?: () => number
}

export const SESSION_COOKIE = 'tributary_session'

const isUpgrade = ({ headers }: FastifyRequest): boolean => headers.upgrade?.toLowerCase() === 'websocket'

/**
 * Tells whether a GET is answered with an event-stream: its route declares it, or the client accepts nothing else.
 */
export const wantsEventStream = ({ method, headers, routeOptions }: FastifyRequest): boolean =>
  method === 'GET' &&
  (routeOptions.config.eventStream === true || headers.accept?.includes('text/event-stream') === true)

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS']

/** A signal that is never aborted. */
const NEVER = new AbortController().signal

const anonymous: Identity = {
  id: ANONYMOUS_ID,
  username: ANONYMOUS_ID,
  email: null,
  role: 'analyst',
  expiresAt: null,
  revoked: NEVER,
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const signInFirst = () => new Problem('UNAUTHENTICATED', say('identity.sign_in'))

/** Checks that every route of the service declares its access; a route without it stops the start. */
const requireAccessOn = (unguarded: readonly string[]) => (route: RouteOptions) => {
  const foreign = unguarded.some(
    (path) => route.url === path || route.url.startsWith(path.endsWith('/') ? path : `${path}/`),
  )
  if (route.config?.access !== undefined) return
  if (foreign || route.method === 'OPTIONS') {
    route.config = { ...route.config, access: 'public' }
    return
  }
  throw new Error(`${String(route.method)} ${route.url} does not state its access`)
}

/**
 * Identifies the caller of each request and checks its access. Credentials are looked for in the Authorization
 * header, `?ticket=`, `?token=` (event-streams and upgrades) and the session cookie (same origin), in that order; the
 * first that is present decides.
 */
export const authPlugin = fp(
  async (app: FastifyInstance, options: AuthOptions) => {
    const { store, refreshTtlSeconds, corsOrigins = [], publicUrl, allowAnonymous = false } = options
    const { now = Date.now, passwords } = options
    await app.register(cookie)
    await app.register(jwt, { secret: options.secret, sign: { algorithm: 'HS256' } })

    const revoked = revocation(store, {
      now,
      ...(options.revocationPollMs === undefined ? {} : { pollMs: options.revocationPollMs }),
      onError: (error) => app.log.error({ err: error }, 'revocations could not be read'),
    })
    const userStore = users(store, { passwords, revocation: revoked, now })
    const tokenIssuer = tokens(app.jwt as unknown as JwtCodec, {
      issuer: options.issuer,
      audience: options.audience,
      accessTtlSeconds: options.accessTtlSeconds,
      cookieTtlSeconds: refreshTtlSeconds,
      external: options.external?.keys,
      externalIssuer: options.external?.issuer,
      now,
    })
    const ticketStore = tickets(store, { ttlSeconds: options.ticketTtlSeconds, now })
    app.decorate('users', userStore)
    app.decorate('tickets', ticketStore)
    app.decorate('revocation', revoked)
    app.decorate(
      'sessions',
      sessions(store, { tokens: tokenIssuer, passwords, revocation: revoked, refreshTtlSeconds, now }),
    )
    app.addHook('onClose', async () => revoked.close())

    const toIdentity = (user: UserState, credential: Credential): Identity => ({
      id: user.id,
      username: user.username,
      email: user.email,
      role: user.role,
      expiresAt: credential.expiresAt,
      get revoked() {
        return revoked.signal(credential)
      },
    })

    const userOf = async (credential: Credential): Promise<UserState> => {
      const user = await revoked.userOf(credential)
      if (!user) throw new Problem('UNAUTHENTICATED', say('identity.revoked'))
      return user
    }

    const identityOf = async (credential: Credential): Promise<Identity> =>
      toIdentity(await userOf(credential), credential)

    app.decorate('requireStill', (credential) =>
      revoked.known(credential) ? undefined : userOf(credential).then(() => undefined),
    )

    const admit = (subject: ExternalSubject, request: FastifyRequest): Promise<string> =>
      request.audited((record) =>
        userStore.admit(subject, (trx, { user, isNew }) =>
          record(trx, isNew ? 'user.created' : 'user.updated', {
            user_id: user.id,
            user_email: user.email,
            resource_type: 'user',
            resource_id: user.id,
            details: { issuer: subject.issuer, role: user.role },
          }),
        ),
      )

    /** Returns the credential of a token; the user of another issuer's token is created, or brought up to date. */
    const credentialOf = async (
      token: string,
      use: 'bearer' | 'cookie',
      request: FastifyRequest,
    ): Promise<Credential> => {
      const verified = await tokenIssuer.verify(token, use)
      if (verified.issuer === 'own') return verified.credential
      const { subject, issuedAt, expiresAt } = verified
      // The other issuer's time of issue has whole seconds only.
      const generation = issuedAt + 999
      const userId = externalUserId(subject.issuer, subject.subject)
      const credential = { userId, session: null, generation, expiresAt }
      const user = await revoked.userOf(credential)
      if (user?.role !== subject.role || user.email !== subject.email) await admit(subject, request)
      return credential
    }

    const isResumed = ({ headers, query }: FastifyRequest): boolean =>
      text(headers['last-event-id']) !== undefined ||
      text((query as Record<string, unknown>).last_event_id) !== undefined

    const fromTicket = async (ticket: string, request: FastifyRequest): Promise<Credential> => {
      const path = request.url.split('?', 1)[0] as string
      const credential = await ticketStore.redeem(ticket, path, isResumed(request))
      if (!credential) throw new Problem('UNAUTHENTICATED', say('identity.ticket_used'))
      return credential
    }

    /** Returns the credential of a request; undefined when it has none. */
    const credentialIn = async (request: FastifyRequest): Promise<Credential | undefined> => {
      const { authorization } = request.headers
      if (authorization !== undefined) {
        const token = /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1]
        if (!token) throw new Problem('UNAUTHENTICATED', say('identity.bearer'))
        return credentialOf(token, 'bearer', request)
      }
      const query = request.query as Record<string, unknown>
      const ticket = request.method === 'GET' ? text(query.ticket) : undefined
      if (ticket !== undefined) return fromTicket(ticket, request)
      const token = isUpgrade(request) || wantsEventStream(request) ? text(query.token) : undefined
      if (token !== undefined) return credentialOf(token, 'bearer', request)
      return fromCookie(request)
    }

    const originFor = (request: FastifyRequest) => originOf(request, { publicUrl, corsOrigins })

    const fromCookie = async (request: FastifyRequest): Promise<Credential | undefined> => {
      const value = text(request.cookies[SESSION_COOKIE])
      if (value === undefined) return undefined
      const origin = originFor(request)
      const changes = !SAFE_METHODS.includes(request.method)
      if (isUpgrade(request) ? origin !== 'same' : changes && origin !== 'same' && origin !== 'absent')
        throw crossOrigin(request)
      if (origin === 'foreign' || origin === 'allowed') return undefined
      try {
        const credential = await credentialOf(value, 'cookie', request)
        return (await revoked.userOf(credential)) && credential
      } catch (error) {
        // A cookie that has ended, or was revoked, counts as none: the caller did not choose to send it.
        if (error instanceof Problem && error.status === 401) return undefined
        throw error
      }
    }

    const mayBeAnonymous = (request: FastifyRequest): boolean => {
      if (!allowAnonymous) return false
      if (originFor(request) === 'foreign') throw crossOrigin(request)
      return true
    }

    const enter = async (request: FastifyRequest): Promise<Identity | undefined> => {
      const credential = await credentialIn(request)
      if (!credential) return undefined
      const identity = await identityOf(credential)
      const endless = isUpgrade(request) || wantsEventStream(request)
      // Clocks may differ for a single request; an event-stream or upgrade with expired credentials is refused
      // instead.
      if (endless && credential.expiresAt !== null && credential.expiresAt <= now())
        throw new Problem('TOKEN_EXPIRED', say('identity.token_expired'))
      request.credential = credential
      request.maybeIdentity = identity
      return identity
    }

    app.decorate('authenticateToken', async (token: string, request: FastifyRequest) => {
      const credential = await credentialOf(token, 'bearer', request)
      if (credential.expiresAt !== null && credential.expiresAt <= now())
        throw new Problem('TOKEN_EXPIRED', say('identity.token_expired'))
      return identityOf(credential)
    })
    app.decorateRequest('maybeIdentity', undefined)
    app.decorateRequest('credential', undefined)
    app.decorateRequest('identity', {
      getter(this: FastifyRequest) {
        if (this.maybeIdentity) return this.maybeIdentity
        throw new Error(
          `${this.method} ${this.routeOptions.url} asks for an identity that it does not require`,
        )
      },
    })
    app.decorateRequest('identify', async function (this: FastifyRequest) {
      return this.maybeIdentity ?? enter(this)
    })
    app.decorateReply('sessionCookie', function (this: FastifyReply, value: string | undefined) {
      const secure = this.request.protocol === 'https' || publicUrl?.startsWith('https:') === true
      const attributes = { httpOnly: true, sameSite: 'strict', path: '/', secure } as const
      return value === undefined
        ? this.clearCookie(SESSION_COOKIE, attributes)
        : this.setCookie(SESSION_COOKIE, value, { ...attributes, maxAge: refreshTtlSeconds })
    })

    app.addHook('onRoute', requireAccessOn(options.unguarded ?? []))

    app.addHook('onRequest', async (request) => {
      if (request.is404) return
      if (isUpgrade(request) && originFor(request) === 'foreign') throw crossOrigin(request)
      const { access, capability } = request.routeOptions.config
      // The CORS plugin, which comes first, answers preflights.
      if (request.method === 'OPTIONS') return
      if (access === undefined)
        throw new Error(`${request.routeOptions.url} was added before its access is asked`)
      if (access === 'public') {
        const changes = !SAFE_METHODS.includes(request.method)
        if (changes && request.headers.authorization === undefined && originFor(request) === 'foreign')
          throw crossOrigin(request)
        return
      }
      const identity = await enter(request)
      if (!identity) {
        if (access !== 'anonymous' || !mayBeAnonymous(request)) throw signInFirst()
        request.maybeIdentity = anonymous
        return
      }
      const needed =
        access === 'anonymous' ? (capability ?? (request.method === 'GET' ? 'read' : 'start')) : access
      if (!can(identity.role, needed))
        throw new Problem('FORBIDDEN', say('identity.role_may_not', { role: identity.role }))
    })

    app.addHook('preHandler', ({ credential }, _reply, done) => {
      const checking = credential && app.requireStill(credential)
      if (checking) checking.then(() => done(), done)
      else done()
    })
  },
  { name: 'auth', fastify: '5.x', dependencies: ['problem', 'audit'] },
)
