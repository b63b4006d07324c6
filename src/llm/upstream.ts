import { Agent, type Dispatcher } from 'undici'
import { within } from '../deadline.ts'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import { type AnswerDialect, answerReader } from './answer.ts'
import type { Part, Provider, Taking } from './provider.ts'
import { protocolProblem, type Site, statusProblem } from './provider-failure.ts'
import { type Head, type Reply, receiving } from './reply.ts'

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

/** Number of bytes of an error's body that are read, and milliseconds for it. */
const ERROR_BYTES = 16 * 1024
const ERROR_MS = 2000
/**
 * Milliseconds of silence after a reason to stop that end an answer; text, usage and the terminator may follow the
 * reason.
 */
const TAIL_MS = 2000

const toRequest = ({ url, headers, body }: Ask): Dispatcher.DispatchOptions => ({
  origin: url.origin,
  path: url.pathname + url.search,
  method: 'POST',
  headers: { 'content-type': 'application/json', 'accept-encoding': 'identity', ...headers },
  body: JSON.stringify(body),
})

/** Reads the beginning of an error's body, as far as it arrives in time. */
const errorText = async (reply: Reply): Promise<string> => {
  const chunks: Buffer[] = []
  let bytes = 0
  const enough = new Promise<void>((resolve) => {
    reply.read({
      take(read) {
        chunks.push(...read)
        for (const chunk of read) bytes += chunk.length
        if (bytes >= ERROR_BYTES) resolve()
        return undefined
      },
      // Where reading fails, the status says enough.
      over: () => resolve(),
    })
  })
  await within(enough, ERROR_MS, () => undefined)
  reply.close()
  return Buffer.concat(chunks).subarray(0, ERROR_BYTES).toString()
}

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
