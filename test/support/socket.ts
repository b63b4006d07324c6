import type { IncomingMessage } from 'node:http'
import WebSocket, { type ClientOptions } from 'ws'

// biome-ignore lint/suspicious/noExplicitAny: frames are looked at, not typed
export type Message = Record<string, any>

export interface SocketClientOptions extends ClientOptions {
  /** Milliseconds that `next` and `closed` wait at most. Default 10,000. */
  patienceMs?: number
}

/** A WebSocket client that keeps every message it got. */
export interface SocketClient {
  readonly socket: WebSocket
  readonly messages: Message[]
  /** The next message nobody took yet that satisfies the predicate; those before it are skipped. */
  next(predicate?: (message: Message) => boolean): Promise<Message>
  /** The next message of a type. */
  ofType(type: string): Promise<Message>
  send(message: unknown): void
  closed(): Promise<{ code: number; reason: string }>
  close(): void
}

/** The HTTP answer to an upgrade that was refused. */
export class UpgradeRefused extends Error {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string

  constructor(response: IncomingMessage, body: string) {
    super(`refused with ${response.statusCode}`)
    this.status = response.statusCode ?? 0
    this.headers = response.headers
    this.body = body
  }
}

/**
 * Connects and resolves when the socket is open.
 * @throws {UpgradeRefused}
 */
export async function openSocket(url: string, options: SocketClientOptions = {}): Promise<SocketClient> {
  const { patienceMs = 10_000, ...clientOptions } = options
  const socket = new WebSocket(url.replace(/^http/, 'ws'), clientOptions)
  const messages: Message[] = []
  let taken = 0
  let closed: { code: number; reason: string } | undefined
  const waiting = new Set<() => void>()
  const wake = (): void => {
    for (const look of [...waiting]) look()
  }
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)) as Message)
    wake()
  })
  socket.on('close', (code, reason) => {
    closed = { code, reason: String(reason) }
    wake()
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('unexpected-response', (_request, response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        body += chunk
      })
      response.on('close', () => reject(new UpgradeRefused(response, body)))
    })
    socket.once('error', reject)
  })
  socket.on('error', () => {})

  const until = <T>(what: string, look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        stop()
        reject(new Error(`${why} before ${what}; messages: ${JSON.stringify(messages.slice(-5))}`))
      }
      const attempt = (): void => {
        const found = look()
        if (found !== undefined) {
          stop()
          resolve(found)
        } else if (closed !== undefined) fail(`closed with ${closed.code} ${closed.reason}`)
      }
      const timer = setTimeout(() => fail(`${patienceMs} ms passed`), patienceMs)
      const stop = (): void => {
        clearTimeout(timer)
        waiting.delete(attempt)
      }
      waiting.add(attempt)
      attempt()
    })
  const next = (predicate: (message: Message) => boolean = () => true): Promise<Message> =>
    until('such a message', () => {
      while (taken < messages.length) {
        const message = messages[taken++] as Message
        if (predicate(message)) return message
      }
      return undefined
    })
  return {
    socket,
    messages,
    next,
    ofType: (type) => next((message) => message.type === type),
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    closed: () => until('the close', () => closed),
    close: () => socket.terminate(),
  }
}
