import { existsSync, readdirSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PostgresPlace, postgresProgram, postgresUrl } from '../../deploy/cluster/postgres.ts'
import { start } from '../../deploy/cluster/program.ts'
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
export const startPostgres = (...settings: string[]): Promise<PostgresServer> => startServer({ settings })

/** Folder of the newest PostgreSQL that Debian's packages have installed, with its tools. */
export const postgresTools = (): string => {
  const folder = '/usr/lib/postgresql'
  const versions = existsSync(folder) ? readdirSync(folder).map(Number) : []
  if (versions.length === 0)
    throw new Error('PostgreSQL with its tools is missing: apt-get install postgresql')
  return join(folder, String(Math.max(...versions)), 'bin')
}

/** A server as {@link startPostgres} starts it, of the same version as the tools. */
export const startPostgresOf = (programs: string): Promise<PostgresServer> =>
  startServer({ programs, settings: ['fsync=off'] })

const startServer = async (
  options: Pick<PostgresPlace, 'programs' | 'settings'>,
): Promise<PostgresServer> => {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-postgres-'))
  // Run by root, the server belongs to another user, who has to get into the directory.
  await chmod(directory, 0o711)
  const place = {
    directory: join(directory, 'postgres'),
    port: await freePort(),
    password: 'tributary',
    ...options,
  }
  const clear = () => rm(directory, { recursive: true, force: true })
  try {
    const server = await start(await postgresProgram(place))
    return {
      url: (database) => postgresUrl(place, database),
      async stop() {
        await server.stop()
        await clear()
      },
    }
  } catch (error) {
    await clear()
    throw error
  }
}
