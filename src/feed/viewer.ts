/** The caller to whom a feed is shown, as transports and limits know it. */
export interface Viewer {
  readonly id: string
  readonly username: string
  /** Address of the client by which limits count. */
  readonly address: string
  /** Expiry of the credentials in milliseconds since the epoch; null when they have none. */
  readonly expiresAt: number | null
  /** Aborts when the credentials are revoked. */
  readonly revoked: AbortSignal
}
