import type { FastifyRequest, FastifyServerOptions } from 'fastify'

const REDACTED = '[redacted]'

/** Query parameters whose values are secrets, whatever their case. */
const SECRET_PARAMETERS = new Set([
  'token',
  'ticket',
  'access_token',
  'refresh_token',
  'id_token',
  'password',
  'secret',
  'api_key',
  'apikey',
  'key',
])

const parameterName = (name: string): string => {
  try {
    return decodeURIComponent(name.replaceAll('+', ' ')).trim().toLowerCase()
  } catch {
    return name.toLowerCase()
  }
}

/** Returns a URL as it may be logged: without the values of secret query parameters. */
export const redactUrl = (url: string): string => {
  const [path = '', ...query] = url.split('?')
  if (query.length === 0) return path
  const parameters = query
    .join('?')
    .split('&')
    .map((parameter) => {
      const [name = ''] = parameter.split('=', 1)
      return SECRET_PARAMETERS.has(parameterName(name)) ? `${name}=${REDACTED}` : parameter
    })
  return `${path}?${parameters.join('&')}`
}

const NAMES = [...SECRET_PARAMETERS].join('|')
const IN_QUERY = new RegExp(`([?&](?:${NAMES})=)[^&#\\s"']*`, 'gi')
const BEARER = /\b(Bearer\s+)[\w.~+/=-]+/gi
const JWT = /\beyJ[\w-]*\.[\w-]+\.[\w-]*/g

/** Returns text of foreign origin, such as an error's message, without the tokens that may be in it. */
const redactText = (text: string): string =>
  text.replace(IN_QUERY, `$1${REDACTED}`).replace(BEARER, `$1${REDACTED}`).replace(JWT, REDACTED)

interface LoggedError {
  type: string
  message: string
  stack: string
  code?: string
  cause?: LoggedError
}

const MAX_CAUSES = 5

/**
 * Returns an error as it is logged: name, message, stack, code and causes. Its other properties may hold a request
 * and are left out.
 */
export const serializeError = (error: unknown, causes = MAX_CAUSES): LoggedError => {
  if (!(error instanceof Error)) return { type: typeof error, message: redactText(String(error)), stack: '' }
  const { code } = error as { code?: unknown }
  return {
    type: error.name,
    message: redactText(error.message),
    stack: redactText(error.stack ?? ''),
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.cause === undefined || causes === 0 ? {} : { cause: serializeError(error.cause, causes - 1) }),
  }
}

/**
 * Returns the options of the service's logger: one JSON line an entry, request ids as `request_id`, and no token,
 * ticket, cookie or authorization header in any of them.
 * @param stream takes the lines; standard output by default
 */
export const loggerOptions = (
  level: string,
  stream?: { write(line: string): void },
): FastifyServerOptions['logger'] => ({
  level,
  ...(stream ? { stream } : {}),
  hooks: {
    logMethod(args, method) {
      const [first, message, ...rest] = args as unknown[]
      // Without a message of its own, pino would log the error's message unchanged.
      const error = first instanceof Error ? first : (first as { err?: unknown } | null | undefined)?.err
      const logged =
        message === undefined && error instanceof Error ? [first, error.message] : [first, message]
      const clean = [...logged, ...rest].map((part) => (typeof part === 'string' ? redactText(part) : part))
      method.apply(this, clean as Parameters<typeof method>)
    },
  },
  serializers: {
    req: (request: FastifyRequest) => ({
      method: request.method,
      url: redactUrl(request.url ?? ''),
      host: request.host,
      remoteAddress: request.ip,
    }),
    res: (reply: { statusCode?: number }) => ({ statusCode: reply.statusCode }),
    err: (error: Error) => serializeError(error) as never,
  },
  redact: {
    paths: ['authorization', 'cookie', 'token', 'ticket', 'password', 'refresh_token'].flatMap((name) => [
      name,
      `*.${name}`,
      `*.headers.${name}`,
    ]),
    censor: REDACTED,
  },
})
