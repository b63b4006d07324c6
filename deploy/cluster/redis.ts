import { program } from '../../test/support/program.ts'
import type { Program } from './program.ts'

export interface RedisPlace {
  /** Where its files are. */
  directory: string
  port: number
  /** A file of settings, which a sentinel writes to. */
  settings?: string
  /** More of its command line: `'--appendonly', 'yes'`. */
  args: readonly string[]
}

/**
 * Returns a redis-server on 127.0.0.1.
 * @throws {Error} with the line that installs it
 */
export const redisProgram = ({ directory, port, settings, args }: RedisPlace): Program => ({
  name: 'redis-server',
  command: program('redis-server', 'redis-server'),
  args: [
    ...(settings === undefined ? [] : [settings]),
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--loglevel', 'notice'],
    ...args,
  ],
  ready: /Ready to accept connections|Sentinel ID is/,
})
