import { ApiError } from './error.ts'
import { persist } from './persist.ts'
import { PATIENCE_MS } from './policy.ts'
import type { Received, RunSource } from './run.ts'
import { type Frame, type SocketMaker, socketConnection } from './socket-connection.ts'
import { attachedInvestigation, type SourceMeans } from './sources.ts'
import type { InvestigationEvent } from './wire.ts'

/** Connections that may fail before WebSockets count as blocked on the way. */
const MAX_FAILED_OPENINGS = 2

const EVENTS: ReadonlySet<string> = new Set([
  'progress',
  'anomaly',
  'paused',
  'resumed',
  'complete',
  'cancelled',
])

/** Reads a frame of an investigation's socket; undefined for one that is about the connection. */
const receivedOf = ({ offset, epoch, ...told }: Frame): Received<InvestigationEvent> | undefined => {
  const position = offset === undefined ? undefined : `${epoch}:${offset}`
  const { type } = told
  if (type === 'recovery' && told.recovered === false)
    return { event: { type, recovered: false, reason: told.reason } as never, position: undefined }
  if (type === 'snapshot') return { event: { type, state: told.state } as never, position: undefined }
  // An error of the connection has no place in the log.
  const isEvent = EVENTS.has(type) || (type === 'error' && position !== undefined)
  return isEvent ? { event: told as unknown as InvestigationEvent, position } : undefined
}

/**
 * Follows an investigation over a WebSocket of its own, and over an event-stream where that does not get through: a
 * browser opens at most six event-streams to one service from all its tabs together, and many more WebSockets.
 */
export const socketInvestigation = (
  means: SourceMeans,
  id: string,
  { WebSocket, language }: { WebSocket: SocketMaker; language: string | undefined },
): RunSource<InvestigationEvent> => {
  const overEvents = attachedInvestigation(means, id)
  const path = `/api/v1/investigations/${encodeURIComponent(id)}` as const
  return {
    cancel: (streamId) => overEvents.cancel(streamId),
    async pump(from, handlers, signal) {
      const link = means.state.link()
      const enough = new AbortController()
      const stop = AbortSignal.any([signal, enough.signal])
      let position = from
      let failed = 0
      let isBlocked = false
      const connect = async () => {
        // A refused upgrade does not tell its reason to a browser.
        const bounds = { signal: stop, patienceMs: PATIENCE_MS }
        const { stream_id } = (await means.http.json('GET', path, undefined, bounds)) as { stream_id: string }
        handlers.started({ stream_id })
        const query = {
          batch: '1',
          ...(position && { recover: position }),
          ...(language && { lang: language }),
        }
        const outcome = await socketConnection({
          ...means,
          WebSocket,
          link,
          signal: stop,
          path: `/api/v1/ws/investigations/${encodeURIComponent(id)}`,
          query: new URLSearchParams(query),
          opened: () => undefined,
          frame(frame) {
            const received = stop.aborted ? undefined : receivedOf(frame)
            if (received === undefined) return
            position = received.position ?? position
            if (handlers.deliver(received)) enough.abort()
          },
        })
        if (enough.signal.aborted) return { next: 'done' as const }
        signal.throwIfAborted()
        failed = outcome.wasOpen ? Number.NEGATIVE_INFINITY : failed + 1
        isBlocked = failed >= MAX_FAILED_OPENINGS
        if (isBlocked) return { next: 'done' as const }
        if (outcome.next === 'give-up')
          throw new ApiError({ status: 403, code: 'FORBIDDEN', detail: outcome.reason })
        return outcome
      }
      try {
        await persist({ ...means, link, signal: stop }, connect)
      } catch (error) {
        if (!enough.signal.aborted) throw error
      } finally {
        link.release()
      }
      if (isBlocked) await overEvents.pump(position, handlers, signal)
    },
  }
}
