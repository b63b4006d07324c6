import { join } from 'node:path'
import { auditTrail } from './audit/audited.ts'
import { auditLog } from './audit/log.ts'
import { publicationSums } from './audit/publications.ts'
import { auditUpkeep } from './audit/upkeep.ts'
import { addingThrough, openBroker, soleUseOf } from './bus.ts'
import { Hub } from './channel/hub.ts'
import type { Line } from './channel/line.ts'
import { Presence } from './channel/presence.ts'
import { requestClient } from './channel/redis-url.ts'
import type { AnswerContext } from './chat/agent-answer.ts'
import { Chat } from './chat/chat.ts'
import { Conversations } from './chat/conversations.ts'
import type { Config } from './config.ts'
import { Datasets } from './dataset/datasets.ts'
import { pncpSource } from './dataset/sources/pncp.ts'
import { portalSource } from './dataset/sources/portal.ts'
import { workspaces } from './dataset/workspace.ts'
import { within } from './deadline.ts'
import { conversationFeed } from './feed/conversation-feed.ts'
import { feeds, logFeeds } from './feed/feeds.ts'
import { investigationFeed, reviewsFeed, sharedInvestigationFeed } from './feed/investigation-feed.ts'
import { readFeed } from './feed/reader.ts'
import { streamFeed } from './feed/stream-feed.ts'
import { accessControl } from './identity/access.ts'
import type { Identity } from './identity/identity.ts'
import { shares } from './identity/shares.ts'
import { Investigations } from './investigation/investigations.ts'
import { investigationRunner } from './investigation/runner.ts'
import { steering } from './investigation/steering.ts'
import { auditKeyOf } from './keys.ts'
import { contextFor } from './knowledge/context.ts'
import { knowledge } from './knowledge/knowledge.ts'
import type { Language } from './language/language.ts'
import { type Life, lifeOf, type WholeLife } from './life.ts'
import { memoryCache } from './llm/cache.ts'
import { redisCache } from './llm/cache-redis.ts'
import { providerRouter } from './llm/router.ts'
import { openVendor } from './llm/vendors.ts'
import { outbound } from './outbound.ts'
import { OWNERS } from './owners.ts'
import type { Meters } from './plugins/meters.ts'
import { Models } from './prompt/models.ts'
import { Prompts } from './prompt/prompts.ts'
import { counted, logged, observed, type RoomTracing } from './room-observers.ts'
import { local } from './rule-answers/rule-answers.ts'
import { suggestedActions } from './rule-answers/suggestion.ts'
import { openStore } from './store/database.ts'
import { Downloads, type ExportKind } from './stream/downloads.ts'
import { Streams } from './stream/streams.ts'
import { streamKinds } from './stream-kinds.ts'
import { Turns } from './turn/turns.ts'

const storeOptions = (config: Config) =>
  config.DATABASE_URL
    ? ({ dialect: 'postgres', url: config.DATABASE_URL } as const)
    : ({
        dialect: 'sqlite',
        path: join(config.DATA_DIR, 'tributary.db'),
        synchronous: config.SQLITE_SYNCHRONOUS,
      } as const)

/** Returns the warning of a service whose store another one uses. */
const sharedStore = ({ DATABASE_URL, DATA_DIR }: Config): string =>
  `another process uses ${DATABASE_URL ? 'the database of DATABASE_URL' : DATA_DIR}, and without Redis neither hears of ` +
  'what the other publishes: clients of one miss the events of the other. Stop one, give it a ' +
  `${DATABASE_URL ? 'database' : 'folder'} of its own, or set REDIS_URL for both`

/** Time for which a stop waits for a bus that does not answer, in ms. */
const BUS_CLOSE_MS = 1000

export interface RoomsOptions {
  instance: string
  meters: Meters
  /** The connection of a worker to its primary, which keeps the bus where there is no Redis. */
  line?: Line | undefined
  /** Takes errors of background work. */
  onError(error: unknown, streamId: string | null): void
  /** Records each attempt at a provider, and what is delivered, in the traces of the requests that asked for it. */
  tracing?: RoomTracing | undefined
  /** Logs the starts and ends of streams, at `debug`. */
  log(fields: object, message: string): void
  /** Logs what an operator should know. */
  warn(message: string): void
}

/** All parts of the service, connected to each other. */
export type Rooms = Awaited<ReturnType<typeof openRooms>>

/**
 * Makes the parts of the service and connects them, in the order in which they depend on each other. None of them
 * works before `life` starts.
 * @throws {ConfigError}; the driver's error when the store cannot be opened
 */
export const openRooms = async (
  config: Config,
  { instance, meters, line, onError, log, warn, tracing }: RoomsOptions,
) => {
  // The store, the bus and the streams, on which all other parts depend.
  const auditKey = await auditKeyOf(config)
  const store = await openStore(storeOptions(config), {
    onError: (error) => onError(error, null),
    onStatement: meters.store.query,
  })
  const soleUse = soleUseOf(config, line)
  if (await soleUse?.isShared()) warn(sharedStore(config))
  const broker = openBroker(config, line, meters.channel)
  const hub = new Hub(broker, { observer: observed(meters.channel, tracing) })
  const presence = new Presence(broker, hub)
  const streams = new Streams(store, hub, presence, {
    instance,
    leaseMs: config.STREAM_LEASE_MS,
    maxPerUser: config.MAX_STREAMS_PER_USER,
    orphanGraceMs: config.STREAM_ORPHAN_GRACE_MS,
    maxDurationMs: config.STREAM_MAX_DURATION_MS,
    onError,
    observer: meters.streams,
    trace: tracing?.current,
  })
  meters.jobs(() => streams.jobs())
  const access = accessControl(store, OWNERS)

  // The domains.
  const audit = auditLog(store, {
    key: auditKey,
    onWaited: meters.store.appended,
    onError: (error) => onError(error, null),
  })
  audit.onAppended((events) => {
    meters.audited(events)
    hub
      .publish(
        'audit',
        events.map((event) => JSON.stringify(event)),
      )
      .catch((error) => onError(error, null))
  })
  const publications = publicationSums(audit, { onError: (error) => onError(error, null) })
  const upkeep = auditUpkeep(store, audit, {
    retentionDays: config.AUDIT_RETENTION_DAYS,
    checkpointEvents: config.AUDIT_CHECKPOINT_EVENTS,
    onError: (error) => onError(error, null),
  })
  const spaces = workspaces(join(config.DATA_DIR, 'tmp'))
  const analysis = { threads: config.DUCKDB_THREADS, memoryLimit: config.DUCKDB_MEMORY_LIMIT }
  const exportsOf = (kind: ExportKind) =>
    new Downloads(streams, { kind, maxPerUser: config.MAX_EXPORTS_PER_USER, onError })
  const auditExports = exportsOf('audit_export')
  const anomalyExports = exportsOf('anomaly_export')
  const datasets = new Datasets(store, spaces, {
    maxBytes: config.MAX_DATASET_BYTES,
    onRead: meters.data.dataset,
    ...analysis,
  })
  const investigations = new Investigations(store, streams)
  const openDispatcher = outbound(config)
  const sourcePolicy = () => ({
    dispatcher: openDispatcher({ connections: 4, connect: { timeout: 10_000 } }),
  })
  const sources = {
    portal: portalSource({
      policy: sourcePolicy(),
      baseUrl: config.PORTAL_BASE_URL,
      apiKey: config.PORTAL_API_KEY,
      requestsPerMinute: config.PORTAL_REQUESTS_PER_MINUTE,
    }),
    pncp: pncpSource({ baseUrl: config.PNCP_BASE_URL, policy: sourcePolicy() }),
  }
  const steer = steering({ access, streams, investigations, datasets, sources })
  const runner = investigationRunner(store, datasets, spaces, {
    rules: investigations.rules,
    concurrency: config.INVESTIGATION_CONCURRENCY,
    sources,
    maxSourceRecords: config.SOURCE_MAX_RECORDS,
    observer: meters.data,
    ...analysis,
    async onEnding(db, row, { state, event }) {
      if (state === 'failed') meters.streams.lost('investigation')
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

  // Chat: the providers, the data that they may use, the answers.
  const vendors = config.providers.map((settings) =>
    openVendor(settings, { openDispatcher, onSkippedLine: meters.llm.skippedLine }),
  )
  const cacheRedis =
    config.RESPONSE_CACHE_TTL_SECONDS > 0 && config.REDIS_URL ? requestClient(config.REDIS_URL) : undefined
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
    openSpan: counted(meters, tracing?.attempt),
    ...(cacheTtlMs > 0 && {
      cache: cacheRedis
        ? redisCache(cacheRedis, { prefix: `${config.REDIS_PREFIX}:answer:`, ttlMs: cacheTtlMs })
        : memoryCache({ ttlMs: cacheTtlMs, maxEntries: config.RESPONSE_CACHE_MAX_ENTRIES }),
    }),
  })
  for (const name of router.order) meters.llm.known(name)
  meters.work({
    channels: () => hub.kinds(),
    held: () => streams.running(),
    oldestWaitingMs: () => streams.oldestWaitingMs(),
    providers: () => router.states(),
    async lastCheckpoint() {
      const [last] = await audit.checkpoints({ limit: 1 })
      return last && Date.parse(last.at)
    },
    leaseLeftMs: () => streams.leaseLeftMs(),
    exports: () => [auditExports, anomalyExports].map(({ kind, running }) => [kind, running]),
  })
  for (const type of Object.keys(investigations.rules)) meters.data.known(type)
  const turns = new Turns(store, streams, hub, {
    flushMs: config.CHUNK_FLUSH_MS,
    onStarted(kind, stream_id) {
      meters.turns.started(kind)
      log({ stream_id, kind }, 'a stream starts')
    },
    onFirstToken: (stream_id, ms) => log({ stream_id, ttft_ms: Math.round(ms) }, 'its first token'),
    onEnded(turn) {
      meters.turns.ended(turn)
      const { streamId: stream_id, state: outcome, durationMs, errorCode: error_code } = turn
      const tokens = turn.promptTokens + turn.completionTokens
      log(
        { stream_id, outcome, error_code, duration_ms: Math.round(durationMs), tokens },
        'a stream has ended',
      )
    },
    onLost: meters.streams.lost,
  })
  const investigationFeedOf = investigationFeed(streams, investigations)
  const known = knowledge({
    store,
    access,
    datasets,
    investigations,
    workspaces: spaces,
    ...analysis,
    async *follow(id, signal) {
      yield* readFeed(hub, await investigationFeedOf(id), signal)
    },
    start: (identity, order) =>
      steer.start(
        { identity, audit: auditTrail(audit, identity), language: order.language ?? 'en' },
        { ...order, asked_in: 'a conversation' },
      ),
    stop: (identity, id) =>
      steer.command({ identity, audit: auditTrail(audit, identity), language: 'en' }, id, 'cancel'),
  })
  const answerContextFor = (identity: Identity, language: Language): AnswerContext => {
    const facts = known.for(identity)
    return {
      router,
      local: local(facts, language),
      language,
      knowledge: facts,
      contextFor,
      suggestedActions,
      observer: meters.llm,
    }
  }
  const models = new Models(store, (name) => router.has(name))
  const prompts = new Prompts(store)
  const conversations = new Conversations(store, access)
  const { MAX_TOKENS_PER_USER_PER_DAY: maxTokensPerDay } = config
  const chat = new Chat({
    store,
    access,
    hub,
    streams,
    turns,
    conversations,
    answerContextFor,
    hasProvider: (name) => router.has(name),
    maxTokensPerDay,
    onError: (error) => onError(error, null),
  })

  // The feeds of channels.
  const sharing = shares({ store, access, owners: OWNERS, onError: (error) => onError(error, null) })
  const kinds = streamKinds({
    streams,
    turns,
    investigationRunner: logged(runner, log),
    investigationFeedOf,
    auditExports,
    anomalyExports,
  })
  for (const { runner } of Object.values(kinds)) meters.streams.kind(runner.kind)
  const feedOf = feeds(
    {
      investigation: sharedInvestigationFeed({ access, shares: sharing, feedOf: investigationFeedOf }),
      reviews: reviewsFeed({ access, shares: sharing }),
      chat: conversationFeed({ conversations, turns, shares: sharing }),
      stream: streamFeed({ access, streams, shares: sharing, kinds }),
      ...logFeeds(hub),
    },
    config.coalescing,
  )

  return {
    store,
    soleUse,
    addRequests: addingThrough(line),
    broker,
    hub,
    presence,
    trace: tracing?.current,
    streams,
    audit,
    publications,
    spaces,
    auditExports,
    anomalyExports,
    datasets,
    investigations,
    sources,
    router,
    turns,
    known,
    answerContextFor,
    models,
    prompts,
    conversations,
    chat,
    access,
    steering: steer,
    maxTokensPerDay,
    shares: sharing,
    feedOf,
    /**
     * Joins everything that works, in the order in which it starts: the foundations, then the server, then the audit
     * log's own work, then the streams together with their clients. It stops in the reverse order.
     * @param server answers requests between its start and its stop
     * @param connections the open event-streams and WebSockets
     */
    life: (server: Life, connections: Life): WholeLife =>
      lifeOf([
        { stop: () => soleUse?.release() },
        { stop: () => store.close() },
        { stop: () => cacheRedis?.disconnect() },
        [sources.portal, sources.pncp, ...vendors].map((one) => ({ stop: () => one.close() })),
        { stop: () => known.close() },
        { stop: () => within(broker.close(), BUS_CLOSE_MS, () => undefined) },
        { stop: () => hub.close() },
        { stop: () => presence.close() },
        { stop: () => publications.close() },
        { stop: () => sharing.close() },
        server,
        {
          // First the first user is created, and events that a killed instance left in the outbox are appended.
          async start() {
            await audit.collect()
            await audit.append({ event_type: 'system.started', details: { instance } })
          },
          async stop() {
            await publications.flush()
            await audit.append({ event_type: 'system.stopped', details: { instance } })
          },
        },
        upkeep,
        [
          connections,
          {
            start: () => streams.work(Object.values(kinds).map((kind) => kind.runner)),
            stop: (graceMs) => streams.drain(graceMs),
          },
        ],
      ]),
  }
}
