import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { cleanFile } from '../reading/clean-file.ts'
import type { Node } from './ocds-merge.ts'

/** Bytes of the file in one bucket, about: a bucket is held in memory while it is merged. */
const BUCKET_BYTES = 4 * 1024 * 1024
const MOST_BUCKETS = 256

/** A release, and the position of its first contract or award among all of the file. */
export interface Placed {
  release: Node
  position: number
}

/** Stores releases on disk until the file is read, and returns them by process. */
export interface OcdsHistory {
  add(ocid: string, placed: Placed): void
  /** Yields the releases of each process, in the order in which they were added; can be called once. */
  processes(signal: AbortSignal): AsyncIterable<Placed[]>
  close(): Promise<void>
}

/**
 * Opens a history in files of a directory; its memory is that of one bucket, whatever the size of the whole.
 * @param bytes size of the file that is read
 */
export async function ocdsHistory(directory: string, bytes: number): Promise<OcdsHistory> {
  const path = join(directory, 'ocds')
  await mkdir(path)
  const count = Math.min(MOST_BUCKETS, Math.max(1, Math.ceil(bytes / BUCKET_BYTES)))
  const buckets = Array.from({ length: count }, (_, at) => cleanFile(join(path, `${at}.ndjson`)))
  return {
    add: (ocid, placed) =>
      buckets[hashOf(ocid) % count]?.write(JSON.stringify([ocid, placed.position, placed.release])),
    async *processes(signal) {
      for (const bucket of buckets) {
        bucket.close()
        const found = new Map<string, Placed[]>()
        for await (const line of createInterface({ input: createReadStream(bucket.path) })) {
          signal.throwIfAborted()
          const [ocid, position, release] = JSON.parse(line) as [string, number, Node]
          const known = found.get(ocid)
          if (known) known.push({ release, position })
          else found.set(ocid, [{ release, position }])
        }
        await rm(bucket.path)
        yield* found.values()
      }
    },
    close: async () => {
      for (const bucket of buckets) bucket.close()
      await rm(path, { recursive: true, force: true })
    },
  }
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
