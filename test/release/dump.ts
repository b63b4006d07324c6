import { execFileSync } from 'node:child_process'
import { DatabaseSync } from '@photostructure/sqlite'
import { Redis } from 'ioredis'
import pg from 'pg'
import { postgresTools } from '../support/postgres.ts'
import { program } from '../support/program.ts'

/** Writes a SQLite file down as SQL. */
export const dumpSqlite = (path: string): string =>
  execFileSync(program('sqlite3', 'sqlite3'), [path, '.dump'], { encoding: 'utf8' })

/** Makes a SQLite file of SQL. */
export const restoreSqlite = (path: string, text: string): void => {
  const database = new DatabaseSync(path)
  database.exec(text)
  database.close()
}

/** Writes a PostgreSQL database down as SQL that its protocol takes, without the commands of a terminal. */
export const dumpPostgres = (url: string): string =>
  execFileSync(`${postgresTools()}/pg_dump`, ['--inserts', '--no-owner', '--no-privileges', url], {
    encoding: 'utf8',
  }).replace(/^(\\(un)?restrict .*\n|--\n-- .*\n--\n\n+)/gm, '')

/** Runs SQL in an empty database. */
export const restorePostgres = async (url: string, text: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(text)
  await client.end()
}

/** Stands for the server's life, by which a channel tells whether Redis was restarted. */
const LIFE = '{life}'

const connected = async <T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> => {
  const redis = new Redis(url)
  try {
    return await work(redis)
  } finally {
    redis.disconnect()
  }
}

/** Returns the command that makes a key's value. @throws {Error} when it is of a type that the service does not use */
const commandOf = async (redis: Redis, key: string): Promise<string[][]> => {
  const type = await redis.type(key)
  if (type === 'string') return [['SET', key, (await redis.get(key)) ?? '']]
  if (type === 'hash') {
    const fields = Object.entries(await redis.hgetall(key))
    return [['HSET', key, ...fields.flatMap(([field, value]) => [field, field === 'life' ? LIFE : value])]]
  }
  if (type === 'zset') {
    const members = (await redis.call('ZRANGE', key, '0', '-1', 'WITHSCORES')) as string[]
    const pairs = members.flatMap((member, n) => (n % 2 ? [] : [members[n + 1] as string, member]))
    return [['ZADD', key, ...pairs]]
  }
  if (type === 'stream')
    return (await redis.xrange(key, '-', '+')).map(([id, fields]) => ['XADD', key, id, ...fields])
  throw new Error(`${key} is a ${type}`)
}

/** Writes a Redis down as commands, a JSON array a line. */
export const dumpRedis = (url: string): Promise<string> =>
  connected(url, async (redis) => {
    const commands: string[][] = []
    for (const key of (await redis.keys('*')).sort()) {
      commands.push(...(await commandOf(redis, key)))
      const ttl = await redis.pttl(key)
      if (ttl >= 0) commands.push(['PEXPIRE', key, String(ttl)])
    }
    return commands.map((command) => `${JSON.stringify(command)}\n`).join('')
  })

/** Fills an empty Redis, as if it were the one that was written down and had run since. */
export const restoreRedis = (url: string, text: string): Promise<void> =>
  connected(url, async (redis) => {
    const field = (section: string, name: string) =>
      redis.info(section).then((told) => new RegExp(`${name}:(\\w+)`).exec(told)?.[1])
    const life = `${await field('server', 'run_id')} ${await field('replication', 'master_replid')}`
    for (const line of text.split('\n').filter(Boolean)) {
      const [name, ...args]: string[] = JSON.parse(line)
      await redis.call(name as string, ...args.map((one) => (one === LIFE ? life : one)))
    }
  })
