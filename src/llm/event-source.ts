import { protocolProblem, type Site } from './failure.ts'

/** Longest line, event or whole answer that is read, in UTF-16 units; above it a vendor does not speak its format. */
export const MAX_EVENT_LENGTH = 8 * 1024 * 1024

export interface EventReader {
  /** Reads on. @throws {Problem} `PROVIDER_PROTOCOL_ERROR` above {@link MAX_EVENT_LENGTH} */
  feed(text: string): void
  /** Nothing follows: an event without its blank line counts too, since some vendors leave the last one out. */
  end(): void
}

/**
 * Calls `onData` with the data of each event of an event-stream, in order. Names, ids, comments and `retry` are passed
 * over: no vendor says anything with them that its data does not say.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export const eventReader = (site: Site, onData: (data: string) => void): EventReader => {
  const tooLong = () => protocolProblem(site, 'sent a line that does not end')
  /** The line that has not ended. A chain of pieces, so that a long line costs its length once. */
  let rest = ''
  let data = ''
  let dataLines = 0
  let afterCr = false

  const dispatch = (): void => {
    const event = data
    const lines = dataLines
    data = ''
    dataLines = 0
    if (lines > 0 && event !== '') onData(event)
  }

  const takeLine = (text: string, start: number, end: number): void => {
    if (start === end) {
      dispatch()
      return
    }
    if (!text.startsWith('data', start)) return
    const after = text.charCodeAt(start + 4)
    let value = ''
    if (after === 58 /* : */) {
      const from = text.charCodeAt(start + 5) === 32 ? start + 6 : start + 5
      value = text.slice(Math.min(from, end), end)
    } else if (start + 4 !== end) return
    if (data.length + value.length > MAX_EVENT_LENGTH) throw tooLong()
    data = dataLines === 0 ? value : `${data}\n${value}`
    dataLines += 1
  }

  return {
    feed(chunk) {
      if (chunk === '') return
      let text = chunk
      if (afterCr && text.charCodeAt(0) === 10) text = text.slice(1)
      afterCr = false
      if (text.includes('\r')) {
        afterCr = text.endsWith('\r')
        text = text.replace(/\r\n?/g, '\n')
      }
      let end = text.indexOf('\n')
      if (end === -1) {
        rest += text
        if (rest.length > MAX_EVENT_LENGTH) throw tooLong()
        return
      }
      if (rest !== '') {
        end += rest.length
        text = rest + text
        rest = ''
      }
      let start = 0
      for (; end !== -1; end = text.indexOf('\n', start)) {
        takeLine(text, start, end)
        start = end + 1
      }
      if (start < text.length) rest = text.slice(start)
      if (rest.length > MAX_EVENT_LENGTH) throw tooLong()
    },
    end() {
      if (rest !== '') takeLine(rest, 0, rest.length)
      rest = ''
      dispatch()
    },
  }
}
