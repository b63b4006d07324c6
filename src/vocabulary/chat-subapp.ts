import type { ServerEvent } from '../protocol/frame.ts'
import { irrevocable, NOTHING, type StatefulVocabulary } from './phrases.ts'

/** Whether a text ends with the first half of a character outside the basic plane. */
const endsInHalf = (text: string): boolean => (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800

const broken = (event: object): ServerEvent[] => [{ event: 'error', data: JSON.stringify(event) }]

/**
 * `POST /api/chat/stream`: the answer as bare text, in events without a name. A character that two chunks share comes
 * whole with the second, since half of one has no UTF-8. Bare text has no word for an answer that cannot become whole:
 * the event `error`, with the turn's own as data, is the transport's to act on.
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
