/** One event of an event-stream. */
export interface EventFields {
  /** Becomes the client's `Last-Event-ID`; an empty id resets it. */
  id?: string | undefined
  event?: string | undefined
  /** Milliseconds after which a client reconnects. */
  retry?: number | undefined
  /** Lines end with LF, CR or CRLF; the client gets LF. */
  data: string
}

const LINE_END = /\r\n|\r|\n/
const UNSAFE = /[\r\n\0\u2028\u2029]/

/**
 * Returns one field's line.
 * @throws {TypeError} a line end, NUL or line separator, which could begin another field or event
 */
function field(name: string, value: string): string {
  if (UNSAFE.test(value)) throw new TypeError(`a line end or NUL in the ${name} of an event`)
  return `${name}: ${value}\n`
}

function retryField(milliseconds: number): string {
  if (!Number.isSafeInteger(milliseconds) || milliseconds < 0) throw new TypeError('retry is no whole number')
  return `retry: ${milliseconds}\n`
}

/**
 * Returns the text of one event with its blank line: exactly one event for every client, whatever `data` holds.
 * @throws {TypeError} `id` or `event` hold a line end, NUL, U+2028 or U+2029, or `retry` is no whole number
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function encodeEvent({ id, event, retry, data }: EventFields): string {
  let text = retry === undefined ? '' : retryField(retry)
  if (id !== undefined) text += field('id', id)
  if (event !== undefined && event !== '') text += field('event', event)
  if (data.includes('\n') || data.includes('\r')) {
    for (const line of data.split(LINE_END)) text += `data: ${line}\n`
  } else {
    text += `data: ${data}\n`
  }
  return `${text}\n`
}

/** Returns the text of a comment, which clients skip; each line of `text` becomes one. */
export const encodeComment = (text: string): string =>
  `${text
    .split(LINE_END)
    .map((line) => `: ${line}\n`)
    .join('')}\n`

/** Returns the text that sets the client's reconnection time without an event. */
export const encodeRetry = (milliseconds: number): string => `${retryField(milliseconds)}\n`
