import { availableParallelism } from 'node:os'
import type { CompiledQuery } from 'kysely'
import pg from 'pg'
import { turnstile } from '../turnstile.ts'
import { copyOut } from './copy.ts'
import type { LineReader, LineSource, Span } from './lines.ts'

/**
 * Longest time of one COPY. Its snapshot keeps the server from cleaning up rows that change meanwhile, in every
 * table; a client that reads for hours would let the tables grow for hours.
 */
const COPY_MS = 60_000

/**
 * The limits of reading at once. Two backends make rows as fast as one process sends them. More of them would only
 * take the machine's time from everything else, here and at the server; those that wait use none, since nobody
 * empties their sockets. Two cores, which may be the server's as well, have room for one.
 */
const AT_ONCE = { places: availableParallelism() > 2 ? 2 : 1, sliceMs: 250, idleMs: 20 }

/** Returns a query with its parameters written into it, since COPY takes none. */
const inlined = ({ sql, parameters }: CompiledQuery): string =>
  sql.replace(/\$(\d+)/g, (_, place: string) => {
    const value = parameters[Number(place) - 1]
    return typeof value === 'number' ? String(value) : pg.escapeLiteral(String(value))
  })

const newClient = (url: string): pg.Client => {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'tributary-lines',
    // Times as text always have the ISO form; compiling a query that reads row by row costs more than it saves.
    options: '-c default_transaction_read_only=on -c datestyle=iso -c jit=off',
    connectionTimeoutMillis: 5000,
  })
  // The COPY that runs on a lost connection reports the error itself.
  client.on('error', () => undefined)
  return client
}

/**
 * Makes a reader of PostgreSQL by COPY, on a connection of its own for each reading: one COPY for a whole span when
 * it is read within a minute, else one for every minute of reading. Rows are only ever added behind the span or
 * removed before it, so several snapshots show what the first one would have. The server sends no more than the
 * socket's buffers take while the consumer does not read.
 * @param copyMs longest time of one COPY
 */
export const postgresLines = (url: string, copyMs = COPY_MS): LineReader => {
  const readers = turnstile(AT_ONCE)
  return {
    async *read(source: LineSource, span: Span, signal: AbortSignal) {
      const place = readers.join()
      let { after } = span
      let isOver = after >= span.to
      let rows = 0
      while (!isOver) {
        const client = newClient(url)
        // While a query runs this breaks the connection, and so ends the query.
        const stop = () => void client.end().catch(() => undefined)
        signal.addEventListener('abort', stop, { once: true })
        try {
          signal.throwIfAborted()
          await client.connect()
          if (rows > 0) {
            const last = inlined(source.key({ after, to: span.to }, rows))
            after = (await client.query<{ seq: number }>(last)).rows[0]?.seq ?? span.to
          }
          const began = performance.now()
          const { format, form } = source.copy
          const statement = `copy (${inlined(source.rows({ after, to: span.to }))}) to stdout (${format})`
          rows = 0
          isOver = true
          await place.had()
          for await (const block of copyOut(client, statement, form)) {
            rows += block.rows
            yield block
            await place.had()
            if (performance.now() - began > copyMs) {
              isOver = false
              break
            }
          }
        } catch (error) {
          signal.throwIfAborted()
          throw error
        } finally {
          signal.removeEventListener('abort', stop)
          stop()
          place.leave()
        }
      }
    },
    async close() {},
  }
}
