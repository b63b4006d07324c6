import type { IncomingHttpHeaders } from 'node:http'
import { type ErrorCode, Problem } from '../errors.ts'
import { type Sentence, say, tell } from '../language/sentence.ts'

/** The vendor that an answer comes from. */
export interface Site {
  readonly name: string
  readonly apiKey?: string | undefined
  /** Name of the setting that holds its key: `OPENAI_API_KEY`. */
  readonly keySetting?: string
}

/** A vendor's failure as it came, for the log; the cause of a {@link Problem}. */
export class VendorFailure extends Error {
  /** HTTP status; undefined for an error inside a 200. */
  readonly status: number | undefined
  /** The beginning of the vendor's text, with the key removed. */
  readonly said: string

  constructor(message: string, said: string, status?: number) {
    super(said === '' ? message : `${message}: ${said.slice(0, LOGGED_CHARS)}`)
    this.name = 'VendorFailure'
    this.status = status
    this.said = said
  }
}

/** The failure of an answer that ended without a character, a call or a refusal; another try may bring one. */
export class EmptyAnswer extends VendorFailure {}

const LOGGED_CHARS = 2048

/** Largest number of seconds that is read: a hundred years. */
const MAX_RETRY_AFTER = 3_155_760_000

/** Returns a vendor's text without the key that it may repeat. */
export const redacted = (text: string, { apiKey }: Site): string =>
  apiKey ? text.replaceAll(apiKey, '[key]') : text

/**
 * Returns the seconds to wait, rounded up, of `retry-after-ms` or of `Retry-After` in seconds or as a date (RFC 9110
 * §10.2.3); undefined where the vendor names none.
 * @param now milliseconds since 1970
 */
const retryAfterOf = (headers: IncomingHttpHeaders, now: number): number | undefined => {
  const ms = headers['retry-after-ms']
  if (typeof ms === 'string' && /^\s*\d{1,12}(\.\d+)?\s*$/.test(ms)) return Math.ceil(Number(ms) / 1000)
  const after = headers['retry-after']
  if (typeof after !== 'string') return undefined
  if (/^\s*\d+(\.\d+)?\s*$/.test(after)) return Math.min(Math.ceil(Number(after)), MAX_RETRY_AFTER)
  const date = /[a-z]/i.test(after) ? Date.parse(after) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000))
}

const FILTERED = /content_?filter|content_?policy|responsible_?ai|moderation_blocked/i

const codeOfStatus = (status: number): ErrorCode =>
  status === 429
    ? 'PROVIDER_RATE_LIMITED'
    : status === 408 || status >= 500
      ? 'PROVIDER_UNAVAILABLE'
      : 'PROVIDER_ERROR'

/** Returns the `code`, `type` and `status` of an error as one text; empty when there is none. */
const kindOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null) return ''
  const { code, type, status } = error as Record<string, unknown>
  return [code, type, status].filter((word) => typeof word === 'string' || typeof word === 'number').join(' ')
}

/** Returns what a status means and what to do: the setting to check where the key is refused, or when to ask again. */
const sayStatus = (site: Site, status: number, code: ErrorCode, retryAfter: number | undefined): Sentence => {
  const { name, apiKey, keySetting: setting } = site
  if (code !== 'PROVIDER_ERROR') return say('provider.status', { name, status, seconds: retryAfter ?? null })
  if ((status !== 401 && status !== 403) || setting === undefined)
    return say('provider.not_accepted', { name, status })
  return say(apiKey === undefined ? 'provider.key_missing' : 'provider.key_refused', {
    name,
    status,
    setting,
  })
}

/** Returns the problem of a status other than 2xx. */
export const statusProblem = (
  site: Site,
  status: number,
  headers: IncomingHttpHeaders,
  body: string,
): Problem => {
  const said = redacted(body, site)
  let kind = ''
  try {
    kind = kindOf((JSON.parse(body) as { error?: unknown }).error)
  } catch {
    // A body that is not JSON has no kind.
  }
  const cause = new VendorFailure(`${site.name} answered with status ${status}`, said, status)
  if ((status === 400 || status === 422) && FILTERED.test(kind)) {
    return new Problem('CONTENT_FILTERED', say('provider.refused_content', { name: site.name }), { cause })
  }
  const retryAfter = retryAfterOf(headers, Date.now())
  const code = codeOfStatus(status)
  return new Problem(code, sayStatus(site, status, code, retryAfter), {
    cause,
    ...(retryAfter !== undefined && code !== 'PROVIDER_ERROR' && { retryAfter }),
  })
}

const textOf = (said: unknown, site: Site): string =>
  redacted(typeof said === 'string' ? said : JSON.stringify(said), site)

/** Returns the problem of an error inside a 200, in the dialect's format. */
export const insideProblem = (site: Site, error: unknown): Problem => {
  const kind = kindOf(error)
  const said = textOf(error, site)
  const cause = new VendorFailure(`${site.name} sent an error inside its answer`, said)
  if (FILTERED.test(kind)) {
    return new Problem('CONTENT_FILTERED', say('provider.refused_rest', { name: site.name }), { cause })
  }
  return /\b429\b|rate_?limit|resource_exhausted|too_many_requests|insufficient_quota/i.test(kind)
    ? new Problem('PROVIDER_RATE_LIMITED', say('provider.busy', { name: site.name }), { cause })
    : new Problem('PROVIDER_ERROR', say('provider.error_inside', { name: site.name }), { cause })
}

/** Tells whether a number is an error, in HTTP's sense or a vendor's own: 0 and 2xx mean success. */
const isFailing = (code: unknown): boolean => {
  const number = typeof code === 'string' && /^\d+$/.test(code) ? Number(code) : code
  if (typeof number === 'number') return number !== 0 && (number < 200 || number > 299)
  return typeof number === 'string' && number !== '' && !/^(ok|success)$/i.test(number)
}

/**
 * Tells whether an event without a member of its dialect is an error in any other format: `error`, `error_code` or
 * `detail`; `type: "error"`; a `code` or a `status` of 400 or more beside a message.
 */
export const foreignError = (event: Readonly<Record<string, unknown>>): boolean => {
  const { error, error_code, detail, type, object, code, status, message, msg, text } = event
  if (error || detail || isFailing(error_code) || type === 'error' || object === 'error') return true
  const hasMessage = [message, msg, text].some((words) => typeof words === 'string' && words !== '')
  return hasMessage && (isFailing(code) || Number(status) >= 400)
}

/** Returns the problem of an error inside a 200 that is not in the dialect's format. */
export const foreignProblem = (site: Site, said: unknown): Problem =>
  new Problem('PROVIDER_ERROR', say('provider.error_inside', { name: site.name }), {
    cause: new VendorFailure(`${site.name} sent an error inside its answer`, textOf(said, site)),
  })

/**
 * Returns the problem of an answer without a character, a call or a refusal.
 * @param reason to stop that the vendor gave
 */
export const emptyProblem = (site: Site, reason: string | null): Problem => {
  const said = say(reason === 'length' ? 'provider.spent' : 'provider.empty', { name: site.name })
  return new Problem('PROVIDER_ERROR', said, { cause: new EmptyAnswer(tell(said, 'en'), '') })
}

/** Names how a vendor breaks its own protocol; each has its sentence. */
type Fault =
  | 'broken_off'
  | 'encoding'
  | 'endless_line'
  | 'endless_answer'
  | 'not_json'
  | 'other_format'
  | 'other_shape'

/** Returns the problem of an answer that is not in the vendor's format, or has no proper end. */
export const protocolProblem = (site: Site, fault: Fault, line = '', cause?: unknown): Problem => {
  const said = say(`provider.${fault}`, { name: site.name })
  return new Problem('PROVIDER_PROTOCOL_ERROR', said, {
    cause: cause ?? new VendorFailure(tell(said, 'en'), redacted(line.slice(0, LOGGED_CHARS), site)),
  })
}
