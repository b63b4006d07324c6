import { type ApiError, errorOf, ownError } from './error.ts'
import type { Session } from './session.ts'

/** One request of the client. */
export interface Send {
  method?: string
  headers?: Record<string, string>
  body?: BodyInit | null
  signal?: AbortSignal
  /** Node wants it for a body that is a stream. */
  duplex?: 'half'
}

/** Sends requests with the caller's credentials, and renews those once when they are refused. */
export interface Http {
  readonly url: string
  /**
   * Sends one request; a `401` is followed by one more try with new credentials, since what was refused did nothing.
   * @returns a successful response, its body unread
   * @throws {ApiError} a refusal, with its code; `CONNECTION_LOST` without an answer
   * @throws the signal's reason once it aborts
   */
  send(path: string, options?: Send): Promise<Response>
  /** Sends JSON and reads JSON; undefined for an empty answer, the text of one in another form. */
  json(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<unknown>
}

/** Makes the client's way to the service. */
export const httpOver = (url: string, fetcher: typeof fetch, session: Session, closed: AbortSignal): Http => {
  const once = async (path: string, { headers = {}, signal, ...rest }: Send): Promise<Response> => {
    const own = await session.headers()
    const signals = signal ? AbortSignal.any([signal, closed]) : closed
    try {
      return await fetcher(url + path, {
        ...rest,
        headers: { ...own, ...headers },
        signal: signals,
      } as RequestInit)
    } catch (cause) {
      if (closed.aborted) throw closed.reason
      if (signal?.aborted) throw signal.reason
      throw ownError('CONNECTION_LOST', 'The service cannot be reached', cause)
    }
  }
  const send = async (path: string, options: Send = {}): Promise<Response> => {
    const token = await session.token()
    let response = await once(path, options)
    if (response.status === 401 && token !== undefined && !(options.body instanceof ReadableStream)) {
      await response.body?.cancel()
      await session.renew(token)
      response = await once(path, options)
    }
    if (!response.ok) throw await errorOf(response)
    return response
  }
  return {
    url,
    send,
    async json(method, path, body, headers = {}) {
      const response = await send(path, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (text === '') return undefined
      return response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text
    },
  }
}

/** Milliseconds of an error's `Retry-After`. */
export const retryAfterMs = (error: ApiError): number | undefined =>
  error.retryAfter === undefined ? undefined : error.retryAfter * 1000
