import { type Dispatcher, request } from 'undici'
import { Problem } from '../../errors.ts'
import { say } from '../../language/sentence.ts'
import type { Clock, TokenBucket } from './token-bucket.ts'

/** The policy for requests to a source's API. Times are in milliseconds. */
export interface UpstreamPolicy {
  /** Name of the source in messages: `Portal da Transparência`. */
  title: string
  /** The setting that decides whether it lets this service in. */
  accessSetting: string
  dispatcher: Dispatcher
  bucket: TokenBucket
  clock: Clock
  /** Returns 0 ≤ x < 1, to spread retries. */
  random: () => number
  /** Number of attempts after the first one. */
  retries: number
  /** Delay before the second attempt; it doubles with each further one. */
  backoffMs: number
  /** Largest `Retry-After` that is waited for; a larger one ends the attempts. */
  maxRetryAfterMs: number
  headersTimeoutMs: number
  /** Longest pause inside a body. */
  idleTimeoutMs: number
  maxBodyBytes: number
}

const MAX_REDIRECTS = 3
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** Thrown for a failure that a later attempt may not meet. */
class Transient extends Error {
  /** Undefined where no answer came. */
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined

  constructor({ status, retryAfterMs, cause }: { status?: number; retryAfterMs?: number; cause?: unknown }) {
    super(status === undefined ? 'no answer' : `HTTP ${status}`, { cause })
    this.status = status
    this.retryAfterMs = retryAfterMs
  }
}

/** Returns the milliseconds of a `Retry-After` in seconds or as a date (RFC 9110 §10.2.3). */
const retryAfterMs = (header: string | string[] | undefined, now: number): number | undefined => {
  if (typeof header !== 'string') return undefined
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

const readText = async (response: Dispatcher.ResponseData, policy: UpstreamPolicy): Promise<string> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > policy.maxBodyBytes) {
      throw new Problem(
        'SOURCE_ERROR',
        say('source.page_too_large', { source: policy.title, bytes: policy.maxBodyBytes }),
      )
    }
    chunks.push(chunk)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

/** Closes the socket of an answer whose body is not needed. */
const discard = ({ body }: Dispatcher.ResponseData): void => {
  body.on('error', () => {}).destroy()
}

const attempt = async (
  start: URL,
  headers: Record<string, string>,
  policy: UpstreamPolicy,
  signal: AbortSignal,
): Promise<unknown> => {
  const { title: source } = policy
  let url = start
  for (let redirects = 0; ; redirects += 1) {
    await policy.bucket.take(signal)
    const response = await request(url, {
      dispatcher: policy.dispatcher,
      headers: { accept: 'application/json', 'accept-encoding': 'identity', ...headers },
      headersTimeout: policy.headersTimeoutMs,
      bodyTimeout: policy.idleTimeoutMs,
      signal,
    })
    const { statusCode } = response
    if (statusCode === 200) {
      const encoding = response.headers['content-encoding']
      if (encoding !== undefined && encoding !== 'identity') {
        discard(response)
        throw new Problem('SOURCE_ERROR', say('source.encoding', { source }))
      }
      const text = await readText(response, policy)
      try {
        return JSON.parse(text)
      } catch {
        // Without the parser's error as cause, since its message quotes the body.
        throw new Problem('SOURCE_ERROR', say('source.not_json', { source }))
      }
    }
    discard(response)
    if (statusCode === 204) return undefined
    if (statusCode === 429 || statusCode >= 500) {
      const after = retryAfterMs(response.headers['retry-after'], policy.clock.now())
      throw new Transient({ status: statusCode, retryAfterMs: after })
    }
    if (statusCode === 401 || statusCode === 403) {
      throw new Problem(
        'SOURCE_ERROR',
        say('source.key_refused', { source, status: statusCode, setting: policy.accessSetting }),
      )
    }
    if (!REDIRECTS.has(statusCode)) {
      throw new Problem('SOURCE_ERROR', say('source.query_refused', { source, status: statusCode }))
    }
    const location = response.headers.location
    const target =
      typeof location === 'string' && URL.canParse(location, url.href) ? new URL(location, url) : undefined
    if (target?.origin !== start.origin || redirects === MAX_REDIRECTS) {
      throw new Problem('SOURCE_ERROR', say('source.redirected', { source }))
    }
    url = target
  }
}

/**
 * Fetches JSON from a URL of a source's API; returns undefined for `204`. 429, 5xx, socket errors and timeouts are
 * retried, later each time and never before `Retry-After`; redirects are followed on the same origin only; neither
 * headers nor body get into an error.
 * @throws {Problem} `SOURCE_ERROR` for an answer that cannot be used, `SOURCE_UNAVAILABLE` when all attempts failed
 */
export const fetchJson = async (
  url: URL,
  headers: Record<string, string>,
  policy: UpstreamPolicy,
  signal: AbortSignal,
): Promise<unknown> => {
  for (let tries = 0; ; tries += 1) {
    let failure: Transient
    try {
      return await attempt(url, headers, policy, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof Problem) throw error
      failure = error instanceof Transient ? error : new Transient({ cause: error })
    }
    const asked = failure.retryAfterMs ?? 0
    if (tries >= policy.retries || asked > policy.maxRetryAfterMs) {
      const { title: source } = policy
      const { status } = failure
      const seconds = Math.max(1, Math.ceil(asked / 1000))
      const said =
        status === undefined
          ? say('source.silent', { source })
          : say('source.failing', { source, status, seconds })
      throw new Problem('SOURCE_UNAVAILABLE', said, { retryAfter: seconds, cause: failure })
    }
    const backoff = policy.backoffMs * 2 ** tries * (0.5 + policy.random())
    await policy.clock.wait(Math.max(asked, backoff), signal)
  }
}
