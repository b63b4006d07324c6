import { readFile } from 'node:fs/promises'
import t from 'tap'
import { ConfigError, loadConfig, Settings } from '../src/config.ts'

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
      CORS_ORIGINS: 'https://good.example, *',
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
      CORS_ORIGINS: '* is not an origin',
      TRUST_PROXY: 'true is not an address, a CIDR, loopback, linklocal or uniquelocal',
      DATABASE_URL: 'must begin with postgres://',
      REDIS_URL: 'must begin with redis://, rediss://, redis+cluster:// or redis+sentinel://',
      JWT_SECRET: 'is required in production',
      ALLOW_ANONYMOUS: 'needs ALLOW_ANONYMOUS_IN_PRODUCTION=true in production',
    },
  )
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

t.test('values are read as what they are; empty ones are unset', async (t) => {
  const config = loadConfig({ PORT: '0', ENABLE_WEBSOCKET: 'off', REDIS_URL: '', HOST: '::1' })
  t.match(config, { PORT: 0, ENABLE_WEBSOCKET: false, HOST: '::1', SSE_KEEPALIVE_INTERVAL: 30 })
  t.equal(config.REDIS_URL, undefined)
})

t.test('.env.example lists every setting with its description and its default', async (t) => {
  const lines = (await readFile(new URL('../.env.example', import.meta.url), 'utf8')).split('\n')
  const listed = lines.filter((line) => /^#[A-Z]/.test(line)).map((line) => line.slice(1, line.indexOf('=')))
  const settings = Object.entries(Settings.properties) as unknown as [
    string,
    { description: string; default?: unknown },
  ][]
  t.same([...listed].sort(), settings.map(([name]) => name).sort())
  for (const [name, { description, default: value = '' }] of settings) {
    const at = lines.indexOf(`#${name}=${value}`)
    t.equal(lines[at - 1], `# ${description}`, name)
  }
})
