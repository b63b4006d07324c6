import type { Connecting, Outcome } from './persist.ts'
import { PATIENCE_MS, verdictOfClose } from './policy.ts'
import type { Link } from './state.ts'

/** A WebSocket as browsers and Node have it. */
export type SocketMaker = new (url: string) => WebSocket

/** One JSON frame of the service, by its `type`. */
export interface Frame {
  type: string
  [field: string]: unknown
}

/** Sends one command over an open connection. */
export type SendCommand = (command: object) => void

/** The time that a WebSocket may take to say `connected` before it counts as blocked. */
const OPEN_MS = 10_000

export interface SocketConnectionOptions extends Connecting {
  WebSocket: SocketMaker
  link: Link
  path: string
  query: URLSearchParams
  opened(send: SendCommand): void
  frame(frame: Frame): void
  signal: AbortSignal
}

/** Asks whether the cookie still signs somebody in: a browser does not tell why an upgrade was refused. */
const isSignedOut = async ({ http, signal }: SocketConnectionOptions): Promise<boolean> => {
  try {
    const bounds = { signal, patienceMs: PATIENCE_MS }
    const { user } = (await http.json('GET', '/api/v1/auth/session', undefined, bounds)) as { user: unknown }
    return user === null
  } catch {
    return false
  }
}

/**
 * Lives through one WebSocket: opens it with a ticket, pings it, renews its token before that ends, and tells how it
 * came to its end. One that is silent for two heartbeats counts as dead.
 * @throws {ApiError} where no ticket is to be had
 */
export const socketConnection = async (
  options: SocketConnectionOptions,
): Promise<Outcome & { reason: string }> => {
  const { http, session, signal, query, link } = options
  let token = await session.token()
  if (token !== undefined) {
    // A ticket stands in the URL, a token never does.
    const bounds = { signal, patienceMs: PATIENCE_MS }
    const { ticket } = (await http.json('POST', '/api/v1/auth/tickets', {}, bounds)) as { ticket: string }
    query.set('ticket', ticket)
  }
  signal.throwIfAborted()
  const socket = new options.WebSocket(`${http.url.replace(/^http/, 'ws')}${options.path}?${query}`)
  const ended = await new Promise<Outcome & { reason: string }>((resolve) => {
    let wasOpen = false
    let isHeard = true
    let heartbeat: ReturnType<typeof setInterval> | undefined
    const send = (command: object): void => {
      if (socket.readyState === 1) socket.send(JSON.stringify(command))
    }
    const finish = (code: number, reason: string): void => {
      clearTimeout(opening)
      clearInterval(heartbeat)
      signal.removeEventListener('abort', leave)
      socket.onmessage = socket.onclose = null
      socket.close()
      resolve({ next: verdictOfClose(code), wasOpen, token, reason })
    }
    const leave = (): void => finish(1000, '')
    /** Ends one that does not answer; where the peer is gone, a closing handshake would only be waited for. */
    const abandon = (): void => {
      ;(socket as { terminate?(): void }).terminate?.()
      finish(1006, 'nothing came')
    }
    const renew = async (): Promise<void> => {
      await session.renew(token)
      token = await session.token()
      send({ type: 'auth', token })
    }
    const take = (frame: Frame): void => {
      if (frame.type === 'connected') {
        clearTimeout(opening)
        wasOpen = true
        link.set('open')
        // A browser does not show ping frames, so the client asks by itself.
        heartbeat = setInterval(
          () => {
            if (!isHeard) return abandon()
            isHeard = false
            send({ type: 'ping' })
          },
          Number(frame.heartbeat_interval ?? 30) * 1000,
        )
        options.opened(send)
      } else if (frame.type === 'token_expiring') {
        // A cookie is shown with the next upgrade only.
        if (token === undefined) return
        // Where it fails, the connection ends with its token, and the next one tells why.
        renew().catch(() => undefined)
      } else options.frame(frame)
    }
    const opening = setTimeout(abandon, OPEN_MS)
    signal.addEventListener('abort', leave, { once: true })
    socket.onmessage = ({ data }) => {
      isHeard = true
      const frame = JSON.parse(String(data)) as Frame
      for (const one of frame.type === 'batch' ? (frame.messages as Frame[]) : [frame]) take(one)
    }
    socket.onerror = () => undefined
    socket.onclose = ({ code, reason }) => finish(code, reason)
  })
  const isUnexplained = !ended.wasOpen && session.isByCookie && !signal.aborted
  return isUnexplained && (await isSignedOut(options)) ? { ...ended, next: 'renew' } : ended
}
