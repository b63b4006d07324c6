import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'

const BRACKETED = /^"?\[([^\]]+)\](?::\d{1,5})?"?$/
const IPV4_WITH_PORT = /^"?(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}"?$/

/** Returns an entry of `X-Forwarded-For` without the port, brackets and quotes that some proxies write around it. */
const withoutPort = (entry: string): string => {
  const text = entry.trim()
  const address = (BRACKETED.exec(text) ?? IPV4_WITH_PORT.exec(text))?.[1]
  return address !== undefined && isIP(address) !== 0 ? address : text
}

/**
 * Removes the ports from the entries of `X-Forwarded-For`, so that `request.ip` is an address wherever it is read.
 */
const cutForwardedPorts = (headers: IncomingHttpHeaders): void => {
  const forwarded = headers['x-forwarded-for']
  if (forwarded === undefined) return
  headers['x-forwarded-for'] = String(forwarded).split(',').map(withoutPort).join(', ')
}

const GZIP = /^(?:x-)?gzip\s*(?:;|$)/i
const QUALITY_ZERO = /;\s*q\s*=\s*0(?:\.0*)?\s*(?:;|$)/i

/** Turns compression off for a client that refuses gzip by `gzip;q=0`, even beside a `*`. RFC 9110 §12.5.3 */
const settleEncoding = (headers: IncomingHttpHeaders): void => {
  const accepted = headers['accept-encoding']
  if (accepted === undefined) return
  const parts = String(accepted).split(',')
  if (parts.some((part) => GZIP.test(part.trim()) && QUALITY_ZERO.test(part)))
    headers['accept-encoding'] = 'identity'
}

/**
 * Query parameters in which clients that cannot send a header name their position; the first is the service's own.
 */
const POSITION_PARAMETERS: readonly string[] = ['last_event_id', 'lastEventId']

/**
 * Keeps the last position in a URL that is not empty, as `?last_event_id=`: a client that reconnects adds its newest
 * one behind those that it was opened with.
 */
const settlePosition = (request: FastifyRequest): void => {
  const query = request.query as Record<string, unknown>
  if (POSITION_PARAMETERS.every((name) => query[name] === undefined)) return
  const search = request.url.slice(request.url.indexOf('?') + 1)
  const named = [...new URLSearchParams(search)].filter(
    ([name, value]) => POSITION_PARAMETERS.includes(name) && value !== '',
  )
  for (const name of POSITION_PARAMETERS) delete query[name]
  const last = named.at(-1)
  if (last !== undefined) query.last_event_id = last[1]
}

/** Tells whether a route needs no body: it declares none, or one that may be missing. */
const takesNoBody = (schema: unknown): boolean => schema === undefined || Value.Check(schema as TSchema, null)

/**
 * Normalises requests as proxies and libraries send them, before any other plugin reads them: addresses with ports,
 * positions given several times, and a JSON content type where there is no body.
 */
export const callerPlugin = fp(
  async (app: FastifyInstance) => {
    const parse = app.getDefaultJsonParser('ignore', 'ignore')
    // A route with a body refuses an empty one by name; the other routes need none.
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
      if (body === '' && takesNoBody(request.routeOptions.schema?.body)) done(null, undefined)
      else parse(request, body as string, done)
    })
    app.addHook('onRequest', (request, _reply, done) => {
      cutForwardedPorts(request.raw.headers)
      settleEncoding(request.raw.headers)
      settlePosition(request)
      done()
    })
  },
  { name: 'callers', fastify: '5.x' },
)
