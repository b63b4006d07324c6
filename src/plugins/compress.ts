import { constants } from 'node:zlib'
import fastifyCompress, { type FastifyCompressOptions } from '@fastify/compress'
import fp from 'fastify-plugin'

export interface CompressOptions {
  /** Compression level, 1–9. */
  level: number
  /** Bytes of a compressed chunk. */
  chunkBytes: number
}

const TYPES = /^text\/(?:event-stream|csv|plain|html)|(?:\+|\/)(?:json|x-ndjson)(?:;|$)/

/**
 * Adds `reply.compress(stream)` with gzip in which every write is flushed, so that an event is visible at once.
 * Nothing is compressed unless its route asks for it: a secret and a caller's own text must not share a compressed
 * body. The window takes 48 KiB for each connection instead of zlib's 256.
 */
export const compressPlugin = fp<CompressOptions>(
  async (app, { level, chunkBytes }) => {
    await app.register(fastifyCompress, {
      global: false,
      customTypes: TYPES,
      encodings: ['gzip'],
      zlibOptions: {
        level,
        chunkSize: chunkBytes,
        flush: constants.Z_SYNC_FLUSH,
        windowBits: 13,
        memLevel: 5,
      },
    } satisfies FastifyCompressOptions)
  },
  { name: 'compress', fastify: '5.x' },
)
