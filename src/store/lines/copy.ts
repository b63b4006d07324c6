import type { Duplex } from 'node:stream'
import pg from 'pg'
import type { Block, CopyForm } from './lines.ts'

// Messages of a COPY. @see https://www.postgresql.org/docs/current/protocol-message-formats.html
const COPY_DATA = 0x64
const COMMAND_COMPLETE = 0x43
const ERROR_RESPONSE = 0x45
/** A message's type and length; the length counts itself. */
const HEAD_BYTES = 5
// The binary format. @see https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4
const SIGNATURE_BYTES = 19
/** Bytes of the number of a row's fields, and of the length of its one field. */
const ROW_HEAD_BYTES = 6
const TRAILER_BYTES = 2

const CR = 13
const LF = 10
const CRLF = Buffer.from([CR, LF])

/** The text in some messages. */
interface Text {
  /** Text up to the end of the last whole row, in order. */
  readonly pieces: readonly Buffer[]
  /** Number of rows that end in it. */
  readonly rows: number
  /** The beginning of the row whose end is still to come. */
  readonly rest: Buffer
  /** True when the server has sent everything. */
  readonly isOver: boolean
}

const serverError = (fields: Buffer): Error => {
  const values = new Map(
    fields
      .toString()
      .split('\0')
      .map((field) => [field.charAt(0), field.slice(1)]),
  )
  const error = new pg.DatabaseError(values.get('M') ?? 'COPY failed', fields.length, 'error')
  return Object.assign(error, { severity: values.get('S'), code: values.get('C'), detail: values.get('D') })
}

/**
 * Makes a reader of the messages that a server sends during a COPY. A row is one message, so rows are counted and
 * their ends found without looking at their bytes. The text is moved together within the chunks themselves, which the
 * reader takes over.
 * @throws {pg.DatabaseError} the server's
 */
export const copyMessages = (form: CopyForm): ((chunk: Buffer) => Text) => {
  const head = Buffer.alloc(HEAD_BYTES)
  let headBytes = 0
  let type = 0
  /** Number of bytes of the message that are still to come, and the number of those that are no text. */
  let left = 0
  let skipped = 0
  let isRow = false
  let hasBegun = false
  let isOver = false
  let failure: Buffer[] = []

  const begin = (bytes: Buffer, at: number): void => {
    type = bytes[at] as number
    left = bytes.readUInt32BE(at + 1) - 4
    headBytes = 0
    if (type !== COPY_DATA) return
    skipped = 0
    isRow = true
    if (form === 'csv') return
    if (!hasBegun) skipped = SIGNATURE_BYTES
    hasBegun = true
    isRow = left - skipped > TRAILER_BYTES
    skipped = isRow ? skipped + ROW_HEAD_BYTES : left
  }

  return (chunk) => {
    const pieces: Buffer[] = []
    let rows = 0
    let at = 0
    /** Bounds of the text that was moved together: its start, the end of its last row, and its end. */
    let start = 0
    let rowEnd = 0
    let end = 0
    while (at < chunk.length) {
      if (left === 0) {
        if (headBytes === 0 && chunk.length - at >= HEAD_BYTES) {
          begin(chunk, at)
          at += HEAD_BYTES
        } else {
          head[headBytes++] = chunk[at++] as number
          if (headBytes < HEAD_BYTES) continue
          begin(head, 0)
        }
      }
      const there = Math.min(left, chunk.length - at)
      const from = at
      at += there
      left -= there
      if (type === COPY_DATA) {
        const skip = Math.min(skipped, there)
        skipped -= skip
        const endsRow = left === 0 && isRow
        const isRecord = endsRow && form === 'csv'
        const to = isRecord ? at - 1 : at
        if (from + skip < to) {
          chunk.copyWithin(end, from + skip, to)
          end += to - from - skip
        }
        if (isRecord && end + 2 <= at) {
          chunk[end++] = CR
          chunk[end++] = LF
        } else if (isRecord) {
          // The message began in the chunk before, so there is no head in whose place the CR could be written.
          pieces.push(chunk.subarray(start, end), CRLF)
          start = end = at
        }
        if (endsRow) {
          rows++
          rowEnd = end
        }
      } else if (type === ERROR_RESPONSE) {
        failure.push(chunk.subarray(from, at))
        if (left > 0) continue
        const fields = Buffer.concat(failure)
        failure = []
        throw serverError(fields)
      } else if (type === COMMAND_COMPLETE && left === 0) {
        isOver = true
      }
    }
    if (rowEnd > start) pieces.push(chunk.subarray(start, rowEnd))
    return { pieces, rows, rest: chunk.subarray(Math.max(start, rowEnd), end), isOver }
  }
}

/** Bytes of a block: enough that its chunk of HTTP, and zlib's job for it, cost little. */
const BLOCK_BYTES = 65_536

/** Sends the statement and returns the socket; the driver, which would parse every row, sees none of its bytes. */
const begun = (client: pg.Client, statement: string): Promise<Duplex> =>
  new Promise((resolve, reject) => {
    client.query({
      submit(connection: pg.Connection) {
        const { stream } = connection
        stream.removeAllListeners('data')
        stream.pause()
        connection.query(statement)
        resolve(stream)
      },
      // For an error before the statement was sent; later ones come from the socket itself.
      handleError: reject,
    } as unknown as pg.Submittable)
  })

/**
 * Yields the rows of one COPY … TO STDOUT in blocks of whole rows, read ahead no further than the socket's buffers.
 * The connection cannot be used afterwards.
 * @throws the server's error, or the socket's
 */
export async function* copyOut(
  client: pg.Client,
  statement: string,
  form: CopyForm,
): AsyncGenerator<Block, void, undefined> {
  const read = copyMessages(form)
  let held: Buffer[] = []
  /** The beginning of the row after those pieces. */
  let rests: Buffer[] = []
  let bytes = 0
  let rows = 0
  for await (const chunk of await begun(client, statement)) {
    const { pieces, rest, isOver, ...text } = read(chunk as Buffer)
    if (text.rows > 0) {
      for (const piece of [...rests, ...pieces]) {
        held.push(piece)
        bytes += piece.length
      }
      rows += text.rows
      rests = []
    }
    if (rest.length > 0) rests.push(rest)
    if (rows > 0 && (isOver || bytes >= BLOCK_BYTES)) {
      yield { bytes: held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held, bytes), rows }
      held = []
      bytes = 0
      rows = 0
    }
    if (isOver) return
  }
  throw Object.assign(new Error('The connection ended in the middle of a COPY'), { code: 'ECONNRESET' })
}
