import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  preParsingHookHandler,
  RouteOptions,
} from 'fastify'
import fp from 'fastify-plugin'
import type { Identity } from '../identity/identity.ts'
import type { Credential, UserState } from '../identity/revocation.ts'
import { requestId } from './problem.ts'
import type { Left } from './rate-limit.ts'
import { isLogged, logRequest } from './request-log.ts'

/** The parts of a request that make its answer, beside the body. */
export type Asked = Pick<FastifyRequest, 'identity' | 'headers'> & { params: unknown }

/** Answers a route with one parameter by that and the body, where nothing else of the request has changed. */
export interface Repeatable {
  /** Status of its answer. */
  readonly status: number
  /**
   * Answers a request with JSON.
   * @param body as it was sent; the parameter is not validated
   */
  answer(request: Asked, body: Buffer): Promise<object>
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set where clients send one such request after another. Nothing of the answer's head may depend on the body. */
    repeatable?: Repeatable
  }
}

/** A route that is repeatable: its path is the parameter between two texts. */
interface Route extends Repeatable {
  readonly url: string
  readonly before: string
  readonly after: string
  readonly parameter: string
  readonly bodyLimit: number
}

/** The last request of a connection that was answered, and what was found out about it. */
interface Known {
  readonly route: Route
  /** Names and values of its head. */
  readonly head: readonly string[]
  /** Index in `head` of the body's length. */
  readonly lengthAt: number
  /** Index in `head` of the request's own id; -1 where it named none. */
  readonly idAt: number
  readonly identity: Identity
  readonly credential: Credential
  readonly user: UserState
  readonly limitKeys: readonly [address: string, user: string]
  readonly host: string
  readonly ip: string
  /** Names and values of the answer's head that are the same each time. */
  readonly headers: readonly string[]
}

const METHOD = 'POST'
/** Status under which a request is counted whose body did not come. */
const BROKEN_OFF = 400

const KNOWN = Symbol('known')
type Remembering = Socket & { [KNOWN]?: Known | undefined }

/** Headers of an answer that differ from one to the next. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'content-length',
  'x-request-id',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
])

const placeOf = (head: readonly string[], name: string): number => {
  for (let at = 0; at < head.length; at += 2) if (head[at]?.toLowerCase() === name) return at + 1
  return -1
}

const isSameHead = (head: readonly string[], { head: before, lengthAt, idAt }: Known): boolean => {
  if (head.length !== before.length) return false
  for (let at = 0; at < head.length; at++)
    if (head[at] !== before[at] && at !== lengthAt && at !== idAt) return false
  return true
}

/** Returns the route's parameter in a URL; undefined where the URL is not one of that route, or has more in it. */
const parameterIn = (url: string, { before, after }: Route): string | undefined => {
  if (!url.startsWith(before) || !url.endsWith(after)) return undefined
  const text = url.slice(before.length, -after.length)
  return /^[\w.:~-]+$/.test(text) ? text : undefined
}

/** Reads a body whose length was told. @param over takes it; undefined where it does not come */
const readBody = (raw: IncomingMessage, over: (body: Buffer) => void): void => {
  const parts: Buffer[] = []
  raw.on('data', (part: Buffer) => parts.push(part))
  raw.on('end', () => over(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)))
}

/**
 * Answers a request whose head is that of the one before it on its connection, to the byte, without asking again what
 * follows from a head alone: who calls, from where, what may be answered, and with which headers. Limits and
 * revocations are asked as ever, and so is everything where the caller's row was read anew. What is refused goes the
 * way of all other requests, through every hook.
 */
export const repeatedRequestPlugin = fp(
  async (app: FastifyInstance) => {
    const routes = new Map<string, Route>()
    /** The reasons why repeated requests were refused, which the way of all others ends with. */
    const refusals = new WeakMap<IncomingMessage, unknown>()
    let isClosing = false

    const knownOf = (raw: IncomingMessage): Known | undefined => {
      const known = (raw.socket as Remembering)[KNOWN]
      if (known === undefined || raw.method !== METHOD || !isSameHead(raw.rawHeaders, known)) return undefined
      const { credential, user, lengthAt, route } = known
      if (app.revocation.known(credential) !== user || (credential.expiresAt ?? Infinity) <= Date.now())
        return undefined
      const bytes = Number(raw.rawHeaders[lengthAt])
      return bytes > 0 && bytes <= route.bodyLimit ? known : undefined
    }

    /** Counts and logs a request at its end, as the hooks do with all others. @returns what takes that back */
    const tellAtEnd = (raw: IncomingMessage, response: ServerResponse, known: Known, id: string) => {
      const startedAt = performance.now()
      const { route, identity, host, ip } = known
      const over = (): void => {
        const elapsedMs = performance.now() - startedAt
        const status = response.headersSent ? response.statusCode : BROKEN_OFF
        app.meters.request(METHOD, route.url, status, elapsedMs / 1000)
        if (!isLogged(app.log, 'info')) return
        const request = { method: METHOD, url: raw.url as string, host, ip }
        logRequest(app.log.child({ request_id: id }), 'info', {
          request,
          status,
          elapsedMs,
          userId: identity.id,
        })
      }
      response.once('close', over)
      return () => response.off('close', over)
    }

    const respond = (
      response: ServerResponse,
      { route, headers }: Known,
      id: string,
      left: Left,
      answer: object,
    ) => {
      const text = JSON.stringify(answer)
      response.writeHead(
        route.status,
        headers.concat(
          ['x-request-id', id, 'content-length', String(Buffer.byteLength(text))],
          ['x-ratelimit-remaining', String(left.remaining), 'x-ratelimit-reset', String(left.ttlInSeconds)],
        ),
      )
      response.end(text)
    }

    const serve = (
      raw: IncomingMessage,
      response: ServerResponse,
      parameter: string,
      known: Known,
      left: Left,
      pass: () => void,
    ) => {
      const { route, identity } = known
      const id = requestId(raw)
      const untell = tellAtEnd(raw, response, known, id)
      app.watchBody(raw)
      readBody(raw, (body) => {
        const asked = { identity, headers: raw.headers, params: { [route.parameter]: parameter } }
        const checking = app.requireStill(known.credential)
        const answering = checking
          ? checking.then(() => route.answer(asked, body))
          : route.answer(asked, body)
        answering.then(
          (answer) => respond(response, known, id, left, answer),
          (error) => {
            refusals.set(raw, error)
            untell()
            pass()
          },
        )
      })
    }

    const intercept =
      (handle: RequestListener): RequestListener =>
      (raw, response) => {
        const known = isClosing ? undefined : knownOf(raw)
        const parameter = known && parameterIn(raw.url as string, known.route)
        if (parameter === undefined) {
          handle(raw, response)
          return
        }
        const pass = () => handle(raw, response)
        const go = (left: Left | undefined): void =>
          left === undefined ? pass() : serve(raw, response, parameter, known as Known, left, pass)
        const left = app.countKnown((known as Known).limitKeys)
        if (left instanceof Promise) left.then(go)
        else go(left)
      }

    const remember = (request: FastifyRequest, reply: FastifyReply): void => {
      const { raw, maybeIdentity: identity, credential, host, ip } = request
      const socket: Remembering = raw.socket
      const head = raw.rawHeaders
      const lengthAt = placeOf(head, 'content-length')
      const user = credential && app.revocation.known(credential)
      const route = routes.get(request.routeOptions.url as string)
      const answered = Object.entries(reply.getHeaders())
      socket[KNOWN] = undefined
      if (lengthAt < 0 || !identity || !credential || !user || !route) return
      if (answered.some(([, value]) => Array.isArray(value))) return
      const headers = answered
        .filter(([name]) => !OWN_HEADERS.has(name))
        .flatMap(([name, value]) => [name, String(value)])
      const idAt = placeOf(head, 'x-request-id')
      const limitKeys = app.limitKeys(request)
      socket[KNOWN] = {
        route,
        head,
        lengthAt,
        idAt,
        identity,
        credential,
        user,
        limitKeys,
        host,
        ip,
        headers,
      }
    }

    const refuse: preParsingHookHandler = ({ raw }, _reply, payload, done) =>
      done((refusals.get(raw) as Error | undefined) ?? null, payload)

    app.addHook('onRoute', (options: RouteOptions) => {
      const { repeatable } = options.config ?? {}
      if (repeatable === undefined) return
      const [, before = '', parameter = '', after = ''] = /^(.*):(\w+)(.+)$/.exec(options.url) ?? []
      const bodyLimit = options.bodyLimit as number
      routes.set(options.url, { ...repeatable, url: options.url, before, parameter, after, bodyLimit })
      options.preParsing = [options.preParsing ?? []].flat().concat(refuse)
      options.onSend = [options.onSend ?? []].flat().concat((request, reply, _payload, done) => {
        if (reply.statusCode === repeatable.status) remember(request, reply)
        done()
      })
    })
    app.addHook('onReady', async () => {
      const [handle] = app.server.listeners('request') as RequestListener[]
      app.server.removeListener('request', handle as RequestListener)
      app.server.on('request', intercept(handle as RequestListener))
    })
    app.addHook('preClose', async () => {
      isClosing = true
    })
  },
  { name: 'repeated-request', fastify: '5.x' },
)
