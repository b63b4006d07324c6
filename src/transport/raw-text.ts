import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import { type Channels, type FeedSink, subscribeToFeed, UNKNOWN_POSITION } from '../feed/subscription.ts'
import type { Viewer } from '../feed/viewer.ts'
import { say } from '../language/sentence.ts'
import type { ServerEvent } from '../protocol/frame.ts'
import type { Admission, Connections } from './connections.ts'
import { LINGER_MS, plainSink } from './event-response.ts'
import { callAt, whenRevoked } from './expiry.ts'
import { liftReaderTimeout } from './reader-timeout.ts'
import type { TransportObserver } from './transport-observer.ts'
import { WriteQueue, type WriteQueueLimits } from './write-queue.ts'

export interface RawTextOptions extends WriteQueueLimits {
  hub: Channels
  connections: Connections
  observer?: TransportObserver
  /**
   * A wordless feed. Its events without a name are text; a named one says in its data why the text cannot become
   * whole.
   */
  feed: Feed
  viewer: Viewer
  /** Name of the interface in metrics. */
  endpoint: string
  streamId: string
  /** Media type of the body. */
  contentType: string
  /** Returns the problem that the data of a named event describes. */
  problemOf(data: string): Problem
}

const headers = (streamId: string, contentType: string): Record<string, string> => ({
  'content-type': contentType,
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  'x-stream-id': streamId,
})

/**
 * Answers with a feed's text, each piece as soon as it arrives. The head waits for the first piece, so that a failure
 * before it has its own status; a failure after it breaks the connection off, so that a cut text does not look whole.
 * @throws {Problem} the feed's failure before its first piece; `DRAINING`, `OVERLOADED`, `TOO_MANY_CONNECTIONS`,
 *   `BUS_UNAVAILABLE`
 */
export async function serveText(
  request: FastifyRequest,
  reply: FastifyReply,
  options: RawTextOptions,
): Promise<FastifyReply> {
  const { feed, viewer, endpoint, connections } = options
  const { raw } = reply
  const observer = options.observer ?? {}
  const admission = connections.admit('sse', endpoint, viewer.address)
  const gone = new AbortController()
  const text = bodyOf(reply, options, admission)
  const expire = (): void => text.breakOff(new Problem('TOKEN_EXPIRED', say('identity.token_expired')))
  const cancelExpiry = viewer.expiresAt === null ? () => {} : callAt(viewer.expiresAt, expire)
  const stopWaiting = whenRevoked(viewer.revoked, () =>
    text.breakOff(new Problem('UNAUTHENTICATED', say('identity.revoked'))),
  )
  raw.once('close', () => {
    cancelExpiry()
    stopWaiting()
    text.close()
    gone.abort()
    admission.release()
  })

  const send = (events: readonly ServerEvent[]): void => {
    for (const { event, data } of events) {
      if (event === undefined) text.write(data)
      else text.breakOff(options.problemOf(data))
    }
  }
  const sink: FeedSink = {
    show: (publications) => {
      for (const publication of publications) send(feed.events(publication))
    },
    lost: (reason) => observer.recovery?.(reason),
    snapshot: (state) => send(state as readonly ServerEvent[]),
    replay: (data, end) => send(feed.events({ channel: feed.channel, ...(end ?? UNKNOWN_POSITION), data })),
    reached: () => undefined,
    drained: () => text.drained(),
    ended: () => text.end(),
    failed(error) {
      observer.error?.('story', endpoint)
      text.breakOff(new Problem('INTERNAL', say('socket.unreadable_answer'), { cause: error }))
    },
  }
  if (raw.destroyed) gone.abort()
  try {
    const { begin } = await subscribeToFeed(options.hub, feed, feed.since, sink, gone.signal)
    begin()
    await text.opened
  } catch (error) {
    if (!raw.destroyed && !request.raw.socket.destroyed) throw error
    admission.release()
    return reply.hijack()
  }
  return reply
}

/** Makes the writer of the body: nothing of it, not even the head, is sent before the first piece. */
function bodyOf(reply: FastifyReply, options: RawTextOptions, admission: Admission) {
  const { streamId, contentType, observer, viewer, endpoint, ...limits } = options
  let outlet: WriteQueue | undefined
  let end = (): void => {}
  let isOver = false
  let settle: { resolve(): void; reject(error: unknown): void } | undefined
  const opened = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject }
  })
  // When the client leaves before the first piece, nobody waits for this promise any more.
  opened.catch(() => undefined)

  const open = (): WriteQueue => {
    if (outlet) return outlet
    reply.headers(headers(streamId, contentType))
    const plain = plainSink(reply)
    liftReaderTimeout(reply.raw)
    end = plain.end
    outlet = new WriteQueue(plain.sink, limits, (reason) => {
      observer?.cutoff?.(reason, { user_id: viewer.id, address: viewer.address, endpoint })
      reply.raw.destroy()
    })
    admission.queues(outlet)
    settle?.resolve()
    return outlet
  }
  const leave = (open: WriteQueue, then: () => void): void => {
    isOver = true
    const force = setTimeout(() => reply.raw.destroy(), LINGER_MS)
    reply.raw.once('close', () => clearTimeout(force))
    void open.finish().then(then)
  }
  return {
    /** Resolves when the head is sent; rejects with the failure that came before it. */
    opened,
    write(piece: string): void {
      if (!isOver) open().send(Buffer.from(piece))
    },
    drained: (): Promise<void> => outlet?.drained() ?? Promise.resolve(),
    end(): void {
      if (!isOver) leave(open(), () => end())
    },
    /** Fails the body; pieces that were written before it still arrive. */
    breakOff(problem: Problem): void {
      if (isOver) return
      if (outlet) leave(outlet, () => reply.raw.destroy())
      else settle?.reject(problem)
      isOver = true
    },
    close(): void {
      isOver = true
      outlet?.close()
      settle?.reject(new Error('the client has left'))
    },
  }
}
