import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { Problem } from '../../errors.ts'
import type { OtherFormat } from '../../language/catalogue/unusable-sentences.ts'
import { type Sentence, say } from '../../language/sentence.ts'

export interface SourceFile {
  /** Path of the body as it was received. */
  path: string
  gzip: boolean
  /** Bytes after decompression. */
  maxInflatedBytes: number
}

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

export interface SourceText {
  encoding: Encoding
  /** Size after decompression, in bytes. */
  bytes: number
  /** Number of byte sequences that are no UTF-8, in a file that is UTF-8 otherwise. */
  broken: number
}

/** Bytes read at a time. */
const CHUNK = 512 * 1024
/** Bytes decoded at a time: the strings of larger chunks are no longer made and dropped in V8's nursery. */
const TEXT_CHUNK = 64 * 1024

const unusable = (detail: Sentence, cause?: unknown): Problem =>
  new Problem('UNUSABLE_DATASET', detail, { cause })

/**
 * Reads the body's bytes, decompressed, in chunks, each of which is gone with the next.
 * @throws {Problem} `PAYLOAD_TOO_LARGE` as soon as the bound is passed; `UNUSABLE_DATASET` for bytes that are no
 *   gzip
 */
export async function* readBytes(file: SourceFile, signal: AbortSignal): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of file.gzip ? inflatedBytes(file.path) : ownBytes(file.path)) {
    signal.throwIfAborted()
    bytes += chunk.length
    if (bytes > file.maxInflatedBytes) {
      throw new Problem('PAYLOAD_TOO_LARGE', say('unusable.file_too_large', { bytes: file.maxInflatedBytes }))
    }
    yield chunk
  }
}

async function* ownBytes(path: string): AsyncGenerator<Buffer> {
  const file = await open(path)
  const chunk = Buffer.allocUnsafeSlow(CHUNK)
  try {
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK)
      if (bytesRead === 0) return
      yield chunk.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

async function* inflatedBytes(path: string): AsyncGenerator<Buffer> {
  const raw = createReadStream(path)
  const inflated = raw.pipe(createGunzip({ chunkSize: TEXT_CHUNK }))
  raw.on('error', (error) => inflated.destroy(error))
  try {
    yield* inflated as AsyncIterable<Buffer>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_'))
      throw unusable(say('unusable.bad_gzip'), error)
    throw error
  } finally {
    raw.destroy()
    inflated.destroy()
  }
}

/**
 * Reads the file through once and decides its encoding from all of it: a file is UTF-8 also where a few of its
 * bytes are not, and windows-1252 otherwise.
 * @throws {Problem} `UNUSABLE_DATASET` for an empty file, and for one that is no text (at its first NUL)
 */
export async function inspectText(file: SourceFile, signal: AbortSignal): Promise<SourceText> {
  let bytes = 0
  let wide: Encoding | undefined
  let carry = Buffer.alloc(0)
  const seen = { good: 0, broken: 0 }
  for await (const chunk of readBytes(file, signal)) {
    if (bytes === 0) {
      refuseOtherFormats(chunk)
      if (chunk[0] === 0xff && chunk[1] === 0xfe) wide = 'utf-16le'
      else if (chunk[0] === 0xfe && chunk[1] === 0xff) wide = 'utf-16be'
      else wide = wideWithoutMark(chunk)
    }
    bytes += chunk.length
    if (wide) continue
    const zero = chunk.indexOf(0)
    if (zero >= 0) {
      throw unusable(say('unusable.binary', { at: bytes - chunk.length + zero }))
    }
    const joined = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk
    const whole = wholeCharacters(joined)
    carry = Buffer.from(joined.subarray(whole))
    const part = joined.subarray(0, whole)
    if (seen.broken > 0 || !isUtf8(part)) countSequences(part, seen)
  }
  if (bytes === 0) throw unusable(say('unusable.empty'))
  if (wide) return { encoding: wide, bytes, broken: 0 }
  const utf8 = seen.broken === 0 || seen.broken * 20 < seen.good
  return { encoding: utf8 ? 'utf-8' : 'windows-1252', bytes, broken: utf8 ? seen.broken : 0 }
}

/** Reads the file as text, without its byte order mark, in chunks that never split a character. */
export async function* readText(
  file: SourceFile,
  encoding: Encoding,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  for await (const chunk of readBytes(file, signal)) {
    for (let at = 0; at < chunk.length; at += TEXT_CHUNK) {
      const text = decoder.decode(chunk.subarray(at, at + TEXT_CHUNK), { stream: true })
      if (text !== '') yield text
    }
  }
  const last = decoder.decode()
  if (last !== '') yield last
}

/** Recognises UTF-16 without a byte order mark: nearly every second byte of western text is zero, and no other. */
function wideWithoutMark(chunk: Buffer): Encoding | undefined {
  const first = chunk.subarray(0, 512)
  const zeros: [even: number, odd: number] = [0, 0]
  first.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2 === 0 ? 0 : 1]++
  })
  if (first.length < 32) return undefined
  if (zeros[0] === 0 && zeros[1] > 0.45 * first.length) return 'utf-16le'
  return zeros[1] === 0 && zeros[0] > 0.45 * first.length ? 'utf-16be' : undefined
}

/** Returns the index after the last complete UTF-8 character; the length where the tail can be none. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number
    if (byte < 0x80) break
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return length > back ? bytes.length - back : bytes.length
    }
  }
  return bytes.length
}

function countSequences(bytes: Buffer, seen: { good: number; broken: number }): void {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte < 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    if (
      byte >= 0xc2 &&
      byte < 0xf5 &&
      isUtf8(bytes.subarray(at, at + length)) &&
      at + length <= bytes.length
    ) {
      seen.good++
      at += length - 1
    } else seen.broken++
  }
}

const MAGIC: readonly [string, OtherFormat][] = [
  ['PK\x03\x04', 'zip'],
  ['%PDF', 'pdf'],
  ['\x1f\x8b', 'gzip'],
  ['Rar!', 'rar'],
  ['7z\xbc\xaf', 'seven_zip'],
  ['PAR1', 'parquet'],
  ['BZh', 'bzip2'],
  ['\x28\xb5\x2f\xfd', 'zstandard'],
  ['\x89PNG', 'picture'],
  ['\xff\xd8\xff', 'picture'],
  ['{\\rtf', 'rtf'],
  ['SQLite format', 'database'],
]

function refuseOtherFormats(first: Buffer): void {
  const start = first.subarray(0, 2048).toString('latin1')
  if (start.startsWith('\xd0\xcf\x11\xe0')) {
    const encrypted = first.includes(Buffer.from('EncryptedPackage', 'utf16le'))
    throw new Problem(
      'UNSUPPORTED_MEDIA_TYPE',
      say(encrypted ? 'unusable.workbook_encrypted' : 'unusable.old_workbook'),
    )
  }
  for (const [magic, format] of MAGIC) {
    if (start.startsWith(magic)) {
      throw unusable(say('unusable.other_format', { format }))
    }
  }
  if (
    /^(?:\xef\xbb\xbf)?\s*(?:<!--[^>]*-->\s*)?<(?:!doctype\s+html|html|head|body|script|title)\b/i.test(start)
  ) {
    const title = /<title[^>]*>\s*([^<]{1,120}?)\s*</i.exec(first.subarray(0, 4096).toString('utf8'))?.[1]
    throw unusable(say('unusable.html', { title: title ?? null }))
  }
  if (/^(?:\xef\xbb\xbf)?\s*<(?:\?xml|[a-z][\w:]*[\s>])/i.test(start)) throw unusable(say('unusable.xml'))
}
