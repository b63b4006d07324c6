import { ApiError } from './error.ts'
import type { Http } from './http.ts'

/** The progress of a transfer, in bytes. */
export interface Transferred {
  loaded: number
  total?: number
}

const STEP_BYTES = 262_144

/** The forms of a file that can be uploaded. A Node stream is an async iterable of byte chunks. */
export type UploadSource = Blob | Uint8Array | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>

export interface UploadOptions {
  /** The dataset's name; the ending says what the file is where nothing else does. */
  name: string
  mapping?: Record<string, string>
  /** The body whose file this is, where no column says. */
  buyer?: string
  /** ISO 4217, where the file does not say. */
  currency?: string
  /** Which sheet of a workbook. */
  sheet?: string
  signal?: AbortSignal
  onProgress?(progress: Transferred): void
}

const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  txt: 'text/csv',
  tsv: 'text/csv',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  zip: 'application/zip',
}

/** The media type of a file: the Blob's own, else by the name's ending, else CSV; `.gz` is taken off before. */
const typeOf = (source: UploadSource, name: string): { type: string; isGzip: boolean } => {
  const isGzip = /\.gz$/i.test(name)
  const ending = /\.([^.]+)$/.exec(name.replace(/\.gz$/i, ''))?.[1]?.toLowerCase() ?? ''
  const own = source instanceof Blob ? source.type : ''
  return { type: own !== '' && !isGzip ? own : (TYPES[ending] ?? 'text/csv'), isGzip }
}

/** Cuts a chunk into pieces, so that progress is told often enough. */
const pieces = function* (chunk: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < chunk.byteLength; at += STEP_BYTES) yield chunk.subarray(at, at + STEP_BYTES)
}

const chunksOf = async function* (source: UploadSource): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) {
    yield* pieces(source)
    return
  }
  const encoder = new TextEncoder()
  const stream = source instanceof Blob ? source.stream() : source
  const parts =
    Symbol.asyncIterator in stream ? (stream as AsyncIterable<Uint8Array | string>) : readerOf(stream)
  for await (const part of parts) yield* pieces(typeof part === 'string' ? encoder.encode(part) : part)
}

/** Browsers whose streams are no async iterables yet. */
const readerOf = async function* (stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel()
  }
}

const counted = (
  source: UploadSource,
  total: number | undefined,
  onProgress: UploadOptions['onProgress'],
): ReadableStream<Uint8Array> => {
  const chunks = chunksOf(source)
  let loaded = 0
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next()
      if (done) {
        controller.close()
        return
      }
      loaded += value.byteLength
      controller.enqueue(value)
      onProgress?.({ loaded, ...(total === undefined ? {} : { total }) })
    },
    async cancel() {
      await chunks.return(undefined)
    },
  })
}

/** Tells whether `fetch` sends a body as a stream: it asks for `duplex` where it does. */
const canStream = (() => {
  let known: boolean | undefined
  return (): boolean => {
    if (known !== undefined) return known
    let isAsked = false
    try {
      const request = new Request('http://localhost', {
        method: 'POST',
        body: new ReadableStream(),
        get duplex() {
          isAsked = true
          return 'half'
        },
      } as RequestInit)
      known = isAsked && !request.headers.has('content-type')
    } catch {
      known = false
    }
    // Browsers stream over HTTP/2 only; a service on one machine speaks HTTP/1.1.
    if (typeof window !== 'undefined' && typeof document !== 'undefined') known = false
    return known
  }
})()

/**
 * Uploads one file of contracts.
 * @returns the service's answer: `dataset_id`, `rows`, `columns`, `warnings` and so on
 * @throws {ApiError} `UNUSABLE_DATASET`, `PAYLOAD_TOO_LARGE`, `UNSUPPORTED_MEDIA_TYPE` …; `CONNECTION_LOST`
 */
export const upload = async (http: Http, source: UploadSource, options: UploadOptions): Promise<unknown> => {
  const { name, mapping, buyer, currency, sheet, signal, onProgress } = options
  const query = new URLSearchParams({ name })
  if (mapping !== undefined) query.set('mapping', JSON.stringify(mapping))
  for (const [key, value] of Object.entries({ buyer, currency, sheet }))
    if (value !== undefined) query.set(key, value)
  const { type, isGzip } = typeOf(source, name)
  const total =
    source instanceof Blob ? source.size : source instanceof Uint8Array ? source.byteLength : undefined
  const send = async (): Promise<unknown> => {
    const stream = counted(source, total, onProgress)
    const body = canStream() ? stream : await new Response(stream).blob()
    const response = await http.send(`/api/v1/datasets?${query}`, {
      method: 'POST',
      headers: { 'content-type': type, ...(isGzip ? { 'content-encoding': 'gzip' } : {}) },
      body,
      ...(body instanceof ReadableStream ? { duplex: 'half' as const } : {}),
      ...(signal ? { signal } : {}),
    })
    return response.json()
  }
  try {
    return await send()
  } catch (error) {
    // The token was renewed meanwhile, and what was refused was not read.
    if (total !== undefined && error instanceof ApiError && error.status === 401) return send()
    throw error
  }
}
