import type { CompiledQuery } from 'kysely'

/** Rows whose key is above `after` and at most `to`. */
export interface Span {
  readonly after: number
  readonly to: number
}

/** Rows of a table with a growing integer key `seq`, as text that the database itself writes. */
export interface LineSource {
  /**
   * The rows of a span, ascending by `seq`. SQLite: columns `seq` and `line`, which ends with its line end;
   * PostgreSQL: the columns that COPY writes.
   * @param limit rows at most; SQLite only
   */
  rows(span: Span, limit?: number): CompiledQuery
  /** PostgreSQL: what COPY is told of the format. */
  readonly copy: string
  /** PostgreSQL ends every line of COPY with LF; true puts CR in front of those that end a row of CSV. */
  readonly crlf: boolean
}

/** Some of the text, in order; a line may begin in one block and end in the next. */
export interface Block {
  readonly bytes: Uint8Array
  /** Rows that end in it. */
  readonly rows: number
}

/**
 * Reads beside everything else: on connections of its own, off the event loop, and no further ahead than a block of
 * what is consumed. A span is read in pieces, so that a slow consumer holds no snapshot open.
 */
export interface LineReader {
  /**
   * @param signal ends the work in the database at once
   * @throws the driver's error; the signal's reason
   */
  read(source: LineSource, span: Span, signal: AbortSignal): AsyncGenerator<Block, void, undefined>
  /** Ends what is kept for the next reading. */
  close(): Promise<void>
}
