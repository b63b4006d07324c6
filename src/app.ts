import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import fastify, { type FastifyInstance } from 'fastify'
import { auditLog } from './audit/log.ts'
import { keptSigningKey, pemSigningKey, type SigningKey } from './audit/signing-key.ts'
import { auditUpkeep } from './audit/upkeep.ts'
import type { Broker } from './channel/broker.ts'
import { memoryBroker } from './channel/broker-memory.ts'
import { redisBroker } from './channel/broker-redis.ts'
import { Hub } from './channel/hub.ts'
import { Presence } from './channel/presence.ts'
import { clusterClient, parseRedisUrl, redisClient } from './channel/redis-url.ts'
import type { Means } from './chat/answer.ts'
import { Chat } from './chat/chat.ts'
import { Conversations } from './chat/conversations.ts'
import { type Config, ConfigError, list } from './config.ts'
import { Datasets } from './dataset/datasets.ts'
import { pncpSource } from './dataset/sources/pncp.ts'
import { portalSource } from './dataset/sources/portal.ts'
import { workspaces } from './dataset/workspace.ts'
import { Problem } from './errors.ts'
import { type ExternalKeys, jwks, publicKey } from './identity/external-keys.ts'
import type { Identity } from './identity/identity.ts'
import { keptSecret } from './identity/secret.ts'
import { Investigations } from './investigation/investigations.ts'
import { investigationRunner } from './investigation/run.ts'
import { contextFor } from './knowledge/context.ts'
import { knowledge } from './knowledge/knowledge.ts'
import { tools } from './knowledge/tools.ts'
import { memoryCache } from './llm/cache.ts'
import { redisCache } from './llm/cache-redis.ts'
import { providerRouter } from './llm/router.ts'
import { openVendor } from './llm/vendors.ts'
import { local } from './local/local.ts'
import { suggestedActions } from './local/suggestion.ts'
import { auditPlugin } from './plugins/audit.ts'
import { authPlugin, SESSION_COOKIE } from './plugins/auth.ts'
import { compressPlugin } from './plugins/compress.ts'
import { loggerOptions } from './plugins/logger.ts'
import { createMeters } from './plugins/meters.ts'
import { metricsPlugin } from './plugins/metrics.ts'
import { openApiPlugin } from './plugins/openapi.ts'
import { problemPlugin, problemServerOptions } from './plugins/problem.ts'
import { rateLimitPlugin } from './plugins/rate-limit.ts'
import { slowBodyPlugin } from './plugins/slow-body.ts'
import { websocketPlugin } from './plugins/websocket.ts'
import { Models } from './prompt/models.ts'
import { Prompts } from './prompt/prompts.ts'
import { anomalyExportRoute } from './routes/anomaly-export.ts'
import { auditRoutes } from './routes/audit.ts'
import { auditExportRoutes } from './routes/audit-export.ts'
import { authRoutes } from './routes/auth.ts'
import { channelRoutes } from './routes/channels.ts'
import { chatRoutes } from './routes/chat.ts'
import { chatRoomRoute } from './routes/chat-room.ts'
import { chatSessionRoutes } from './routes/chat-sessions.ts'
import { chatSubappRoutes } from './routes/chat-subapp.ts'
import { chatUiRoutes } from './routes/chat-ui.ts'
import { completionRoutes } from './routes/completions.ts'
import { datasetRoutes } from './routes/datasets.ts'
import { directRoutes } from './routes/direct.ts'
import { downloadFeed } from './routes/download.ts'
import { feeds } from './routes/feeds.ts'
import { findingRoutes } from './routes/findings.ts'
import { healthRoutes } from './routes/health.ts'
import { investigationFeed, storyFeed, streamFeed } from './routes/investigation-feed.ts'
import { investigationCommand, investigationRoutes } from './routes/investigations.ts'
import { modelRoutes } from './routes/models.ts'
import { observabilityRoutes } from './routes/observability.ts'
import { promptExecuteRoutes } from './routes/prompt-execute.ts'
import { promptRoutes } from './routes/prompts.ts'
import { streamActionRoutes } from './routes/stream-actions.ts'
import { streamApiRoutes } from './routes/stream-api.ts'
import { streamChatRoutes } from './routes/stream-chat.ts'
import { streamRoutes } from './routes/streams.ts'
import { chatFeed, turnFeedOf } from './routes/turn-feed.ts'
import { uploadRoute } from './routes/upload.ts'
import { userRoutes } from './routes/users.ts'
import { websocketRoutes } from './routes/websocket.ts'
import { openStore } from './store/database.ts'
import { Downloads } from './stream/downloads.ts'
import { Streams } from './stream/streams.ts'
import { Connections } from './transport/connections.ts'
import { listen } from './transport/listen.ts'
import { sendAway } from './transport/sse.ts'
import { TURN_KINDS, Turns } from './turn/turns.ts'
import { VERSION } from './version.ts'

/** How long a request's headers, and a body that is no upload, may take to arrive. */
const HEADERS_TIMEOUT_MS = 10_000
const BODY_TIMEOUT_MS = 30_000
const MAX_HEADER_BYTES = 16_384
const MAX_BODY_BYTES = 1_048_576
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

const storeOptions = (config: Config) =>
  config.DATABASE_URL
    ? ({ dialect: 'postgres', url: config.DATABASE_URL } as const)
    : ({
        dialect: 'sqlite',
        path: join(config.DATA_DIR, 'tributary.db'),
        synchronous: config.SQLITE_SYNCHRONOUS,
      } as const)

const redisOf = (url: string) => {
  const address = parseRedisUrl(url)
  const options = { enableOfflineQueue: false, maxRetriesPerRequest: 1, lazyConnect: true }
  return address.kind === 'cluster' ? clusterClient(address, options) : redisClient(address, options)
}

const publicKeyOf = (pem: string): ExternalKeys => {
  try {
    return publicKey(pem)
  } catch {
    throw new ConfigError([
      { field: 'JWT_PUBLIC_KEY', reason: 'is no PEM of an RSA, EC or Ed25519 public key' },
    ])
  }
}

const externalOf = (config: Config): { keys: ExternalKeys; issuer: string | undefined } | undefined => {
  if (config.JWT_PUBLIC_KEY)
    return { keys: publicKeyOf(config.JWT_PUBLIC_KEY), issuer: config.EXTERNAL_ISSUER }
  return config.JWKS_URL ? { keys: jwks(config.JWKS_URL), issuer: config.EXTERNAL_ISSUER } : undefined
}

const auditKeyOf = async (config: Config): Promise<SigningKey> => {
  const { AUDIT_SIGNING_KEY: pem, AUDIT_SIGNING_KEY_FILE: path } = config
  const bad = (field: string, reason: string) => new ConfigError([{ field, reason }])
  const read = async (file: string) => {
    try {
      return await readFile(file, 'utf8')
    } catch (error) {
      throw bad('AUDIT_SIGNING_KEY_FILE', `cannot be read: ${(error as NodeJS.ErrnoException).code}`)
    }
  }
  const given = path === undefined ? pem : await read(path)
  if (given === undefined) return keptSigningKey(config.DATA_DIR)
  try {
    return pemSigningKey(given)
  } catch {
    const field = path === undefined ? 'AUDIT_SIGNING_KEY' : 'AUDIT_SIGNING_KEY_FILE'
    throw bad(field, 'is no PEM of an Ed25519 private key')
  }
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
    ...problemServerOptions,
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

  // What everything rests on: the store, the bus, the streams.
  const auditKey = await auditKeyOf(config)
  const meters = createMeters()
  const store = await openStore(storeOptions(config), (error) => onError(error, null))
  const history = {
    historySize: config.CHANNEL_HISTORY_SIZE,
    historyTtlMs: config.CHANNEL_HISTORY_TTL_SECONDS * 1000,
  }
  const broker: Broker = config.REDIS_URL
    ? redisBroker({
        url: config.REDIS_URL,
        prefix: config.REDIS_PREFIX,
        observer: meters.channel,
        ...history,
      })
    : memoryBroker(history)
  const hub = new Hub(broker, { observer: meters.channel })
  const presence = new Presence(broker, hub)
  const streams = new Streams(store, hub, presence, {
    instance,
    leaseMs: config.STREAM_LEASE_MS,
    maxPerUser: config.MAX_STREAMS_PER_USER,
    orphanGraceMs: config.STREAM_ORPHAN_GRACE_MS,
    maxDurationMs: config.STREAM_MAX_DURATION_MS,
    onError,
  })
  meters.jobs(() => streams.jobs())

  // The rooms.
  const audit = auditLog(store, { key: auditKey })
  audit.onAppended((events) => {
    hub
      .publish(
        'audit',
        events.map((event) => JSON.stringify(event)),
      )
      .catch((error) => onError(error, null))
  })
  const upkeep = auditUpkeep(store, audit, {
    retentionDays: config.AUDIT_RETENTION_DAYS,
    checkpointEvents: config.AUDIT_CHECKPOINT_EVENTS,
    onError: (error) => onError(error, null),
  })
  const spaces = workspaces(join(config.DATA_DIR, 'tmp'))
  const analysis = { threads: config.DUCKDB_THREADS, memoryLimit: config.DUCKDB_MEMORY_LIMIT }
  const exportsOf = (kind: `${string}_export`) =>
    new Downloads(store, streams, { kind, maxPerUser: config.MAX_EXPORTS_PER_USER, onError })
  const auditExports = exportsOf('audit_export')
  const anomalyExports = exportsOf('anomaly_export')
  const datasets = new Datasets(store, spaces, { maxBytes: config.MAX_DATASET_BYTES, ...analysis })
  const investigations = new Investigations(store, streams)
  const sources = {
    portal: portalSource({
      baseUrl: config.PORTAL_BASE_URL,
      apiKey: config.PORTAL_API_KEY,
      requestsPerMinute: config.PORTAL_REQUESTS_PER_MINUTE,
    }),
    pncp: pncpSource({ baseUrl: config.PNCP_BASE_URL }),
  }
  const runner = investigationRunner(store, datasets, spaces, {
    concurrency: config.INVESTIGATION_CONCURRENCY,
    sources,
    maxSourceRecords: config.SOURCE_MAX_RECORDS,
    ...analysis,
    async onEnding(db, row, { state, event }) {
      if (state === 'cancelled') return undefined
      const recorded = await audit.record(db, {
        event_type: state === 'completed' ? 'investigation.completed' : 'investigation.failed',
        user_id: row.owner,
        success: state === 'completed',
        error_code: (event.error_code as string | undefined) ?? null,
        resource_type: 'investigation',
        resource_id: row.id,
      })
      return () => audit.settle([recorded])
    },
  })
  await datasets.prepare()

  // Chat: who is asked, what is known, how it is told.
  const vendors = config.providers.map(openVendor)
  const cacheRedis =
    config.RESPONSE_CACHE_TTL_SECONDS > 0 && config.REDIS_URL ? redisOf(config.REDIS_URL) : undefined
  const cacheTtlMs = config.RESPONSE_CACHE_TTL_SECONDS * 1000
  const router = providerRouter({
    providers: vendors,
    order: config.providerOrder,
    firstTokenTimeoutMs: config.FIRST_TOKEN_TIMEOUT_MS,
    idleTimeoutMs: config.STREAMING_TIMEOUT_MS,
    maxRetries: config.PROVIDER_MAX_RETRIES,
    retryBaseMs: config.PROVIDER_RETRY_BASE_MS,
    breakerThreshold: config.PROVIDER_BREAKER_THRESHOLD,
    cooldownMs: config.PROVIDER_COOLDOWN_MS,
    maxTokens: config.MAX_TOKENS_PER_ANSWER,
    ...(cacheTtlMs > 0 && {
      cache: cacheRedis
        ? redisCache(cacheRedis, { prefix: `${config.REDIS_PREFIX}:answer:`, ttlMs: cacheTtlMs })
        : memoryCache({ ttlMs: cacheTtlMs, maxEntries: config.RESPONSE_CACHE_MAX_ENTRIES }),
    }),
  })
  const turns = new Turns(store, streams, hub, {
    flushMs: config.CHUNK_FLUSH_MS,
    onStarted: meters.turns.started,
    onEnded: meters.turns.ended,
  })
  const storyOf = storyFeed(streams, investigations)
  const known = knowledge({
    store,
    datasets,
    investigations,
    workspaces: spaces,
    ...analysis,
    async *follow(id, signal) {
      yield* listen(hub, await storyOf(id), signal)
    },
    async start({ id: user_id, email: user_email }, request) {
      const recorded: string[] = []
      const event = { event_type: 'investigation.created', resource_type: 'investigation' } as const
      const started = await investigations.start(request, user_id, 'continue', async (trx, resource_id) => {
        const details = { dataset_id: request.dataset_id ?? null, asked_in: 'a conversation' }
        recorded.push(await audit.record(trx, { ...event, user_id, user_email, resource_id, details }))
      })
      await audit.settle(recorded)
      return started
    },
  })
  const meansFor = (identity: Identity): Means => {
    const facts = known.for(identity)
    return {
      router,
      local: local(facts),
      knowledge: facts,
      tools: tools(facts),
      contextFor,
      suggestedActions,
      observer: meters.llm,
    }
  }
  const models = new Models(store, (name) => router.has(name))
  const prompts = new Prompts(store)
  const conversations = new Conversations(store)
  const chat = new Chat({
    store,
    turns,
    conversations,
    meansFor,
    hasProvider: (name) => router.has(name),
    maxTokensPerDay: config.MAX_TOKENS_PER_USER_PER_DAY,
  })

  // What every request passes.
  const connections = new Connections(
    { maxConnections: config.MAX_CONCURRENT_STREAMS, maxPerAddress: config.MAX_CONNECTIONS_PER_IP },
    meters.transport,
  )
  await app.register(problemPlugin)
  await app.register(slowBodyPlugin, { timeoutMs: BODY_TIMEOUT_MS })
  await app.register(helmet, { contentSecurityPolicy: false, crossOriginResourcePolicy: false })
  await app.register(cors, {
    origin: corsOrigins.length > 0 ? corsOrigins : false,
    credentials: true,
    exposedHeaders: ['x-stream-id', 'x-request-id', 'retry-after', 'location'],
  })
  await app.register(auditPlugin, { log: audit })
  await app.register(rateLimitPlugin, {
    perAddress: config.RATE_LIMIT_PER_ADDRESS,
    perUser: config.RATE_LIMIT_PER_USER,
    perLogin: config.RATE_LIMIT_LOGIN,
    redis: config.REDIS_URL ? redisOf(config.REDIS_URL) : undefined,
    prefix: config.REDIS_PREFIX,
    refuseStream: (_request, reply, retryAfter) =>
      sendAway(reply, new Problem('RATE_LIMITED', 'too many requests', { retryAfter })),
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
    unguarded: ['/docs'],
  })
  await app.register(compressPlugin, {
    level: config.STREAMING_COMPRESSION_LEVEL,
    chunkBytes: config.STREAMING_CHUNK_SIZE,
  })
  await app.register(websocketPlugin)
  await app.register(metricsPlugin, { token: config.METRICS_TOKEN, meters })
  await app.register(openApiPlugin, { version: VERSION, url: config.PUBLIC_URL, cookieName: SESSION_COOKIE })

  // What clients see.
  const turnFeeds = { store, streams, turns }
  const ofInvestigation = streamFeed(store, streams, investigations)
  const ofDownload = downloadFeed(store, streams)
  const ofTurn = turnFeedOf(turnFeeds)
  const downloads: readonly string[] = [auditExports.kind, anomalyExports.kind]
  const feedOf = feeds(hub, {
    investigation: investigationFeed(store, streams, investigations),
    chat: chatFeed(turnFeeds, conversations),
    async stream(identity, id) {
      const kind = (await streams.get(id))?.kind ?? ''
      if (downloads.includes(kind)) return ofDownload(identity, id)
      return (TURN_KINDS as readonly string[]).includes(kind)
        ? ofTurn(identity, id)
        : ofInvestigation(identity, id)
    },
  })
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
  await app.register(userRoutes, { users })
  await app.register(auditRoutes, { log: audit })
  await app.register(auditExportRoutes, {
    store,
    downloads: auditExports,
    feedOf,
    streaming,
    compressionLevel: config.STREAMING_COMPRESSION_LEVEL,
  })
  await app.register(uploadRoute, { datasets, workspaces: spaces, maxBytes: config.MAX_DATASET_BYTES })
  await app.register(datasetRoutes, { store, datasets })
  await app.register(investigationRoutes, {
    store,
    streams,
    investigations,
    datasets,
    users,
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
  await app.register(chatRoutes, { chat, hub, router, feed: turnFeeds, streaming })
  await app.register(chatUiRoutes, { chat, conversations, feed: turnFeeds, streaming })
  await app.register(completionRoutes, {
    prefix: '/v1',
    turns,
    hub,
    router,
    meansFor,
    feed: turnFeeds,
    streaming,
    maxTokensPerDay: config.MAX_TOKENS_PER_USER_PER_DAY,
  })
  await app.register(modelRoutes, { store, models })
  await app.register(promptRoutes, { store, prompts })
  await app.register(promptExecuteRoutes, {
    store,
    turns,
    hub,
    prompts,
    models,
    router,
    localFor: (identity) => meansFor(identity).local,
    observer: meters.llm,
    maxTokensPerDay: config.MAX_TOKENS_PER_USER_PER_DAY,
    feed: turnFeeds,
    streaming,
  })
  const { MAX_TOKENS_PER_USER_PER_DAY: maxTokensPerDay } = config
  await app.register(streamApiRoutes, { chat, router, feed: turnFeeds, streaming })
  await app.register(streamActionRoutes, {
    chat,
    log: audit,
    knowledgeFor: known.for,
    async cancelInvestigation({ id: user_id, email: user_email }, resource_id) {
      const recorded: string[] = []
      const event = { event_type: 'investigation.cancelled', resource_type: 'investigation' } as const
      const investigation = await investigations.get(resource_id)
      try {
        if (investigation)
          await streams.cancel(investigation.stream_id, async (trx) => {
            recorded.push(await audit.record(trx, { ...event, user_id, user_email, resource_id }))
          })
      } catch (error) {
        if (!(error instanceof Problem && error.code === 'INVALID_STATE')) throw error
      }
      await audit.settle(recorded)
    },
    feed: turnFeeds,
    streaming,
  })
  await app.register(chatSubappRoutes, { chat, feed: turnFeeds, streaming })
  await app.register(streamChatRoutes, { chat, feed: turnFeeds, streaming })
  await app.register(directRoutes, { turns, meansFor, feed: turnFeeds, streaming, maxTokensPerDay })
  await app.register(chatSessionRoutes, { store, users, chat, conversations, turns, streams })
  await app.register(channelRoutes, { hub, presence, streaming, feedOf })
  const rooms = { hub, presence, sockets, connections, feedOf, enabled: config.ENABLE_WEBSOCKET }
  await app.register(websocketRoutes, { ...rooms, commandInvestigation: command })
  await app.register(chatRoomRoute, { ...rooms, store, chat, conversations, turns, streams })
  app.get('/', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.redirect('/docs'),
  )

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
  await app.ready()
  // The first user, and what an instance that was killed left in the outbox, come first.
  await audit.collect()
  await audit.append({ event_type: 'system.started', details: { instance } })
  upkeep.start()
  streams.work([runner, ...turns.runners(), auditExports, anomalyExports])

  let closing: Promise<void> | undefined
  const drain = async (seconds: number): Promise<void> => {
    await Promise.all([connections.drain(seconds), streams.drain(seconds * 1000)])
    await upkeep.close()
    await audit.append({ event_type: 'system.stopped', details: { instance } })
    await app.close()
    presence.close()
    await hub.close()
    await Promise.race([broker.close(), sleep(1000)])
    await known.close()
    await Promise.all([sources.portal.close(), sources.pncp.close(), ...vendors.map((one) => one.close())])
    cacheRedis?.disconnect()
    await store.close()
  }
  const drainOnce = (seconds: number): Promise<void> => {
    closing ??= drain(seconds)
    return closing
  }
  return {
    server: app,
    madePassword: first?.madePassword ?? null,
    drain: drainOnce,
    close: () => drainOnce(0),
  }
}
