import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { Problem } from '../../../errors.ts'
import { say } from '../../../language/sentence.ts'

/** An open zip file. */
export interface Archive {
  /** Names of its files, in their order. */
  readonly names: readonly string[]
  /**
   * Opens one of its files as a stream of decompressed bytes.
   * @throws {Problem} `UNUSABLE_DATASET` where it is damaged or encrypted, `PAYLOAD_TOO_LARGE` beyond the bound
   */
  open(name: string): Promise<Readable>
  close(): void
}

/** Most files of an archive. */
const MOST_ENTRIES = 10_000

const damaged = (cause: unknown): Problem =>
  new Problem('UNUSABLE_DATASET', say('unusable.archive_damaged'), { cause })

/**
 * Opens a zip file.
 * @param maxBytes largest size of each of its files, decompressed; the sizes that it states are checked before
 *   anything is read, and enforced while it is read
 */
export async function openArchive(path: string, maxBytes: number): Promise<Archive> {
  const options = { lazyEntries: true, autoClose: false }
  const zip = await promisify<string, typeof options, ZipFile>(yauzl.open)(path, options).catch((error) => {
    throw damaged(error)
  })
  const entries = new Map<string, Entry>()
  try {
    await new Promise<void>((resolve, reject) => {
      zip.on('entry', (entry: Entry) => {
        if (!entry.fileName.endsWith('/')) entries.set(entry.fileName, entry)
        if (entries.size > MOST_ENTRIES) reject(new Error('too many files'))
        else zip.readEntry()
      })
      zip.on('end', resolve)
      zip.on('error', reject)
      zip.readEntry()
    })
  } catch (error) {
    zip.close()
    throw damaged(error)
  }
  return {
    names: [...entries.keys()],
    open: async (name) => {
      const entry = entries.get(name)
      if (!entry) throw damaged(new Error(`no ${name}`))
      if (entry.isEncrypted()) throw new Problem('UNUSABLE_DATASET', say('unusable.encrypted', { name }))
      if (entry.uncompressedSize > maxBytes)
        throw new Problem('PAYLOAD_TOO_LARGE', say('unusable.inflates', { name, bytes: maxBytes }))
      try {
        return await promisify<Entry, Readable>(zip.openReadStream.bind(zip))(entry)
      } catch (error) {
        throw damaged(error)
      }
    },
    close: () => zip.close(),
  }
}

/**
 * Reads a file of an archive as text, in chunks that never split a character.
 * @throws {Problem} `UNUSABLE_DATASET` where the archive is damaged
 */
export async function* archiveText(
  archive: Archive,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const stream = await archive.open(name)
  const decoder = new TextDecoder()
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      signal.throwIfAborted()
      yield decoder.decode(chunk, { stream: true })
    }
    yield decoder.decode()
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Problem) throw error
    throw damaged(error)
  } finally {
    stream.destroy()
  }
}
