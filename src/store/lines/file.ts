import type { Block } from './lines.ts'

/** The form of a file that is made of lines. */
export interface LineFile {
  /** For `json` the lines are objects with a comma in front, and become one array. */
  format: 'csv' | 'json' | 'ndjson'
  /** Text before the lines; absent where the file continues another one. */
  header?: string
  /**
   * Checks that no row is missing; called after the last line and before the file's end.
   * @throws when rows were removed while they were read
   */
  requireWhole(): Promise<void>
}

const block = (text: string): Block => ({ bytes: Buffer.from(text), rows: 0 })

/**
 * Yields lines as a file.
 * @param read starts to read the lines, in blocks of whole ones
 * @throws the reader's error, before the first block when the store cannot be read
 */
export const lineFile = (
  read: (signal: AbortSignal) => AsyncGenerator<Block, void, undefined>,
  { format, header, requireWhole }: LineFile,
) =>
  async function* (signal: AbortSignal): AsyncGenerator<Block, void, undefined> {
    const blocks = read(signal)
    try {
      // The first block is read before anything is sent, so that a store that cannot be read shows.
      let { value, done } = await blocks.next()
      if (header !== undefined) yield block(header)
      if (format === 'json') yield block('[')
      // Every object of an array has a comma in front of it; the first one's is left out.
      if (format === 'json' && value) value = { ...value, bytes: value.bytes.subarray(1) }
      for (; !done && value; { value, done } = await blocks.next()) yield value
    } finally {
      await blocks.return()
    }
    await requireWhole()
    if (format === 'json') yield block(']')
  }
