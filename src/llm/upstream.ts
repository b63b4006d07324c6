import type { IncomingHttpHeaders } from 'node:http'
import { Agent, type Dispatcher } from 'undici'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import { type AnswerDialect, answerReader } from './answer.ts'
import { protocolProblem, type Site, statusProblem } from './failure.ts'
import type { Part, Provider, Taking } from './provider.ts'

/** A provider with connections of its own. */
export interface Vendor extends Provider {
  /** Closes its connections, those of running answers too. */
  close(): Promise<void>
}

/** One request to a vendor. */
export interface Ask {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export interface Upstream {
  /**
   * Sends a request and resolves with the reply once its status is a success.
   * @throws {Problem} of another status, or `PROVIDER_UNAVAILABLE`
   */
  ask(ask: Ask, signal: AbortSignal): Promise<Reply>
  /** Gives the parts of a reply to `take` as {@link Provider.answer} does. */
  read(reply: Reply, dialect: AnswerDialect, taking: Taking<Part>): Promise<void>
  close(): Promise<void>
}

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
/** Number of bytes of an error's body that are read, and milliseconds for it. */
const ERROR_BYTES = 16 * 1024
const ERROR_MS = 2000
/**
 * Milliseconds of silence after a reason to stop that end an answer; text, usage and the terminator may follow the
 * reason.
 */
const TAIL_MS = 2000
/** Milliseconds to wait for the end of a body whose answer is whole. */
const RELEASE_MS = 1000

/** Schedules work for the end of a read; `queueMicrotask` would make a resource for each. */
const afterRead = Promise.resolve()

interface Head {
  status: number
  headers: IncomingHttpHeaders
  reply: Reply
}

const toRequest = ({ url, headers, body }: Ask): Dispatcher.DispatchOptions => ({
  origin: url.origin,
  path: url.pathname + url.search,
  method: 'POST',
  headers: { 'content-type': 'application/json', 'accept-encoding': 'identity', ...headers },
  body: JSON.stringify(body),
})

/**
 * Makes the handler that receives one answer. A handler of `dispatch` avoids the stream object of `request` and its
 * ticks for every read, which are most of a read's cost. It does not refer to the request, whose memory is freed
 * while the answer goes on.
 */
const receiving = (signal: AbortSignal): { handler: Dispatcher.DispatchHandler; head: Promise<Head> } => {
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

/** Reads the beginning of an error's body, as far as it arrives in time. */
const errorText = (reply: Reply): Promise<string> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const end = (): void => {
      clearTimeout(timer)
      reply.close()
      resolve(Buffer.concat(chunks).subarray(0, ERROR_BYTES).toString())
    }
    const timer = setTimeout(end, ERROR_MS)
    reply.read({
      take(read) {
        chunks.push(...read)
        for (const chunk of read) bytes += chunk.length
        if (bytes >= ERROR_BYTES) end()
        return undefined
      },
      // The status says enough.
      over: end,
    })
  })

const readAnswer = (
  reply: Reply,
  site: Site,
  dialect: AnswerDialect,
  onSkippedLine: () => void,
  { signal, take, ending }: Taking<Part>,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const reader = answerReader(site, dialect, onSkippedLine)
    let isOver = false
    let tail: NodeJS.Timeout | undefined
    let events = 0

    const end = (): void => {
      isOver = true
      clearTimeout(tail)
      if (!reader.ended) reply.close()
    }
    const fail = (error: unknown): void => {
      if (isOver) return
      end()
      reject(signal.aborted ? signal.reason : error)
    }
    const settle = (): void => {
      if (reader.problem) fail(reader.problem)
      else if (reader.ended && !isOver) {
        end()
        resolve()
      }
    }
    /** Waits for events after a reason to stop; each one restarts the wait. */
    const awaitTail = (): void => {
      if (tail === undefined) {
        tail = setTimeout(reply.close, TAIL_MS)
        ending?.()
      } else if (reader.events > events) tail.refresh()
      events = reader.events
    }
    /** Passes on the parts of one step of the reader, and ends the answer after the last one. */
    const passOn = (parts: readonly Part[]): Promise<void> | undefined => {
      if (reader.ended) reply.release()
      else if (reader.finished) awaitTail()
      try {
        const held = parts.length > 0 ? take(parts) : undefined
        if (held) return held.then(settle, fail)
        settle()
      } catch (error) {
        fail(error)
      }
      return undefined
    }

    reply.read({
      take: (chunks) => (isOver ? undefined : passOn(reader.feed(chunks))),
      over(failure) {
        if (isOver) return
        if (failure) fail(protocolProblem(site, 'broken_off', '', failure.error))
        else void passOn(reader.end())
      },
    })
  })

interface UpstreamOptions {
  /** Opens connections through a proxy; direct ones when absent. */
  openDispatcher?: ((options: Agent.Options) => Dispatcher) | undefined
  onSkippedLine(): void
}

/** Opens connections to one vendor. They have no limit on an answer's time: the caller ends it by the signal. */
export const openUpstream = (
  site: Site,
  { onSkippedLine, openDispatcher = (options) => new Agent(options) }: UpstreamOptions,
): Upstream => {
  const agent = openDispatcher({ bodyTimeout: 0, headersTimeout: 0, connect: { timeout: 10_000 } })
  return {
    async ask(ask, signal) {
      signal.throwIfAborted()
      const { handler, head: coming } = receiving(signal)
      let head: Head
      try {
        agent.dispatch(toRequest(ask), handler)
        head = await coming
      } catch (error) {
        signal.throwIfAborted()
        throw new Problem('PROVIDER_UNAVAILABLE', say('provider.unreachable', { name: site.name }), {
          cause: error,
        })
      }
      const { status, headers, reply } = head
      if (status >= 300) {
        const body = await errorText(reply)
        signal.throwIfAborted()
        throw statusProblem(site, status, headers, body)
      }
      const encoding = headers['content-encoding']
      if (encoding !== undefined && encoding !== 'identity') {
        reply.close()
        throw protocolProblem(site, 'encoding')
      }
      return reply
    },
    read: (reply, dialect, taking) => readAnswer(reply, site, dialect, onSkippedLine, taking),
    close: () => agent.destroy(),
  }
}
