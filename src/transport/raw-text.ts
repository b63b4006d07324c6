import { setMaxListeners } from 'node:events'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import { type Channels, type FeedSink, subscribeToFeed, UNKNOWN_POSITION } from '../feed/subscription.ts'
import type { Viewer } from '../feed/viewer.ts'
import { say } from '../language/sentence.ts'
import type { ServerEvent } from '../protocol/frame.ts'
import type { Connections } from './connections.ts'
import { LINGER_MS, plainSink } from './event-response.ts'
import { callAt } from './expiry.ts'
import type { TransportObserver } from './observer.ts'
import { WriteQueue, type WriteQueueLimits } from './write-queue.ts'

export interface RawTextOptions extends WriteQueueLimits {
  hub: Channels
  connections: Connections
  observer?: TransportObserver
  /** Wordless; its events without a name are text, a named one tells in its data why the text cannot become whole. */
  feed: Feed
  viewer: Viewer
  /** Names the interface in metrics. */
  endpoint: string
  streamId: string
  /** Of the body. */
  contentType: string
  /** The problem that the data of a named event tells of. */
  problemOf(data: string): Problem
}

const headers = (streamId: string, contentType: string): Record<string, string> => ({
  'content-type': contentType,
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  'x-stream-id': streamId,
})

/**
 * Answers with a feed's text, each piece as soon as it is there. The head waits for the first piece, so that a failure
 * before it has its own status; after it the connection is broken off, so that no half text looks whole.
 * @throws {Problem} what became of the feed before its first piece; `DRAINING`, `OVERLOADED`, `TOO_MANY_CONNECTIONS`,
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
  const text = bodyOf(reply, options)
  const revoke = (): void => text.breakOff(new Problem('UNAUTHENTICATED', say('identity.revoked')))
  const expire = (): void => text.breakOff(new Problem('TOKEN_EXPIRED', say('identity.token_expired')))
  const cancelExpiry = viewer.expiresAt === null ? () => {} : callAt(viewer.expiresAt, expire)
  setMaxListeners(0, viewer.revoked)
  if (viewer.revoked.aborted) revoke()
  else viewer.revoked.addEventListener('abort', revoke, { once: true })
  raw.once('close', () => {
    cancelExpiry()
    viewer.revoked.removeEventListener('abort', revoke)
    text.close()
    gone.abort()
    admission.release()
  })

  const speak = (events: readonly ServerEvent[]): void => {
    for (const { event, data } of events) {
      if (event === undefined) text.write(data)
      else text.breakOff(options.problemOf(data))
    }
  }
  const screen: FeedSink = {
    show: (publications) => {
      for (const publication of publications) speak(feed.events(publication))
    },
    lost: (reason) => observer.recovery?.(reason),
    snapshot: (state) => speak(state as readonly ServerEvent[]),
    replay: (data, end) => speak(feed.events({ channel: feed.channel, ...(end ?? UNKNOWN_POSITION), data })),
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
    const { begin } = await subscribeToFeed(options.hub, feed, feed.since, screen, gone.signal)
    begin()
    await text.opened
  } catch (error) {
    if (!raw.destroyed && !request.raw.socket.destroyed) throw error
    admission.release()
    return reply.hijack()
  }
  return reply
}

/** The body: nothing of it, not even its head, goes out before the first piece. */
function bodyOf(reply: FastifyReply, { streamId, contentType, observer, ...limits }: RawTextOptions) {
  let outlet: WriteQueue | undefined
  let end = (): void => {}
  let isOver = false
  let settle: { resolve(): void; reject(error: unknown): void } | undefined
  const opened = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject }
  })
  // Who leaves before the first piece waits for it no more.
  opened.catch(() => undefined)

  const open = (): WriteQueue => {
    if (outlet) return outlet
    reply.headers(headers(streamId, contentType))
    const plain = plainSink(reply)
    end = plain.end
    outlet = new WriteQueue(plain.sink, limits, (reason) => {
      observer?.cutoff?.(reason)
      reply.raw.destroy()
    })
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
    /** Settles with the head, or with what came instead of it. */
    opened,
    write(piece: string): void {
      if (!isOver) open().send(Buffer.from(piece))
    },
    drained: (): Promise<void> => outlet?.drained() ?? Promise.resolve(),
    end(): void {
      if (!isOver) leave(open(), () => end())
    },
    /** What has been said arrives nevertheless. */
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
