export type ConnectionKind = 'sse' | 'websocket'

/** The owner of a connection that was cut. */
export interface CutOff {
  readonly user_id: string
  readonly address: string
  readonly endpoint: string
}

/** The callbacks by which transports report events to be counted. */
export interface TransportObserver {
  sseEvent?(endpoint: string, count: number): void
  /** Counts a slow reader whose connection was cut: `stalled` or `overflow`. */
  cutoff?(reason: string, who: CutOff): void
  /** Counts a client that asked for a position: `recovered`, or the reason of its loss. */
  recovery?(outcome: string): void
  connectionOpened?(kind: ConnectionKind, endpoint: string): void
  connectionClosed?(kind: ConnectionKind, endpoint: string): void
  error?(type: string, endpoint: string): void
}
