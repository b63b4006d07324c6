import { requestClient } from './channel/redis-url.ts'
import { type Config, list } from './config.ts'
import { Problem } from './errors.ts'
import { passwordCost, passwords } from './identity/passwords.ts'
import { keptSecret } from './identity/secret.ts'
import { externalOf } from './keys.ts'
import { say } from './language/sentence.ts'
import type { AuthOptions } from './plugins/auth.ts'
import { loggerOptions } from './plugins/logger.ts'
import { isOpenToAll } from './plugins/origin.ts'
import { problemServerOptions } from './plugins/problem.ts'
import type { RateLimitOptions } from './plugins/rate-limit.ts'
import type { Rooms } from './rooms.ts'
import { CONSOLE_ASSETS } from './routes/console/index.ts'
import { Connections } from './transport/connections.ts'
import type { SocketSettings } from './transport/socket-session.ts'
import { type EventStreamSettings, sendAway } from './transport/sse.ts'
import type { TransportObserver } from './transport/transport-observer.ts'

/** Longest times for a request's headers, and for a body that is no upload, to arrive. */
const HEADERS_TIMEOUT_MS = 10_000
const BODY_TIMEOUT_MS = 30_000
/** Longest time for which a client may take nothing of an answer that waits for it. */
const READER_TIMEOUT_MS = 30_000
/** A message of 10,000 characters may stand in a URL, twelve bytes for each of its emoji. */
const MAX_HEADER_BYTES = 131_072
const MAX_BODY_BYTES = 1_048_576
/** First reconnection time that clients of event-streams are told. */
const RETRY_MS = 2000

/** Reads the options of the HTTP server and of the plugins that every request passes. */
export const httpSettings = async (
  config: Config,
  { store, addRequests }: Pick<Rooms, 'store' | 'addRequests'>,
) => {
  const corsOrigins = list(config.CORS_ORIGINS)
  const auth: AuthOptions = {
    store,
    passwords: passwords(passwordCost(config.PASSWORD_COST)),
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
  }
  const rateLimit: RateLimitOptions = {
    perAddress: config.RATE_LIMIT_PER_ADDRESS,
    perUser: config.RATE_LIMIT_PER_USER,
    perLogin: config.RATE_LIMIT_LOGIN,
    redis: config.REDIS_URL ? requestClient(config.REDIS_URL) : undefined,
    prefix: config.REDIS_PREFIX,
    addRequests,
    refuseStream: (_request, reply, retryAfter) =>
      sendAway(
        reply,
        new Problem('RATE_LIMITED', say('request.many_requests', { seconds: retryAfter }), { retryAfter }),
      ),
  }
  return {
    auth,
    rateLimit,
    slowBody: { timeoutMs: BODY_TIMEOUT_MS },
    slowReader: { timeoutMs: READER_TIMEOUT_MS },
    securityHeaders: { contentSecurityPolicy: false, crossOriginResourcePolicy: false },
    cors: {
      origin: isOpenToAll(corsOrigins) ? '*' : corsOrigins.length > 0 ? corsOrigins : false,
      credentials: !isOpenToAll(corsOrigins),
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: ['x-stream-id', 'x-keepalive-interval', 'x-request-id', 'retry-after', 'location'],
      // An OPTIONS that is no preflight would be refused in plain text.
      strictPreflight: false,
    },
    compress: compressSettings(config),
  }
}

/** Reads the options of the plugin that compresses event-streams. */
export const compressSettings = (config: Config) => ({
  level: config.STREAMING_COMPRESSION_LEVEL,
  chunkBytes: config.STREAMING_CHUNK_SIZE,
})

/** Reads the options of the HTTP server itself. @param log takes log lines; standard output by default */
export const serverOptions = (config: Config, log?: { write(line: string): void }) => {
  const trustProxy = list(config.TRUST_PROXY)
  return {
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
  }
}

/** Reads the settings of the connections that stay open, and counts those there are. */
export const connectionSettings = (
  config: Config,
  { hub, presence }: Rooms,
  transport: Required<TransportObserver>,
) => {
  const connections = new Connections(
    { maxConnections: config.MAX_CONCURRENT_STREAMS, maxPerAddress: config.MAX_CONNECTIONS_PER_IP },
    transport,
  )
  const shared = { hub, presence, observer: transport, graceMs: config.SLOW_CONSUMER_GRACE_MS }
  const streaming: EventStreamSettings = {
    ...shared,
    connections,
    enabled: config.ENABLE_SSE_STREAMING,
    compression: config.STREAMING_COMPRESSION && config.STREAMING_COMPRESSION_LEVEL,
    keepaliveSeconds: config.SSE_KEEPALIVE_INTERVAL,
    retryMs: RETRY_MS,
    bufferBytes: config.SSE_BUFFER_SIZE,
  }
  const sockets: SocketSettings = {
    ...shared,
    pingSeconds: config.WEBSOCKET_PING_INTERVAL,
    timeoutSeconds: config.WEBSOCKET_TIMEOUT,
    bufferBytes: config.WEBSOCKET_BUFFER_SIZE,
  }
  return { connections, streaming, sockets, socketsEnabled: config.ENABLE_WEBSOCKET }
}
