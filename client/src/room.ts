import type { Connecting } from './follow.ts'
import { nextDelay, pause, verdictOfClose } from './policy.ts'
import type { SocketMaker } from './socket.ts'
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
}

/** A frame of the room, by its `type`. */
export interface RoomFrame {
  type: string
  [field: string]: unknown
}

export interface RoomOptions extends Connecting {
  sessionId: string
  WebSocket: SocketMaker
  state: StateTracker
  signal: AbortSignal
  frame(frame: RoomFrame): void
  /** The room cannot be entered any more. */
  ended(reason: string): void
}

/** One conversation, with everybody who is in it. */
export interface Room {
  /** Says something. @returns false while there is no connection: nothing was sent */
  send(content: string): boolean
  /** Tells the others that one types, or does not any more. */
  typing(active: boolean): void
  /** Ends the newest answer under way. */
  cancel(streamId?: string): void
  leave(): void
}

/** Enters a conversation's room and comes back to it whenever the connection breaks. */
export const enterRoom = (options: RoomOptions): Room => {
  const { sessionId, http, session, random, wakers } = options
  const link = options.state.link()
  const left = new AbortController()
  const stop = AbortSignal.any([options.signal, left.signal])
  let socket: WebSocket | undefined
  let position: string | undefined
  let isReady = false

  const tell = (frame: RoomFrame): void => {
    if (typeof frame.epoch === 'string' && frame.offset !== undefined)
      position = `${frame.epoch}:${frame.offset}`
    options.frame(frame)
  }
  const send = (command: object): boolean => {
    if (isReady) socket?.send(JSON.stringify(command))
    return isReady
  }
  const address = async (): Promise<string> => {
    const query = new URLSearchParams()
    if ((await session.token()) !== undefined) {
      const { ticket } = (await http.json('POST', '/api/v1/auth/tickets', {})) as { ticket: string }
      query.set('ticket', ticket)
    }
    if (position !== undefined) query.set('recover', position)
    return `${http.url.replace(/^http/, 'ws')}/api/v1/ws/chat/${encodeURIComponent(sessionId)}?${query}`
  }
  const connect = async (): Promise<{ code: number; reason: string; wasOpen: boolean }> => {
    const url = await address()
    stop.throwIfAborted()
    return new Promise((resolve) => {
      const made = new options.WebSocket(url)
      socket = made
      const end = (): void => made.close()
      stop.addEventListener('abort', end, { once: true })
      made.onmessage = ({ data }) => {
        const frame = JSON.parse(String(data)) as RoomFrame
        if (frame.type === 'connected') {
          isReady = true
          link.set('open')
          send({ type: 'history' })
        } else if (frame.type === 'token_expiring')
          void session
            .token()
            .then((token) => session.renew(token))
            .then(async () => send({ type: 'auth', token: await session.token() }))
            .catch(() => undefined)
        else tell(frame)
      }
      made.onerror = () => undefined
      made.onclose = ({ code, reason }) => {
        stop.removeEventListener('abort', end)
        const wasOpen = isReady
        isReady = false
        resolve({ code, reason, wasOpen })
      }
    })
  }
  const run = async (): Promise<void> => {
    for (let failures = 0; ; ) {
      let soon = false
      try {
        const { code, reason, wasOpen } = await connect()
        stop.throwIfAborted()
        failures = wasOpen ? 1 : failures + 1
        const { next } = verdictOfClose(code)
        if (next === 'give-up') {
          options.ended(reason)
          return
        }
        if (next === 'renew') await session.renew(await session.token())
        soon = next === 'soon'
      } catch {
        stop.throwIfAborted()
        failures++
      }
      link.set('reconnecting')
      await pause(nextDelay({ failures, soon }, random()), stop, wakers)
      stop.throwIfAborted()
    }
  }
  run().catch(() => undefined)

  return {
    send: (content) => send({ type: 'message', content }),
    typing: (active) => void send({ type: 'typing', active }),
    cancel: (streamId) =>
      void send({ type: 'cancel', ...(streamId === undefined ? {} : { stream_id: streamId }) }),
    leave() {
      left.abort()
      link.release()
    },
  }
}
