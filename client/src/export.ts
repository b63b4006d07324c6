import { ownError } from './error.ts'
import { readBody } from './event-stream.ts'
import { type Connecting, persist } from './persist.ts'
import { SILENCE_MS } from './policy.ts'
import type { Transferred } from './upload.ts'

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

/** Writes lines of JSON as one array. */
const asArray = () => {
  const [decoder, encoder] = [new TextDecoder(), new TextEncoder()]
  let isFirst = true
  return {
    rows(part: Uint8Array): Uint8Array {
      const lines = decoder.decode(part, { stream: true }).split('\n')
      const text = lines.filter((line) => line !== '').join(',\n')
      if (text === '') return new Uint8Array()
      const before = isFirst ? '[\n' : ',\n'
      isFirst = false
      return encoder.encode(before + text)
    },
    end: () => encoder.encode(isFirst ? '[]' : '\n]'),
  }
}

/**
 * Downloads the audit log as a stream. One that breaks goes on behind its last whole row (`?after=`), so that the bytes
 * are those of one file; JSON is asked for as lines and put together here.
 * @throws {ApiError} where the export is refused; the stream errors where it cannot go on
 */
export const exportAudit = async (
  means: Connecting & { closed: AbortSignal },
  options: ExportOptions,
): Promise<ExportedFile> => {
  const { format = 'csv', signal: given, onProgress, severity, event_type, ...filters } = options
  const query = new URLSearchParams({ format: format === 'json' ? 'ndjson' : format })
  for (const [key, value] of Object.entries({ ...filters, severity, event_type }))
    if (value !== undefined) query.set(key, String(value))
  const left = new AbortController()
  const signal = AbortSignal.any([means.closed, left.signal, ...(given ? [given] : [])])
  const ask = (after?: string): Promise<Response> => {
    const asked = new URLSearchParams(query)
    if (after !== undefined) asked.set('after', after)
    return means.http.send(`/api/v1/audit/export?${asked}`, { signal })
  }
  let response: Response | undefined = await ask()
  const filename = filenameOf(response).replace(/\.ndjson$/, format === 'json' ? '.json' : '.ndjson')

  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  writer.closed.catch((reason) => left.abort(reason ?? ownError('DETACHED', 'Nobody reads the file')))
  const cutter = new RowCutter(format === 'csv' ? 'csv' : 'ndjson')
  const array = format === 'json' ? asArray() : undefined
  const write = async (part: Uint8Array): Promise<void> => {
    if (part.byteLength > 0) await writer.write(array ? array.rows(part) : part)
  }
  let loaded = 0
  const connect = async () => {
    const { body } = response ?? (await ask(cutter.last))
    response = undefined
    let wasOpen = false
    cutter.restart()
    const take = async (chunk: Uint8Array): Promise<boolean> => {
      loaded += chunk.byteLength
      onProgress?.({ loaded })
      const whole = cutter.whole(chunk)
      wasOpen ||= whole.byteLength > 0
      await write(whole)
      return false
    }
    try {
      if (body) await readBody(body, take, SILENCE_MS, signal)
    } catch {
      return { next: 'retry' as const, wasOpen }
    }
    await write(cutter.rest)
    return { next: 'done' as const }
  }
  persist({ ...means, signal }, connect)
    .then(async () => {
      if (array) await writer.write(array.end())
      await writer.close()
    })
    .catch((error) => writer.abort(error))
    .catch(() => undefined)
  return { filename, stream: readable }
}
