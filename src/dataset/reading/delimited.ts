export type Delimiter = ';' | ',' | '\t' | '|' | '§'
export const DELIMITERS: readonly Delimiter[] = [';', ',', '\t', '|', '§']

export interface DelimitedOptions {
  delimiter: Delimiter
  /** Number of cells of a whole record, once known: shows which records a broken quote has joined. */
  width?: number
  /** Number of the line on which the text begins. */
  firstLine?: number
  /**
   * Called with each record. `line` is the physical line on which it begins. `broken`: a quote in it is never
   * closed, so its first line was read with that quote as an ordinary character.
   */
  onRecord(cells: string[], line: number, broken: boolean): void
}

export interface DelimitedReader {
  width: number | undefined
  push(text: string): void
  end(): void
}

/** Longest quoted cell, in UTF-16 units: a longer one was never closed. */
const LONGEST_CELL = 65_536
/** Most line breaks of a quoted cell: one with more was never closed. */
const MOST_BREAKS = 250

interface Quoted {
  cells: string[]
  next: number
  breaks: number
  /** Whether a quote behind a line break in the cell is neither doubled nor at a cell's end. */
  suspicious: boolean
}

/**
 * Reads delimited text by RFC 4180, and the variants of portals: quotes inside unquoted cells, lone quotes inside
 * quoted ones, any line end (`\r` alone only where the text has no `\n`). Keeps at most one record, whatever the
 * size of the pushed chunks; the records do not depend on where the text is cut.
 */
export function delimitedReader(options: DelimitedOptions): DelimitedReader {
  const { delimiter, onRecord } = options
  let rest = ''
  let line = options.firstLine ?? 1
  let lineEnd = ''

  const reader: DelimitedReader = {
    width: options.width,
    push: (text) => {
      rest = rest === '' ? text : rest + text
      if (lineEnd === '') {
        if (rest.length < LONGEST_CELL && !rest.includes('\n')) return
        lineEnd = rest.includes('\n') || !rest.includes('\r') ? '\n' : '\r'
      }
      consume(false)
    },
    end: () => {
      if (lineEnd === '') lineEnd = rest.includes('\n') || !rest.includes('\r') ? '\n' : '\r'
      consume(true)
      rest = ''
    },
  }
  return reader

  function consume(last: boolean): void {
    const text = rest
    let at = 0
    let quote = text.indexOf('"')
    while (at < text.length) {
      let end = text.indexOf(lineEnd, at)
      if (end < 0) {
        if (!last) break
        end = text.length
      }
      if (quote >= 0 && quote < at) quote = text.indexOf('"', at)
      if (quote < 0 || quote > end) {
        plainLine(lineOf(text, at, end))
        at = end + 1
        continue
      }
      const record = quotedRecord(text, at, last)
      if (record === 'incomplete') break
      if (record && !isJoined(record, text)) {
        const [only] = record.cells
        const whole = record.cells.length === 1 && only?.includes(delimiter)
        onRecord(whole ? looseCells(only as string, delimiter) : record.cells, line, false)
        line += 1 + record.breaks
        at = record.next
        continue
      }
      const alone = looseCells(lineOf(text, at, end), delimiter)
      if (record && alone.length !== reader.width) {
        onRecord(record.cells, line, false)
        line += 1 + record.breaks
        at = record.next
        continue
      }
      onRecord(alone, line, true)
      line++
      at = end + 1
    }
    rest = at === 0 ? text : text.slice(at)
  }

  /**
   * Reads a line without quotes; it has several records where the file mixes its line ends and a lone `\r`
   * separates records.
   */
  function plainLine(text: string): void {
    if (text.includes('\r')) {
      const parts = text.split('\r').map((part) => part.split(delimiter))
      const width = reader.width ?? parts[0]?.length
      if (width !== undefined && width > 1 && parts.every(({ length }) => length === width)) {
        for (const cells of parts) onRecord(cells, line++, false)
        return
      }
    }
    onRecord(text.split(delimiter), line++, false)
  }

  /**
   * Tells whether a broken quote has joined records: by their number of cells, or where the last line is a whole
   * record by itself.
   */
  function isJoined(record: Quoted, text: string): boolean {
    if (record.breaks === 0) return false
    if (record.suspicious) return true
    if (reader.width === undefined) return false
    if (record.cells.length !== reader.width) return true
    const end = text[record.next - 1] === lineEnd ? record.next - 1 : record.next
    const last = lineOf(text, text.lastIndexOf(lineEnd, end - 1) + 1, end)
    return looseCells(last, delimiter).length === reader.width
  }

  /** Reads the record at `at`; returns null where a quote in it is never closed. */
  function quotedRecord(text: string, at: number, last: boolean): Quoted | 'incomplete' | null {
    const record: Quoted = { cells: [], next: 0, breaks: 0, suspicious: false }
    let from = at
    let end = -1
    for (;;) {
      let open = from
      while (text.charCodeAt(open) === 32) open++
      if (text.charCodeAt(open) === 34) {
        const closed = closing(text, open, last, record)
        if (closed === 'incomplete' || closed === null) return closed
        from = closed
      } else {
        let cut = text.indexOf(delimiter, from)
        if (end < from) {
          end = text.indexOf(lineEnd, from)
          if (end < 0) {
            if (!last) return 'incomplete'
            end = text.length
          }
        }
        if (cut < 0 || cut > end) cut = end
        record.cells.push(cut === end ? lineOf(text, from, end) : text.slice(from, cut))
        from = cut
      }
      if (from >= text.length) {
        record.next = from
        return record
      }
      if (text[from] === delimiter) {
        from++
        continue
      }
      if (lineEnd === '\n' && text.charCodeAt(from) === 13) from++
      record.next = from + 1
      return record
    }
  }

  /** Reads the quoted cell that opens at `open`; returns the index of the delimiter or line end behind it. */
  function closing(text: string, open: number, last: boolean, record: Quoted): number | 'incomplete' | null {
    let cell = ''
    let from = open + 1
    let loose = 0
    let at = from
    for (;;) {
      const quote = text.indexOf('"', at)
      if (quote < 0 || quote - open > LONGEST_CELL) {
        return quote < 0 && !last && text.length - open <= LONGEST_CELL ? 'incomplete' : null
      }
      if (quote + 2 >= text.length && !last) return 'incomplete'
      const next = text.charCodeAt(quote + 1)
      if (next === 34 && !(loose % 2 === 1 && isEnd(text, quote + 2))) {
        cell += text.slice(from, quote + 1)
        from = quote + 2
        at = from
        continue
      }
      const doubled = next === 34
      let behind = quote + (doubled ? 2 : 1)
      while (text.charCodeAt(behind) === 32) behind++
      if (behind >= text.length && !last) return 'incomplete'
      if (isEnd(text, behind)) {
        cell += text.slice(from, doubled ? quote + 1 : quote)
        const breaks = cell.includes(lineEnd) ? cell.split(lineEnd).length - 1 : 0
        if (breaks > MOST_BREAKS) return null
        record.cells.push(cell)
        record.breaks += breaks
        return behind
      }
      loose++
      if (cell.includes(lineEnd) || text.slice(from, quote).includes(lineEnd)) {
        record.suspicious = true
        if (text[quote - 1] === delimiter || text[quote - 1] === '\n') return null
      }
      at = quote + 1
    }
  }

  function isEnd(text: string, at: number): boolean {
    if (at >= text.length) return true
    const character = text[at]
    return character === delimiter || character === '\n' || character === '\r'
  }

  function lineOf(text: string, from: number, end: number): string {
    return text.slice(from, end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end)
  }
}

/** Splits one line into cells; a quote that is not closed on it is an ordinary character. */
function looseCells(line: string, delimiter: Delimiter): string[] {
  const cells: string[] = []
  let from = 0
  for (;;) {
    let cut = -1
    let cell = ''
    if (line.charCodeAt(from) === 34) {
      for (let quote = line.indexOf('"', from + 1); quote >= 0; quote = line.indexOf('"', quote + 1)) {
        if (line.charCodeAt(quote + 1) === 34) {
          quote++
          continue
        }
        if (quote + 1 === line.length || line[quote + 1] === delimiter) {
          cut = quote + 1
          cell = line.slice(from + 1, quote).replaceAll('""', '"')
          break
        }
      }
    }
    if (cut < 0) {
      const next = line.indexOf(delimiter, from)
      cut = next < 0 ? line.length : next
      cell = line.slice(from, cut)
    }
    cells.push(cell)
    if (cut >= line.length) return cells
    from = cut + 1
  }
}
