/** One bad field of a refused request. */
export interface FieldError {
  /** The place of the field: `/filters/start_date` in a body, `?limit` in a query. */
  field: string
  reason: string
}

/** The fields of an {@link ApiError}. */
export interface ApiErrorFields {
  status: number
  code: string
  detail: string
  errors?: readonly FieldError[]
  retryAfter?: number
  requestId?: string
  /** The whole answer, with the members that only some errors have. */
  problem?: Readonly<Record<string, unknown>>
}

/**
 * Tells why a request was refused, or why a connection cannot come back.
 * `status` is the HTTP status, 0 where there was no answer; `code` is the service's error code, or one of the client's
 * own: `CONNECTION_LOST`, `CLOSED`, `DETACHED`, `ENDED`.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  /** A sentence for people, in the client's language where the service speaks it. */
  readonly detail: string
  readonly errors: readonly FieldError[]
  /** Seconds after which the same request may succeed. */
  readonly retryAfter: number | undefined
  readonly requestId: string | undefined
  /** The whole answer, with the members that only some errors have: `headers`, `missing`, `mapping` of a file. */
  readonly problem: Readonly<Record<string, unknown>>

  constructor(
    { status, code, detail, errors = [], retryAfter, requestId, problem = {} }: ApiErrorFields,
    cause?: unknown,
  ) {
    super(`${code}: ${detail}`, cause === undefined ? undefined : { cause })
    this.status = status
    this.code = code
    this.detail = detail
    this.errors = errors
    this.retryAfter = retryAfter
    this.requestId = requestId
    this.problem = problem
  }
}

const fieldErrorsOf = (value: unknown): FieldError[] =>
  Array.isArray(value)
    ? value.map((one) => ({ field: String(one?.field ?? ''), reason: String(one?.reason ?? '') }))
    : []

/** Reads the error of a refused response: problem+json, OpenAI's error object, or no JSON at all. */
export const errorOf = async (response: Response): Promise<ApiError> => {
  const text = await response.text().catch(() => '')
  let body: Record<string, unknown> = {}
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null) body = parsed as Record<string, unknown>
  } catch {
    // A proxy's own page: the status says enough.
  }
  const nested = (typeof body.error === 'object' && body.error !== null ? body.error : {}) as Record<
    string,
    unknown
  >
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new ApiError({
    status: response.status,
    code: String(body.code ?? nested.code ?? `HTTP_${response.status}`),
    detail: String(body.detail ?? nested.message ?? body.title ?? response.statusText),
    errors: fieldErrorsOf(body.errors),
    problem: body,
    ...(Number.isFinite(seconds) ? { retryAfter: seconds } : {}),
    ...(typeof body.request_id === 'string' ? { requestId: body.request_id } : {}),
  })
}

/** Makes an error of the client's own. */
export const ownError = (code: string, detail: string, cause?: unknown): ApiError =>
  new ApiError({ status: 0, code, detail }, cause)
