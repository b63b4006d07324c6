import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'

/** The reply of a vendor: the body of an answer. */
export interface Reply {
  /**
   * Gives the reader the bytes that have arrived, and later ones as they arrive, all bytes of one read at once. Call
   * once.
   */
  read(reader: BodyReader): void
  /** Ends the reading, and closes the socket unless the answer is whole. */
  close(): void
  /** Skips the rest of a whole answer, so that its connection can be used again. */
  release(): void
}

/** Takes the bytes of a reply. */
interface BodyReader {
  /** Takes bytes. A returned promise, which must not reject, delays the next call until it has resolved. */
  take(chunks: readonly Buffer[]): Promise<void> | undefined
  /**
   * Reports the end of the body.
   * @param failure the socket's error, or the signal's reason
   */
  over(failure?: { error: unknown }): void
}

/** Number of unread bytes at which the socket is no longer read. */
const UNREAD_BYTES = 256 * 1024
/** Milliseconds to wait for the end of a body whose answer is whole. */
const RELEASE_MS = 1000

/** Schedules work for the end of a read; `queueMicrotask` would make a resource for each. */
const afterRead = Promise.resolve()

/** The status and headers of a reply, as they arrive before its body. */
export interface Head {
  status: number
  headers: IncomingHttpHeaders
  reply: Reply
}

/**
 * Makes the handler that receives one answer. A handler of `dispatch` avoids the stream object of `request` and its
 * ticks for every read, which are most of a read's cost. It does not refer to the request, whose memory is freed
 * while the answer goes on.
 */
export const receiving = (
  signal: AbortSignal,
): { handler: Dispatcher.DispatchHandler; head: Promise<Head> } => {
  let handler: Dispatcher.DispatchHandler = {}
  const head = new Promise<Head>((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined
    let unread: Buffer[] = []
    let unreadBytes = 0
    let ended = false
    let released = false
    let failure: { error: unknown } | undefined
    let reader: BodyReader | undefined
    /**
     * True while no call of the reader must be scheduled: one is scheduled already, the reader is not ready, or it
     * has everything.
     */
    let isAtRest = true
    let releaseTimer: NodeJS.Timeout | undefined

    const hand = (): void => {
      while (reader) {
        if (unreadBytes > 0) {
          const chunks = unread
          unread = []
          unreadBytes = 0
          if (controller?.paused) controller.resume()
          const held = reader.take(chunks)
          if (held === undefined) continue
          void held.then(hand)
        } else if (ended) {
          reader.over(failure)
          reader = undefined
        } else isAtRest = false
        return
      }
    }
    /** Schedules one call of the reader for everything that a read of the socket brings. */
    const schedule = (): void => {
      if (isAtRest) return
      isAtRest = true
      void afterRead.then(hand)
    }
    const settle = (): void => {
      ended = true
      clearTimeout(releaseTimer)
      signal.removeEventListener('abort', abort)
      schedule()
    }
    const stop = (error: unknown): void => {
      if (ended) return
      failure = { error }
      unreadBytes = 0
      settle()
      reject(error)
      controller?.abort(error instanceof Error ? error : new Error('aborted', { cause: error }))
    }
    const abort = (): void => stop(signal.reason)

    const reply: Reply = {
      read(by) {
        reader = by
        isAtRest = false
        schedule()
      },
      close() {
        if (ended) return
        settle()
        controller?.abort(new Error('The answer is not read to its end.'))
      },
      release() {
        if (ended) return
        released = true
        if (controller?.paused) controller.resume()
        releaseTimer = setTimeout(reply.close, RELEASE_MS)
        releaseTimer.unref()
      },
    }

    signal.addEventListener('abort', abort, { once: true })
    handler = {
      onRequestStart(started) {
        controller = started
        if (failure) started.abort(new Error('aborted', { cause: failure.error }))
      },
      onResponseStart(_, status, headers) {
        if (status >= 200) resolve({ status, headers, reply })
      },
      onResponseData(started, chunk) {
        if (ended || released) return
        unread.push(chunk)
        unreadBytes += chunk.length
        if (unreadBytes > UNREAD_BYTES) started.pause()
        schedule()
      },
      onResponseEnd: settle,
      onResponseError(_, error) {
        if (ended) return
        failure = { error }
        settle()
        reject(error)
      },
    }
  })
  return { handler, head }
}
