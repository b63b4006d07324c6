import { existsSync } from 'node:fs'
import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { SettingError } from './errors.ts'
import { type Coalescing, MAX_COALESCE_MS, readCoalescing } from './feed/coalescing.ts'
import { LANGUAGES } from './language/language.ts'
import type { ProviderSettings } from './llm/provider.ts'
import { FIRST_TOKEN_TIMEOUT_MS, flagOf, ProviderVariables, readProviders } from './llm/provider-settings.ts'
import { settingOf } from './llm/setting-name.ts'
import { fileSettingOf, isSecret, withSecretFiles } from './secret-files.ts'
import { type UnknownSetting, unknownSettings, withDocumentNames } from './setting-names.ts'
import { allowed, flag, fromText, int, optional, secret, text } from './setting-values.ts'

/** All settings of the service; `.env.example` describes each of them. */
export const Settings = Type.Object({
  NODE_ENV: Type.Enum(['development', 'production', 'test'], {
    default: 'development',
    description: 'production refuses weak secrets and made-up passwords',
  }),
  HOST: text('127.0.0.1', 'address to listen on'),
  PORT: int(8000, 0, 65535, 'port to listen on; 0 takes a free one'),
  WORKERS: int(
    1,
    1,
    256,
    'processes that share the port, and their channels: over Redis, or else through the process that starts them',
  ),
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    description: 'fatal, error, warn, info, debug, trace or silent',
  }),
  DEFAULT_LANGUAGE: Type.Enum([...LANGUAGES], {
    default: 'en',
    description: 'en, pt or es: of errors, findings and reports for callers who name none of them',
  }),
  PUBLIC_URL: optional(
    'where clients reach the service, when not at HOST:PORT; used in links and Origin checks',
  ),
  TRUST_PROXY: text('', 'CIDRs or addresses of proxies whose X-Forwarded-For is believed, comma-separated'),
  CORS_ORIGINS: text(
    '',
    'origins that may call from a browser, comma-separated; * alone lets any call, without cookies',
  ),

  DATA_DIR: text('./data', 'where SQLite, made secrets and temporary files live'),
  DATABASE_URL: secret('postgres://… keeps the store on PostgreSQL instead of SQLite'),
  SQLITE_SYNCHRONOUS: Type.Enum(['normal', 'full'], {
    default: 'normal',
    description: 'normal survives a killed process, full a power cut as well, at an fsync a commit',
  }),
  REDIS_URL: secret('redis://, rediss://, redis+cluster:// or redis+sentinel:// puts the bus on Redis'),
  REDIS_PREFIX: text('tributary', 'first part of every Redis key and channel'),

  ADMIN_USERNAME: text('admin', 'name of the first user'),
  ADMIN_PASSWORD: secret('password of the first user; required in production while there is no user'),
  PASSWORD_COST: int(
    15,
    10,
    20,
    'work of a password hash, as a power of 2: 15 takes 0.1 to 0.3 s; a test may take less',
  ),
  JWT_SECRET: secret('signs access tokens (HS256), 32 bytes at least in production'),
  JWT_PUBLIC_KEY: optional('PEM of another issuer whose RS256, ES256 or EdDSA tokens are accepted'),
  JWKS_URL: optional('JWKS of another issuer whose tokens are accepted'),
  JWT_ISSUER: text('tributary', 'iss of our tokens'),
  JWT_AUDIENCE: text('tributary', 'aud that every token must name'),
  EXTERNAL_ISSUER: optional('iss that tokens of the other issuer must name'),
  ACCESS_TOKEN_TTL_SECONDS: int(900, 5, 86_400, 'life of an access token'),
  REFRESH_TOKEN_TTL_SECONDS: int(2_592_000, 60, 31_536_000, 'life of a refresh token'),
  TICKET_TTL_SECONDS: int(60, 1, 60, 'life of a single-use ticket'),
  ALLOW_ANONYMOUS: flag(false, 'callers without a token may chat as user anonymous'),
  ALLOW_ANONYMOUS_IN_PRODUCTION: flag(false, 'confirms ALLOW_ANONYMOUS in production'),

  ENABLE_SSE_STREAMING: flag(true, 'event-streams'),
  ENABLE_WEBSOCKET: flag(true, 'WebSocket endpoints'),
  CONSOLE: flag(true, 'the console at /; false leads / to the documentation'),
  STREAMING_COMPRESSION: flag(true, 'compression of event-streams and WebSockets for clients that accept it'),
  STREAMING_COMPRESSION_LEVEL: int(6, 1, 9, 'gzip level of event-streams'),
  STREAMING_CHUNK_SIZE: int(8192, 1024, 1_048_576, 'bytes of a compressed chunk'),
  SSE_KEEPALIVE_INTERVAL: int(30, 1, 3600, 'seconds between comment lines on an event-stream'),
  SSE_BUFFER_SIZE: int(65_536, 4096, 16_777_216, 'unsent bytes at which an SSE subscriber is slow'),
  WEBSOCKET_PING_INTERVAL: int(30, 1, 3600, 'seconds between ping frames'),
  WEBSOCKET_TIMEOUT: int(300, 5, 86_400, 'seconds without any frame after which a WebSocket is dropped'),
  WEBSOCKET_BUFFER_SIZE: int(131_072, 4096, 16_777_216, 'unsent bytes at which a WebSocket is slow'),
  SLOW_CONSUMER_GRACE_MS: int(
    2000,
    0,
    600_000,
    'how long a slow subscriber may drain nothing before it is cut',
  ),
  COALESCE_MS: text(
    '',
    'how long events of hot channels may wait for more, to leave in one write: topic:prices.*=50, comma-separated, at most 1000',
  ),
  CHANNEL_HISTORY_SIZE: int(10_000, 1, 1_000_000, 'publications kept in a channel'),
  CHANNEL_HISTORY_TTL_SECONDS: int(
    3600,
    1,
    2_592_000,
    'how long a channel is kept after its last publication',
  ),

  RATE_LIMIT_PER_ADDRESS: int(3000, 1, 10_000_000, 'requests a minute from one address'),
  RATE_LIMIT_PER_USER: int(1200, 1, 10_000_000, 'requests a minute of one user'),
  RATE_LIMIT_LOGIN: int(30, 1, 100_000, 'login attempts a minute from one address'),
  MAX_CONCURRENT_STREAMS: int(1000, 1, 1_000_000, 'open event-streams and WebSockets of this instance'),
  MAX_STREAMS_PER_USER: int(20, 1, 100_000, 'running executions of one user'),
  MAX_CONNECTIONS_PER_IP: int(100, 1, 1_000_000, 'open event-streams and WebSockets of one address'),
  MAX_EXPORTS_PER_USER: int(2, 1, 1000, 'running exports of one user'),
  STREAM_ORPHAN_GRACE_MS: int(
    30_000,
    0,
    86_400_000,
    'how long a stream with on_disconnect=cancel runs unwatched',
  ),
  STREAM_MAX_DURATION_MS: int(0, 0, 2_147_483_647, 'longest life of a stream; 0 sets no limit'),
  STREAM_LEASE_MS: int(6000, 1000, 600_000, 'how long a silent instance keeps the streams it runs'),
  DRAIN_SECONDS: int(25, 0, 3600, 'how long SIGTERM takes to see its clients off'),

  MAX_DATASET_BYTES: int(1_073_741_824, 1024, 1_099_511_627_776, 'largest dataset, inflated'),
  INVESTIGATION_CONCURRENCY: int(2, 1, 64, 'investigations that run at once on this instance'),
  DUCKDB_THREADS: int(2, 1, 256, 'threads of one analysis'),
  DUCKDB_MEMORY_LIMIT: Type.String({
    default: '128MB',
    pattern: '^[0-9]+(\\.[0-9]+)?(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$',
    description: 'memory of one analysis before it spills to disk',
  }),
  PORTAL_API_KEY: secret('key of the Portal da Transparência API'),
  PORTAL_BASE_URL: text(
    'https://api.portaldatransparencia.gov.br/api-de-dados',
    'Portal da Transparência API',
  ),
  PORTAL_REQUESTS_PER_MINUTE: int(90, 1, 10_000, 'requests a minute to the Portal da Transparência API'),
  PNCP_BASE_URL: text('https://pncp.gov.br/api/consulta', 'PNCP consultation API'),
  SOURCE_MAX_RECORDS: int(50_000, 1, 10_000_000, 'most records one investigation fetches from a source'),

  HTTPS_PROXY: secret(
    'proxy of requests to https addresses of vendors and data sources: http://name:password@host:port',
  ),
  HTTP_PROXY: secret('the same for http addresses, and for https where HTTPS_PROXY is not set'),
  NO_PROXY: optional(
    'hosts that are asked straight, comma-separated, with their subdomains; * for all. Loopback is not exempt',
  ),
  OUTBOUND_PROXY: flag(true, 'false switches HTTPS_PROXY and HTTP_PROXY off'),

  AUDIT_RETENTION_DAYS: int(0, 0, 36_500, 'days that audit events are kept; 0 keeps them for ever'),
  AUDIT_CHECKPOINT_EVENTS: int(
    10_000,
    1,
    1_000_000_000,
    'audit events after which the log is signed by itself; it is once an hour as well',
  ),
  AUDIT_SIGNING_KEY: optional(
    'PEM of the Ed25519 key that signs the audit log; unset, audit-key.pem under DATA_DIR is made and used',
  ),
  AUDIT_SIGNING_KEY_FILE: optional('file with that PEM, in place of AUDIT_SIGNING_KEY'),

  LLM_PROVIDERS: text(
    '',
    'providers in the order in which they are asked, comma-separated; empty: every configured one, then local',
  ),
  FIRST_TOKEN_TIMEOUT_MS: int(
    FIRST_TOKEN_TIMEOUT_MS,
    1,
    3_600_000,
    'longest wait for an answer to begin; unless set, 120000 for lmstudio and for whole answers',
  ),
  STREAMING_TIMEOUT_MS: int(30_000, 1, 3_600_000, 'longest wait between two pieces of an answer'),
  PROVIDER_MAX_RETRIES: int(2, 0, 10, 'how often a provider is asked again before its first token'),
  PROVIDER_RETRY_BASE_MS: int(250, 0, 60_000, 'longest wait before the first retry; doubles with each'),
  PROVIDER_BREAKER_THRESHOLD: int(5, 1, 1000, 'failures in a row after which a provider is left alone'),
  PROVIDER_COOLDOWN_MS: int(5000, 0, 3_600_000, 'how long it is left alone'),
  MAX_TOKENS_PER_ANSWER: int(0, 0, 1_000_000, 'most tokens a vendor is asked for; 0 leaves it to the vendor'),
  MAX_TOKENS_PER_USER_PER_DAY: int(0, 0, 1_000_000_000, 'tokens of one user in a UTC day; 0 sets no limit'),
  RESPONSE_CACHE_TTL_SECONDS: int(0, 0, 2_592_000, 'how long a whole answer is given again; 0 never'),
  RESPONSE_CACHE_MAX_ENTRIES: int(1000, 1, 1_000_000, 'answers kept in this process, when not on Redis'),
  CHUNK_FLUSH_MS: int(0, 0, 1000, 'how long tokens are joined; 0 joins those of one event-loop turn'),

  METRICS_TOKEN: secret('bearer token of /metrics for callers that are not on loopback'),
  GRAFANA_URL: optional('where Grafana is, shown by /api/v1/observability'),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(
    'where traces go, by OTLP over HTTP to /v1/traces below it; unset, none are made',
  ),
})
export type Config = Readonly<Static<typeof Settings>> & {
  /** Settings of the providers in the order in which they are asked, without `local`. */
  readonly providers: readonly ProviderSettings[]
  /** Their names, and `local` where it is asked. */
  readonly providerOrder: readonly string[]
  /** The channels of `COALESCE_MS`, with their times. */
  readonly coalescing: readonly Coalescing[]
}

/** An error that lists every bad setting; `main` prints its message and exits. */
export class ConfigError extends Error {
  readonly errors: readonly SettingError[]

  constructor(errors: readonly SettingError[]) {
    super(
      `Settings that cannot be used:\n${errors.map(({ field, reason }) => `  ${field}: ${reason}`).join('\n')}`,
    )
    this.name = 'ConfigError'
    this.errors = errors
  }
}

/**
 * Matches secrets as examples and templates print them: `your-…`, `change-me…`, `…change-in-production`, one letter
 * repeated.
 */
const KNOWN_DEFAULT = /^your[-_ ]|change[-_ ]?(me|this|it|in)|^(.)\2*$/i

const rules: ((config: Config) => SettingError | undefined)[] = [
  ({ NODE_ENV, PASSWORD_COST }) =>
    NODE_ENV === 'production' && PASSWORD_COST < 15
      ? { field: 'PASSWORD_COST', reason: 'must be 15 or more in production' }
      : undefined,
  ({ NODE_ENV, JWT_SECRET }) =>
    NODE_ENV === 'production' && !JWT_SECRET
      ? { field: 'JWT_SECRET', reason: 'is required in production' }
      : undefined,
  ({ NODE_ENV, JWT_SECRET }) =>
    NODE_ENV === 'production' && JWT_SECRET && Buffer.byteLength(JWT_SECRET) < 32
      ? { field: 'JWT_SECRET', reason: 'must have 32 bytes or more in production' }
      : undefined,
  ({ NODE_ENV, JWT_SECRET }) =>
    NODE_ENV === 'production' && JWT_SECRET && KNOWN_DEFAULT.test(JWT_SECRET)
      ? { field: 'JWT_SECRET', reason: 'is a known default' }
      : undefined,
  ({ NODE_ENV, ALLOW_ANONYMOUS, ALLOW_ANONYMOUS_IN_PRODUCTION }) =>
    NODE_ENV === 'production' && ALLOW_ANONYMOUS && !ALLOW_ANONYMOUS_IN_PRODUCTION
      ? { field: 'ALLOW_ANONYMOUS', reason: 'needs ALLOW_ANONYMOUS_IN_PRODUCTION=true in production' }
      : undefined,
  ({ DATABASE_URL }) =>
    DATABASE_URL && !/^postgres(ql)?:\/\//.test(DATABASE_URL)
      ? { field: 'DATABASE_URL', reason: 'must begin with postgres://' }
      : undefined,
  ({ REDIS_URL }) =>
    REDIS_URL &&
    !/^(rediss?|redis\+cluster|redis\+sentinel|rediss\+cluster|rediss\+sentinel):\/\//.test(REDIS_URL)
      ? {
          field: 'REDIS_URL',
          reason: 'must begin with redis://, rediss://, redis+cluster:// or redis+sentinel://',
        }
      : undefined,
  ({ AUDIT_SIGNING_KEY, AUDIT_SIGNING_KEY_FILE }) =>
    AUDIT_SIGNING_KEY && AUDIT_SIGNING_KEY_FILE
      ? { field: 'AUDIT_SIGNING_KEY_FILE', reason: 'goes without AUDIT_SIGNING_KEY' }
      : undefined,
  ({ CORS_ORIGINS }) => {
    const origins = list(CORS_ORIGINS)
    const bad = origins.find((origin) => origin !== '*' && !/^https?:\/\/[^/*\s]+$/.test(origin))
    if (bad !== undefined) return { field: 'CORS_ORIGINS', reason: `${bad} is not an origin` }
    return origins.includes('*') && origins.length > 1
      ? { field: 'CORS_ORIGINS', reason: 'has * beside others; * stands alone' }
      : undefined
  },
  ({ COALESCE_MS }) => {
    const bad = list(COALESCE_MS).find((entry) => readCoalescing(entry) === undefined)
    return bad === undefined
      ? undefined
      : {
          field: 'COALESCE_MS',
          reason: `${bad} is not <channel>=<ms> with at most ${MAX_COALESCE_MS} ms, like topic:prices.*=50`,
        }
  },
  ({ TRUST_PROXY }) => {
    const bad = list(TRUST_PROXY).find(
      (entry) => !/^([0-9a-fA-F.:]+(\/\d{1,3})?|loopback|linklocal|uniquelocal)$/.test(entry),
    )
    return bad === undefined
      ? undefined
      : {
          field: 'TRUST_PROXY',
          reason: `${bad} is not an address, a CIDR, loopback, linklocal or uniquelocal`,
        }
  },
  ...(['HTTPS_PROXY', 'HTTP_PROXY'] as const).map(
    (key) =>
      ({ [key]: url, OUTBOUND_PROXY }: Config) =>
        OUTBOUND_PROXY && url !== undefined && !(/^https?:\/\//.test(url) && URL.canParse(url))
          ? { field: key, reason: 'must be an http or https URL of a proxy, or OUTBOUND_PROXY=false' }
          : undefined,
  ),
  ...(
    [
      'PUBLIC_URL',
      'JWKS_URL',
      'PORTAL_BASE_URL',
      'PNCP_BASE_URL',
      'GRAFANA_URL',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
    ] as const
  ).map(
    (key) => (config: Config) =>
      config[key] !== undefined && !/^https?:\/\/\S+$/.test(config[key])
        ? { field: key, reason: 'must be an http or https URL' }
        : undefined,
  ),
]

/** Returns the entries of a comma-separated setting. */
export const list = (value: string): string[] =>
  value
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)

/** Settings of programs in general, which many systems set in lower case. */
const LOWER_CASE_TOO = new Set(['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'])

/** Returns the names of the settings that servers of one's own have, which `LLM_PROVIDERS` names. */
const ownSettings = (
  env: Readonly<Record<string, string | undefined>>,
  settings: readonly string[],
): string[] =>
  list(env.LLM_PROVIDERS ?? '').flatMap((name) => settings.map((setting) => settingOf(name, setting)))

/** Returns the names of the settings that are secrets. */
const secretsOf = (env: Readonly<Record<string, string | undefined>>): string[] => {
  const known = Object.entries({ ...Settings.properties, ...ProviderVariables })
    .filter(([, schema]) => isSecret(schema))
    .map(([name]) => name)
  return [...new Set([...known, 'GROK_API_KEY', ...ownSettings(env, ['API_KEY'])])]
}

/**
 * Reads the service's settings from an environment; empty variables count as unset, and a
 * secret may be in a file.
 * @throws {ConfigError} naming every bad key
 */
export const loadConfig = (environment: Readonly<Record<string, string | undefined>>): Config => {
  const { env: given, errors } = withSecretFiles(environment, secretsOf(environment))
  const env = withDocumentNames(given)
  const values: Record<string, unknown> = {}
  for (const [key, schema] of Object.entries(Settings.properties) as [
    string,
    TSchema & { default?: unknown },
  ][]) {
    const text = env[key] || (LOWER_CASE_TOO.has(key) ? env[key.toLowerCase()] : undefined)
    if (text === undefined || text === '') {
      if (schema.default !== undefined) values[key] = schema.default
      continue
    }
    const value = fromText(schema, text)
    if (Value.Check(schema, value)) values[key] = value
    else errors.push({ field: key, reason: `must be ${allowed(schema)}` })
  }
  const { OLLAMA_ENABLED } = environment
  if (OLLAMA_ENABLED && flagOf(OLLAMA_ENABLED.trim()) === undefined)
    errors.push({ field: 'OLLAMA_ENABLED', reason: 'must be true or false' })
  const { providers, order, errors: bad } = readProviders(env, (key) => key in Settings.properties)
  errors.push(...bad)
  const coalescing = list(String(values.COALESCE_MS)).map(readCoalescing)
  const config = { ...values, providers, providerOrder: order, coalescing } as unknown as Config
  for (const rule of rules) {
    const error = rule(config)
    if (error && !errors.some(({ field }) => field === error.field)) errors.push(error)
  }
  if (errors.length > 0) throw new ConfigError(errors)
  return Object.freeze(config)
}

/** Returns the variables of an environment that look like settings and are none. */
export const misspelt = (env: Readonly<Record<string, string | undefined>>): UnknownSetting[] => {
  const own = ['API_KEY', 'BASE_URL', 'MODEL', 'STREAMING', 'PRICE_INPUT', 'PRICE_OUTPUT']
  return unknownSettings(env, [
    ...Object.keys(Settings.properties),
    ...Object.keys(ProviderVariables),
    ...ownSettings(env, own),
    ...secretsOf(env).map(fileSettingOf),
  ])
}

/**
 * Reads the settings of this process from its environment, over an optional `.env` file beside it, with the variables
 * that look like settings and are none.
 */
export const processConfig = (): { config: Config; unknown: UnknownSetting[] } => {
  if (existsSync('.env')) process.loadEnvFile('.env')
  return { config: loadConfig(process.env), unknown: misspelt(process.env) }
}
