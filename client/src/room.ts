import { type Connecting, persist } from './persist.ts'
import { type Frame, type SendCommand, type SocketMaker, socketConnection } from './socket-connection.ts'
import type { StateTracker } from './state.ts'

/** A message of a conversation, as every interface lists it. */
export interface RoomMessage {
  message_id: string
  role: 'user' | 'assistant' | 'system' | 'tool'
  content: string
  state: 'pending' | 'streaming' | 'complete' | 'error' | 'cancelled'
  /** The author's username, where it is known. */
  user?: string
  stream_id?: string | null
  agent_id?: string | null
  /** The provider that answered; known at the end. */
  provider?: string | null
  model?: string | null
  usage?: { prompt_tokens: number; completion_tokens: number; cost_usd: number } | null
  created_at?: string
  /** The provider that was asked before, where another one took over. */
  fallback?: { from: string; to: string }
  /** The answer was begun again: what had come was taken back. */
  isRestarted?: boolean
  /** Why the answer broke off, and after how many seconds it may be asked for again. */
  failure?: { message: string; retry_after: number | null }
  /** The investigation that the answer started. */
  investigation_id?: string
}

export interface RoomOptions extends Connecting {
  sessionId: string
  WebSocket: SocketMaker
  state: StateTracker
  signal: AbortSignal
  frame(frame: Frame): void
  /** The room cannot be entered any more. */
  ended(reason: string): void
}

/** One conversation, with everybody who is in it. */
export interface Room {
  /** Says something. @returns false while there is no connection: nothing was sent */
  send(content: string): boolean
  /** Tells the others that one types, or does not any more. */
  typing(active: boolean): void
  /** Asks for the messages as they are now. */
  refresh(): void
  /** Ends the newest answer under way. */
  cancel(streamId?: string): void
  leave(): void
}

/** Enters a conversation's room and comes back to it whenever the connection breaks. */
export const enterRoom = (options: RoomOptions): Room => {
  const link = options.state.link()
  const left = new AbortController()
  const signal = AbortSignal.any([options.signal, left.signal])
  let send: SendCommand | undefined
  let position: string | undefined

  const connect = async () => {
    const outcome = await socketConnection({
      ...options,
      link,
      signal,
      path: `/api/v1/ws/chat/${encodeURIComponent(options.sessionId)}`,
      query: new URLSearchParams(position === undefined ? {} : { recover: position }),
      opened(sender) {
        send = sender
        send({ type: 'history' })
      },
      frame(frame) {
        if (typeof frame.epoch === 'string' && frame.offset !== undefined)
          position = `${frame.epoch}:${frame.offset}`
        options.frame(frame)
      },
    })
    send = undefined
    if (outcome.next !== 'give-up') return outcome
    options.ended(outcome.reason)
    return { next: 'done' as const }
  }
  persist({ ...options, link, signal }, connect).catch((error) => {
    if (!signal.aborted) options.ended(String((error as Error).message))
  })

  const tell = (command: object): boolean => {
    send?.(command)
    return send !== undefined
  }
  return {
    send: (content) => tell({ type: 'message', content }),
    typing: (active) => void tell({ type: 'typing', active }),
    refresh: () => void tell({ type: 'history' }),
    cancel: (streamId) =>
      void tell({ type: 'cancel', ...(streamId === undefined ? {} : { stream_id: streamId }) }),
    leave() {
      left.abort()
      link.release()
    },
  }
}
