/** The one a feed is shown to, as transports and limits know them. */
export interface Viewer {
  readonly id: string
  readonly username: string
  /** Address of the client as limits count it. */
  readonly address: string
  /** End of the credentials in milliseconds since the epoch; null when they have none. */
  readonly expiresAt: number | null
  /** Aborts when the credentials are revoked. */
  readonly revoked: AbortSignal
}
