/**
 * Published events are JSON texts that begin with the member `type` and then the ids of what the event belongs to.
 * The beginning of a text therefore identifies its event, without parsing it for every subscriber.
 */

const LINE_ENDS = /[\u0085\u2028\u2029]/g

/** Returns JSON text without the line ends of Unicode, at which some clients of event-streams cut a line. */
export const singleLine = (value: unknown): string =>
  JSON.stringify(value).replace(LINE_ENDS, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`)

/**
 * Returns the beginning that all texts of one type share, or those of one type and id.
 *
 * @example eventHead('chunk', 'stream_id', 's1') // '{"type":"chunk","stream_id":"s1"'
 */
export const eventHead = (type: string, key?: string, id?: string): string =>
  `{"type":${JSON.stringify(type)}${key === undefined ? '' : `,"${key}":${JSON.stringify(id)}`}`

/**
 * Makes a reader of the string members at the beginning of a text, in this order. The reader returns undefined for a
 * text that does not begin with them, and for a value with an escape, which no type and no id of the service has.
 */
export const leadingMembers = (...keys: readonly string[]): ((data: string) => string[] | undefined) => {
  const openings = keys.map((key, at) => `${at === 0 ? '{' : ','}"${key}":"`)
  return (data) => {
    const values: string[] = []
    let at = 0
    for (const opening of openings) {
      if (!data.startsWith(opening, at)) return undefined
      const from = at + opening.length
      const to = data.indexOf('"', from)
      if (to < 0) return undefined
      const value = data.slice(from, to)
      if (value.includes('\\')) return undefined
      values.push(value)
      at = to + 1
    }
    return values
  }
}

/** Types of the events that end a stream, whatever its kind. */
const TERMINAL_TYPES = ['complete', 'error', 'cancelled'] as const

/**
 * Makes the test of the texts that end a stream.
 * @param streamId id of the one stream that is meant, where several publish to one channel
 */
export const terminalTest = (streamId?: string): ((publication: { readonly data: string }) => boolean) => {
  const heads = TERMINAL_TYPES.map((type) =>
    streamId === undefined ? eventHead(type) : eventHead(type, 'stream_id', streamId),
  )
  return ({ data }) => heads.some((head) => data.startsWith(head))
}
