import type { ServerEvent } from '../protocol/frame.ts'
import type { TurnEventOf } from '../protocol/turn-event.ts'
import { cancellation, NOTHING, type StatefulVocabulary, speaking } from './phrases.ts'

export interface StreamApiOptions {
  /** false leaves out the `event:` line, for clients that have only `onmessage`. */
  named: boolean
  /** The name of the event that ends a success: an action's also has its result beside the text. */
  ends: 'response_complete' | 'complete'
}

/**
 * Makes the vocabulary of `/api/stream/*`: `start`, `token` or `progress` and `execution_progress`, then
 * `response_complete`, `complete` or `error`; each payload has its name as `type` too. After a `reset` the next
 * token's `text_so_far` begins anew.
 *
 * The text is kept once for a connection, and only its frames repeat it.
 */
export function streamApiVocabulary({ named, ends }: StreamApiOptions): StatefulVocabulary<'absorbed'> {
  /** JSON text of the answer, without its quotes. */
  let soFar = ''

  const say = (type: string, fields: string): ServerEvent[] => {
    const data = `{"type":"${type}",${fields}}`
    return [named ? { event: type, data } : { data }]
  }
  const event = (type: string, fields: object): ServerEvent[] =>
    say(type, JSON.stringify(fields).slice(1, -1))
  const error = ({ type, message, ...rest }: TurnEventOf<'error'>): ServerEvent[] =>
    event(type, { error: message, message, ...rest })

  const events = speaking({
    start: ({ type, about, ...rest }) => event(type, { ...about, ...rest }),
    progress: ({ type, ...rest }) => event(type, rest),
    execution_progress: ({ type, ...rest }) => event(type, rest),
    chunk({ json, index }) {
      soFar += json.slice(1, -1)
      if (ends === 'complete') return NOTHING
      return say('token', `"token":${json},"text_so_far":"${soFar}","token_index":${index}`)
    },
    reset() {
      soFar = ''
      return NOTHING
    },
    complete({ type: _, agent_id, result, ...rest }) {
      const fields = JSON.stringify({ ...(ends === 'complete' ? result : {}), agent: agent_id, ...rest })
      return say(ends, `"response":"${soFar}",${fields.slice(1, -1)}`)
    },
    error,
    cancelled: (event) => error(cancellation(event)),
  })
  return {
    restart: 'absorbed',
    hasSnapshots: true,
    events,
    resume(content) {
      soFar = JSON.stringify(content).slice(1, -1)
      return NOTHING
    },
  }
}
