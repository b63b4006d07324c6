import { randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { ExternalKey, ExternalKeys } from './external-keys.ts'
import { ROLES, type Role } from './identity.ts'
import type { Credential } from './revocation.ts'
import type { ExternalSubject } from './users.ts'

/** Seconds by which clocks may differ; RFC 7519 allows "usually no more than a few minutes". */
const CLOCK_TOLERANCE_SECONDS = 30

/** The part of `@fastify/jwt` that is used: synchronous; it throws on anything it does not accept. */
export interface JwtCodec {
  sign(claims: object): string
  verify(
    token: string,
    options: {
      key?: string
      algorithms: ('HS256' | 'RS256' | 'ES256' | 'EdDSA')[]
      clockTolerance: number
      clockTimestamp: number
      requiredClaims: string[]
      allowedAud: string
      allowedIss?: string
    },
  ): object
  decode(token: string, options: { complete: true }): unknown
}

export interface TokenOptions {
  issuer: string
  audience: string
  accessTtlSeconds: number
  /** Seconds for which the session cookie is valid: those of the refresh token of the same login. */
  cookieTtlSeconds: number
  externalIssuer?: string | undefined
  external?: ExternalKeys | undefined
  now?: () => number
}

/** The user and the session that a token is made for. */
export interface TokenSubject {
  userId: string
  username: string
  role: Role
  session: string
  generation: number
}

/** The claims of a valid token, issued by this service or by the external issuer. */
export type VerifiedToken =
  | { issuer: 'own'; credential: Credential }
  | { issuer: 'external'; subject: ExternalSubject; issuedAt: number; expiresAt: number }

export interface Tokens {
  readonly accessTtlSeconds: number
  readonly cookieTtlSeconds: number
  /** Makes an access token, sent as a bearer token. */
  access(subject: TokenSubject): string
  /** Makes the value of a session cookie, which is not accepted as a bearer token. */
  cookie(subject: TokenSubject): string
  /**
   * Verifies a token.
   * @param use how the token was sent: a bearer token is not accepted as a cookie, nor a cookie as a bearer token
   * @throws {Problem} `UNAUTHENTICATED`, `TOKEN_EXPIRED`; never anything else, whatever the token holds
   */
  verify(token: string, use: 'bearer' | 'cookie'): Promise<VerifiedToken>
}

interface Claims {
  sub: string
  username: string
  role: string
  iat: number
  exp: number
  iss: string
  aud: string
  jti: string
  /** The family of refresh tokens. */
  sid: string
  /**
   * `tokens_valid_from` of the user when the token was issued: it is compared exactly, which times of different
   * clocks cannot be.
   */
  gen: number
  use: 'bearer' | 'cookie'
}

/** Most valid tokens that are remembered. */
const MAX_KNOWN = 10_000
/** Longest time for which another issuer's token is not verified again, in ms: its keys may be withdrawn. */
const EXTERNAL_KNOWN_MS = 5000

/** A token that was valid, until a time in ms since the epoch. */
interface KnownToken {
  verified: VerifiedToken
  use: 'bearer' | 'cookie'
  until: number
}

/** The last second of the year 9999: later times overflow timers and dates. */
const LAST_SECOND = 253_402_300_799
const MAX_TOKEN_LENGTH = 8192

const invalid = (cause?: unknown) =>
  new Problem('UNAUTHENTICATED', say('identity.token_invalid'), cause === undefined ? {} : { cause })

const isText = (value: unknown, maxLength = 512): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= maxLength

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= LAST_SECOND

/**
 * Makes and verifies access tokens: HS256 for those of this service; RS256, ES256 or EdDSA, by the type of the key,
 * for those of another issuer. `alg` selects the key, and each key is bound to its own algorithm, so a public key
 * is never used as a MAC secret.
 * @see https://www.rfc-editor.org/rfc/rfc8725
 */
export const tokens = (jwt: JwtCodec, options: TokenOptions): Tokens => {
  const { issuer, audience, accessTtlSeconds, cookieTtlSeconds, now = Date.now } = options

  const make = (subject: TokenSubject, use: Claims['use'], ttlSeconds: number): string => {
    const iat = Math.floor(now() / 1000)
    return jwt.sign({
      sub: subject.userId,
      username: subject.username,
      role: subject.role,
      iat,
      exp: iat + ttlSeconds,
      iss: issuer,
      aud: audience,
      jti: randomUUID(),
      sid: subject.session,
      gen: subject.generation,
      use,
    } satisfies Claims)
  }

  const headerOf = (token: string): { alg: unknown; kid: unknown } => {
    if (token.length > MAX_TOKEN_LENGTH) throw invalid()
    try {
      const { header } = jwt.decode(token, { complete: true }) as { header: Record<string, unknown> }
      return { alg: header.alg, kid: header.kid }
    } catch (error) {
      throw invalid(error)
    }
  }

  const check = (token: string, key: ExternalKey | undefined, allowedIss: string | undefined) => {
    let claims: Partial<Claims> & { email?: unknown }
    try {
      claims = jwt.verify(token, {
        ...(key ? { key: key.pem } : {}),
        algorithms: [key?.algorithm ?? 'HS256'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS * 1000,
        clockTimestamp: now(),
        requiredClaims: ['exp', 'iss', 'aud', 'sub'],
        allowedAud: audience,
        ...(allowedIss === undefined ? {} : { allowedIss }),
      })
    } catch (error) {
      if ((error as { code?: string }).code === 'FAST_JWT_EXPIRED')
        throw new Problem('TOKEN_EXPIRED', say('identity.token_expired'))
      throw invalid(error)
    }
    const { exp, iat, iss, sub } = claims
    if (!isTime(exp) || !isText(sub) || !isText(iss)) throw invalid()
    const latestIssue = now() / 1000 + CLOCK_TOLERANCE_SECONDS
    if (iat !== undefined && (!isTime(iat) || iat > latestIssue)) throw invalid()
    return { ...claims, exp, iss, sub }
  }

  const own = (token: string, use: Claims['use']): VerifiedToken => {
    const { sub, exp, sid, gen, use: madeFor } = check(token, undefined, issuer)
    if (madeFor !== use || !isText(sid) || typeof gen !== 'number') throw invalid()
    return {
      issuer: 'own',
      credential: { userId: sub, session: sid, generation: gen, expiresAt: exp * 1000 },
    }
  }

  const external = async (
    token: string,
    alg: ExternalKey['algorithm'],
    kid: unknown,
  ): Promise<VerifiedToken> => {
    if (kid !== undefined && !isText(kid)) throw invalid()
    const keys = (await options.external?.find(alg, kid)) ?? []
    let failure = invalid()
    for (const key of keys) {
      try {
        const { iss, sub, role, email, iat, exp } = check(token, key, options.externalIssuer)
        return {
          issuer: 'external',
          subject: {
            issuer: iss,
            subject: sub,
            role: ROLES.find((known) => known === role) ?? 'viewer',
            email: isText(email, 254) ? email : null,
          },
          issuedAt: (iat ?? 0) * 1000,
          expiresAt: exp * 1000,
        }
      } catch (error) {
        failure = error instanceof Problem ? error : invalid(error)
      }
    }
    throw failure
  }

  /** Tokens that were found valid: time alone makes them invalid, and what revokes them is asked for elsewhere. */
  const known = new LRUCache<string, KnownToken>({ max: MAX_KNOWN })

  const verifyAnew = async (token: string, use: Claims['use']): Promise<VerifiedToken> => {
    const { alg, kid } = headerOf(token)
    if (alg === 'HS256') return own(token, use)
    if (use === 'bearer' && (alg === 'RS256' || alg === 'ES256' || alg === 'EdDSA'))
      return external(token, alg, kid)
    throw invalid()
  }

  const endOf = (verified: VerifiedToken): number =>
    verified.issuer === 'own'
      ? (verified.credential.expiresAt ?? 0)
      : Math.min(verified.expiresAt, now() + EXTERNAL_KNOWN_MS)

  return {
    accessTtlSeconds,
    cookieTtlSeconds,
    access: (subject) => make(subject, 'bearer', accessTtlSeconds),
    cookie: (subject) => make(subject, 'cookie', cookieTtlSeconds),
    async verify(token, use) {
      const before = known.get(token)
      if (before?.use === use && before.until > now()) return before.verified
      const verified = await verifyAnew(token, use)
      known.set(token, { verified, use, until: endOf(verified) })
      return verified
    },
  }
}
