import type { PublicationText } from '../protocol/frame.ts'
import { turnEventOf } from '../protocol/turn.ts'
import { chunkOf } from './phrases.ts'

/** Whether a text ends with the first half of a character outside the basic plane. */
const endsInHalf = (text: string): boolean => (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800

/**
 * `POST /api/chat/stream`: a publication's piece of the answer as bare text, made anew for each connection. A
 * character that two chunks share comes whole with the second, since half of one has no UTF-8.
 */
export function chatSubappText(): (publication: PublicationText) => string {
  let half = ''
  return ({ data }) => {
    const chunk = chunkOf(data)
    if (chunk === undefined) return turnEventOf(data)?.type === 'complete' ? half : ''
    const text: string = half + JSON.parse(chunk.json)
    half = endsInHalf(text) ? text.slice(-1) : ''
    return half === '' ? text : text.slice(0, -1)
  }
}

/** Whether the answer cannot become whole any more. Bare text has no word for that: its body is aborted. */
export function breaksOff({ data }: PublicationText): boolean {
  const type = turnEventOf(data)?.type
  return type === 'error' || type === 'cancelled' || type === 'reset'
}
