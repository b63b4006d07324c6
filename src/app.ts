import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import cors from '@fastify/cors'
import fastify, { type FastifyInstance } from 'fastify'
import type { Line } from './channel/line.ts'
import type { Config } from './config.ts'
import { connectionSettings, httpSettings, serverOptions } from './http-settings.ts'
import { auditPlugin } from './plugins/audit.ts'
import { authPlugin, SESSION_COOKIE } from './plugins/auth.ts'
import { callerPlugin } from './plugins/caller.ts'
import { compressPlugin } from './plugins/compress.ts'
import { createMeters } from './plugins/meters.ts'
import { metricsPlugin } from './plugins/metrics.ts'
import { openApiPlugin } from './plugins/openapi.ts'
import { problemPlugin } from './plugins/problem.ts'
import { rateLimitPlugin } from './plugins/rate-limit.ts'
import { repeatedRequestPlugin } from './plugins/repeated-request.ts'
import { requestLogPlugin } from './plugins/request-log.ts'
import { securityHeadersPlugin } from './plugins/security-headers.ts'
import { slowBodyPlugin } from './plugins/slow-body.ts'
import { slowReaderPlugin } from './plugins/slow-reader.ts'
import { tracePlugin } from './plugins/trace.ts'
import { urlValuesPlugin } from './plugins/url-values.ts'
import { websocketPlugin } from './plugins/websocket.ts'
import { openRooms } from './rooms.ts'
import { ANSWERS } from './routes/answers.ts'
import { auditInterface } from './routes/audit/index.ts'
import { channelInterface } from './routes/channels/index.ts'
import { chatInterface } from './routes/chat/index.ts'
import { consoleRoutes } from './routes/console/index.ts'
import { datasetInterface } from './routes/datasets/index.ts'
import { documentInterfaces } from './routes/documents/index.ts'
import { EXAMPLES } from './routes/examples.ts'
import { identityInterface } from './routes/identity/index.ts'
import { investigationInterface } from './routes/investigations/index.ts'
import { openAiInterface } from './routes/openai/index.ts'
import { operationInterface } from './routes/ops/index.ts'
import { chatUiInterface } from './routes/ui/index.ts'
import { WIRE } from './transport/wire-count.ts'
import { useCases } from './use-cases.ts'
import { VERSION } from './version.ts'

/** Directory of the built console, beside the service. */
const CONSOLE_DIRECTORY = fileURLToPath(new URL('../dist/console', import.meta.url))

/** Opens the traces where a receiver is set; their packages are loaded only then. */
const tracingOf = async ({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Config, instance: string) =>
  endpoint === undefined ? undefined : (await import('./tracing.ts')).openTracing({ endpoint, instance })

/** The assembled service, not yet listening. */
export interface App {
  readonly server: FastifyInstance
  /** The generated password of the first user; null when none was generated. */
  readonly madePassword: string | null
  /** Waits for clients to leave and for streams to end or move to other instances, then closes. */
  drain(seconds: number): Promise<void>
  close(): Promise<void>
}

/**
 * Assembles the service: this function lists its parts, in their order.
 * @param log takes log lines; standard output by default
 * @param meters count what happens; their own unless given
 * @param line of a worker to its primary
 */
export const buildApp = async (
  config: Config,
  log?: { write(line: string): void },
  meters = createMeters(),
  line?: Line,
): Promise<App> => {
  const instance = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`
  const app = fastify(serverOptions(config, log))
  const onError = (error: unknown, stream_id: string | null = null) =>
    app.log.error({ err: error, stream_id }, 'a stream met an error')

  // Rooms.
  const tracing = await tracingOf(config, instance)
  const trace = (fields: object, message: string) => app.log.debug(fields, message)
  const warn = (message: string) => app.log.warn(message)
  const rooms = await openRooms(config, { instance, meters, line, onError, log: trace, warn, tracing })
  const http = await httpSettings(config, rooms)
  const open = connectionSettings(config, rooms, {
    ...meters.transport,
    cutoff(reason, who) {
      meters.transport.cutoff(reason)
      app.log.warn({ ...who, reason }, 'a subscriber was cut off')
    },
  })
  meters.wire({ sent: WIRE, unsent: () => open.connections.unsent() })

  // Plugins that every request passes.
  await app.register(callerPlugin)
  await app.register(metricsPlugin, { meters })
  if (tracing) await app.register(tracePlugin, { tracing })
  await app.register(requestLogPlugin)
  await app.register(problemPlugin, { language: config.DEFAULT_LANGUAGE })
  await app.register(slowBodyPlugin, http.slowBody)
  await app.register(slowReaderPlugin, http.slowReader)
  // What a traced request asks of others has to be in its span.
  if (!tracing) await app.register(repeatedRequestPlugin)
  await app.register(securityHeadersPlugin, http.securityHeaders)
  await app.register(cors, http.cors)
  await app.register(auditPlugin, { log: rooms.audit })
  await app.register(rateLimitPlugin, http.rateLimit)
  await app.register(authPlugin, http.auth)
  await app.register(urlValuesPlugin)
  await app.register(compressPlugin, http.compress)
  await app.register(websocketPlugin, { compression: config.STREAMING_COMPRESSION })
  await app.register(openApiPlugin, {
    version: VERSION,
    url: config.PUBLIC_URL,
    cookieName: SESSION_COOKIE,
    examples: EXAMPLES,
    answers: ANSWERS,
  })

  // Use cases, which the interfaces call.
  const { users, sessions, tickets } = app
  const cases = useCases({ rooms, users, sessions, tickets, onError })
  const parts = { ...rooms, ...open, ...cases, feed: rooms, users, sessions, tickets }
  const { ACCESS_TOKEN_TTL_SECONDS: accessTtlSeconds, STREAMING_COMPRESSION_LEVEL: compressionLevel } = config

  // Interfaces.
  await app.register(operationInterface, {
    ...parts,
    instance,
    recentRequests: meters.recentRequests,
    registry: meters.registry,
    metricsToken: config.METRICS_TOKEN,
    grafanaUrl: config.GRAFANA_URL,
  })
  await app.register(identityInterface, { ...parts, accessTtlSeconds })
  await app.register(auditInterface, { ...parts, compressionLevel })
  await app.register(datasetInterface, { ...parts, maxDatasetBytes: config.MAX_DATASET_BYTES })
  await app.register(investigationInterface, { ...parts, compressionLevel })
  await app.register(channelInterface, parts)
  await app.register(chatInterface, parts)
  await app.register(chatUiInterface, parts)
  await app.register(openAiInterface, { ...parts, prefix: '/v1' })
  await app.register(documentInterfaces, parts)
  await app.register(consoleRoutes, {
    directory: CONSOLE_DIRECTORY,
    enabled: config.CONSOLE,
    language: config.DEFAULT_LANGUAGE,
  })

  const first = await users.ensureFirstUser(
    {
      username: config.ADMIN_USERNAME,
      password: config.ADMIN_PASSWORD,
      production: config.NODE_ENV === 'production',
    },
    (trx, { id, username, role }) =>
      rooms.audit.record(trx, {
        event_type: 'user.created',
        resource_type: 'user',
        resource_id: id,
        details: { username, role, made_by: 'the first start' },
      }),
  )
  const life = rooms.life(
    { start: () => app.ready(), stop: () => app.close() },
    { stop: (graceMs) => open.connections.drain(graceMs / 1000) },
  )
  await life.start()
  return {
    server: app,
    madePassword: first?.madePassword ?? null,
    drain: (seconds) => life.stop(seconds * 1000),
    close: () => life.stop(0),
  }
}
