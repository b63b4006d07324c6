import type { CompiledQuery } from 'kysely'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { recordEnds } from './line-ends.ts'
import type { LineReader, LineSource, Span } from './lines.ts'

/** Rows of one COPY, and so of one snapshot: some megabytes, which even a slow client reads in minutes. */
const ROWS_A_COPY = 20_000
/** Bytes of a block: enough that zlib's job for it costs little. */
const BLOCK_BYTES = 65_536

/** A query with its parameters written into it: COPY takes none. */
const inlined = ({ sql, parameters }: CompiledQuery): string =>
  sql.replace(/\$(\d+)/g, (_, place: string) => {
    const value = parameters[Number(place) - 1]
    return typeof value === 'number' ? String(value) : pg.escapeLiteral(String(value))
  })

/**
 * Reads PostgreSQL by COPY, on a connection of its own for each reader. The server sends no more than the socket's
 * buffers take while the consumer does not read.
 */
export const postgresLines = (url: string): LineReader => ({
  async *read(source: LineSource, { after, to }: Span, signal: AbortSignal) {
    if (after >= to) return
    const client = new pg.Client({
      connectionString: url,
      application_name: 'tributary-lines',
      options: '-c default_transaction_read_only=on',
      connectionTimeoutMillis: 5000,
    })
    // A lost connection is told to the COPY that runs on it; between two of them, by the next one.
    client.on('error', () => undefined)
    // With a query under way this breaks the connection, and so ends the query.
    const stop = () => void client.end().catch(() => undefined)
    signal.addEventListener('abort', stop, { once: true })
    try {
      signal.throwIfAborted()
      await client.connect()
      const ends = recordEnds(source.crlf)
      for (let position = after; position < to; position += ROWS_A_COPY) {
        signal.throwIfAborted()
        const span = { after: position, to: Math.min(to, position + ROWS_A_COPY) }
        const copy = `copy (${inlined(source.rows(span))}) to stdout (${source.copy})`
        let held: Buffer[] = []
        let heldBytes = 0
        for await (const chunk of client.query(copyTo(copy)) as AsyncIterable<Buffer>) {
          held.push(chunk)
          heldBytes += chunk.length
          if (heldBytes < BLOCK_BYTES) continue
          yield ends(Buffer.concat(held))
          held = []
          heldBytes = 0
        }
        if (heldBytes > 0) yield ends(Buffer.concat(held))
      }
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      signal.removeEventListener('abort', stop)
      stop()
    }
  },
  async close() {},
})
