import { type Api, apiOver } from './api.ts'
import { type ChannelPosition, type Recover, Subscription } from './channels.ts'
import { ownError } from './error.ts'
import type { ExportedFile, ExportOptions } from './export.ts'
import { type Http, httpOver } from './http.ts'
import type { Channels } from './links.ts'
import type { Connecting } from './persist.ts'
import { browserWakers } from './policy.ts'
import {
  type AnyEvent,
  type InvestigationEnd,
  type PromptEnd,
  type PromptEvent,
  reading,
  type TurnEnd,
} from './reading.ts'
import type { Room } from './room.ts'
import { Run, type RunSource } from './run.ts'
import { Session } from './session.ts'
import type { Frame, SocketMaker } from './socket-connection.ts'
import {
  attachedInvestigation,
  attachedSource,
  chatSource,
  investigationSource,
  loadedSource,
  promptSource,
  type SourceMeans,
} from './sources.ts'
import { type ConnectionState, StateTracker } from './state.ts'
import type { UploadOptions, UploadSource } from './upload.ts'
import type { InvestigationEvent, TurnEvent } from './wire.ts'

/** Options of {@link createClient}. */
export interface ClientOptions {
  /** The service's address: `https://tributary.example`. */
  url: string
  /** A token that stays the same. */
  token?: string
  /** Gives a token whenever one is needed; `stale` says that the service refused the last one. */
  getToken?(options: { stale: boolean }): string | Promise<string>
  /** The caller is signed in by the service's session cookie, which is renewed where a connection meets its end. */
  cookie?: boolean
  /** The wire of subscriptions; `auto` takes a WebSocket, and an event-stream where that does not get through. */
  transport?: 'auto' | 'sse' | 'websocket'
  /** `en`, `pt` or `es`: the language of errors, warnings and findings. */
  language?: string
  fetch?: typeof fetch
  WebSocket?: SocketMaker
  /** Events that may wait for their reader, for each run and subscription; 10,000 by default. */
  bufferEvents?: number
  /** Lets all tabs of a browser in which the same user is signed in share one connection for their subscriptions. */
  share?: boolean
}

/** A message for a conversation, and who should answer it. */
export interface ChatInput {
  /** 1–10,000 characters. */
  message: string
  session_id?: string
  agent_id?: string
  provider?: string
  model?: string
  context?: Record<string, unknown>
  on_disconnect?: 'continue' | 'cancel'
}

/** The message that takes the place of an earlier one. */
export interface Revision {
  /** `regenerate` replaces the answer `messageId`, `edit` the caller's message. */
  kind: 'regenerate' | 'edit'
  messageId: string
  /** The words of the caller: those that were answered, or the new ones. */
  text: string
}

/** An investigation's data, filters and rules. */
export interface InvestigationInput {
  query: string
  dataset_id?: string
  data_source?: 'portal' | 'pncp'
  filters?: Record<string, unknown>
  anomaly_types?: readonly string[]
  thresholds?: Record<string, Record<string, number>>
  include_explanations?: boolean
  language?: string
  on_disconnect?: 'continue' | 'cancel'
}

/** Which prompt is executed, and with what. */
export interface ExecutionInput {
  promptId: number
  variables?: Record<string, unknown>
}

const DEFAULT_BUFFER = 10_000

/** Talks to one Tributary service for one caller. Made by {@link createClient}. */
export class TributaryClient {
  readonly #api: Api
  readonly #session: Session
  readonly #http: Http
  readonly #state = new StateTracker()
  readonly #closed = new AbortController()
  readonly #means: SourceMeans
  readonly #options: ClientOptions & { bufferEvents: number }
  readonly #runs = new Set<{ fail(error: ReturnType<typeof ownError>): void }>()
  #channels: Promise<Channels> | undefined

  constructor(options: ClientOptions) {
    const url = options.url.replace(/\/+$/, '')
    const fetcher = options.fetch ?? globalThis.fetch.bind(globalThis)
    const { token, getToken, language, cookie } = options
    this.#options = { ...options, url, bufferEvents: options.bufferEvents ?? DEFAULT_BUFFER }
    const closed = this.#closed.signal
    this.#session = new Session({ url, fetch: fetcher, token, getToken, language, cookie, closed })
    this.#http = httpOver(url, fetcher, this.#session, closed)
    const connecting: Connecting = {
      http: this.#http,
      session: this.#session,
      random: Math.random,
      wakers: browserWakers,
    }
    this.#api = apiOver(this.#http)
    this.#means = { ...connecting, state: this.#state }
  }

  /** Every other route, by its path as it is called; throws {@link ApiError}. */
  get api(): Api {
    return this.#api
  }

  /**
   * Signs in; the client keeps its tokens and refreshes them.
   * @throws {ApiError} `INVALID_CREDENTIALS`; `LOCKED_OUT` with `retryAfter`
   */
  login(username: string, password: string): Promise<void> {
    return this.#session.login(username, password)
  }

  /** Signs out and forgets the tokens. */
  logout(): Promise<void> {
    return this.#session.logout()
  }

  /** Says something in a conversation; the run's events are the answer. */
  chat(input: ChatInput): Run<TurnEvent, TurnEnd> {
    return this.#run(chatSource(this.#means, input))
  }

  /**
   * Says something in a conversation in place of what was said: another answer in place of one, or other words in
   * place of the caller's own. What followed goes too; the answer comes to everybody in the room.
   * @throws {ApiError} `VALIDATION_FAILED` for an unknown message, `FORBIDDEN` for somebody else's words
   */
  async revise(sessionId: string, { messageId, text, ...revision }: Revision): Promise<void> {
    const trigger = revision.kind === 'edit' ? 'submit-message' : 'regenerate-message'
    const messages = [{ role: 'user', parts: [{ type: 'text', text }] }]
    const response = await this.#http.send('/api/v1/chat/ui', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: sessionId, messages, trigger, messageId, on_disconnect: 'continue' }),
    })
    // The words are taken: a connection that breaks from here on takes nothing back.
    await response.body?.cancel().catch(() => undefined)
  }

  /** Starts an investigation; the run's events are its progress and findings. */
  investigate(input: InvestigationInput): Run<InvestigationEvent, InvestigationEnd> {
    return this.#run(investigationSource(this.#means, input))
  }

  /** Executes a prompt; the run ends with `done` or `error`. */
  execute(input: ExecutionInput): Run<PromptEvent, PromptEnd> {
    return this.#run(promptSource(this.#means, input))
  }

  /**
   * Follows a stream that is there already: all of it, or what comes behind a position.
   * @param options.position of another run over the same stream
   */
  attach(streamId: string, options: { position?: string } = {}): Run<AnyEvent, TurnEnd | InvestigationEnd> {
    return this.#run(attachedSource(this.#means, streamId), options.position)
  }

  /** Follows an investigation that is there already: all of it, or what comes behind a position. */
  attachInvestigation(
    id: string,
    options: { position?: string } = {},
  ): Run<InvestigationEvent, InvestigationEnd> {
    const { transport, language } = this.#options
    const { WebSocket } = this.#options.WebSocket
      ? this.#options
      : (globalThis as Pick<ClientOptions, 'WebSocket'>)
    const isBrowser = typeof document !== 'undefined'
    const source =
      isBrowser && WebSocket && transport !== 'sse' && options.position === undefined
        ? loadedSource(async () =>
            (await import('./socket-source.ts')).socketInvestigation(this.#means, id, {
              WebSocket,
              language,
            }),
          )
        : attachedInvestigation(this.#means, id)
    return this.#run(source, options.position)
  }

  /**
   * Subscribes to a channel. All subscriptions of a client share one connection.
   * @param options.recover `all` for the history that is kept, a position for what follows it; by default from now
   */
  subscribe(channel: string, options: { recover?: Recover } = {}): Subscription {
    const opening = this.#opened().then((channels) => channels.subscribe(channel, options.recover))
    return new Subscription(channel, options.recover, opening)
  }

  /**
   * Publishes to a channel named `topic:<name>`; safe to repeat with the same `idempotencyKey` for five minutes.
   * @returns where it stands
   * @throws {ApiError} `FORBIDDEN`, `IDEMPOTENCY_KEY_REUSED` …
   */
  async publish(
    channel: string,
    data: unknown,
    options: { idempotencyKey?: string } = {},
  ): Promise<ChannelPosition> {
    const { idempotencyKey } = options
    const path = `/api/v1/channels/${encodeURIComponent(channel)}/publications`
    const headers: Record<string, string> = {}
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey
    return (await this.#http.json('POST', path, data, { headers })) as ChannelPosition
  }

  /** Uploads a file of contracts as it is. @see {@link UploadOptions} */
  async upload(file: UploadSource, options: UploadOptions): Promise<unknown> {
    const { upload } = await import('./upload.ts')
    return upload(this.#http, file, options)
  }

  /** Downloads the audit log; a download that breaks goes on where it broke. */
  async exportAudit(options: ExportOptions = {}): Promise<ExportedFile> {
    const { exportAudit } = await import('./export.ts')
    return exportAudit({ ...this.#means, closed: this.#closed.signal }, options)
  }

  /**
   * Enters a conversation's room, together with everybody who is in it; a WebSocket of its own.
   * @throws {TypeError} where there is no WebSocket
   */
  async room(
    sessionId: string,
    handlers: { frame(frame: Frame): void; ended(reason: string): void },
  ): Promise<Room> {
    const WebSocket = this.#options.WebSocket ?? (globalThis as { WebSocket?: SocketMaker }).WebSocket
    if (WebSocket === undefined) throw new TypeError('There is no WebSocket here: give one to createClient')
    const { enterRoom } = await import('./room.ts')
    return enterRoom({ ...this.#means, ...handlers, sessionId, WebSocket, signal: this.#closed.signal })
  }

  /** The state of the client's connections now. */
  get state(): ConnectionState {
    return this.#state.state
  }

  /**
   * Calls a listener whenever the state changes.
   * @returns stops that
   */
  on(_event: 'state', listener: (state: ConnectionState) => void): () => void {
    return this.#state.on(listener)
  }

  /** Ends everything of this client: runs reject, subscriptions and connections end. Idempotent. */
  close(): void {
    if (this.#closed.signal.aborted) return
    const error = ownError('CLOSED', 'The client was closed')
    this.#closed.abort(error)
    for (const run of [...this.#runs]) run.fail(error)
    this.#state.close()
  }

  #run<E extends { type: string }, T extends E>(source: RunSource<E>, from?: string): Run<E, T> {
    const { bufferEvents } = this.#options
    const run: Run<E, T> = new Run<E, T>(source, reading<E>(), { bufferEvents, from }, () =>
      this.#runs.delete(run),
    )
    this.#runs.add(run)
    if (this.#closed.signal.aborted) run.fail(this.#closed.signal.reason)
    return run
  }

  /** Loads what subscriptions are made of, with the first of them. */
  #opened(): Promise<Channels> {
    this.#channels ??= import('./links.ts')
      .then(({ openChannels }) =>
        openChannels({
          ...this.#means,
          ...this.#options,
          signal: this.#closed.signal,
        }),
      )
      .catch((error) => {
        this.#channels = undefined
        throw ownError('CONNECTION_LOST', 'A part of the client could not be loaded', error)
      })
    return this.#channels
  }
}

/**
 * Makes a client of one service.
 * @example
 * const client = createClient({ url: 'http://localhost:8000' })
 * await client.login('admin', password)
 * for await (const event of client.investigate({ query: 'everything', dataset_id: 'sample' }))
 *   if (event.type === 'anomaly') console.log(event.severity, event.title)
 */
export const createClient = (options: ClientOptions): TributaryClient => new TributaryClient(options)
