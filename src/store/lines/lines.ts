import type { CompiledQuery } from 'kysely'

/** The rows whose key is above `after` and at most `to`. */
export interface Span {
  readonly after: number
  readonly to: number
}

/** The rows of a table with a growing integer key `seq`, as text that the database itself writes. */
export interface LineSource {
  /**
   * Returns the query of a span's rows, ascending by `seq`. SQLite: columns `seq` and `line`, which ends with its
   * line end; PostgreSQL: the columns that COPY writes.
   * @param limit largest number of rows; SQLite only
   */
  rows(span: Span, limit?: number): CompiledQuery
  /** Returns the query of one column, `seq`, of the span's n-th row, from 1. */
  key(span: Span, row: number): CompiledQuery
  /** PostgreSQL: the options of COPY, and the form of its output. */
  readonly copy: { readonly format: string; readonly form: CopyForm }
}

/**
 * The form in which PostgreSQL writes rows: `csv` as records, which get the line end of RFC 4180 on the way; `text`
 * as their one column, byte for byte, by the binary format: the other formats look at every character for something
 * to escape.
 */
export type CopyForm = 'csv' | 'text'

/** A part of the text, in order: whole rows. */
export interface Block {
  readonly bytes: Uint8Array
  readonly rows: number
}

/**
 * Reads rows beside all other work: on connections of its own, off the event loop, and no further ahead of its
 * consumer than a block. A slow consumer holds no snapshot open for long.
 */
export interface LineReader {
  /**
   * Yields the lines of a span in blocks.
   * @param signal ends the work in the database at once
   * @throws the driver's error; the signal's reason
   */
  read(source: LineSource, span: Span, signal: AbortSignal): AsyncGenerator<Block, void, undefined>
  /** Closes connections and threads that are kept for the next reading. */
  close(): Promise<void>
}
