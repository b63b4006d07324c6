import { ApiError, ownError } from './error.ts'
import type { Http } from './http.ts'
import { nextDelay, pause, verdictOfStatus, type Wakers } from './policy.ts'

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

const chunksOf = async function* (source: UploadSource): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) {
    for (let at = 0; at < source.byteLength; at += STEP_BYTES) yield source.subarray(at, at + STEP_BYTES)
    return
  }
  const encoder = new TextEncoder()
  const stream = source instanceof Blob ? source.stream() : source
  const parts =
    Symbol.asyncIterator in stream ? (stream as AsyncIterable<Uint8Array | string>) : readerOf(stream)
  for await (const part of parts) yield typeof part === 'string' ? encoder.encode(part) : part
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

/** Which events an export has, and how it is written. */
export interface ExportOptions {
  format?: 'csv' | 'json' | 'ndjson'
  start_date?: string
  end_date?: string
  severity?: string | readonly string[]
  event_type?: string | readonly string[]
  user_id?: string
  for?: 'excel'
  signal?: AbortSignal
  onProgress?(progress: Transferred): void
}

/** A file on its way. */
export interface ExportedFile {
  filename: string
  stream: ReadableStream<Uint8Array>
}

export interface ExportMeans {
  http: Http
  random(): number
  wakers: Wakers
  closed: AbortSignal
}

const NEWLINE = 10
const QUOTE = 34

/** Cuts a file's bytes behind its whole rows, and knows the id of the last of them. */
class RowCutter {
  #rest: Uint8Array = new Uint8Array()
  #isQuoted = false
  #scanned = 0
  last: string | undefined
  readonly #format: 'csv' | 'ndjson'

  constructor(format: 'csv' | 'ndjson') {
    this.#format = format
  }

  /** Begins a file that goes on; what was left of a broken row is dropped. */
  restart(): void {
    this.#rest = new Uint8Array()
    this.#isQuoted = false
    this.#scanned = 0
  }

  /** @returns the whole rows that the chunk completes */
  whole(chunk: Uint8Array): Uint8Array {
    const bytes = new Uint8Array(this.#rest.byteLength + chunk.byteLength)
    bytes.set(this.#rest)
    bytes.set(chunk, this.#rest.byteLength)
    let end = 0
    let start = 0
    for (let at = this.#scanned; at < bytes.byteLength; at++) {
      if (this.#format === 'csv' && bytes[at] === QUOTE) this.#isQuoted = !this.#isQuoted
      else if (bytes[at] === NEWLINE && !this.#isQuoted) {
        start = end
        end = at + 1
      }
    }
    if (end > 0) this.#note(bytes.subarray(start, end))
    this.#rest = bytes.slice(end)
    this.#scanned = this.#rest.byteLength
    return bytes.subarray(0, end)
  }

  /** The bytes behind the last whole row, once the file has come to its end. */
  get rest(): Uint8Array {
    return this.#rest
  }

  #note(row: Uint8Array): void {
    const text = new TextDecoder().decode(row)
    const id = this.#format === 'csv' ? /^"?([^",\r\n]+)/.exec(text)?.[1] : /"id":"([^"]+)"/.exec(text)?.[1]
    if (id !== undefined && id !== 'id') this.last = id
  }
}

const filenameOf = (response: Response): string =>
  /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'export'

/**
 * Downloads the audit log as a stream. One that breaks goes on behind its last whole row (`?after=`), so that the bytes
 * are those of one file; JSON is asked for as lines and put together here.
 * @throws {ApiError} where the export is refused; the stream errors where it cannot go on
 */
export const exportAudit = async (means: ExportMeans, options: ExportOptions): Promise<ExportedFile> => {
  const { format = 'csv', signal, onProgress, severity, event_type, ...filters } = options
  const query = new URLSearchParams({ format: format === 'json' ? 'ndjson' : format })
  for (const [key, value] of Object.entries({ ...filters, severity, event_type }))
    if (value !== undefined) query.set(key, String(value))
  const stop = signal ? AbortSignal.any([signal, means.closed]) : means.closed
  const ask = async (after?: string): Promise<Response> => {
    const asked = new URLSearchParams(query)
    if (after !== undefined) asked.set('after', after)
    return means.http.send(`/api/v1/audit/export?${asked}`, { signal: stop })
  }
  const first = await ask()
  const filename = filenameOf(first).replace(/\.ndjson$/, format === 'json' ? '.json' : '.ndjson')
  let loaded = 0
  const encoder = new TextEncoder()

  async function* rows(): AsyncGenerator<Uint8Array> {
    const cutter = new RowCutter(format === 'csv' ? 'csv' : 'ndjson')
    let response: Response | undefined = first
    let failures = 0
    for (;;) {
      let retryAfterMs: number | undefined
      try {
        response ??= await ask(cutter.last)
        for await (const chunk of readerOf(response.body as ReadableStream<Uint8Array>)) {
          loaded += chunk.byteLength
          onProgress?.({ loaded })
          const whole = cutter.whole(chunk)
          if (whole.byteLength > 0) {
            failures = 0
            yield whole
          }
        }
        if (cutter.rest.byteLength > 0) yield cutter.rest
        return
      } catch (error) {
        stop.throwIfAborted()
        if (error instanceof ApiError && error.code !== 'CONNECTION_LOST') {
          if (verdictOfStatus(error.status).next !== 'retry') throw error
          if (error.retryAfter !== undefined) retryAfterMs = error.retryAfter * 1000
        }
      }
      response = undefined
      cutter.restart()
      failures++
      await pause(nextDelay({ failures, retryAfterMs }, means.random()), stop, means.wakers)
      stop.throwIfAborted()
    }
  }

  async function* bytes(): AsyncGenerator<Uint8Array> {
    if (format !== 'json') {
      yield* rows()
      return
    }
    const decoder = new TextDecoder()
    let isFirst = true
    yield encoder.encode('[')
    for await (const part of rows()) {
      const lines = decoder.decode(part, { stream: true }).split('\n')
      const text = lines.filter((line) => line !== '').join(',\n')
      if (text === '') continue
      yield encoder.encode((isFirst ? '\n' : ',\n') + text)
      isFirst = false
    }
    yield encoder.encode(isFirst ? ']' : '\n]')
  }

  const source = bytes()
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await source.next()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        controller.error(
          error instanceof ApiError || stop.aborted ? error : ownError('CONNECTION_LOST', String(error)),
        )
      }
    },
    async cancel() {
      await source.return(undefined)
    },
  })
  return { filename, stream }
}
