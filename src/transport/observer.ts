export type ConnectionKind = 'sse' | 'websocket'

/** What the transports tell whoever counts. */
export interface TransportObserver {
  sseEvent?(endpoint: string, count: number): void
  /** A slow reader was cut: `stalled` or `overflow`. */
  cutoff?(reason: string): void
  /** A position was asked for: `recovered`, or why not. */
  recovery?(outcome: string): void
  connectionOpened?(kind: ConnectionKind, endpoint: string): void
  connectionClosed?(kind: ConnectionKind, endpoint: string): void
  error?(type: string, endpoint: string): void
}
