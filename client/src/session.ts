import { ApiError, errorOf, ownError } from './error.ts'
import { exchange } from './exchange.ts'
import { isFinal, PATIENCE_MS } from './policy.ts'

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
  /** Renews the session cookie where there is no other credential. */
  cookie?: boolean | undefined
  /** Aborts once the client is closed. */
  closed: AbortSignal
}

/** Renewed so long before its end, where it lives long enough, so that no request meets an ended token. */
const EARLY_MS = 20_000

/**
 * Keeps one caller's credentials: a fixed token, a function that gives one, or the tokens of a login, which it
 * refreshes before they end. However many requests meet a `401`, the credentials are renewed once.
 */
export class Session {
  readonly #options: SessionOptions
  #token: string | undefined
  #refreshToken: string | undefined
  #renewAt = Number.POSITIVE_INFINITY
  #renewing: Promise<void> | undefined

  constructor(options: SessionOptions) {
    this.#options = options
    this.#token = options.token
  }

  /** @throws {ApiError} `INVALID_CREDENTIALS`, `LOCKED_OUT` with `retryAfter` */
  async login(username: string, password: string): Promise<void> {
    this.#keep(await this.#post('login', { username, password }))
  }

  /** Ends the session on the service and forgets its tokens. */
  async logout(): Promise<void> {
    const [token, refresh_token] = [this.#token, this.#refreshToken]
    this.#keep(undefined)
    await this.#post('logout', refresh_token === undefined ? {} : { refresh_token }, token)
  }

  /** True where the session cookie is the only credential, which no script can read. */
  get isByCookie(): boolean {
    const { getToken, cookie } = this.#options
    return cookie === true && !getToken && this.#token === undefined && this.#refreshToken === undefined
  }

  /** Gives the token to send now; undefined for a caller without one. */
  async token(): Promise<string | undefined> {
    if (this.#refreshToken !== undefined && Date.now() > this.#renewAt) await this.renew(this.#token)
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
    const { getToken, closed } = this.#options
    const refresh_token = this.#refreshToken
    const isByCookie = this.isByCookie
    if (!getToken && refresh_token === undefined && !isByCookie)
      throw unauthenticated('The token has ended: sign in again')
    try {
      // The new cookie comes with the answer; its tokens are left where no script keeps them.
      if (isByCookie) await this.#post('refresh', { cookie: true })
      else if (getToken) this.#token = await getToken({ stale: this.#token !== undefined })
      else this.#keep(await this.#post('refresh', { refresh_token }))
    } catch (error) {
      closed.throwIfAborted()
      // A function that asks over the network fails as `fetch` does: that may pass.
      if (error instanceof TypeError) throw ownError('CONNECTION_LOST', 'No token could be had', error)
      if (error instanceof ApiError && !isFinal(error)) throw error
      if (!getToken) this.#keep(undefined)
      throw unauthenticated('The session has ended: sign in again', error)
    }
  }

  #keep(told: Tokens | undefined): void {
    this.#token = told?.access_token
    this.#refreshToken = told?.refresh_token
    const ttlMs = (told?.expires_in ?? Number.POSITIVE_INFINITY) * 1000
    this.#renewAt = Date.now() + ttlMs - Math.min(EARLY_MS, ttlMs / 4)
  }

  /** @returns the tokens; undefined for an answer without a body */
  async #post(verb: string, body: object, token?: string): Promise<Tokens | undefined> {
    const { url, language, fetch, closed } = this.#options
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    if (language !== undefined) headers['accept-language'] = language
    if (token !== undefined) headers.authorization = `Bearer ${token}`
    const told = await exchange(
      fetch,
      `${url}/api/v1/auth/${verb}`,
      { method: 'POST', headers, body: JSON.stringify(body) },
      { signals: [closed], patienceMs: PATIENCE_MS },
      async (response) => (response.ok ? response.text() : errorOf(response)),
    )
    if (told instanceof ApiError) throw told
    return told === '' ? undefined : JSON.parse(told)
  }
}

const unauthenticated = (detail: string, cause?: unknown): ApiError =>
  new ApiError({ status: 401, code: 'UNAUTHENTICATED', detail }, cause)
