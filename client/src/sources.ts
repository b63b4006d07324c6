import { ApiError, ownError } from './error.ts'
import type { StreamEvent } from './event-stream.ts'
import { follow } from './follow.ts'
import type { Connecting } from './persist.ts'
import { PATIENCE_MS } from './policy.ts'
import type { AnyEvent, PromptEvent } from './reading.ts'
import type { ContinuityEvent, Received, RunSource, Started } from './run.ts'
import type { StateTracker } from './state.ts'
import type { InvestigationEvent, TurnEvent } from './wire.ts'

export interface SourceMeans extends Connecting {
  state: StateTracker
}

/** A run's stream as it is known: by the answer to its start, or by its address alone. */
interface Known {
  /** The value that `started` resolves with; left out where the stream's first answer tells it. */
  started?: Started
  path: string
  /** An open answer, to be read first. */
  first?: Response
}

interface Following<E> {
  /** Asks for the stream; called once. */
  start(signal: AbortSignal): Promise<Known>
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
  let known: Promise<Known> | undefined
  return {
    async pump(from, { started, deliver }, signal) {
      const isFirst = known === undefined
      known ??= following.start(signal)
      const asked = await known
      if (asked.started) started(asked.started)
      const link = means.state.link()
      let position = from
      let streamId = asked.first && idOf(asked.first)
      try {
        await follow({
          ...means,
          link,
          signal,
          first: isFirst ? asked.first : undefined,
          path: () => asked.path,
          position: () => position,
          opened(response) {
            if (asked.started || streamId !== undefined) return
            streamId = idOf(response)
            started({ stream_id: streamId })
          },
          event(read) {
            if (read.id !== undefined) position = read.id
            const beside = continuity(read)
            if (beside === 'none') return false
            const event = beside ?? following.event(JSON.parse(read.data))
            if (event === undefined) return false
            // The first event tells more than the answer's head does; only the first `started` counts.
            const { type, ...told } = event as { type: string }
            if (!asked.started) started({ ...(type === 'start' ? told : {}), stream_id: String(streamId) })
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
    patienceMs: PATIENCE_MS,
  })
  return { path: eventsPath(idOf(first)), first }
}

/** A turn of a chat, started by `POST /api/v1/chat/stream`. */
export const chatSource = (means: SourceMeans, body: unknown): RunSource<TurnEvent> =>
  sourceOf(means, {
    start: (signal) => post(means, '/api/v1/chat/stream', body, signal),
    event: (data) => data as TurnEvent,
  })

/** The execution of a prompt, started by `POST /api/prompts/execute/stream`. */
export const promptSource = (means: SourceMeans, body: unknown): RunSource<PromptEvent> => {
  let read: (event: TurnEvent | PromptEvent) => PromptEvent | undefined
  return sourceOf(means, {
    async start(signal) {
      read = (await import('./prompt-reading.ts')).promptEventOf
      return post(means, '/api/prompts/execute/stream', body, signal)
    },
    event: (data) => read(data as TurnEvent),
  })
}

/** An investigation, started by `POST /api/v1/investigations`. */
export const investigationSource = (means: SourceMeans, body: unknown): RunSource<InvestigationEvent> =>
  sourceOf(means, {
    async start(signal) {
      const started = (await means.http.json('POST', '/api/v1/investigations', body, {
        signal,
        patienceMs: PATIENCE_MS,
      })) as Started
      return { started, path: eventsPath(started.stream_id) }
    },
    event: (data) => data as InvestigationEvent,
  })

/** A stream that runs already, or has ended. */
export const attachedSource = (means: SourceMeans, streamId: string): RunSource<AnyEvent> =>
  sourceOf(means, {
    start: async () => ({ path: eventsPath(streamId) }),
    event: (data) => data as AnyEvent,
  })

/** An investigation that runs already, or has ended. */
export const attachedInvestigation = (means: SourceMeans, id: string): RunSource<InvestigationEvent> =>
  sourceOf(means, {
    start: async () => ({ path: `/api/v1/investigations/stream/${encodeURIComponent(id)}` }),
    event: (data) => data as InvestigationEvent,
  })

/** A source whose code is loaded with its first connection. */
export const loadedSource = <E>(load: () => Promise<RunSource<E>>): RunSource<E> => {
  let loading: Promise<RunSource<E>> | undefined
  const loaded = (): Promise<RunSource<E>> => {
    loading ??= load().catch((error) => {
      loading = undefined
      throw ownError('CONNECTION_LOST', 'A part of the client could not be loaded', error)
    })
    return loading
  }
  return {
    pump: async (...following) => (await loaded()).pump(...following),
    cancel: async (streamId) => (await loaded()).cancel(streamId),
  }
}
