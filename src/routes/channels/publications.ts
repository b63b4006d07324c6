import { badField, type FieldError, Problem } from '../../errors.ts'
import { hasForbiddenKey } from '../../protocol/command.ts'

export interface PublicationLimits {
  /** Largest publication, in bytes. */
  maxBytes: number
  /** Largest NDJSON body, in bytes. */
  maxBatchBytes: number
  /** Most publications of one NDJSON body. */
  maxBatch: number
}

export const PUBLICATION_LIMITS: PublicationLimits = {
  maxBytes: 262_144,
  maxBatchBytes: 8_388_608,
  maxBatch: 10_000,
}

const MAX_ERRORS = 100
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decode(body: Buffer): string {
  try {
    return utf8.decode(body)
  } catch (cause) {
    throw new Problem('VALIDATION_FAILED', 'The body is not UTF-8', { cause })
  }
}

/** @returns why the text is no publication; undefined when it is one */
function fault(text: string): string | undefined {
  try {
    return hasForbiddenKey(JSON.parse(text)) ? 'has a key that is not allowed' : undefined
  } catch {
    return 'is not valid JSON'
  }
}

/**
 * The text of one publication, as it was sent.
 * @throws {Problem} `VALIDATION_FAILED`, `PAYLOAD_TOO_LARGE`
 */
export function readPublication(body: Buffer, limits: PublicationLimits): string[] {
  if (body.length > limits.maxBytes) {
    throw new Problem('PAYLOAD_TOO_LARGE', `A publication has at most ${limits.maxBytes} bytes`)
  }
  const text = decode(body)
  const reason = fault(text)
  if (reason !== undefined) throw badField('body', reason)
  return [text]
}

/**
 * The lines of an NDJSON body, each as it was sent; blank lines are skipped.
 * @throws {Problem} `VALIDATION_FAILED` with every bad line, `PAYLOAD_TOO_LARGE`
 */
export function readPublications(body: Buffer, limits: PublicationLimits): string[] {
  const texts: string[] = []
  const errors: FieldError[] = []
  for (const [index, line] of decode(body).split('\n').entries()) {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line
    if (text.trim() === '') continue
    if (texts.length >= limits.maxBatch) {
      throw new Problem('PAYLOAD_TOO_LARGE', `At most ${limits.maxBatch} publications at once`)
    }
    if (Buffer.byteLength(text) > limits.maxBytes) {
      throw new Problem('PAYLOAD_TOO_LARGE', `Line ${index + 1} has more than ${limits.maxBytes} bytes`)
    }
    const reason = fault(text)
    if (reason !== undefined && errors.length < MAX_ERRORS)
      errors.push({ field: `line ${index + 1}`, reason })
    texts.push(text)
  }
  if (errors.length > 0) {
    throw new Problem('VALIDATION_FAILED', 'Nothing was published', { errors })
  }
  if (texts.length === 0) throw badField('body', 'is empty')
  return texts
}
