import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifySchemaValidationError,
  type FastifyServerOptions,
  LogController,
} from 'fastify'
import fp from 'fastify-plugin'
import { badField, ERRORS, type ErrorCode, type FieldError, Problem } from '../errors.ts'
import { validatorOptions } from './validators.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request was refused with; undefined while nothing went wrong. */
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
  errors?: FieldError[]
}

const problemBody = (problem: Problem, requestId: string): ProblemBody => ({
  type: `urn:tributary:problem:${problem.code.toLowerCase().replaceAll('_', '-')}`,
  title: ERRORS[problem.code].title,
  status: problem.status,
  detail: problem.message,
  code: problem.code,
  request_id: requestId,
  ...(problem.errors ? { errors: problem.errors } : {}),
})

/** What Fastify and its plugins throw, by their code. */
const FRAMEWORK_ERRORS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['PAYLOAD_TOO_LARGE', 'The body is too large'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['UNSUPPORTED_MEDIA_TYPE', 'This content type is not accepted here'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['VALIDATION_FAILED', 'Content-Length does not match the body'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['VALIDATION_FAILED', 'The body is empty'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['VALIDATION_FAILED', 'The body is not valid JSON'],
  FST_ERR_BAD_URL: ['VALIDATION_FAILED', 'The URL is not valid'],
  FST_ERR_MAX_PARAM_LENGTH: ['NOT_FOUND', 'There is nothing of that name'],
  FST_ERR_NOT_FOUND: ['NOT_FOUND', 'There is nothing here'],
  FST_UNDER_PRESSURE: ['OVERLOADED', 'The service is overloaded; try again later'],
  SQLITE_FULL: ['STORE_FULL', 'The store is full'],
  '53100': ['STORE_FULL', 'The store is full'],
  // PostgreSQL's text has no U+0000.
  '22021': ['VALIDATION_FAILED', 'A text has a character that cannot be kept'],
  SQLITE_BUSY: ['STORE_UNAVAILABLE', 'The store is busy; try again'],
}

/** PostgreSQL's own "connection lost", "shutting down" and "starting up", and what its driver meets on the way. */
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
 * Refusals that are meant: nothing has gone wrong that the log should call an error. What is interrupted was cancelled,
 * perhaps by its client's leaving, or stopped with its instance.
 */
const MEANT: ReadonlySet<ErrorCode> = new Set(['FEATURE_DISABLED', 'OVERLOADED', 'DRAINING', 'INTERRUPTED'])

const PREFIX = { body: '/', querystring: '?', params: ':', headers: 'header ' } as const

/** What is wrong with a field, by the schema's keyword, where its own message says it badly. */
const REASONS: Readonly<Record<string, string>> = {
  required: 'is required',
  additionalProperties: 'is not known here',
  enum: 'is none of the allowed values',
  const: 'is none of the allowed values',
}

/** The bad fields that a schema found: `/filters/start_date`, `?limit`, `:id`. */
const fieldErrors = (
  errors: readonly FastifySchemaValidationError[],
  context: string | undefined,
): FieldError[] => {
  const prefix = PREFIX[context as keyof typeof PREFIX] ?? '/'
  const fields = new Map<string, string>()
  for (const { instancePath, keyword, params, message } of errors) {
    const { missingProperty, additionalProperty } = params as Record<string, string | undefined>
    const parts = instancePath.split('/').slice(1)
    const named = missingProperty ?? additionalProperty
    if (named !== undefined) parts.push(named)
    const field = prefix + parts.join('/')
    if (!fields.has(field)) fields.set(field, REASONS[keyword] ?? message ?? 'is not valid')
  }
  return [...fields].map(([field, reason]) => ({ field, reason }))
}

const fromValidation = (error: FastifyError): Problem => {
  const errors = fieldErrors(error.validation ?? [], error.validationContext)
  const detail = errors.map(({ field, reason }) => `${field} ${reason}`).join('; ')
  return new Problem('VALIDATION_FAILED', detail || ERRORS.VALIDATION_FAILED.title, { errors })
}

/**
 * What may be told of an error; all the rest of it is its `cause`, which is logged only.
 * Notes the problem on the request, so that a refusal reaches the audit log from whatever handler answers.
 */
export const toProblem = (error: unknown, request: FastifyRequest): Problem => {
  const problem = ((): Problem => {
    if (error instanceof Problem) return error
    const { code = '', statusCode, validation } = error as Partial<FastifyError>
    if (validation) return fromValidation(error as FastifyError)
    const known = FRAMEWORK_ERRORS[code]
    if (known) return new Problem(known[0], known[1], { cause: error })
    if (STORE_GONE.test(code))
      return new Problem('STORE_UNAVAILABLE', 'The store cannot be reached', { cause: error })
    const byStatus = statusCode === undefined ? undefined : BY_STATUS[statusCode]
    if (byStatus) return new Problem(byStatus, ERRORS[byStatus].title, { cause: error })
    return new Problem('INTERNAL', 'Something went wrong here; the request id finds it in the log', {
      cause: error,
    })
  })()
  request.problem = problem
  return problem
}

/** The headers that go with a problem, whatever shape its body has. */
const problemHeaders = (reply: FastifyReply, problem: Problem): void => {
  if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter)
  if (problem.status === 401)
    reply.header(
      'www-authenticate',
      problem.code === 'TOKEN_EXPIRED' ? 'Bearer error="invalid_token"' : 'Bearer',
    )
}

const sendProblem = (reply: FastifyReply, problem: Problem): FastifyReply => {
  problemHeaders(reply, problem)
  return reply
    .code(problem.status)
    .header('x-request-id', reply.request.id)
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(problem, reply.request.id)))
}

/** Answers with a problem in an interface's own words. */
export const sendOwnProblem = (reply: FastifyReply, problem: Problem, body: object): FastifyReply => {
  problemHeaders(reply, problem)
  return reply.code(problem.status).type('application/json; charset=utf-8').send(JSON.stringify(body))
}

/** What may be told of an error, {@link toProblem}; the rest of it is logged. */
export const logProblem = (error: unknown, request: FastifyRequest): Problem => {
  const problem = toProblem(error, request)
  if (problem.status >= 500 && !MEANT.has(problem.code))
    request.log.error({ err: problem.cause ?? problem }, problem.message)
  else if (problem.cause !== undefined) request.log.info({ err: problem.cause }, problem.message)
  return problem
}

/** Bytes that are read although they are too many. */
const MAX_LINGERING_BYTES = 67_108_864

/**
 * Reads the body that a client is still sending: closing before its end resets the connection, and the client sees
 * that instead of its answer. RFC 9112 §9.6
 */
const readToEnd = async (raw: IncomingMessage): Promise<void> => {
  if (raw.complete || raw.destroyed || !(Number(raw.headers['content-length']) <= MAX_LINGERING_BYTES)) return
  await new Promise<void>((resolve) => {
    raw.once('end', resolve).once('close', resolve).resume()
  })
}

const RESERVED_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor'])

/**
 * @throws {Problem} `VALIDATION_FAILED` when a value read from JSON has a key that means something to JavaScript
 */
const refuseReservedKeys = (value: unknown): void => {
  const open: [path: string, value: unknown][] = [['', value]]
  for (let next = open.pop(); next; next = open.pop()) {
    const [path, container] = next
    if (container === null || typeof container !== 'object') continue
    for (const key of Object.keys(container)) {
      if (RESERVED_KEYS.has(key)) throw badField(`${path}/${key}`, 'is not allowed as a key')
      const member = (container as Record<string, unknown>)[key]
      if (member !== null && typeof member === 'object') open.push([`${path}/${key}`, member])
    }
  }
}

/** What a JSON parser makes; a stream or bytes that a route reads itself are none of it. */
const isParsed = (body: unknown): boolean =>
  Array.isArray(body) ||
  (typeof body === 'object' &&
    body !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(body) as object | null))

const isJson = (contentType: string | undefined): boolean =>
  contentType !== undefined && /^application\/(?:[\w.-]+\+)?json\b/i.test(contentType)

const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/

/** The caller's `X-Request-Id` when it is a sane one, else a new one. */
const requestId = (raw: { headers: IncomingMessage['headers'] }): string => {
  const given = raw.headers['x-request-id']
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
}

/** An answer for what never became a request. */
const clientErrorHandler = (error: NodeJS.ErrnoException, socket: Socket): void => {
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
      ? new Problem('HEADERS_TOO_LARGE', 'The headers are too large')
      : new Problem('VALIDATION_FAILED', 'This is not an HTTP request')
  const body = JSON.stringify(problemBody(problem, randomUUID()))
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.status === 431 ? 'Request Header Fields Too Large' : 'Bad Request'}\r\n` +
      'Connection: close\r\nContent-Type: application/problem+json\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

/** Options of the server itself that belong to the error format: request ids, all bad fields, and what precedes routing. */
export const problemServerOptions = {
  genReqId: requestId,
  requestIdHeader: false,
  logController: new LogController({ requestIdLogLabel: 'request_id' }),
  clientErrorHandler,
  frameworkErrors: (error, request, reply) => {
    sendProblem(reply as unknown as FastifyReply, toProblem(error, request as unknown as FastifyRequest))
  },
  ...validatorOptions,
  // The plugin refuses them, and names the field.
  onProtoPoisoning: 'ignore',
  onConstructorPoisoning: 'ignore',
} as const satisfies FastifyServerOptions

/** Every error and every path that is nobody's as problem+json, and `X-Request-Id` on every answer. */
export const problemPlugin = fp(
  async (app: FastifyInstance) => {
    app.decorateRequest('problem', undefined)

    app.addHook('onRequest', async (request, reply) => {
      reply.header('x-request-id', request.id)
    })

    // A refused upgrade has a socket that no server looks after any more; it would stay open for ever.
    app.addHook('onResponse', async (request, reply) => {
      if (request.headers.upgrade !== undefined && reply.statusCode >= 400) request.raw.socket.destroySoon()
    })

    app.addHook('onSend', async (request, reply) => {
      if (reply.statusCode === 413 && !request.routeOptions.config.watchesBody) await readToEnd(request.raw)
    })

    app.addHook('preValidation', async (request) => {
      if (isJson(request.headers['content-type']) && isParsed(request.body)) refuseReservedKeys(request.body)
    })

    app.setErrorHandler((error, request, reply) => sendProblem(reply, logProblem(error, request)))

    app.setNotFoundHandler((request, reply) =>
      sendProblem(reply, toProblem(new Problem('NOT_FOUND', 'There is nothing here'), request)),
    )
  },
  { name: 'problem', fastify: '5.x' },
)
