import type { Thing } from './language/catalogue/thing-sentences.ts'
import type { Language } from './language/language.ts'
import { type Sentence, say, tell } from './language/sentence.ts'

/**
 * The one table of error codes. A code becomes `application/problem+json` on HTTP (RFC 9457), the `error` event of
 * a stream, and an `error` frame on WebSocket; the `cause` of a {@link Problem} is logged and never sent.
 */
export const ERRORS = {
  VALIDATION_FAILED: { status: 400, retryable: false },
  INVALID_MESSAGE: { status: 400, retryable: false },
  UNAUTHENTICATED: { status: 401, retryable: false },
  INVALID_CREDENTIALS: { status: 401, retryable: false },
  TOKEN_EXPIRED: { status: 401, retryable: false },
  FORBIDDEN: { status: 403, retryable: false },
  NOT_FOUND: { status: 404, retryable: false },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false },
  CONFLICT: { status: 409, retryable: false },
  INVALID_STATE: { status: 409, retryable: false },
  FENCED: { status: 409, retryable: false },
  UPLOAD_INTERRUPTED: { status: 400, retryable: true },
  PAYLOAD_TOO_LARGE: { status: 413, retryable: false },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retryable: false },
  IDEMPOTENCY_KEY_REUSED: { status: 422, retryable: false },
  UNUSABLE_DATASET: { status: 422, retryable: false },
  LOCKED_OUT: { status: 429, retryable: true },
  RATE_LIMITED: { status: 429, retryable: true },
  TOO_MANY_STREAMS: { status: 429, retryable: true },
  TOO_MANY_CONNECTIONS: { status: 429, retryable: true },
  HEADERS_TOO_LARGE: { status: 431, retryable: false },
  INTERNAL: { status: 500, retryable: true },
  SOURCE_ERROR: { status: 502, retryable: true },
  SOURCE_UNAVAILABLE: { status: 503, retryable: true },
  FEATURE_DISABLED: { status: 503, retryable: false },
  OVERLOADED: { status: 503, retryable: true },
  DRAINING: { status: 503, retryable: true },
  BUS_UNAVAILABLE: { status: 503, retryable: true },
  STORE_UNAVAILABLE: { status: 503, retryable: true },
  STORE_FULL: { status: 507, retryable: false },
  PROVIDER_ERROR: { status: 502, retryable: true },
  PROVIDER_PROTOCOL_ERROR: { status: 502, retryable: true },
  PROVIDER_UNAVAILABLE: { status: 503, retryable: true },
  PROVIDER_RATE_LIMITED: { status: 503, retryable: true },
  PROVIDER_TIMEOUT: { status: 504, retryable: true },
  CONTENT_FILTERED: { status: 422, retryable: false },
  BUDGET_EXCEEDED: { status: 429, retryable: true },
  AGENT_UNAVAILABLE: { status: 503, retryable: true },
  INTERRUPTED: { status: 503, retryable: true },
} as const satisfies Record<string, { status: number; retryable: boolean }>

export type ErrorCode = keyof typeof ERRORS

/** Returns what a code is called, as a sentence; the catalogue has one for every code. */
export const titleOf = (code: ErrorCode): Sentence => say(`title.${code}`)

/** A sentence of the catalogue, or English text where it is not there yet. */
export type Words = Sentence | string

/** Tells a sentence in a language; text comes as it is. */
export const tellWords = (words: Words, language: Language): string =>
  typeof words === 'string' ? words : tell(words, language)

/** One bad field: where (`/filters/start_date`, `?limit`) and why. */
export interface FieldError {
  field: string
  reason: Words
}

/** One bad setting, told to the operator at the start, in English as the log is. */
export interface SettingError {
  field: string
  reason: string
}

/** A problem as it is told to somebody. */
export interface ToldProblem {
  title: string
  detail: string
  /** Every bad field of a `400`. */
  errors: { field: string; reason: string }[] | undefined
}

export interface ProblemOptions {
  /** Every bad field of a `400`. */
  errors?: FieldError[] | undefined
  /** Seconds for `Retry-After`. */
  retryAfter?: number
  /** Members that the problem's body has besides (RFC 9457 §3.2). */
  members?: Readonly<Record<string, unknown>> | undefined
  /** Logged, never sent. */
  cause?: unknown
}

/** An error whose `code` and `detail` may be shown to the client; its `message`, for logs, is the detail in English. */
export class Problem extends Error {
  readonly code: ErrorCode
  readonly detail: Words
  readonly errors: FieldError[] | undefined
  readonly retryAfter: number | undefined
  readonly members: Readonly<Record<string, unknown>> | undefined

  constructor(code: ErrorCode, detail: Words, options: ProblemOptions = {}) {
    super(tellWords(detail, 'en'), options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Problem'
    this.code = code
    this.detail = detail
    this.errors = options.errors
    this.retryAfter = options.retryAfter
    this.members = options.members
  }

  get status(): number {
    return ERRORS[this.code].status
  }

  /** Tells the problem in a language. */
  tell(language: Language): ToldProblem {
    return {
      title: tell(titleOf(this.code), language),
      detail: tellWords(this.detail, language),
      errors: this.errors?.map(({ field, reason }) => ({ field, reason: tellWords(reason, language) })),
    }
  }
}

/** Makes the problem of bad fields: its detail names each with its reason. */
export const badFields = (
  errors: readonly FieldError[],
  options: Omit<ProblemOptions, 'errors'> = {},
): Problem =>
  new Problem('VALIDATION_FAILED', say('request.bad_fields', { errors }), {
    ...options,
    errors: [...errors],
  })

/** Makes the problem of one bad field. */
export const badField = (field: string, reason: Words): Problem => badFields([{ field, reason }])

/** Makes the problem of a thing that does not exist, or is not the caller's to know of. */
export const noSuch = (thing: Thing, options: ProblemOptions = {}): Problem =>
  new Problem('NOT_FOUND', say('thing.no_such', { thing }), options)

/**
 * Returns what was found behind a check of its access.
 * @throws {Problem} `NOT_FOUND` where it has been removed meanwhile
 */
export const existing = <T>(found: T | null | undefined, thing: Thing): T => {
  if (found === null || found === undefined) throw noSuch(thing)
  return found
}
