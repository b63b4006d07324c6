import type { IncomingHttpHeaders } from 'node:http'
import { Agent, type Dispatcher } from 'undici'
import { Problem } from '../errors.ts'
import { answerReader, type TakeEvent } from './answer.ts'
import { protocolProblem, type Site, statusProblem } from './failure.ts'
import type { Part, Provider } from './provider.ts'

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
  /** The parts of what `open` asks for, at the first `next()`; closes the socket when it is left before its end. */
  parts(open: () => Promise<Reply>, take: TakeEvent, signal: AbortSignal): AsyncIterable<readonly Part[]>
  close(): Promise<void>
}

/** The body of an answer, taken at the reader's pace. */
export interface Reply {
  /** Resolves once something has arrived, or nothing will; undefined when that is so already. */
  arrival(): Promise<void> | undefined
  /** What has arrived since the last call; null at the end. @throws the socket's error, or the signal's reason */
  take(): Buffer[] | null
  /** Ends the reading, and the socket unless the answer is whole. */
  close(): void
  /** Lets what is left of a whole answer pass, so that its connection can be used again. */
  release(): void
}

/** Unread bytes at which the socket is no longer read. */
const UNREAD_BYTES = 256 * 1024
/** How much of an error's body is read, in bytes and milliseconds. */
const ERROR_BYTES = 16 * 1024
const ERROR_MS = 2000
/** Longest wait for what may follow the vendor's reason to stop: the usage, the terminator. */
const TAIL_MS = 1000

interface Head {
  status: number
  headers: IncomingHttpHeaders
  reply: Reply
}

/**
 * Sends a request and resolves with the answer's head. `dispatch` instead of `request` spares a stream object and its
 * ticks for every read, which is most of what a read costs.
 */
const exchange = (agent: Agent, { url, headers, body }: Ask, signal: AbortSignal): Promise<Head> =>
  new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined
    let unread: Buffer[] = []
    let unreadBytes = 0
    let ended = false
    let released = false
    let failure: { error: unknown } | undefined
    let wake = (): void => {}
    let releaseTimer: NodeJS.Timeout | undefined

    const settle = (): void => {
      ended = true
      clearTimeout(releaseTimer)
      signal.removeEventListener('abort', abort)
      wake()
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
      arrival() {
        if (unreadBytes > 0 || ended) return undefined
        return new Promise<void>((resolve) => {
          wake = resolve
        })
      },
      take() {
        if (unreadBytes > 0) {
          const chunks = unread
          unread = []
          unreadBytes = 0
          if (controller?.paused) controller.resume()
          return chunks
        }
        if (failure) throw failure.error
        return null
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
        releaseTimer = setTimeout(reply.close, TAIL_MS)
        releaseTimer.unref()
      },
    }

    if (signal.aborted) return reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    agent.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'accept-encoding': 'identity', ...headers },
        body: JSON.stringify(body),
      },
      {
        onRequestStart(started) {
          controller = started
          if (failure) started.abort(new Error('aborted', { cause: failure.error }))
        },
        onResponseStart(_, status, responseHeaders) {
          if (status >= 200) resolve({ status, headers: responseHeaders, reply })
        },
        onResponseData(started, chunk) {
          if (ended || released) return
          unread.push(chunk)
          unreadBytes += chunk.length
          if (unreadBytes > UNREAD_BYTES) started.pause()
          wake()
        },
        onResponseEnd: settle,
        onResponseError(_, error) {
          if (ended) return
          failure = { error }
          settle()
          reject(error)
        },
      },
    )
  })

/** The beginning of an error's body, as far as it comes in time. */
const errorText = async (reply: Reply): Promise<string> => {
  const timer = setTimeout(reply.close, ERROR_MS)
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    while (bytes < ERROR_BYTES) {
      await reply.arrival()
      const read = reply.take()
      if (read === null) break
      for (const chunk of read) {
        chunks.push(chunk)
        bytes += chunk.length
      }
    }
  } catch {
    // The status says enough.
  } finally {
    clearTimeout(timer)
    reply.close()
  }
  return Buffer.concat(chunks).subarray(0, ERROR_BYTES).toString()
}

async function* readParts(
  open: () => Promise<Reply>,
  site: Site,
  take: TakeEvent,
  signal: AbortSignal,
): AsyncGenerator<readonly Part[], void, undefined> {
  const reply = await open()
  const reader = answerReader(site, take)
  let tail: NodeJS.Timeout | undefined
  try {
    while (!reader.ended) {
      const arrival = reply.arrival()
      if (arrival) await arrival
      let chunks: Buffer[] | null = null
      try {
        chunks = reply.take()
      } catch (error) {
        signal.throwIfAborted()
        if (!reader.finished) throw protocolProblem(site, 'broke its answer off', '', error)
      }
      const parts = chunks === null ? reader.end() : reader.feed(chunks)
      if (reader.ended) reply.release()
      else if (reader.finished) tail ??= setTimeout(reply.close, TAIL_MS)
      if (parts.length > 0) yield parts
      if (reader.problem) {
        signal.throwIfAborted()
        throw reader.problem
      }
    }
  } finally {
    clearTimeout(tail)
    if (!reader.ended) reply.close()
  }
}

/** Connections to one vendor. There is no limit on an answer's time: that is the caller's, through the signal. */
export const openUpstream = (site: Site): Upstream => {
  const agent = new Agent({ bodyTimeout: 0, headersTimeout: 0, connect: { timeout: 10_000 } })
  return {
    async ask(ask, signal) {
      let head: Head
      try {
        head = await exchange(agent, ask, signal)
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
    parts: (open, take, signal) => readParts(open, site, take, signal),
    close: () => agent.destroy(),
  }
}
