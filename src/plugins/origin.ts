import type { FastifyRequest } from 'fastify'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'

/**
 * The origin of a browser's request: `same` origin, an origin of `CORS_ORIGINS`, a `foreign` one, or `absent` when
 * neither `Origin` nor Fetch Metadata names it, as with clients that are no browsers.
 */
export type RequestOrigin = 'same' | 'allowed' | 'foreign' | 'absent'

const hostOf = (url: string): string | undefined => {
  try {
    return new URL(url).host
  } catch {
    return undefined
  }
}

/** Tells whether `CORS_ORIGINS` is `*`: any origin may call, without the session cookie. */
export const isOpenToAll = (corsOrigins: readonly string[]): boolean => corsOrigins[0] === '*'

const isSame = (host: string, origin: string, publicUrl: string | undefined): boolean => {
  const own = hostOf(origin)
  if (!own || !/^https?:\/\//.test(origin)) return false
  // A proxy that ends TLS in front of the service hides the scheme.
  const scheme = origin.slice(0, origin.indexOf(':'))
  return own === hostOf(`${scheme}://${host}`) || (publicUrl !== undefined && own === hostOf(publicUrl))
}

/**
 * Returns the origin of a request.
 * @param publicUrl address at which clients reach the service when that is not the Host that it sees
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export const originOf = (
  request: Pick<FastifyRequest, 'headers' | 'host'>,
  { publicUrl, corsOrigins }: { publicUrl: string | undefined; corsOrigins: readonly string[] },
): RequestOrigin => {
  const { origin } = request.headers
  if (origin === undefined) {
    const site = request.headers['sec-fetch-site']
    if (site === undefined || site === 'none') return 'absent'
    if (site === 'same-origin') return 'same'
    return isOpenToAll(corsOrigins) ? 'allowed' : 'foreign'
  }
  if (corsOrigins.includes(origin)) return 'allowed'
  if (isSame(request.host, origin, publicUrl)) return 'same'
  return isOpenToAll(corsOrigins) ? 'allowed' : 'foreign'
}

/** Makes the refusal of a request from another origin; its detail names the settings that decide. */
export const crossOrigin = (request: Pick<FastifyRequest, 'headers' | 'host'>): Problem =>
  new Problem(
    'FORBIDDEN',
    say('identity.foreign_origin', { origin: request.headers.origin ?? null, host: request.host }),
  )
