/**
 * `npm run cluster` starts Redis, PostgreSQL, three instances, nginx with the repository's own configuration and
 * Prometheus on this machine, and keeps them running until SIGINT or SIGTERM.
 *
 * `PORT` (8000) is nginx's, `DATA_DIR` (`./data/cluster`) keeps everything. All other settings go to the instances.
 */
import { existsSync } from 'node:fs'
import { cluster } from './cluster.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const whole = (name: string, text: string, maximum: number): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > maximum)
    throw new Error(`${name} must be a whole number from 0 to ${maximum}`)
  return value
}

const ending = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => ending.abort(new Error(`ended by ${signal}`)))

try {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const { HOST = '127.0.0.1', PORT, DATA_DIR, DRAIN_SECONDS } = process.env
  await cluster({
    host: HOST,
    port: whole('PORT', PORT || '8000', 65_535),
    directory: DATA_DIR || './data/cluster',
    drainSeconds: whole('DRAIN_SECONDS', DRAIN_SECONDS || '10', 25),
    env: process.env,
    say,
    signal: ending.signal,
  })
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
}
