import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { noSuch } from '../errors.ts'
import type { Store } from '../store/database.ts'

/**
 * Bytes of one row of `dataset_chunks`: large, so that there are few, and small enough not to hold the event loop.
 */
const CHUNK_BYTES = 512 * 1024

/**
 * Writes Parquet files into the store, in the given order.
 * @returns bytes written
 */
export const storeParts = async (
  { db }: Store,
  datasetId: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<number> => {
  let bytes = 0
  for (const [part, path] of paths.entries()) {
    let seq = 0
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      signal.throwIfAborted()
      await db
        .insertInto('dataset_chunks')
        .values({ dataset_id: datasetId, part, seq, bytes: chunk })
        .execute()
      bytes += (chunk as Buffer).length
      seq += 1
    }
  }
  return bytes
}

/**
 * Writes a dataset's Parquet files into a directory, for DuckDB to read.
 * @param onBytes called with the number of bytes written so far
 * @returns their paths, in order
 * @throws {Problem} `NOT_FOUND` when the dataset is not there, or is removed meanwhile
 */
export const layOutParts = async (
  { db }: Store,
  datasetId: string,
  folder: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => Promise<void> | void = () => undefined,
): Promise<string[]> => {
  const chunks = await db
    .selectFrom('dataset_chunks')
    .select(['part', 'seq'])
    .where('dataset_id', '=', datasetId)
    .orderBy('part')
    .orderBy('seq')
    .execute()
  if (chunks.length === 0) throw noSuch('dataset')
  const paths: string[] = []
  let written = 0
  for (const part of new Set(chunks.map((chunk) => chunk.part))) {
    const path = join(folder, `part-${part}.parquet`)
    const file = await open(path, 'w')
    try {
      for (const { seq } of chunks.filter((chunk) => chunk.part === part)) {
        signal.throwIfAborted()
        const { bytes } = await db
          .selectFrom('dataset_chunks')
          .select('bytes')
          .where('dataset_id', '=', datasetId)
          .where('part', '=', part)
          .where('seq', '=', seq)
          .executeTakeFirstOrThrow(() => noSuch('dataset'))
        await file.write(bytes)
        written += bytes.length
        await onBytes(written)
      }
    } finally {
      await file.close()
    }
    paths.push(path)
  }
  return paths
}
