import type { FastifyRequest } from 'fastify'

/**
 * Where a browser's request comes from: `same` origin, an origin of `CORS_ORIGINS`, a `foreign` one, or `absent`
 * when neither `Origin` nor Fetch Metadata says it, as with clients that are no browsers.
 */
export type RequestOrigin = 'same' | 'allowed' | 'foreign' | 'absent'

const hostOf = (url: string): string | undefined => {
  try {
    return new URL(url).host
  } catch {
    return undefined
  }
}

/**
 * @param publicUrl where clients reach the service when that is not the Host that it sees
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
    return site === 'same-origin' ? 'same' : 'foreign'
  }
  if (corsOrigins.includes(origin)) return 'allowed'
  const host = hostOf(origin)
  if (!host || !/^https?:\/\//.test(origin)) return 'foreign'
  // The scheme is the proxy's affair: what ends TLS in front of the service hides it.
  const scheme = origin.slice(0, origin.indexOf(':'))
  const own = [hostOf(`${scheme}://${request.host}`), publicUrl === undefined ? undefined : hostOf(publicUrl)]
  return own.includes(host) ? 'same' : 'foreign'
}
