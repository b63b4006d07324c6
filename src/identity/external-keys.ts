import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { type Dispatcher, request } from 'undici'

/** A public key, held to the one algorithm of its type. */
export interface ExternalKey {
  /** The public key as PEM (SPKI). */
  pem: string
  algorithm: 'RS256' | 'ES256' | 'EdDSA'
  kid: string | undefined
}

export interface ExternalKeys {
  /**
   * Returns the keys that a token with this header may be signed with; none when the issuer cannot be reached.
   * Never rejects.
   */
  find(algorithm: ExternalKey['algorithm'], kid: string | undefined): Promise<readonly ExternalKey[]>
}

const MIN_RSA_BITS = 2048

const toExternalKey = (key: KeyObject, kid: string | undefined): ExternalKey | undefined => {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  const algorithm =
    type === 'rsa' && (details?.modulusLength ?? 0) >= MIN_RSA_BITS
      ? 'RS256'
      : type === 'ec' && details?.namedCurve === 'prime256v1'
        ? 'ES256'
        : type === 'ed25519'
          ? 'EdDSA'
          : undefined
  return algorithm && { pem: key.export({ type: 'spki', format: 'pem' }).toString(), algorithm, kid }
}

/**
 * Reads the key of `JWT_PUBLIC_KEY`; newlines may be written as `\n`, as one-line settings have them.
 * @throws {Error} when it is no RSA key of 2048 bits or more, no P-256 and no Ed25519 public key
 */
export const publicKey = (pem: string): ExternalKeys => {
  const object = createPublicKey(pem.replaceAll('\\n', '\n'))
  const key = toExternalKey(object, undefined)
  if (!key) throw new Error('must be an RSA (2048 bits or more), P-256 or Ed25519 public key')
  return { find: async (algorithm) => (algorithm === key.algorithm ? [key] : []) }
}

export interface JwksOptions {
  now?: () => number
  /** Milliseconds for which a fetched set is used without asking again. */
  freshMs?: number
  /** Milliseconds with at most one fetch, whatever `kid`s tokens have. */
  cooldownMs?: number
  timeoutMs?: number
  dispatcher?: Dispatcher
  onError?: (error: unknown) => void
}

const MAX_JWKS_BYTES = 262_144

const fetchKeys = async (url: string, timeoutMs: number, dispatcher: Dispatcher | undefined) => {
  const response = await request(url, {
    headers: { accept: 'application/json' },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    signal: AbortSignal.timeout(timeoutMs),
    ...(dispatcher ? { dispatcher } : {}),
  })
  if (response.statusCode !== 200) {
    await response.body.dump()
    throw new Error(`The key set's server answered ${response.statusCode}`)
  }
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_JWKS_BYTES) throw new Error('The key set is too large')
    chunks.push(chunk)
  }
  const { keys } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { keys: unknown }
  if (!Array.isArray(keys)) throw new Error('The key set has no keys')
  return keys.flatMap((jwk: JsonWebKey & { kid?: unknown; use?: unknown; alg?: unknown }): ExternalKey[] => {
    try {
      if (jwk.use !== undefined && jwk.use !== 'sig') return []
      const object = createPublicKey({ key: jwk, format: 'jwk' })
      const key = toExternalKey(object, typeof jwk.kid === 'string' ? jwk.kid : undefined)
      return key && (jwk.alg === undefined || jwk.alg === key.algorithm) ? [key] : []
    } catch {
      // A set may hold keys of unknown kinds; those verify nothing.
      return []
    }
  })
}

/**
 * Makes the keys of `JWKS_URL`, which are fetched when first needed, when they are old, and when they lack a `kid`.
 * The old keys stay valid while the issuer cannot be reached.
 */
export const jwks = (url: string, options: JwksOptions = {}): ExternalKeys => {
  const { now = Date.now, freshMs = 600_000, cooldownMs = 30_000, timeoutMs = 5000, onError } = options
  let keys: readonly ExternalKey[] = []
  let fetchedAt = Number.NEGATIVE_INFINITY
  let triedAt = Number.NEGATIVE_INFINITY
  let running: Promise<void> | undefined

  const refresh = (): Promise<void> => {
    running ??= (async () => {
      try {
        keys = await fetchKeys(url, timeoutMs, options.dispatcher)
        fetchedAt = now()
      } catch (error) {
        onError?.(error)
      } finally {
        triedAt = now()
        running = undefined
      }
    })()
    return running
  }

  const matching = (algorithm: ExternalKey['algorithm'], kid: string | undefined) =>
    keys.filter((key) => key.algorithm === algorithm && (kid === undefined || key.kid === kid))

  return {
    async find(algorithm, kid) {
      const mayAsk = running !== undefined || now() - triedAt >= cooldownMs
      const stale = now() - fetchedAt >= freshMs
      if (mayAsk && (stale || matching(algorithm, kid).length === 0)) await refresh()
      return matching(algorithm, kid)
    },
  }
}
