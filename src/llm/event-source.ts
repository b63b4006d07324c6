import { protocolProblem, type Site } from './provider-failure.ts'

/**
 * Longest line, event or whole answer that is read, in UTF-16 code units; a longer one is not in the vendor's format.
 */
export const MAX_EVENT_LENGTH = 8 * 1024 * 1024

/** Takes the events of an answer's text, in order. */
export interface EventSink {
  /** Takes the data of one event, which is never empty. */
  data(text: string): void
  /** Takes an error that the format itself marks: the data of an `event: error`, or the value of an `error:` line. */
  error(text: string): void
  /** Counts a line that is neither an event nor part of one, such as a line of HTML. */
  stray(line: string): void
}

/** Splits a body's text into events. */
export interface EventReader {
  /**
   * Reads a further piece of the text.
   * @throws {Problem} `PROVIDER_PROTOCOL_ERROR` above {@link MAX_EVENT_LENGTH}
   */
  feed(text: string): void
  /**
   * Ends the text: the rest is the last event, since some vendors leave out the line end behind it.
   * @returns true when the body ended inside a line that may be half of one
   */
  end(): boolean
}

/** The way in which a format splits an answer into events. */
export interface Wire {
  open(site: Site, sink: EventSink): EventReader
  /** True where a body that begins with a bracket is a whole answer and no event. */
  readonly bracketIsWhole: boolean
}

const tooLong = (site: Site) => protocolProblem(site, 'endless_line')

/**
 * Makes a function that calls `takeLine` with the bounds of each line of a text that comes in pieces. A line ends at
 * LF, CR or CRLF.
 * @returns `feed`, and `end`, which takes the line that has no end and returns whether there was one
 */
const lineReader = (
  site: Site,
  takeLine: (text: string, start: number, end: number) => void,
): EventReader => {
  /** The line that has not ended, as a chain of pieces, so that a long line costs its length once. */
  let rest = ''
  let afterCr = false
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
        if (rest.length > MAX_EVENT_LENGTH) throw tooLong(site)
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
      if (rest.length > MAX_EVENT_LENGTH) throw tooLong(site)
    },
    end() {
      const last = rest
      rest = ''
      if (last !== '') takeLine(last, 0, last.length)
      return last !== ''
    },
  }
}

/** Returns the value of a field's line; undefined where the line is another field's. */
const fieldOf = (field: string, text: string, start: number, end: number): string | undefined => {
  const colon = start + field.length
  if (!text.startsWith(field, start)) return undefined
  if (colon === end) return ''
  if (text.charCodeAt(colon) !== 58 /* : */) return undefined
  const from = text.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1
  return text.slice(Math.min(from, end), end)
}

/** Matches comments and the fields that carry no part of an answer. */
const SILENT = /^(id|retry)?(:|$)/

/**
 * Reads an event-stream: calls the sink with each event's data, and with the errors that an event's name or a line
 * `error: …` marks. A line that is JSON without a field's name is an event too: some servers write their errors so.
 * Other names, ids, comments and `retry` are skipped: no vendor says anything in them that its data does not say.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
const openEventStream: Wire['open'] = (site, sink) => {
  let data = ''
  let dataLines = 0
  let isError = false

  const dispatch = (): void => {
    const event = data
    const [hasData, hasFailed] = [dataLines > 0 && event !== '', isError]
    data = ''
    dataLines = 0
    isError = false
    if (hasFailed) sink.error(event)
    else if (hasData) sink.data(event)
  }

  const takeOther = (text: string, start: number, end: number): void => {
    if (text.charCodeAt(start) === 123 /* { */) {
      dispatch()
      sink.data(text.slice(start, end))
      return
    }
    const name = fieldOf('event', text, start, end)
    const error = fieldOf('error', text, start, end)
    if (name !== undefined) isError = name.trim() === 'error'
    else if (error !== undefined) sink.error(error)
    else {
      const line = text.slice(start, end)
      if (!SILENT.test(line)) sink.stray(line)
    }
  }

  const lines = lineReader(site, (text, start, end) => {
    if (start === end) {
      dispatch()
      return
    }
    const value = fieldOf('data', text, start, end)
    if (value === undefined) {
      takeOther(text, start, end)
      return
    }
    if (data.length + value.length > MAX_EVENT_LENGTH) throw tooLong(site)
    data = dataLines === 0 ? value : `${data}\n${value}`
    dataLines += 1
  })

  return {
    feed: lines.feed,
    end() {
      const isCut = lines.end()
      dispatch()
      return isCut
    },
  }
}

export const eventStream: Wire = { open: openEventStream, bracketIsWhole: true }

/**
 * The format of newline-delimited JSON: each line that is not blank is an event.
 * @see https://github.com/ndjson/ndjson-spec
 */
export const ndjson: Wire = {
  open: (site, sink) =>
    lineReader(site, (text, start, end) => {
      const line = text.slice(start, end).trim()
      if (line !== '') sink.data(line)
    }),
  bracketIsWhole: false,
}
