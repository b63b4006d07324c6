import type { IncomingHttpHeaders } from 'node:http'
import { Agent, type Dispatcher } from 'undici'
import { Problem } from '../errors.ts'
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
   * The vendor's answer, once its status says that there is one.
   * @throws {Problem} of another status, or `PROVIDER_UNAVAILABLE`
   */
  ask(ask: Ask, signal: AbortSignal): Promise<Reply>
  /** Hands on the parts of a reply as {@link Provider.answer} does. */
  read(reply: Reply, dialect: AnswerDialect, taking: Taking<Part>): Promise<void>
  close(): Promise<void>
}

/** The body of an answer. */
export interface Reply {
  /** Hands on what has arrived, and from then on what arrives, all of one read at once; to be called once. */
  read(reader: BodyReader): void
  /** Ends the reading, and the socket unless the answer is whole. */
  close(): void
  /** Lets what is left of a whole answer pass, so that its connection can be used again. */
  release(): void
}

interface BodyReader {
  /** A promise, which must not reject, asks for nothing more before it has resolved. */
  take(chunks: readonly Buffer[]): Promise<void> | undefined
  /** Nothing follows. @param failure the socket's error, or the signal's reason */
  over(failure?: { error: unknown }): void
}

/** Unread bytes at which the socket is no longer read. */
const UNREAD_BYTES = 256 * 1024
/** Bytes and milliseconds for which an error's body is read. */
const ERROR_BYTES = 16 * 1024
const ERROR_MS = 2000
/** Silence behind a reason to stop that ends an answer; text, usage and the terminator may follow the reason. */
const TAIL_MS = 2000
/** Longest wait for the end of a body whose answer is whole. */
const RELEASE_MS = 1000

/** Settles what waits for the end of a read; `queueMicrotask` would make a resource for each. */
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
 * Takes an answer. A handler of `dispatch` spares the stream object of `request` and its ticks for every read, which is
 * most of what a read costs. It knows nothing of what was asked, which is forgotten while the answer goes on.
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
    /** Nothing is to be handed on now: a call that will is on its way, or the reader is not ready, or has it all. */
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
    /** One call for all that a read of the socket brings. */
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

/** The beginning of an error's body, as far as it comes in time. */
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
    /** Waits for what may follow a reason to stop, anew with each event. */
    const awaitTail = (): void => {
      if (tail === undefined) {
        tail = setTimeout(reply.close, TAIL_MS)
        ending?.()
      } else if (reader.events > events) tail.refresh()
      events = reader.events
    }
    /** Hands on what a step of the reader gave, and looks whether it was the last one. */
    const told = (parts: readonly Part[]): Promise<void> | undefined => {
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
      take: (chunks) => (isOver ? undefined : told(reader.feed(chunks))),
      over(failure) {
        if (isOver) return
        if (failure) fail(protocolProblem(site, 'broke its answer off', '', failure.error))
        else void told(reader.end())
      },
    })
  })

interface UpstreamOptions {
  /** Straight connections when absent. */
  openDispatcher?: ((options: Agent.Options) => Dispatcher) | undefined
  onSkippedLine(): void
}

/**
 * Opens connections to one vendor. There is no limit on an answer's time: that is the caller's, through the signal.
 */
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
        throw new Problem('PROVIDER_UNAVAILABLE', `${site.name} cannot be reached.`, { cause: error })
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
        throw protocolProblem(site, 'answered in an encoding it was not asked for')
      }
      return reply
    },
    read: (reply, dialect, taking) => readAnswer(reply, site, dialect, onSkippedLine, taking),
    close: () => agent.destroy(),
  }
}
