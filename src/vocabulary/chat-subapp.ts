import type { ServerEvent } from '../protocol/frame.ts'
import { irrevocable, NOTHING, type StatefulVocabulary } from './phrases.ts'

/** Tells whether a text ends with the first half of a surrogate pair. */
const endsInHalf = (text: string): boolean => (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800

const broken = (event: object): ServerEvent[] => [{ event: 'error', data: JSON.stringify(event) }]

/**
 * Makes the vocabulary of `POST /api/chat/stream`: the answer as bare text, in events without a name. A surrogate
 * pair that two chunks share comes whole with the second, since half of one has no UTF-8. Bare text cannot express
 * that an answer broke off: the transport handles the event `error`, whose data is the turn's.
 */
export function chatSubappVocabulary(): StatefulVocabulary<'fatal'> {
  let half = ''
  return irrevocable(
    {
      chunk({ json }) {
        const text: string = half + JSON.parse(json)
        half = endsInHalf(text) ? text.slice(-1) : ''
        const whole = half === '' ? text : text.slice(0, -1)
        return whole === '' ? NOTHING : [{ data: whole }]
      },
      complete: () => (half === '' ? NOTHING : [{ data: half }]),
      error: broken,
      cancelled: broken,
    },
    false,
  )
}
