import { ApiError, ownError } from './error.ts'
import type { StreamEvent } from './event-stream.ts'
import { type Connecting, follow } from './follow.ts'
import { type AnyEvent, type PromptEvent, promptEventOf } from './reading.ts'
import type { ContinuityEvent, Received, RunSource, Started } from './run.ts'
import type { StateTracker } from './state.ts'
import type { InvestigationEvent, TurnEvent } from './wire.ts'

export interface SourceMeans extends Connecting {
  state: StateTracker
}

/** The start of a run's stream, and the way to follow it once its id is known. */
interface Following<E> {
  /** Asks for the stream; called once. A response with a body is read first. */
  start(signal: AbortSignal): Promise<{ started: Started | undefined; streamId: string; first?: Response }>
  /** The path of the stream's events. */
  path(streamId: string): string
  /** One event of the interface out of one of the service; undefined leaves it out. */
  event(data: unknown): E | undefined
}

const eventsPath = (streamId: string): string => `/api/v1/streams/${encodeURIComponent(streamId)}/events`

/** Reads what stands beside a stream's own events where continuity was asked for. */
const continuity = ({ event, data }: StreamEvent): ContinuityEvent | 'none' | undefined => {
  if (event === 'recovery') {
    const { recovered, reason } = JSON.parse(data)
    if (recovered !== false) return 'none'
    return { type: 'recovery', recovered, ...(reason === undefined ? {} : { reason }) }
  }
  if (event !== 'snapshot') return undefined
  const told = JSON.parse(data)
  return { type: 'snapshot', state: told.state ?? told }
}

/**
 * Makes a source of a run over event-streams. The start is sent once: a connection that breaks behind it is followed
 * by the stream's own address, one that breaks before its answer fails the run, since nobody knows what became of it.
 */
const sourceOf = <E>(means: SourceMeans, following: Following<E>): RunSource<E> => {
  let known: Promise<{ streamId: string; started: Started | undefined; first?: Response }> | undefined
  return {
    async pump(from, { started, deliver }, signal) {
      const isFirst = known === undefined
      known ??= following.start(signal)
      const asked = await known
      const { streamId } = asked
      if (asked.started) started(asked.started)
      const link = means.state.link()
      let position = from
      let isTold = asked.started !== undefined
      try {
        await follow({
          ...means,
          link,
          signal,
          first: isFirst ? asked.first : undefined,
          path: () => following.path(streamId),
          position: () => position,
          opened: () => {
            if (!isTold && asked.first === undefined) started({ stream_id: streamId })
          },
          event(read) {
            if (read.id !== undefined) position = read.id
            const beside = continuity(read)
            if (beside === 'none') return false
            const event = beside ?? following.event(JSON.parse(read.data))
            if (event === undefined) return false
            if (!isTold) {
              isTold = true
              const first = event as { type: string }
              started(first.type === 'start' ? { ...first, stream_id: streamId } : { stream_id: streamId })
            }
            return deliver({ event, position: read.id } as Received<E>)
          },
        })
      } finally {
        link.release()
      }
    },
    async cancel(streamId) {
      try {
        await means.http.json('POST', `/api/v1/streams/${encodeURIComponent(streamId)}/cancel`)
      } catch (error) {
        // It has ended by itself.
        if (!(error instanceof ApiError && error.code === 'INVALID_STATE')) throw error
      }
    },
  }
}

const idOf = (response: Response): string => {
  const id = response.headers.get('x-stream-id')
  if (id === null) throw ownError('PROTOCOL', 'The answer names no stream')
  return id
}

const post = async (means: SourceMeans, path: string, body: unknown, signal: AbortSignal) => {
  const first = await means.http.send(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify(body),
    signal,
  })
  return { started: undefined, streamId: idOf(first), first }
}

/** A turn of a chat, started by `POST /api/v1/chat/stream`. */
export const chatSource = (means: SourceMeans, body: unknown): RunSource<TurnEvent> =>
  sourceOf(means, {
    start: (signal) => post(means, '/api/v1/chat/stream', body, signal),
    path: eventsPath,
    event: (data) => data as TurnEvent,
  })

/** The execution of a prompt, started by `POST /api/prompts/execute/stream`. */
export const promptSource = (means: SourceMeans, body: unknown): RunSource<PromptEvent> =>
  sourceOf(means, {
    start: (signal) => post(means, '/api/prompts/execute/stream', body, signal),
    path: eventsPath,
    event: (data) => promptEventOf(data as TurnEvent),
  })

/** An investigation, started by `POST /api/v1/investigations`. */
export const investigationSource = (means: SourceMeans, body: unknown): RunSource<InvestigationEvent> =>
  sourceOf(means, {
    async start(signal) {
      const response = await means.http.send('/api/v1/investigations', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal,
      })
      const started = (await response.json()) as Started
      return { started, streamId: started.stream_id }
    },
    path: eventsPath,
    event: (data) => data as InvestigationEvent,
  })

/** A stream that runs already, or has ended. */
export const attachedSource = (means: SourceMeans, streamId: string): RunSource<AnyEvent> =>
  sourceOf(means, {
    start: async () => ({ started: undefined, streamId }),
    path: eventsPath,
    event: (data) => data as AnyEvent,
  })

/** An investigation that runs already, or has ended. */
export const attachedInvestigation = (means: SourceMeans, id: string): RunSource<InvestigationEvent> =>
  sourceOf(means, {
    async start() {
      const { stream_id } = (await means.http.json(
        'GET',
        `/api/v1/investigations/${encodeURIComponent(id)}`,
      )) as Started
      return { started: { investigation_id: id, stream_id }, streamId: stream_id }
    },
    path: eventsPath,
    event: (data) => data as InvestigationEvent,
  })
