import { readFile } from 'node:fs/promises'
import t from 'tap'
import { settingsPage } from '../deploy/configure.ts'
import { ConfigError, loadConfig, misspelt, Settings } from '../src/config.ts'
import { ProviderVariables } from '../src/llm/provider-settings.ts'
import { fromRoot } from './support/root.ts'

const bad = (env: Record<string, string>): Record<string, string> => {
  try {
    loadConfig(env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return Object.fromEntries(error.errors.map(({ field, reason }) => [field, reason]))
  }
  return {}
}

t.test('every bad key is named in one message', async (t) => {
  t.same(
    bad({
      NODE_ENV: 'production',
      PORT: 'eighty',
      SSE_BUFFER_SIZE: '1',
      LOG_LEVEL: 'loud',
      ENABLE_WEBSOCKET: 'perhaps',
      DUCKDB_MEMORY_LIMIT: 'lots',
      CORS_ORIGINS: 'https://good.example, https://*.example',
      TRUST_PROXY: 'true',
      DATABASE_URL: 'mysql://db',
      REDIS_URL: 'http://redis',
      ALLOW_ANONYMOUS: 'true',
    }),
    {
      PORT: 'must be a whole number from 0 to 65535',
      SSE_BUFFER_SIZE: 'must be a whole number from 4096 to 16777216',
      LOG_LEVEL: 'must be one of fatal, error, warn, info, debug, trace, silent',
      ENABLE_WEBSOCKET: 'must be true or false',
      DUCKDB_MEMORY_LIMIT: 'must be text like 512MB or 2GB',
      CORS_ORIGINS: 'https://*.example is not an origin',
      TRUST_PROXY: 'true is not an address, a CIDR, loopback, linklocal or uniquelocal',
      DATABASE_URL: 'must begin with postgres://',
      REDIS_URL: 'must begin with redis://, rediss://, redis+cluster:// or redis+sentinel://',
      JWT_SECRET: 'is required in production',
      ALLOW_ANONYMOUS: 'needs ALLOW_ANONYMOUS_IN_PRODUCTION=true in production',
    },
  )
})

t.test('any origin is let in by * alone', async (t) => {
  t.same(bad({ CORS_ORIGINS: '*' }), {})
  t.same(bad({ CORS_ORIGINS: '*, https://good.example' }), {
    CORS_ORIGINS: 'has * beside others; * stands alone',
  })
})

t.test('production refuses secrets that are short, or that templates print', async (t) => {
  const secret = (JWT_SECRET: string) => bad({ NODE_ENV: 'production', JWT_SECRET }).JWT_SECRET
  t.equal(secret('a'.repeat(31)), 'must have 32 bytes or more in production')
  t.equal(secret('a'.repeat(32)), 'is a known default')
  t.equal(secret('your-secret-key-that-is-long-enough-to-pass'), 'is a known default')
  t.equal(secret('long-enough-but-change-in-production-please'), 'is a known default')
  t.equal(secret('nine words that nobody would guess, kept in a vault'), undefined)
  t.same(bad({ NODE_ENV: 'development', JWT_SECRET: 'short' }), {}, 'development takes what it gets')
})

t.test('production refuses hashes of passwords that are made too fast', async (t) => {
  const cost = (PASSWORD_COST: string) => bad({ NODE_ENV: 'production', PASSWORD_COST }).PASSWORD_COST
  t.equal(cost('14'), 'must be 15 or more in production')
  t.equal(cost('15'), undefined)
  t.equal(cost('21'), 'must be a whole number from 10 to 20')
  t.same(bad({ PASSWORD_COST: '10' }), {}, 'elsewhere it may be low')
})

t.test('values are read as what they are; empty ones are unset', async (t) => {
  const config = loadConfig({ PORT: '0', ENABLE_WEBSOCKET: 'off', REDIS_URL: '', HOST: '::1' })
  t.match(config, { PORT: 0, ENABLE_WEBSOCKET: false, HOST: '::1', SSE_KEEPALIVE_INTERVAL: 30 })
  t.equal(config.REDIS_URL, undefined)
})

t.test('a secret is read from a file, and not from two places', async (t) => {
  const folder = t.testdir({ jwt: 'kept in a vault\n', key: 'k1', empty: '\n' })
  const config = loadConfig({
    JWT_SECRET_FILE: `${folder}/jwt`,
    XAI_API_KEY_FILE: `${folder}/key`,
    MY_SERVER_API_KEY_FILE: `${folder}/key`,
    MY_SERVER_BASE_URL: 'http://127.0.0.1:1/v1',
    MY_SERVER_MODEL: 'm',
    LLM_PROVIDERS: 'xai,my-server',
  })
  t.equal(config.JWT_SECRET, 'kept in a vault', 'without its line end')
  t.match(config.providers, [
    { name: 'xai', apiKey: 'k1' },
    { name: 'my-server', apiKey: 'k1' },
  ])
  t.same(
    bad({
      JWT_SECRET: 's',
      JWT_SECRET_FILE: `${folder}/jwt`,
      METRICS_TOKEN_FILE: `${folder}/nowhere`,
      ADMIN_PASSWORD_FILE: `${folder}/empty`,
    }),
    {
      JWT_SECRET_FILE: 'goes without JWT_SECRET',
      METRICS_TOKEN_FILE: 'cannot be read: ENOENT',
      ADMIN_PASSWORD_FILE: 'names a file that is empty',
    },
  )
  t.same(misspelt({ JWT_SECRET_FILE: 'x', XAI_API_KEY_FILE: 'x' }), [])
  t.match(misspelt({ JWT_ISSUER_FILE: 'x' }), [{ name: 'JWT_ISSUER_FILE' }], 'no secret, so no file')
})

t.test("the documents' own names are understood, and ours come before them", async (t) => {
  t.match(loadConfig({ STREAMING_API_PORT: '3001', GROK_API_KEY: 'k', GROK_MODEL: 'grok-beta' }), {
    PORT: 3001,
    providers: [{ name: 'xai', apiKey: 'k', model: 'grok-beta' }],
  })
  t.equal(loadConfig({ STREAMING_API_PORT: '3001', PORT: '3002' }).PORT, 3002)
  t.match(loadConfig({ GEMINI_API_KEY: 'k', GEMINI_MODEL: 'm' }).providers, [{ name: 'gemini', model: 'm' }])
  t.match(loadConfig({ OLLAMA_ENABLED: 'true' }).providers, [
    { name: 'ollama', baseUrl: 'http://127.0.0.1:11434' },
  ])
  t.same(loadConfig({ OLLAMA_ENABLED: 'false', OLLAMA_MODEL: 'm' }).providerOrder, ['local'])
  t.same(bad({ OLLAMA_ENABLED: 'perhaps' }), { OLLAMA_ENABLED: 'must be true or false' })
  for (const LOG_LEVEL of ['DEBUG', 'Debug', 'debug']) t.equal(loadConfig({ LOG_LEVEL }).LOG_LEVEL, 'debug')
})

t.test('what begins like a setting and is none is found, with the nearest one', async (t) => {
  t.same(
    misspelt({
      SSE_KEEPALIVE_INTERVALL: '5',
      STREAM_LEASE: '1',
      OPENAI_MODLE: 'm',
      MY_SERVER_BASEURL: 'http://x',
      LLM_PROVIDERS: 'my-server',
      MY_SERVER_MODEL: 'm',
      GROK_MODEL: 'g',
      OLLAMA_ENABLED: 'true',
      NODE_OPTIONS: '',
      PATH: '',
      HOME: '/root',
      LANG: 'C',
      SSE_BUFFER_SIZE: '65536',
    }),
    [
      { name: 'SSE_KEEPALIVE_INTERVALL', nearest: 'SSE_KEEPALIVE_INTERVAL' },
      { name: 'STREAM_LEASE', nearest: 'STREAM_LEASE_MS' },
      { name: 'OPENAI_MODLE', nearest: 'OPENAI_MODEL' },
      { name: 'MY_SERVER_BASEURL', nearest: 'MY_SERVER_BASE_URL' },
    ],
  )
})

t.test('.env.example lists every setting with its description and its default', async (t) => {
  const lines = (await readFile(fromRoot('.env.example'), 'utf8')).split('\n')
  const listed = lines.filter((line) => /^#[A-Z]/.test(line)).map((line) => line.slice(1, line.indexOf('=')))
  const settings = Object.entries({ ...Settings.properties, ...ProviderVariables }) as unknown as [
    string,
    { description: string; default?: unknown },
  ][]
  t.same([...listed].sort(), settings.map(([name]) => name).sort())
  for (const [name, { description, default: value = '' }] of settings) {
    const at = lines.indexOf(`#${name}=${value}`)
    t.equal(lines[at - 1], `# ${description}`, name)
  }
})

t.test('docs/configure.md is what the schema says', async (t) => {
  const page = await readFile(fromRoot('docs/configure.md'), 'utf8')
  t.equal(page, settingsPage(await readFile(fromRoot('.env.example'), 'utf8')), 'npm run docs writes it anew')
  for (const name of Object.keys({ ...Settings.properties, ...ProviderVariables }))
    t.match(page, `\n| \`${name}\` | `, name)
})

const providersOf = (env: Record<string, string>) => loadConfig(env).providers

t.test('a fresh machine has no provider but local', async (t) => {
  t.match(loadConfig({}), { providers: [], providerOrder: ['local'] })
})

t.test('without an order every configured provider is asked in the documented one, then local', async (t) => {
  const env = {
    LMSTUDIO_MODEL: 'qwen',
    XAI_API_KEY: 'k1',
    GEMINI_BASE_URL: 'http://127.0.0.1:1',
    OPENAI_API_KEY: 'k2',
    OLLAMA_BASE_URL: 'http://127.0.0.1:2/',
    MARITACA_MODEL: 'sabia-3.1',
  }
  t.same(loadConfig(env).providerOrder, ['openai', 'xai', 'gemini', 'ollama', 'lmstudio', 'local'])
  t.same(providersOf(env), [
    { name: 'openai', apiKey: 'k2', streaming: true, firstTokenTimeoutMs: 30_000, wholeTimeoutMs: 120_000 },
    { name: 'xai', apiKey: 'k1', streaming: true, firstTokenTimeoutMs: 30_000, wholeTimeoutMs: 120_000 },
    {
      name: 'gemini',
      baseUrl: 'http://127.0.0.1:1',
      streaming: true,
      firstTokenTimeoutMs: 30_000,
      wholeTimeoutMs: 120_000,
    },
    {
      name: 'ollama',
      baseUrl: 'http://127.0.0.1:2',
      streaming: true,
      firstTokenTimeoutMs: 30_000,
      wholeTimeoutMs: 120_000,
    },
    {
      name: 'lmstudio',
      model: 'qwen',
      streaming: true,
      firstTokenTimeoutMs: 120_000,
      wholeTimeoutMs: 120_000,
    },
  ])
})

t.test('an order holds exactly the providers that it names, others than the known ones too', async (t) => {
  const config = loadConfig({
    LLM_PROVIDERS: 'my-server, openai',
    OPENAI_API_KEY: 'k',
    XAI_API_KEY: 'k',
    MY_SERVER_BASE_URL: 'https://llm.example/v1',
    MY_SERVER_MODEL: 'm',
    MY_SERVER_STREAMING: 'no',
  })
  t.same(config.providerOrder, ['my-server', 'openai'])
  t.same(config.providers[0], {
    name: 'my-server',
    baseUrl: 'https://llm.example/v1',
    model: 'm',
    streaming: false,
    firstTokenTimeoutMs: 120_000,
    wholeTimeoutMs: 120_000,
  })
  t.same(loadConfig({ LLM_PROVIDERS: 'local,xai', XAI_API_KEY: 'k' }).providerOrder, ['local', 'xai'])
})

t.test("a first-token time-out that is set is everybody's", async (t) => {
  const env = { LMSTUDIO_MODEL: 'm', OPENAI_API_KEY: 'k', FIRST_TOKEN_TIMEOUT_MS: '700' }
  t.same(
    providersOf(env).map(({ firstTokenTimeoutMs }) => firstTokenTimeoutMs),
    [700, 700],
  )
})

t.test('azure needs its address and its deployment', async (t) => {
  t.same(bad({ AZURE_API_KEY: 'k' }), {
    AZURE_BASE_URL: 'is required: azure has no address of its own',
    AZURE_MODEL: 'is required: the deployment that azure is asked for',
  })
  const azure = { AZURE_BASE_URL: 'https://mine.openai.azure.com', AZURE_MODEL: 'd', AZURE_API_KEY: 'k' }
  t.match(providersOf(azure), [{ model: 'd', own: { API_VERSION: '2024-10-21' } }])
  t.match(providersOf({ ...azure, AZURE_API_VERSION: '2030-01-01' }), [
    { own: { API_VERSION: '2030-01-01' } },
  ])
})

t.test('a provider has the prices that are set for it, both or none', async (t) => {
  const azure = { AZURE_BASE_URL: 'https://mine.openai.azure.com', AZURE_MODEL: 'd' }
  t.equal(providersOf(azure)[0]?.price, undefined)
  const priced = { ...azure, AZURE_PRICE_INPUT: '1.25', AZURE_PRICE_OUTPUT: '0' }
  t.same(providersOf(priced)[0]?.price, { prompt: 1.25, completion: 0 })
  t.same(bad({ ...azure, AZURE_PRICE_INPUT: 'R$ 5' }), {
    AZURE_PRICE_INPUT: 'must be dollars for a million tokens, like 0.25',
    AZURE_PRICE_OUTPUT: 'is required beside AZURE_PRICE_INPUT',
  })
})

t.test('providers that cannot be used are named by their keys, and no value is shown', async (t) => {
  const secret = 'sk-SENTINEL with a space'
  const found = bad({
    LLM_PROVIDERS: 'xai,ollama,acme,other,openai,Bad,portal,local,local',
    OTHER_MODEL: 'm',
    OPENAI_API_KEY: secret,
    OPENAI_BASE_URL: 'ftp://SENTINEL',
    OPENAI_STREAMING: 'perhaps',
  })
  t.same(found, {
    XAI_API_KEY: 'or XAI_BASE_URL is required, since LLM_PROVIDERS names xai',
    OLLAMA_MODEL: 'or OLLAMA_BASE_URL is required, since LLM_PROVIDERS names ollama',
    ACME_BASE_URL: 'or ACME_MODEL is required, since LLM_PROVIDERS names acme',
    OTHER_BASE_URL: 'is required: other has no address of its own',
    OPENAI_API_KEY: 'must be printable ASCII without spaces',
    OPENAI_BASE_URL: 'must be an http or https URL without user, query and fragment',
    OPENAI_STREAMING: 'must be true or false',
    LLM_PROVIDERS: 'names local twice',
  })
  t.notMatch(JSON.stringify(found), /SENTINEL/)
  t.same(bad({ LLM_PROVIDERS: 'Bad' }), { LLM_PROVIDERS: 'Bad is no name of a provider' })
  t.same(bad({ LLM_PROVIDERS: 'portal' }), { LLM_PROVIDERS: 'portal is the name of a data source' })
  t.same(bad({ ANTHROPIC_BASE_URL: 'https://user:pass@host' }), {
    ANTHROPIC_BASE_URL: 'must be an http or https URL without user, query and fragment',
  })
})
