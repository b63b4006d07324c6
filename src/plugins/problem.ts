import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifyServerOptions,
} from 'fastify'
import fp from 'fastify-plugin'
import { within } from '../deadline.ts'
import { badField, badFields, type ErrorCode, Problem, titleOf } from '../errors.ts'
import type { Language } from '../language/language.ts'
import { type Sentence, say } from '../language/sentence.ts'
import { schemaFaults } from '../protocol/schema-fault.ts'
import { errorPage, PAGE_POLICY, prefersPage } from './error-page.ts'
import { languageOfRequest, languagePlugin } from './request-language.ts'
import { logController } from './request-log.ts'
import { validatorOptions } from './validators.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The problem with which the request was refused; undefined while there is none. */
    problem: Problem | undefined
  }
}

/** The body of an error, `application/problem+json`. @see https://www.rfc-editor.org/rfc/rfc9457 */
export interface ProblemBody {
  type: string
  title: string
  status: number
  detail: string
  code: ErrorCode
  request_id: string
  errors?: { field: string; reason: string }[]
}

const problemBody = (problem: Problem, requestId: string, language: Language): ProblemBody => {
  const { title, detail, errors } = problem.tell(language)
  return {
    type: `urn:tributary:problem:${problem.code.toLowerCase().replaceAll('_', '-')}`,
    title,
    status: problem.status,
    detail,
    code: problem.code,
    request_id: requestId,
    ...(errors ? { errors } : {}),
    ...problem.members,
  }
}

/** Problems for the errors of Fastify and its plugins, by the errors' codes. */
const FRAMEWORK_ERRORS: Readonly<Record<string, readonly [ErrorCode, Sentence]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['PAYLOAD_TOO_LARGE', say('request.body_too_large')],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['UNSUPPORTED_MEDIA_TYPE', say('request.content_type')],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['VALIDATION_FAILED', say('request.content_length')],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['VALIDATION_FAILED', say('request.empty_body')],
  FST_ERR_CTP_INVALID_JSON_BODY: ['VALIDATION_FAILED', say('request.not_json')],
  FST_ERR_BAD_URL: ['VALIDATION_FAILED', say('request.bad_url')],
  FST_ERR_MAX_PARAM_LENGTH: ['NOT_FOUND', say('request.nothing_of_that_name')],
  FST_ERR_NOT_FOUND: ['NOT_FOUND', say('request.nothing_here')],
  FST_UNDER_PRESSURE: ['OVERLOADED', say('request.overloaded')],
  SQLITE_FULL: ['STORE_FULL', say('request.store_full')],
  '53100': ['STORE_FULL', say('request.store_full')],
  ENOSPC: ['STORE_FULL', say('request.store_full')],
  EDQUOT: ['STORE_FULL', say('request.store_full')],
  // No text that is stored or looked for has U+0000.
  '22021': ['VALIDATION_FAILED', say('request.unkept_character')],
  SQLITE_MISMATCH: ['VALIDATION_FAILED', say('request.unkept_character')],
  SQLITE_BUSY: ['STORE_UNAVAILABLE', say('request.store_busy')],
}

/**
 * Matches PostgreSQL's codes for "connection lost", "shutting down" and "starting up", and its driver's network
 * errors.
 */
const STORE_GONE = /^(08\w{3}|57P0[123]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'VALIDATION_FAILED',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'RATE_LIMITED',
  431: 'HEADERS_TOO_LARGE',
  503: 'OVERLOADED',
}

/**
 * Refusals that are logged as no error, because nothing has gone wrong. `INTERRUPTED` is a stream that was cancelled,
 * perhaps because its client left, or stopped with its instance.
 */
const MEANT: ReadonlySet<ErrorCode> = new Set(['FEATURE_DISABLED', 'OVERLOADED', 'DRAINING', 'INTERRUPTED'])

const PREFIX = { body: '/', querystring: '?', params: ':', headers: 'header ' } as const

const fromValidation = ({ validation = [], validationContext }: FastifyError): Problem =>
  badFields(schemaFaults(validation, PREFIX[validationContext as keyof typeof PREFIX] ?? '/'))

/**
 * Returns an error as a problem that callers may see; details that they may not see are its `cause`, which is only
 * logged. Notes the problem on the request, so that a refusal reaches the audit log from whatever handler answers.
 */
export const toProblem = (error: unknown, request: FastifyRequest): Problem => {
  const problem = ((): Problem => {
    if (error instanceof Problem) return error
    const { code = '', statusCode, validation } = error as Partial<FastifyError>
    if (validation) return fromValidation(error as FastifyError)
    const known = FRAMEWORK_ERRORS[code]
    if (known) return new Problem(known[0], known[1], { cause: error })
    if (STORE_GONE.test(code))
      return new Problem('STORE_UNAVAILABLE', say('request.store_unreachable'), { cause: error })
    const byStatus = statusCode === undefined ? undefined : BY_STATUS[statusCode]
    if (byStatus) return new Problem(byStatus, titleOf(byStatus), { cause: error })
    return new Problem('INTERNAL', say('request.went_wrong'), { cause: error })
  })()
  request.problem = problem
  return problem
}

/** Sets the headers that go with a problem, whatever the form of its body. */
const problemHeaders = (reply: FastifyReply, problem: Problem): void => {
  if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter)
  if (problem.status === 401)
    reply.header(
      'www-authenticate',
      problem.code === 'TOKEN_EXPIRED' ? 'Bearer error="invalid_token"' : 'Bearer',
    )
}

/** Adds names to the headers that an answer varies by. */
const vary = (reply: FastifyReply, ...names: string[]): void => {
  const before = String(reply.getHeader('vary') ?? '')
  const missing = names.filter((name) => !before.toLowerCase().includes(name))
  if (missing.length > 0) reply.header('vary', [before, ...missing].filter(Boolean).join(', '))
}

/** Answers with a problem in the caller's language: as a page for a browser, as problem+json for everybody else. */
const sendProblem = (reply: FastifyReply, problem: Problem, language: Language): FastifyReply => {
  problemHeaders(reply, problem)
  const { id, headers } = reply.request
  reply.code(problem.status).header('x-request-id', id).header('content-language', language)
  vary(reply, 'accept', 'accept-language')
  if (!prefersPage(headers.accept))
    return reply.type('application/problem+json').send(JSON.stringify(problemBody(problem, id, language)))
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', PAGE_POLICY)
    .send(errorPage(problem, id, language))
}

/** Answers with a problem in an interface's own format. */
export const sendOwnProblem = (reply: FastifyReply, problem: Problem, body: object): FastifyReply => {
  problemHeaders(reply, problem)
  return reply.code(problem.status).type('application/json; charset=utf-8').send(JSON.stringify(body))
}

/** Returns an error as {@link toProblem} does, and logs it. */
export const logProblem = (error: unknown, request: FastifyRequest): Problem => {
  const problem = toProblem(error, request)
  if (problem.status >= 500 && !MEANT.has(problem.code))
    request.log.error({ err: problem.cause ?? problem }, problem.message)
  else if (problem.cause !== undefined)
    // A caller's mistake is no error of the service: its stack would not help.
    request.log.debug({ cause: String((problem.cause as Error).message ?? problem.cause) }, problem.message)
  return problem
}

/** Number of bytes of a body that nobody wants that are read nevertheless, and the time that it may take. */
const MAX_LINGERING_BYTES = 67_108_864
const MAX_LINGERING_MS = 5000

/**
 * Reads the body that a client is still sending: closing before its end resets the connection, and the client sees
 * that instead of its answer. RFC 9112 §9.6
 */
const readToEnd = async (raw: IncomingMessage): Promise<void> => {
  if (raw.complete || raw.destroyed || !(Number(raw.headers['content-length']) <= MAX_LINGERING_BYTES)) return
  const ended = new Promise<void>((resolve) => {
    raw.once('end', resolve).once('close', resolve).resume()
  })
  await within(ended, MAX_LINGERING_MS, () => undefined)
}

const RESERVED_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor'])

/**
 * Refuses a value read from JSON that has a key with a meaning to JavaScript.
 * @throws {Problem} `VALIDATION_FAILED`
 */
const refuseReservedKeys = (value: unknown): void => {
  const open: [path: string, value: unknown][] = [['', value]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [path, container] = next
    if (container === null || typeof container !== 'object') continue
    for (const key of Object.keys(container)) {
      if (RESERVED_KEYS.has(key)) throw badField(`${path}/${key}`, say('field.reserved_key'))
      const member = (container as Record<string, unknown>)[key]
      if (member !== null && typeof member === 'object') open.push([`${path}/${key}`, member])
    }
  }
}

/** Tells whether a body comes from the JSON parser, and is not a stream or bytes that a route reads itself. */
const isParsed = (body: unknown): boolean =>
  Array.isArray(body) ||
  (typeof body === 'object' &&
    body !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(body) as object | null))

const isJson = (contentType: string | undefined): boolean =>
  contentType !== undefined && /^application\/(?:[\w.-]+\+)?json\b/i.test(contentType)

const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/

/** Returns the caller's `X-Request-Id` when it is well-formed, else a new one. */
export const requestId = (raw: { headers: IncomingMessage['headers'] }): string => {
  const given = raw.headers['x-request-id']
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
}

/** Answers input that never became a request, in the service's own language: it has no headers that name one. */
const clientErrorHandler =
  (language: Language) =>
  (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
      socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    const problem =
      error.code === 'HPE_HEADER_OVERFLOW'
        ? new Problem('HEADERS_TOO_LARGE', say('request.headers_too_large'))
        : new Problem('VALIDATION_FAILED', say('request.not_http'))
    const body = JSON.stringify(problemBody(problem, randomUUID(), language))
    socket.end(
      `HTTP/1.1 ${problem.status} ${problem.status === 431 ? 'Request Header Fields Too Large' : 'Bad Request'}\r\n` +
        'Connection: close\r\nContent-Type: application/problem+json\r\n' +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
  }

/**
 * Makes the options of the server itself that belong to the error format: request ids, all bad fields, and errors
 * before routing.
 * @param language of callers that name none
 */
export const problemServerOptions = (language: Language = 'en') =>
  ({
    genReqId: requestId,
    requestIdHeader: false,
    logController,
    clientErrorHandler: clientErrorHandler(language),
    frameworkErrors: (error, request, reply) => {
      const problem = toProblem(error, request as unknown as FastifyRequest)
      sendProblem(reply as unknown as FastifyReply, problem, languageOfRequest(request.raw, language))
    },
    ...validatorOptions,
    // The plugin refuses them, and names the field.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
  }) as const satisfies FastifyServerOptions

/** Answers every error and every unknown path with problem+json, and sets `X-Request-Id` on every answer. */
export const problemPlugin = fp(
  async (app: FastifyInstance, { language = 'en' }: { language?: Language }) => {
    await app.register(languagePlugin, { fallback: language })
    app.decorateRequest('problem', undefined)

    app.addHook('onRequest', (request, reply, done) => {
      reply.header('x-request-id', request.id)
      done()
    })

    // The socket of a refused upgrade is no longer closed by any server; it would stay open for ever.
    app.addHook('onResponse', (request, reply, done) => {
      if (request.headers.upgrade !== undefined && reply.statusCode >= 400) request.raw.socket.destroySoon()
      done()
    })

    app.addHook('onSend', (request, reply, _payload, done) => {
      const { raw, routeOptions } = request
      const { watchesBody } = routeOptions.config
      if (reply.statusCode !== 413 && !watchesBody) return done()
      readToEnd(raw).then(() => {
        // A route that gave up on a body left the rest of it on the connection, where the next request would wait for it.
        if (watchesBody && !raw.complete) reply.header('connection', 'close')
        done()
      })
    })

    app.addHook('preValidation', (request, _reply, done) => {
      if (isParsed(request.body) && isJson(request.headers['content-type'])) refuseReservedKeys(request.body)
      done()
    })

    app.setErrorHandler((error, request, reply) =>
      sendProblem(reply, logProblem(error, request), request.language),
    )

    app.setNotFoundHandler((request, reply) =>
      sendProblem(
        reply,
        toProblem(new Problem('NOT_FOUND', say('request.nothing_here')), request),
        request.language,
      ),
    )
  },
  { name: 'problem', fastify: '5.x' },
)
