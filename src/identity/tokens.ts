import { randomUUID } from 'node:crypto'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { ExternalKey, ExternalKeys } from './external-keys.ts'
import { ROLES, type Role } from './identity.ts'
import type { Credential } from './revocation.ts'
import type { ExternalSubject } from './users.ts'

/** Clocks may differ by so much; RFC 7519 allows "usually no more than a few minutes". */
const CLOCK_TOLERANCE_SECONDS = 30

/** The part of `@fastify/jwt` that is used: synchronous, and throws on anything it does not accept. */
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
  /** Life of the session cookie: that of the refresh token it stands beside. */
  cookieTtlSeconds: number
  externalIssuer?: string | undefined
  external?: ExternalKeys | undefined
  now?: () => number
}

/** Whom a token is made for. */
export interface TokenSubject {
  userId: string
  username: string
  role: Role
  session: string
  generation: number
}

/** A token that held: of ours, or of the other issuer. */
export type VerifiedToken =
  | { issuer: 'own'; credential: Credential }
  | { issuer: 'external'; subject: ExternalSubject; issuedAt: number; expiresAt: number }

export interface Tokens {
  readonly accessTtlSeconds: number
  readonly cookieTtlSeconds: number
  /** The access token of a bearer. */
  access(subject: TokenSubject): string
  /** The value of a session cookie; no good as a bearer token. */
  cookie(subject: TokenSubject): string
  /**
   * @param use where it was shown: a bearer token is no cookie and the other way round
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
  /** Refresh-token family. */
  sid: string
  /** `tokens_valid_from` of the user at issue: exact where comparing clocks would not be. */
  gen: number
  use: 'bearer' | 'cookie'
}

/** The last second of the year 9999: what lies above is no time that a timer or a date can hold. */
const LAST_SECOND = 253_402_300_799
const MAX_TOKEN_LENGTH = 8192

const invalid = (cause?: unknown) =>
  new Problem('UNAUTHENTICATED', say('identity.token_invalid'), cause === undefined ? {} : { cause })

const isText = (value: unknown, maxLength = 512): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= maxLength

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= LAST_SECOND

/**
 * Access tokens: HS256 for our own, and RS256, ES256 or EdDSA, as the key's type has it, for another issuer's. Which
 * key is used follows from `alg`, and each key is held to its own algorithm, so a public key is never a MAC secret.
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

  return {
    accessTtlSeconds,
    cookieTtlSeconds,
    access: (subject) => make(subject, 'bearer', accessTtlSeconds),
    cookie: (subject) => make(subject, 'cookie', cookieTtlSeconds),
    async verify(token, use) {
      const { alg, kid } = headerOf(token)
      if (alg === 'HS256') return own(token, use)
      if (use === 'bearer' && (alg === 'RS256' || alg === 'ES256' || alg === 'EdDSA'))
        return external(token, alg, kid)
      throw invalid()
    },
  }
}
