import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgresProgram, postgresUrl } from '../../deploy/cluster/postgres.ts'
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
export const startPostgres = async (...settings: string[]): Promise<PostgresServer> => {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-postgres-'))
  // Run by root, the server belongs to another user, who has to get into the directory.
  await chmod(directory, 0o711)
  const place = {
    directory: join(directory, 'postgres'),
    port: await freePort(),
    password: 'tributary',
    settings,
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
