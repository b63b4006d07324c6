import { readFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { type Config, loadConfig, Settings } from '../src/config.ts'
import { compressSettings, connectionSettings } from '../src/http-settings.ts'
import type { ProviderSettings } from '../src/llm/provider.ts'
import { ProviderVariables } from '../src/llm/provider-settings.ts'
import { settingOf } from '../src/llm/setting-name.ts'
import { VENDORS } from '../src/llm/vendors.ts'
import { roomsOf, SHOWN } from './settings/shown.ts'
import { fromRoot } from './support/root.ts'

t.setTimeout(300_000)

type Citation = readonly [file: string, title: string]

const SOURCES = 'e2e/sources.test.ts'
const LIMITS = 'e2e/limits.test.ts'
const PROXIES = 'loopback goes through the proxy too, unless NO_PROXY or OUTBOUND_PROXY says otherwise'
const CONNECTIONS = [LIMITS, 'open connections of one address, and of all'] as const
const REQUESTS = [LIMITS, 'requests of one user, and of one address'] as const
const SWITCHED_OFF = [LIMITS, 'what is switched off says so, and forged addresses count as one'] as const
const KEPT_LOG = ['audit/upkeep.test.ts', 'a service keeps its log as its settings say'] as const
const CACHED = ['e2e/chat.test.ts', 'answers given before are given again, and tokens have a budget'] as const
const KEYS = [
  'audit/signing-key.test.ts',
  'the key of the settings signs: as PEM, on one line, and from a file',
] as const
const COMPRESSED = [
  'transport/sse.test.ts',
  'the level decides how small a compressed stream is, the chunk size how it is sent',
] as const
const CUT = [
  'transport/write-queue.test.ts',
  'a reader that takes nothing for the grace is cut; one that takes a little is not',
] as const
const VENDOR_TIMES = ['faults/vendors.test.ts', 'a vendor’s fault ends its turn once, with its code'] as const

/** Settings that another file's test changes and shows the effect of. */
const CITED: Readonly<Record<string, Citation>> = {
  NODE_ENV: ['e2e/start.test.ts', 'settings that cannot be used stop the start with one message'],
  WORKERS: ['e2e/workers.test.ts', 'two workers on one port'],
  LOG_LEVEL: [
    'e2e/callers.test.ts',
    'a request is one line at its end, a stream is told at debug, a bad token without a stack',
  ],
  PUBLIC_URL: [
    'e2e/callers.test.ts',
    "behind the documents' nginx, a page's WebSocket is let in by PUBLIC_URL",
  ],
  TRUST_PROXY: [
    'e2e/callers.test.ts',
    'an address is the same with and without a port: for limits, lock-out and audit',
  ],
  CORS_ORIGINS: ['e2e/callers.test.ts', 'any origin may call, and gets no credentials back'],
  COALESCE_MS: [
    'transport/coalescing.test.ts',
    'events of a hot channel leave together, in order with those of all others',
  ],
  DATA_DIR: ['e2e/start.test.ts', 'a first start makes what it needs, and the next one finds it'],
  DATABASE_URL: ['e2e/export.test.ts', 'exports of the audit log from '],
  JWT_PUBLIC_KEY: [
    'audit/told.test.ts',
    'a user of another issuer is told when first admitted, and when it changes',
  ],
  ALLOW_ANONYMOUS: [
    'e2e/openai-limits.test.ts',
    'where anonymous use is on, no key is needed, and a wrong one is still wrong',
  ],
  ENABLE_SSE_STREAMING: SWITCHED_OFF,
  ENABLE_WEBSOCKET: SWITCHED_OFF,
  SSE_KEEPALIVE_INTERVAL: [
    'e2e/openai-silence.test.ts',
    "OpenAI's client passes over the heartbeat of a model that is long silent",
  ],
  CHANNEL_HISTORY_SIZE: ['e2e/chat-survival.test.ts', 'what a short history has lost is told by a snapshot'],
  RATE_LIMIT_PER_ADDRESS: REQUESTS,
  RATE_LIMIT_PER_USER: REQUESTS,
  RATE_LIMIT_LOGIN: SWITCHED_OFF,
  MAX_CONCURRENT_STREAMS: CONNECTIONS,
  MAX_CONNECTIONS_PER_IP: CONNECTIONS,
  MAX_STREAMS_PER_USER: [LIMITS, 'running streams of one user'],
  MAX_EXPORTS_PER_USER: ['audit/anomaly-export.test.ts', 'an investigation exports its findings over HTTP'],
  STREAM_ORPHAN_GRACE_MS: ['e2e/ai-sdk.test.ts', 'an answer that nobody comes back to is stopped'],
  STREAM_MAX_DURATION_MS: [
    'e2e/language.test.ts',
    'the error of a stream is told in the language of who asked',
  ],
  DRAIN_SECONDS: [
    'e2e/chat-survival.test.ts',
    'a drain that is long enough sees an answer through; a short one ends it',
  ],
  MAX_DATASET_BYTES: ['e2e/uploads.test.ts', 'what is too large is refused before it is all there'],
  INVESTIGATION_CONCURRENCY: [
    'e2e/restart.test.ts',
    'ends for those that wait, with their viewers, and without their data',
  ],
  PORTAL_API_KEY: [SOURCES, 'takes its key from the settings, and tells it to nobody'],
  PORTAL_BASE_URL: [SOURCES, 'takes its key from the settings, and tells it to nobody'],
  PNCP_BASE_URL: [SOURCES, 'is fetched page by page, kept as a dataset, and looked at'],
  HTTPS_PROXY: ['outbound.test.ts', 'an https address is asked for by a tunnel of HTTPS_PROXY'],
  HTTP_PROXY: ['outbound.test.ts', PROXIES],
  NO_PROXY: ['outbound.test.ts', PROXIES],
  OUTBOUND_PROXY: ['outbound.test.ts', PROXIES],
  AUDIT_RETENTION_DAYS: KEPT_LOG,
  AUDIT_CHECKPOINT_EVENTS: KEPT_LOG,
  AUDIT_SIGNING_KEY: KEYS,
  AUDIT_SIGNING_KEY_FILE: KEYS,
  LLM_PROVIDERS: [
    'config.test.ts',
    'an order holds exactly the providers that it names, others than the known ones too',
  ],
  FIRST_TOKEN_TIMEOUT_MS: VENDOR_TIMES,
  STREAMING_TIMEOUT_MS: VENDOR_TIMES,
  MAX_TOKENS_PER_USER_PER_DAY: CACHED,
  RESPONSE_CACHE_TTL_SECONDS: CACHED,
  OTEL_EXPORTER_OTLP_ENDPOINT: [
    'e2e/traces.test.ts',
    'a turn is one trace: the request, and below it each call of a provider',
  ],
}

type Option = (config: Config, open: ReturnType<typeof connectionSettings>) => unknown

/** Settings that become an option, and the test that shows what the option does. */
const PASSED_ON: Readonly<
  Record<string, readonly [value: number, option: Option, name: string, ...Citation]>
> = {
  STREAMING_COMPRESSION_LEVEL: [1, (config) => compressSettings(config).level, 'level', ...COMPRESSED],
  STREAMING_CHUNK_SIZE: [1024, (config) => compressSettings(config).chunkBytes, 'chunkBytes', ...COMPRESSED],
  SSE_BUFFER_SIZE: [4096, (_, { streaming }) => streaming.bufferBytes, 'bufferBytes', ...CUT],
  WEBSOCKET_BUFFER_SIZE: [4096, (_, { sockets }) => sockets.bufferBytes, 'bufferBytes', ...CUT],
  SLOW_CONSUMER_GRACE_MS: [
    5,
    (_, { sockets, streaming }) => sockets.graceMs === streaming.graceMs && sockets.graceMs,
    'graceMs',
    ...CUT,
  ],
}

t.test('every setting is shown to do something', async (t) => {
  const entries = [SHOWN, CITED, PASSED_ON].flatMap(Object.keys)
  t.same([...entries].sort(), Object.keys(Settings.properties).sort())
})

/** Fails unless the file has that test and the name. */
const find = async (t: Test, [file, title]: Citation, name: string) => {
  const text = await readFile(fromRoot(`test/${file}`), 'utf8')
  t.match(text, new RegExp(`\\b${name}\\b`), `${name} in ${file}`)
  t.ok(text.includes(title), `"${title}" in ${file}`)
}

t.test('the tests that are cited are there, and name the setting', async (t) => {
  for (const [setting, citation] of Object.entries(CITED)) await find(t, citation, setting)
})

t.test('what becomes an option becomes that of the test that is cited', async (t) => {
  const { config, rooms, meters } = await roomsOf(t, {})
  for (const [setting, [value, option, name, ...citation]] of Object.entries(PASSED_ON)) {
    const optionOf = (one: Config) => option(one, connectionSettings(one, rooms, meters.transport))
    t.equal(optionOf(loadConfig({ [setting]: String(value) })), value, setting)
    t.not(optionOf(config), value, setting)
    await find(t, citation, name)
  }
})

type ProviderOption = (provider: ProviderSettings | undefined) => unknown
const ASKED: Citation = [
  'llm/vendors-request.test.ts',
  'each name of the settings is asked on its own path, with its own key header',
]
const PRICED: Citation = ['llm/router-usage.test.ts', 'cost is by the price table, 0 where it knows no price']

/** Settings that every vendor has: two values, the option that they become, and the test that shows what it does. */
const OF_VENDORS: Readonly<
  Record<string, readonly [text: string, other: string, ProviderOption, unknown, name: string, ...Citation]>
> = {
  API_KEY: ['k', 'l', (it) => it?.apiKey, 'l', 'apiKey', ...ASKED],
  BASE_URL: [
    'http://one.example',
    'http://two.example',
    (it) => it?.baseUrl,
    'http://two.example',
    'baseUrl',
    ...ASKED,
  ],
  MODEL: ['m', 'n', (it) => it?.model, 'n', 'model', ...ASKED],
  STREAMING: [
    'true',
    'false',
    (it) => it?.streaming,
    false,
    'streaming',
    'llm/vendors-request.test.ts',
    'whole answers are asked for where streaming is switched off',
  ],
  PRICE_INPUT: ['1', '3', (it) => it?.price?.prompt, 3, 'prompt', ...PRICED],
  PRICE_OUTPUT: ['2', '4', (it) => it?.price?.completion, 4, 'completion', ...PRICED],
}

t.test('the settings of every vendor become its options, and no others', async (t) => {
  const walked: string[] = []
  for (const { name, ownSettings = {} } of VENDORS) {
    const settings = { ...OF_VENDORS }
    for (const own of Object.keys(ownSettings))
      settings[own] = ['1', '2', (it) => it?.own?.[own], '2', own, ...ASKED]
    const entries = Object.entries(settings)
    const env = Object.fromEntries(entries.map(([setting, [text]]) => [settingOf(name, setting), text]))
    const optionOf = (option: ProviderOption, more: object) =>
      option(loadConfig({ LLM_PROVIDERS: name, ...env, ...more }).providers[0])
    for (const [setting, [, other, option, expected, named, ...citation]] of entries) {
      const variable = settingOf(name, setting)
      t.equal(optionOf(option, { [variable]: other }), expected, variable)
      t.not(optionOf(option, {}), expected, variable)
      await find(t, citation, named)
      walked.push(variable)
    }
  }
  t.same(walked.sort(), Object.keys(ProviderVariables).sort())
})

for (const [setting, show] of Object.entries(SHOWN)) t.test(setting, show)
