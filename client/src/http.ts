import { ApiError, errorOf } from './error.ts'
import { exchange } from './exchange.ts'
import type { Session } from './session.ts'

/** One request of the client. */
export interface Send {
  method?: string
  headers?: Record<string, string>
  body?: BodyInit | null
  signal?: AbortSignal
  /** Longest wait for the answer's head, of {@link Http.json} for all of it; none by default. */
  patienceMs?: number
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
  json(method: string, path: string, body?: unknown, more?: Send): Promise<unknown>
}

/** Makes the client's way to the service. */
export const httpOver = (url: string, fetcher: typeof fetch, session: Session, closed: AbortSignal): Http => {
  const once = async <T>(
    path: string,
    { headers, signal, patienceMs, ...rest }: Send,
    read: (response: Response) => T | Promise<T>,
  ): Promise<T | ApiError> =>
    exchange(
      fetcher,
      url + path,
      { ...rest, headers: { ...(await session.headers()), ...headers } },
      { signals: signal ? [closed, signal] : [closed], patienceMs },
      async (response) => (response.ok ? read(response) : errorOf(response)),
    )
  const ask = async <T>(
    path: string,
    options: Send,
    read: (response: Response) => T | Promise<T>,
  ): Promise<T> => {
    const token = await session.token()
    let answer = await once(path, options, read)
    if (answer instanceof ApiError && answer.status === 401 && token !== undefined) {
      await session.renew(token)
      // A stream was read by the first try; whoever made it can make another.
      if (!(options.body instanceof ReadableStream)) answer = await once(path, options, read)
    }
    if (answer instanceof ApiError) throw answer
    return answer
  }
  return {
    url,
    send: (path, options = {}) => ask(path, options, (response) => response),
    async json(method, path, body, { headers, ...more } = {}) {
      const isSaid = body !== undefined
      const [text, type] = await ask(
        path,
        {
          ...more,
          method,
          headers: { ...headers, ...(isSaid ? { 'content-type': 'application/json' } : {}) },
          ...(isSaid ? { body: JSON.stringify(body) } : {}),
        },
        async (response) => [await response.text(), response.headers.get('content-type')] as const,
      )
      if (text === '') return undefined
      return type?.includes('json') ? JSON.parse(text) : text
    },
  }
}

/** Reads the milliseconds of an error's `Retry-After`. */
export const retryAfterMs = (error: unknown): number | undefined =>
  error instanceof ApiError && error.retryAfter !== undefined ? error.retryAfter * 1000 : undefined
