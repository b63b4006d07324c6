import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { asyncApi } from '../protocol/asyncapi.ts'
import { addFailures } from './openapi-failures.ts'
import { addAnswers, addExamples, type RouteExample } from './route-example.ts'

export interface OpenApiOptions {
  version: string
  /** Address at which clients reach the service; clients take the documents' own address when it is not known. */
  url?: string | undefined
  /** Name of the session cookie. */
  cookieName: string
  /** Examples of requests and answers, shown with their routes. */
  examples?: readonly RouteExample[]
  /** Schemas of answers, by route, for those whose route has none. */
  answers?: Readonly<Partial<Record<string, object>>>
}

/** The content security policy of the documentation, which loads everything from the service itself. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const DOCS = '/docs'

interface QuerySchema {
  required?: string[]
  properties?: Record<string, { default?: unknown }>
}

/** Leaves parameters that have a default out of those that a query must name: validation fills them in. */
const withOptionalDefaults = (query: QuerySchema): QuerySchema => ({
  ...query,
  required: query.required?.filter((name) => query.properties?.[name]?.default === undefined),
})

/**
 * Serves the API's documentation: pages at `/docs`, OpenAPI 3.1 at `/docs/json`, AsyncAPI 3 at `/docs/asyncapi.json`.
 * Describes the routes that are registered after it; a route with `config.access: 'public'` needs no credentials.
 */
export const openApiPlugin = fp(
  async (app: FastifyInstance, { version, url, cookieName, examples = [], answers = {} }: OpenApiOptions) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Tributary',
          version,
          description:
            'Chat, investigations of public spending and audit exports, streamed over SSE and WebSocket. ' +
            `The WebSocket side is described by [asyncapi.json](${DOCS}/asyncapi.json).`,
          license: { name: 'MIT', identifier: 'MIT' },
        },
        ...(url !== undefined && { servers: [{ url }] }),
        components: {
          securitySchemes: {
            bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
            cookie: {
              type: 'apiKey',
              in: 'cookie',
              name: cookieName,
              description: 'On same-origin requests',
            },
            ticket: {
              type: 'apiKey',
              in: 'query',
              name: 'ticket',
              description: 'A single-use ticket, for event-streams and downloads',
            },
          },
        },
        security: [{ bearer: [] }, { cookie: [] }, { ticket: [] }],
      },
      transform: ({ schema, url, route }) => {
        const open = (route.config as { access?: unknown } | undefined)?.access === 'public'
        const querystring = schema?.querystring as QuerySchema | undefined
        const shown = {
          ...schema,
          ...(querystring && { querystring: withOptionalDefaults(querystring) }),
          ...(open && { security: [] }),
        }
        return { schema: shown, url }
      },
      transformObject: (document) =>
        'openapiObject' in document
          ? addFailures(addAnswers(addExamples(document.openapiObject, examples), answers))
          : document.swaggerObject,
    })
    await app.register(async (docs) => {
      docs.addHook('onRoute', (route) => {
        route.config = Object.assign({}, route.config, { access: 'public' })
      })
      await docs.register(swaggerUi, {
        routePrefix: DOCS,
        staticCSP: CONTENT_SECURITY_POLICY,
        theme: { title: 'Tributary: the API' },
        uiConfig: { deepLinking: true, validatorUrl: null, tryItOutEnabled: false },
      })
      const webSocketDocument = asyncApi({ version, url })
      docs.get(`${DOCS}/asyncapi.json`, { schema: { hide: true } }, async () => webSocketDocument)
    })
  },
  { name: 'openapi', fastify: '5.x' },
)
