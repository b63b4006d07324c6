import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import fastify, { type FastifyInstance } from 'fastify'
import { audited } from './audit/audited.ts'
import { requestClient } from './channel/redis-url.ts'
import { type Config, list } from './config.ts'
import { Problem } from './errors.ts'
import { keptSecret } from './identity/secret.ts'
import { externalOf } from './keys.ts'
import { say } from './language/sentence.ts'
import { auditPlugin } from './plugins/audit.ts'
import { authPlugin, SESSION_COOKIE } from './plugins/auth.ts'
import { callerPlugin } from './plugins/caller.ts'
import { compressPlugin } from './plugins/compress.ts'
import { loggerOptions } from './plugins/logger.ts'
import { createMeters } from './plugins/meters.ts'
import { metricsPlugin } from './plugins/metrics.ts'
import { openApiPlugin } from './plugins/openapi.ts'
import { isOpenToAll } from './plugins/origin.ts'
import { problemPlugin, problemServerOptions } from './plugins/problem.ts'
import { rateLimitPlugin } from './plugins/rate-limit.ts'
import { requestLogPlugin } from './plugins/request-log.ts'
import { slowBodyPlugin } from './plugins/slow-body.ts'
import { websocketPlugin } from './plugins/websocket.ts'
import { openRooms } from './rooms.ts'
import { auditRoutes } from './routes/audit/audit.ts'
import { auditExportRoutes } from './routes/audit/audit-export.ts'
import { channelRoutes } from './routes/channels/channels.ts'
import { passEnded } from './routes/channels/stream-cancel.ts'
import { streamRoutes } from './routes/channels/streams.ts'
import { websocketRoutes } from './routes/channels/websocket.ts'
import { chatRoutes } from './routes/chat/chat.ts'
import { chatRoomRoute } from './routes/chat/chat-room.ts'
import { chatSessionRoutes } from './routes/chat/chat-sessions.ts'
import { directRoutes } from './routes/chat/direct.ts'
import { CONSOLE_ASSETS, consoleRoutes } from './routes/console/index.ts'
import { datasetRoutes } from './routes/datasets/datasets.ts'
import { uploadRoute } from './routes/datasets/upload.ts'
import { chatSubappRoutes } from './routes/documents/chat-subapp.ts'
import { modelRoutes } from './routes/documents/models.ts'
import { promptExecuteRoutes } from './routes/documents/prompt-execute.ts'
import { promptRoutes } from './routes/documents/prompts.ts'
import { streamActionRoutes } from './routes/documents/stream-actions.ts'
import { streamApiRoutes } from './routes/documents/stream-api.ts'
import { streamChatRoutes } from './routes/documents/stream-chat.ts'
import { authRoutes } from './routes/identity/auth.ts'
import { sessionRoute } from './routes/identity/session.ts'
import { userRoutes } from './routes/identity/users.ts'
import { anomalyExportRoute } from './routes/investigations/anomaly-export.ts'
import { findingRoutes } from './routes/investigations/findings.ts'
import { investigationCommand, investigationRoutes } from './routes/investigations/investigations.ts'
import { completionRoutes } from './routes/openai/completions.ts'
import { healthRoutes } from './routes/ops/health.ts'
import { observabilityRoutes } from './routes/ops/observability.ts'
import { chatUiRoutes } from './routes/ui/chat-ui.ts'
import { Connections } from './transport/connections.ts'
import { sendAway } from './transport/sse.ts'
import { VERSION } from './version.ts'

/** How long a request's headers, and a body that is no upload, may take to arrive. */
const HEADERS_TIMEOUT_MS = 10_000
const BODY_TIMEOUT_MS = 30_000
/** A message of 10,000 characters may stand in a URL, twelve bytes for each of its emoji. */
const MAX_HEADER_BYTES = 131_072
const MAX_BODY_BYTES = 1_048_576
/** The console as the build leaves it beside the service. */
const CONSOLE_DIRECTORY = fileURLToPath(new URL('../dist/console', import.meta.url))
/** First reconnection time told to clients of event-streams. */
const RETRY_MS = 2000

/** The service, not yet listening. */
export interface App {
  readonly server: FastifyInstance
  /** The password that was made for the first user, when one was. */
  readonly madePassword: string | null
  /** Sees every client off and every stream to its end or into other hands, then closes. */
  drain(seconds: number): Promise<void>
  close(): Promise<void>
}

/**
 * Puts the service together. This function is the list of its parts, in their order.
 * @param log where log lines go; standard output by default
 */
export const buildApp = async (config: Config, log?: { write(line: string): void }): Promise<App> => {
  const instance = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`
  const corsOrigins = list(config.CORS_ORIGINS)
  const trustProxy = list(config.TRUST_PROXY)
  const app = fastify({
    ...problemServerOptions(config.DEFAULT_LANGUAGE),
    logger: loggerOptions(config.LOG_LEVEL, log) as object,
    trustProxy: trustProxy.length > 0 ? trustProxy : false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: 0,
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: 1000,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    routerOptions: { maxParamLength: 300 },
    exposeHeadRoutes: true,
    forceCloseConnections: true,
  })
  const onError = (error: unknown, streamId: string | null) =>
    app.log.error({ err: error, stream_id: streamId }, 'a stream met an error')

  const meters = createMeters()
  const rooms = await openRooms(config, {
    instance,
    meters,
    onError,
    log: (fields, message) => app.log.debug(fields, message),
  })
  const { store, broker, hub, presence, streams, audit, datasets, investigations, sources } = rooms
  const {
    auditExports,
    anomalyExports,
    router,
    turns,
    known,
    meansFor,
    conversations,
    chat,
    sharing,
    feedOf,
  } = rooms

  // What every request passes.
  const connections = new Connections(
    { maxConnections: config.MAX_CONCURRENT_STREAMS, maxPerAddress: config.MAX_CONNECTIONS_PER_IP },
    meters.transport,
  )
  await app.register(callerPlugin)
  await app.register(metricsPlugin, { token: config.METRICS_TOKEN, meters })
  await app.register(requestLogPlugin)
  await app.register(problemPlugin, { language: config.DEFAULT_LANGUAGE })
  await app.register(slowBodyPlugin, { timeoutMs: BODY_TIMEOUT_MS })
  await app.register(helmet, { contentSecurityPolicy: false, crossOriginResourcePolicy: false })
  await app.register(cors, {
    origin: isOpenToAll(corsOrigins) ? '*' : corsOrigins.length > 0 ? corsOrigins : false,
    credentials: !isOpenToAll(corsOrigins),
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['x-stream-id', 'x-request-id', 'retry-after', 'location'],
    // An OPTIONS that is no preflight would be refused in plain text.
    strictPreflight: false,
  })
  await app.register(auditPlugin, { log: audit })
  await app.register(rateLimitPlugin, {
    perAddress: config.RATE_LIMIT_PER_ADDRESS,
    perUser: config.RATE_LIMIT_PER_USER,
    perLogin: config.RATE_LIMIT_LOGIN,
    redis: config.REDIS_URL ? requestClient(config.REDIS_URL) : undefined,
    prefix: config.REDIS_PREFIX,
    refuseStream: (_request, reply, retryAfter) =>
      sendAway(
        reply,
        new Problem('RATE_LIMITED', say('request.many_requests', { seconds: retryAfter }), { retryAfter }),
      ),
  })
  await app.register(authPlugin, {
    store,
    secret: config.JWT_SECRET ?? (await keptSecret(config.DATA_DIR)),
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
    accessTtlSeconds: config.ACCESS_TOKEN_TTL_SECONDS,
    refreshTtlSeconds: config.REFRESH_TOKEN_TTL_SECONDS,
    ticketTtlSeconds: config.TICKET_TTL_SECONDS,
    external: externalOf(config),
    allowAnonymous: config.ALLOW_ANONYMOUS,
    publicUrl: config.PUBLIC_URL,
    corsOrigins,
    unguarded: ['/docs', CONSOLE_ASSETS],
  })
  await app.register(compressPlugin, {
    level: config.STREAMING_COMPRESSION_LEVEL,
    chunkBytes: config.STREAMING_CHUNK_SIZE,
  })
  await app.register(websocketPlugin)
  await app.register(openApiPlugin, { version: VERSION, url: config.PUBLIC_URL, cookieName: SESSION_COOKIE })

  // What clients see.
  const turnFeeds = { store, streams, turns, shares: sharing }
  const streaming = {
    hub,
    connections,
    presence,
    observer: meters.transport,
    enabled: config.ENABLE_SSE_STREAMING,
    compression: config.STREAMING_COMPRESSION,
    keepaliveSeconds: config.SSE_KEEPALIVE_INTERVAL,
    retryMs: RETRY_MS,
    bufferBytes: config.SSE_BUFFER_SIZE,
    graceMs: config.SLOW_CONSUMER_GRACE_MS,
  }
  const sockets = {
    observer: meters.transport,
    pingSeconds: config.WEBSOCKET_PING_INTERVAL,
    timeoutSeconds: config.WEBSOCKET_TIMEOUT,
    bufferBytes: config.WEBSOCKET_BUFFER_SIZE,
    graceMs: config.SLOW_CONSUMER_GRACE_MS,
  }
  const showing = { feed: turnFeeds, streaming }
  const { MAX_TOKENS_PER_USER_PER_DAY: maxTokensPerDay } = config
  const command = investigationCommand(store, streams, investigations)
  const { users, sessions, tickets } = app
  await app.register(healthRoutes, {
    probes: { store: () => store.probe(), bus: () => broker.probe(), queue: () => streams.probe() },
    isDraining: () => connections.isDraining,
  })
  await app.register(observabilityRoutes, {
    instance,
    streams,
    hub,
    connections,
    grafanaUrl: config.GRAFANA_URL,
  })
  await app.register(authRoutes, { sessions, tickets, accessTtlSeconds: config.ACCESS_TOKEN_TTL_SECONDS })
  await app.register(sessionRoute)
  await app.register(userRoutes, { users })
  await app.register(auditRoutes, { log: audit })
  await app.register(auditExportRoutes, {
    store,
    downloads: auditExports,
    feedOf,
    streaming,
    compressionLevel: config.STREAMING_COMPRESSION_LEVEL,
  })
  await app.register(uploadRoute, { datasets, workspaces: rooms.spaces, maxBytes: config.MAX_DATASET_BYTES })
  await app.register(datasetRoutes, { store, datasets })
  await app.register(investigationRoutes, {
    store,
    streams,
    investigations,
    datasets,
    users,
    shares: sharing,
    sources,
    command,
  })
  await app.register(anomalyExportRoute, {
    store,
    downloads: anomalyExports,
    compressionLevel: config.STREAMING_COMPRESSION_LEVEL,
  })
  await app.register(findingRoutes, { store, investigations, datasets, feedOf, streaming })
  await app.register(streamRoutes, { store, streams, feedOf, streaming })
  await app.register(chatRoutes, { chat, hub, router, ...showing })
  await app.register(chatUiRoutes, { chat, conversations, ...showing })
  await app.register(completionRoutes, {
    prefix: '/v1',
    turns,
    hub,
    router,
    meansFor,
    maxTokensPerDay,
    ...showing,
  })
  await app.register(modelRoutes, { store, models: rooms.models })
  await app.register(promptRoutes, { store, prompts: rooms.prompts })
  await app.register(promptExecuteRoutes, {
    store,
    turns,
    hub,
    prompts: rooms.prompts,
    models: rooms.models,
    router,
    localFor: (identity) => meansFor(identity).local,
    observer: meters.llm,
    maxTokensPerDay,
    ...showing,
  })
  await app.register(streamApiRoutes, { chat, router, ...showing })
  await app.register(streamActionRoutes, {
    chat,
    log: audit,
    knowledgeFor: known.for,
    async cancelInvestigation({ id: user_id, email: user_email }, resource_id) {
      const investigation = await investigations.get(resource_id)
      if (!investigation) return
      await audited(
        audit,
        () => ({ user_id, user_email, resource_type: 'investigation', resource_id }),
        (record) => streams.cancel(investigation.stream_id, (trx) => record(trx, 'investigation.cancelled')),
      ).catch(passEnded)
    },
    ...showing,
  })
  await app.register(chatSubappRoutes, { chat, ...showing })
  await app.register(streamChatRoutes, { chat, ...showing })
  await app.register(directRoutes, { turns, meansFor, ...showing, maxTokensPerDay })
  await app.register(chatSessionRoutes, {
    store,
    users,
    shares: sharing,
    chat,
    conversations,
    turns,
    streams,
    hub,
  })
  await app.register(channelRoutes, { hub, presence, streaming, feedOf, published: rooms.publications })
  const socketRooms = { hub, presence, sockets, connections, feedOf, enabled: config.ENABLE_WEBSOCKET }
  await app.register(websocketRoutes, {
    ...socketRooms,
    published: rooms.publications,
    commandInvestigation: command,
  })
  await app.register(chatRoomRoute, { ...socketRooms, store, chat, conversations, turns, streams })
  await app.register(consoleRoutes, {
    directory: CONSOLE_DIRECTORY,
    enabled: config.CONSOLE,
    language: 'en',
  })

  const first = await users.ensureFirstUser(
    {
      username: config.ADMIN_USERNAME,
      password: config.ADMIN_PASSWORD,
      production: config.NODE_ENV === 'production',
    },
    (trx, { id, username, role }) =>
      audit.record(trx, {
        event_type: 'user.created',
        resource_type: 'user',
        resource_id: id,
        details: { username, role, made_by: 'the first start' },
      }),
  )
  const life = rooms.life(
    { start: () => app.ready(), stop: () => app.close() },
    { stop: (graceMs) => connections.drain(graceMs / 1000) },
  )
  await life.start()
  return {
    server: app,
    madePassword: first?.madePassword ?? null,
    drain: (seconds) => life.stop(seconds * 1000),
    close: () => life.stop(0),
  }
}
