import { isUtf8 } from 'node:buffer'
import { badField, type FieldError, Problem } from '../../errors.ts'
import { type Sentence, say } from '../../language/sentence.ts'
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

function decode(body: Buffer): string {
  if (!isUtf8(body)) throw new Problem('VALIDATION_FAILED', say('publication.not_utf8'))
  return body.toString()
}

/** Matches every text with a reserved key, however it is escaped. */
const MAY_HAVE_RESERVED_KEY = /__proto__|constructor|\\u/

/** Checks the text of a publication. @returns the reason why it is none; undefined when it is valid */
function fault(text: string): Sentence | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return MAY_HAVE_RESERVED_KEY.test(text) && hasForbiddenKey(value) ? say('field.reserved_key') : undefined
  } catch {
    return say('field.not_json')
  }
}

/**
 * Returns the text of one publication, as it was sent.
 * @throws {Problem} `VALIDATION_FAILED`, `PAYLOAD_TOO_LARGE`
 */
export function readPublication(body: Buffer, limits: PublicationLimits): string[] {
  if (body.length > limits.maxBytes) {
    throw new Problem('PAYLOAD_TOO_LARGE', say('publication.too_large', { bytes: limits.maxBytes }))
  }
  const text = decode(body)
  const reason = fault(text)
  if (reason !== undefined) throw badField('body', reason)
  return [text]
}

/**
 * Returns the lines of an NDJSON body, each as it was sent; blank lines are skipped.
 * @throws {Problem} `VALIDATION_FAILED` with every bad line, `PAYLOAD_TOO_LARGE`
 */
export function readPublications(body: Buffer, limits: PublicationLimits): string[] {
  const texts: string[] = []
  const errors: FieldError[] = []
  for (const [index, line] of decode(body).split('\n').entries()) {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line
    if (text.trim() === '') continue
    if (texts.length >= limits.maxBatch) {
      throw new Problem('PAYLOAD_TOO_LARGE', say('publication.too_many', { most: limits.maxBatch }))
    }
    if (Buffer.byteLength(text) > limits.maxBytes) {
      throw new Problem(
        'PAYLOAD_TOO_LARGE',
        say('publication.line_too_large', { line: index + 1, bytes: limits.maxBytes }),
      )
    }
    const reason = fault(text)
    if (reason !== undefined && errors.length < MAX_ERRORS)
      errors.push({ field: `line ${index + 1}`, reason })
    texts.push(text)
  }
  if (errors.length > 0) {
    throw new Problem('VALIDATION_FAILED', say('publication.nothing'), { errors })
  }
  if (texts.length === 0) throw badField('body', say('field.empty'))
  return texts
}
