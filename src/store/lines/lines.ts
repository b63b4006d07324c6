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
  /** The one column `seq` of the span's row of that number, from 1. */
  key(span: Span, row: number): CompiledQuery
  /** PostgreSQL: what COPY is told of the format, and what it makes of it. */
  readonly copy: { readonly format: string; readonly form: CopyForm }
}

/**
 * How PostgreSQL writes rows: `csv` as records, which get the line end of RFC 4180 on the way; `text` as the one column
 * of theirs, byte for byte, by the binary format: the others look at every character for something to escape.
 */
export type CopyForm = 'csv' | 'text'

/** Some of the text, in order: whole rows. */
export interface Block {
  readonly bytes: Uint8Array
  readonly rows: number
}

/**
 * Reads beside everything else: on connections of its own, off the event loop, and no further ahead than a block of
 * what is consumed. A slow consumer holds no snapshot open for long.
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
