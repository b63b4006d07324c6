/** Frames and bytes that one kind of connection has sent since this process began. */
export interface WireCount {
  /** Frames that were encoded from publications, each once for all who get it. */
  framesMade: number
  /** Frames of publications that were put into connections' queues. */
  framesSent: number
  /** Bytes of frames before compression. */
  bytesBefore: number
  /** Bytes that were handed to sockets for them. */
  bytesAfter: number
}

const none = (): WireCount => ({ framesMade: 0, framesSent: 0, bytesBefore: 0, bytesAfter: 0 })

/**
 * Counts what this process sends, by kind of connection. They are plain numbers, since every delivery passes them; who
 * shows them reads them now and then.
 */
export const WIRE = { sse: none(), websocket: none() } as const
