/**
 * The one table of error codes. A code becomes `application/problem+json` on HTTP (RFC 9457), the `error` event of
 * a stream, and an `error` frame on WebSocket; the `cause` of a {@link Problem} is logged and never sent.
 */
export const ERRORS = {
  VALIDATION_FAILED: { status: 400, title: 'The request is not valid', retryable: false },
  INVALID_MESSAGE: { status: 400, title: 'The message is not understood', retryable: false },
  UNAUTHENTICATED: { status: 401, title: 'Not authenticated', retryable: false },
  INVALID_CREDENTIALS: { status: 401, title: 'Wrong username or password', retryable: false },
  TOKEN_EXPIRED: { status: 401, title: 'The token has expired', retryable: false },
  FORBIDDEN: { status: 403, title: 'Not allowed', retryable: false },
  NOT_FOUND: { status: 404, title: 'Not found', retryable: false },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Method not allowed', retryable: false },
  CONFLICT: { status: 409, title: 'Conflict', retryable: false },
  INVALID_STATE: { status: 409, title: 'Not possible in this state', retryable: false },
  FENCED: { status: 409, title: 'Another instance has taken this stream over', retryable: false },
  UPLOAD_INTERRUPTED: { status: 400, title: 'The upload did not arrive whole', retryable: true },
  PAYLOAD_TOO_LARGE: { status: 413, title: 'Too large', retryable: false },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'Unsupported media type', retryable: false },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'Idempotency-Key used for another body', retryable: false },
  UNUSABLE_DATASET: { status: 422, title: 'Nothing usable in the file', retryable: false },
  LOCKED_OUT: { status: 429, title: 'Too many failed logins', retryable: true },
  RATE_LIMITED: { status: 429, title: 'Too many requests', retryable: true },
  TOO_MANY_STREAMS: { status: 429, title: 'Too many streams at once', retryable: true },
  TOO_MANY_CONNECTIONS: { status: 429, title: 'Too many connections from this address', retryable: true },
  HEADERS_TOO_LARGE: { status: 431, title: 'Headers too large', retryable: false },
  INTERNAL: { status: 500, title: 'Internal error', retryable: true },
  SOURCE_ERROR: { status: 502, title: 'The data source answered with an error', retryable: true },
  SOURCE_UNAVAILABLE: { status: 503, title: 'The data source cannot be reached', retryable: true },
  FEATURE_DISABLED: { status: 503, title: 'Switched off here', retryable: false },
  OVERLOADED: { status: 503, title: 'Overloaded', retryable: true },
  DRAINING: { status: 503, title: 'This instance is shutting down', retryable: true },
  BUS_UNAVAILABLE: { status: 503, title: 'The bus cannot be reached', retryable: true },
  STORE_UNAVAILABLE: { status: 503, title: 'The store cannot be reached', retryable: true },
  STORE_FULL: { status: 507, title: 'The store is full', retryable: false },
  PROVIDER_ERROR: { status: 502, title: 'The provider answered with an error', retryable: true },
  PROVIDER_PROTOCOL_ERROR: { status: 502, title: 'The provider broke off or spoke oddly', retryable: true },
  PROVIDER_UNAVAILABLE: { status: 503, title: 'The provider cannot be reached', retryable: true },
  PROVIDER_RATE_LIMITED: { status: 503, title: 'The provider is busy', retryable: true },
  PROVIDER_TIMEOUT: { status: 504, title: 'The provider did not answer in time', retryable: true },
  CONTENT_FILTERED: { status: 422, title: 'The provider refused to answer', retryable: false },
  BUDGET_EXCEEDED: { status: 429, title: 'Token budget used up', retryable: true },
  AGENT_UNAVAILABLE: { status: 503, title: 'No agent can answer now', retryable: true },
  INTERRUPTED: { status: 503, title: 'Interrupted before its end', retryable: true },
} as const satisfies Record<string, { status: number; title: string; retryable: boolean }>

export type ErrorCode = keyof typeof ERRORS

/** One bad field: where (`/filters/start_date`, `?limit`, `ADMIN_PASSWORD`) and why. */
export interface FieldError {
  field: string
  reason: string
}

export interface ProblemOptions {
  /** Every bad field of a `400`. */
  errors?: FieldError[]
  /** Seconds for `Retry-After`. */
  retryAfter?: number
  /** Logged, never sent. */
  cause?: unknown
}

/** An error whose `code` and `detail` may be shown to the client. */
export class Problem extends Error {
  readonly code: ErrorCode
  readonly errors: FieldError[] | undefined
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Problem'
    this.code = code
    this.errors = options.errors
    this.retryAfter = options.retryAfter
  }

  get status(): number {
    return ERRORS[this.code].status
  }
}

/** The problem for one bad field. */
export const badField = (field: string, reason: string): Problem =>
  new Problem('VALIDATION_FAILED', `${field}: ${reason}`, { errors: [{ field, reason }] })
