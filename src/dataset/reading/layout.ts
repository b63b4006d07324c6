import { Problem } from '../../errors.ts'
import { say } from '../../language/sentence.ts'
import { readAmount } from './amount.ts'
import type { Canonical } from './canonical.ts'
import { describeColumns } from './content.ts'
import { readDay } from './day.ts'
import { joinDecimals } from './decimal-comma.ts'
import { DELIMITERS, type Delimiter, delimitedReader } from './delimited.ts'
import { fold } from './header-name.ts'
import { meanings } from './lexicon.ts'
import { isHeaderOf, pageMover } from './page-layout.ts'
import { unusableTable } from './unusable.ts'

/** The position and the names of a delimited file's table. */
export interface Layout {
  delimiter: Delimiter
  /** Column names as in the file; of both rows where the header has two. Empty where a column has none. */
  names: string[]
  /** The header's own rows, by which repetitions of it are recognised. */
  headerRows: string[][]
  /** Physical line of the first header. */
  headerLine: number
  /** First physical line after the header. */
  firstDataLine: number
  /** Text of the lines above the header. */
  titles: string[]
  /** Whether decimal commas split cells: the records of the sample have been joined again, and the others must be. */
  decimalCommas: boolean
  /** Records of the sample after the header. */
  sample: { cells: string[]; line: number }[]
}

interface Candidate {
  score: number
  names: string[]
  first: number
  rows: number
}

const MOST_TITLE_RECORDS = 60
const MOST_SAMPLED = 3000

/**
 * Finds delimiter and header at the beginning of a file: title lines above the header, a header of two rows (groups
 * over names), columns without a name.
 * @param whole whether the text is the whole file
 * @param wanted names that the caller's mapping needs
 * @throws {Problem} `UNUSABLE_DATASET` where no row is a header, with the rows that were tried
 */
export function findLayout(text: string, whole: boolean, wanted: readonly string[]): Layout {
  let best: { candidate: Candidate; delimiter: Delimiter; records: Record[] } | undefined
  for (const delimiter of DELIMITERS) {
    if (!text.includes(delimiter)) continue
    const records = sampleRecords(text, whole, delimiter)
    const candidate = bestHeader(records, new Set(wanted.map(fold)))
    if (candidate && (!best || candidate.score > best.candidate.score))
      best = { candidate, delimiter, records }
  }
  if (!best) throw noHeader(text)
  const { candidate, delimiter, records } = best
  const header = (records[candidate.first] as Record).cells
  const first = records.findIndex(({ cells }) => isHeaderOf(header, cells))
  const begin = first < 0 ? candidate.first : Math.min(first, candidate.first)
  const end = begin + candidate.rows
  const move = pageMover(header, candidate.names.length)
  move((records[begin] as Record).cells)
  const headerRows = records
    .slice(candidate.first, candidate.first + candidate.rows)
    .map((record) => record.cells)
  const read = records
    .slice(end)
    .map(({ cells, line }) => ({ cells: move(cells), line }))
    .filter(({ cells }) => !headerRows.some((names) => isEqual(names, cells)))
  const sample = delimiter === ',' ? read.map((record) => wholeRecord(record, candidate.names.length)) : read
  const last = records[end - 1] as Record
  return {
    delimiter,
    names: widened(candidate.names, sample),
    headerRows,
    headerLine: (records[begin] as Record).line,
    firstDataLine: sample[0]?.line ?? last.line + 1,
    decimalCommas: sample.some((record, at) => record !== read[at]),
    titles: records.slice(0, begin).map((record) => record.cells.join(' ').trim()),
    sample,
  }
}

const isEqual = (names: readonly string[], cells: readonly string[]): boolean =>
  names.every((name, at) => name.trim() === (cells[at] ?? '').trim())

interface Record {
  cells: string[]
  line: number
}

function wholeRecord(record: Record, width: number): Record {
  const cells = joinDecimals(record.cells, width)
  return cells === record.cells ? record : { ...record, cells }
}

function sampleRecords(text: string, whole: boolean, delimiter: Delimiter): Record[] {
  const records: Record[] = []
  const reader = delimitedReader({
    delimiter,
    onRecord: (cells, line) => {
      if (records.length < MOST_SAMPLED) records.push({ cells, line })
    },
  })
  reader.push(text)
  if (whole) reader.end()
  return records
}

function bestHeader(records: readonly Record[], wanted: ReadonlySet<string>): Candidate | undefined {
  let best: Candidate | undefined
  const offer = (candidate: Candidate): void => {
    if (best && best.names.join() === candidate.names.join()) return
    if (candidate.score >= 1.2 && (!best || candidate.score > best.score + 0.3)) best = candidate
  }
  const limit = Math.min(records.length, MOST_TITLE_RECORDS)
  for (let at = 0; at < limit; at++) {
    const cells = (records[at] as Record).cells
    if (cells.length < 2 || cells.filter((cell) => cell.trim() !== '').length < 2) continue
    const names = cells.map(tidy)
    const width = names.length
    const steady = steadiness(records, at + 1, width)
    offer({ score: recognised(names, wanted) * steady, names, first: at, rows: 1 })
    const below = records[at + 1]?.cells.map(tidy)
    if (below && below.length === width && !below.some(isData)) {
      const steadyBelow = steadiness(records, at + 2, width)
      const two = { first: at, rows: 2 }
      const grouped = joinRows(names, below)
      offer({ score: recognised(grouped, wanted) * steadyBelow, names: grouped, ...two })
      if (below.every((name, column) => name === '' || names[column] === '')) {
        const staggered = names.map((name, column) => name || (below[column] as string))
        offer({ score: recognised(staggered, wanted) * steadyBelow, names: staggered, ...two })
      }
    }
  }
  return best
}

const tidy = (cell: string): string => cell.replace(/\s+/g, ' ').trim()

const isData = (cell: string): boolean => {
  const text = cell.trim()
  return (
    text !== '' &&
    /\d/.test(text) &&
    (readAmount(text, ',') !== undefined || readDay(text, 'dmy') !== undefined)
  )
}

/**
 * Joins the rows of a header: a group's name is over its first column only, and also holds for the columns to its
 * right without one.
 */
function joinRows(groups: readonly string[], names: readonly string[]): string[] {
  let group = ''
  return names.map((name, at) => {
    const own = groups[at] as string
    if (own !== '') group = own
    if (name === '') return own
    return group === '' ? name : `${group} ${name}`
  })
}

/**
 * Scores how much a row's cells look like a header: higher for each canonical column with a clear name, lower for
 * cells that are data.
 */
function recognised(names: readonly string[], wanted: ReadonlySet<string>): number {
  const found = new Map<Canonical, number>()
  let data = 0
  let filled = 0
  let asked = 0
  for (const name of names) {
    if (name === '') continue
    filled++
    if (isData(name)) data++
    if (wanted.has(fold(name))) asked++
    const best = meanings(name).reduce((most, meaning) => (meaning[1] > most[1] ? meaning : most), [
      'item' as Canonical,
      0,
    ] as const)
    if (best[1] > (found.get(best[0]) ?? 0)) found.set(best[0], best[1])
  }
  let sum = asked
  for (const score of found.values()) sum += score / 100
  return filled === 0 ? 0 : sum * (1 - data / filled) ** 2
}

/** Returns the share of the following records with the header's width, between 0.4 (none) and 1. */
function steadiness(records: readonly Record[], from: number, width: number): number {
  const following = records.slice(from, from + 100)
  if (following.length === 0) return 0.7
  const same = following.filter(({ cells }) => Math.abs(cells.length - width) <= 1).length
  return 0.4 + 0.6 * (same / following.length)
}

/** Returns names for every column that most rows have, where the header row is shorter. */
function widened(names: readonly string[], sample: readonly Record[]): string[] {
  const wider = sample.filter(({ cells }) => cells.length > names.length)
  if (wider.length < 0.6 * sample.length || sample.length === 0) return [...names]
  const counts = new Map<number, number>()
  for (const { cells } of wider) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1)
  const [width] = [...counts].sort((a, b) => b[1] - a[1])[0] as [number, number]
  return [...names, ...Array<string>(width - names.length).fill('')]
}

function noHeader(text: string): Problem {
  const lines = text.split(/\r?\n|\r/).filter((line) => line.trim() !== '')
  if (lines.length === 0) return new Problem('UNUSABLE_DATASET', say('unusable.blank_lines'))
  const first = (lines[0] as string).trim()
  const [delimiter] = DELIMITERS.map((mark) => [mark, first.split(mark).length] as const).sort(
    (a, b) => b[1] - a[1],
  )
  const records = sampleRecords(text, true, delimiter?.[0] ?? ',')
  const names = (records[0]?.cells ?? [first]).map(tidy)
  const rows = records.slice(1).map(({ cells }) => cells)
  const contents = describeColumns(rows, names.length)
  return unusableTable(say('unusable.no_header', { line: first.slice(0, 160) }), { names, contents })
}
