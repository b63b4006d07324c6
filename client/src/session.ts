import { ApiError, errorOf, ownError } from './error.ts'

/** Tokens as the service gives them. */
interface Tokens {
  access_token: string
  refresh_token?: string
  /** Seconds. */
  expires_in?: number
}

/** The sources of a client's credentials. */
export interface SessionOptions {
  /** Base URL, without a slash at the end. */
  url: string
  fetch: typeof fetch
  token?: string | undefined
  /** Gives a token whenever one is needed; asked again with `stale` set once the service refused the last one. */
  getToken?: ((options: { stale: boolean }) => string | Promise<string>) | undefined
  language?: string | undefined
}

/** Renewed so long before its end, so that no request meets an ended token. */
const EARLY_MS = 20_000

/**
 * Keeps one caller's credentials: a fixed token, a function that gives one, or the tokens of a login, which it
 * refreshes before they end. However many requests meet a `401`, the credentials are renewed once.
 */
export class Session {
  readonly #options: SessionOptions
  #token: string | undefined
  #refreshToken: string | undefined
  #endsAt = Number.POSITIVE_INFINITY
  #renewing: Promise<void> | undefined

  constructor(options: SessionOptions) {
    this.#options = options
    this.#token = options.token
  }

  /** @throws {ApiError} `INVALID_CREDENTIALS`, `LOCKED_OUT` with `retryAfter` */
  async login(username: string, password: string): Promise<void> {
    this.#keep(await this.#post('/api/v1/auth/login', { username, password }))
  }

  /** Ends the session on the service and forgets its tokens. */
  async logout(): Promise<void> {
    const refresh_token = this.#refreshToken
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    if (this.#token !== undefined) headers.authorization = `Bearer ${this.#token}`
    this.#token = this.#refreshToken = undefined
    this.#endsAt = Number.POSITIVE_INFINITY
    await this.#options.fetch(`${this.#options.url}/api/v1/auth/logout`, {
      method: 'POST',
      headers,
      body: JSON.stringify(refresh_token === undefined ? {} : { refresh_token }),
    })
  }

  /** Gives the token to send now; undefined for a caller without one. */
  async token(): Promise<string | undefined> {
    if (this.#refreshToken !== undefined && Date.now() > this.#endsAt - EARLY_MS)
      await this.renew(this.#token)
    if (this.#token === undefined && this.#options.getToken) await this.renew(undefined)
    return this.#token
  }

  /** Headers of every request. */
  async headers(): Promise<Record<string, string>> {
    const token = await this.token()
    const { language } = this.#options
    return {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(language === undefined ? {} : { 'accept-language': language }),
    }
  }

  /**
   * Gets credentials in place of those that were refused; one renewal serves all that wait for it.
   * @param refused the token that was sent; where another one is there already, nothing is asked
   * @throws {ApiError} `UNAUTHENTICATED` where there is no way to renew, or the way failed
   */
  async renew(refused: string | undefined): Promise<void> {
    if (this.#renewing === undefined) {
      if (refused !== this.#token) return
      this.#renewing = this.#renew().finally(() => {
        this.#renewing = undefined
      })
    }
    return this.#renewing
  }

  async #renew(): Promise<void> {
    const { getToken } = this.#options
    if (getToken) {
      this.#token = await getToken({ stale: this.#token !== undefined })
      return
    }
    const refresh_token = this.#refreshToken
    if (refresh_token === undefined)
      throw new ApiError({
        status: 401,
        code: 'UNAUTHENTICATED',
        detail: 'The token has ended: sign in again',
      })
    try {
      this.#keep(await this.#post('/api/v1/auth/refresh', { refresh_token }))
    } catch (error) {
      if (!(error instanceof ApiError) || error.status === 0 || error.status >= 500 || error.status === 429)
        throw error
      this.#token = this.#refreshToken = undefined
      throw new ApiError(
        { status: 401, code: 'UNAUTHENTICATED', detail: 'The session has ended: sign in again' },
        error,
      )
    }
  }

  #keep({ access_token, refresh_token, expires_in }: Tokens): void {
    this.#token = access_token
    this.#refreshToken = refresh_token
    this.#endsAt = expires_in === undefined ? Number.POSITIVE_INFINITY : Date.now() + expires_in * 1000
  }

  async #post(path: string, body: object): Promise<Tokens> {
    const { url, language } = this.#options
    let response: Response
    try {
      response = await this.#options.fetch(url + path, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(language === undefined ? {} : { 'accept-language': language }),
        },
        body: JSON.stringify(body),
      })
    } catch (cause) {
      throw ownError('CONNECTION_LOST', 'The service cannot be reached', cause)
    }
    if (!response.ok) throw await errorOf(response)
    return (await response.json()) as Tokens
  }
}
