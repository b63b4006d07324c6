import { join } from 'node:path'
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { Problem } from '../../../errors.ts'
import { say } from '../../../language/sentence.ts'
import { type Archive, archiveText } from './archive.ts'
import { MOST_COLUMNS, numberText, type Sheet, serialDay, sheetFile } from './sheet-file.ts'
import { type SharedStrings, sharedStrings } from './strings.ts'

type Attributes = Readonly<Record<string, string>>

/** Callbacks for the elements of an XML file, by their names without prefix. */
export interface XmlHandlers {
  open?(name: string, attributes: Attributes): void
  text?(text: string): void
  close?(name: string): void
}

/** Most characters of XML without a tag: a workbook's cell has 32,767 at most. */
const LONGEST_TEXT = 16 * 1024 * 1024

/**
 * Reads an XML file of an archive while it is decompressed.
 * @throws {Problem} `UNUSABLE_DATASET` where it is no well-formed XML, or where a text in it has no end
 */
export async function readXml(
  archive: Archive,
  name: string,
  { open, text, close }: XmlHandlers,
  signal: AbortSignal,
): Promise<void> {
  const parser = new SaxesParser()
  const bare = (tag: SaxesTagPlain): string => tag.name.slice(tag.name.indexOf(':') + 1)
  let untagged = 0
  parser.on('opentag', (tag) => {
    untagged = 0
    open?.(bare(tag), tag.attributes as Attributes)
  })
  if (text) parser.on('text', text)
  parser.on('closetag', (tag) => {
    untagged = 0
    close?.(bare(tag))
  })
  parser.on('error', (error) => {
    throw new Problem('UNUSABLE_DATASET', say('unusable.xml_broken', { name }), {
      cause: error,
    })
  })
  for await (const part of archiveText(archive, name, signal)) {
    untagged += part.length
    parser.write(part)
    if (untagged > LONGEST_TEXT)
      throw new Problem('UNUSABLE_DATASET', say('unusable.text_too_long', { name }))
  }
  parser.close()
}

interface Workbook {
  sheets: { name: string; path: string }[]
  since1904: boolean
}

const BUILT_IN_DAYS = new Set([
  14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 34, 35, 36, 45, 46, 47, 50, 51, 52, 53, 54, 55, 56,
  57, 58,
])

/**
 * Reads the sheets of an Excel workbook, each into a text file in `directory`, when the consumer asks for it;
 * hidden ones only where `wanted` names them. Of formulas the stored values are read.
 */
export async function* xlsxSheets(
  archive: Archive,
  directory: string,
  maxBytes: number,
  wanted: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Sheet> {
  const { sheets, since1904 } = await readWorkbook(archive, wanted, signal)
  const chosen = chooseSheets(sheets, wanted)
  const strings = sharedStrings()
  if (archive.names.includes('xl/sharedStrings.xml')) await readStrings(archive, strings, signal)
  const days = archive.names.includes('xl/styles.xml')
    ? await readDayStyles(archive, signal)
    : new Set<number>()
  for (const [at, { name, path }] of chosen.entries()) {
    const file = join(directory, `sheet-${at}.txt`)
    await writeSheet(archive, path, { file, maxBytes, strings, days, since1904 }, signal)
    yield { name, path: file }
  }
}

/**
 * Returns the sheet with a name, or all.
 * @throws {Problem} `UNUSABLE_DATASET` with the existing names, where none has that name
 */
export function chooseSheets<Named extends { name: string }>(
  sheets: readonly Named[],
  wanted: string | undefined,
): Named[] {
  if (wanted === undefined) return [...sheets]
  const fold = (name: string): string => name.trim().toLowerCase()
  const found =
    sheets.find(({ name }) => name === wanted) ?? sheets.find(({ name }) => fold(name) === fold(wanted))
  if (found) return [found]
  const names = sheets.map(({ name }) => name)
  throw new Problem('UNUSABLE_DATASET', say('unusable.no_sheet', { sheet: wanted, sheets: names }), {
    members: { sheets: names },
  })
}

async function readWorkbook(
  archive: Archive,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<Workbook> {
  const targets = new Map<string, string>()
  await readXml(
    archive,
    'xl/_rels/workbook.xml.rels',
    {
      open: (name, { Id, Target }) => {
        if (name === 'Relationship' && Id && Target)
          targets.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`)
      },
    },
    signal,
  )
  const sheets: Workbook['sheets'] = []
  let since1904 = false
  await readXml(
    archive,
    'xl/workbook.xml',
    {
      open: (name, attributes) => {
        if (name === 'workbookPr') since1904 = /^(?:1|true)$/.test(attributes.date1904 ?? '')
        if (name !== 'sheet') return
        const path = targets.get(attributes['r:id'] ?? '')
        const hidden = (attributes.state ?? 'visible') !== 'visible' && attributes.name !== wanted
        if (path && !hidden && archive.names.includes(path))
          sheets.push({ name: attributes.name ?? path, path })
      },
    },
    signal,
  )
  return { sheets, since1904 }
}

async function readStrings(archive: Archive, strings: SharedStrings, signal: AbortSignal): Promise<void> {
  let text = ''
  let inText = false
  let phonetic = 0
  await readXml(
    archive,
    'xl/sharedStrings.xml',
    {
      open: (name) => {
        if (name === 'si') text = ''
        else if (name === 'rPh') phonetic++
        inText = name === 't' && phonetic === 0
      },
      text: (part) => {
        if (inText) text += part
      },
      close: (name) => {
        if (name === 'si') strings.add(text)
        else if (name === 'rPh') phonetic--
        else if (name === 't') inText = false
      },
    },
    signal,
  )
}

/** Reads the cell styles that show a number as a day. */
async function readDayStyles(archive: Archive, signal: AbortSignal): Promise<Set<number>> {
  const own = new Map<number, boolean>()
  const days = new Set<number>()
  let inCells = false
  let style = 0
  await readXml(
    archive,
    'xl/styles.xml',
    {
      open: (name, { numFmtId, formatCode }) => {
        if (name === 'numFmt') {
          const bare = (formatCode ?? '').replace(/"[^"]*"|\[[^\]]*\]|\\./g, '')
          own.set(Number(numFmtId), /[dy]/i.test(bare) && !/[#0]/.test(bare.replace(/[dmyhs:/\-. ]+/gi, '')))
        } else if (name === 'cellXfs') inCells = true
        else if (name === 'xf' && inCells) {
          const format = Number(numFmtId ?? 0)
          if (own.get(format) ?? BUILT_IN_DAYS.has(format)) days.add(style)
          style++
        }
      },
      close: (name) => {
        if (name === 'cellXfs') inCells = false
      },
    },
    signal,
  )
  return days
}

interface SheetOptions {
  file: string
  maxBytes: number
  strings: SharedStrings
  days: ReadonlySet<number>
  since1904: boolean
}

async function writeSheet(
  archive: Archive,
  path: string,
  { file, maxBytes, strings, days, since1904 }: SheetOptions,
  signal: AbortSignal,
): Promise<void> {
  const sheet = sheetFile(file, maxBytes)
  let cells: string[] = []
  let row = 0
  let column = 0
  let kind = 'n'
  let style = 0
  let text = ''
  let inValue = false
  const value = (): string => {
    if (kind === 's') return strings.get(Number(text))
    if (kind === 'e') return ''
    if (kind === 'b') return text === '1' ? 'TRUE' : 'FALSE'
    if (kind === 'd') return text.slice(0, 10)
    if (kind !== 'n' || text === '') return text
    return days.has(style) && Number.isFinite(Number(text))
      ? serialDay(Number(text), since1904)
      : numberText(text)
  }
  try {
    await readXml(
      archive,
      path,
      {
        open: (name, { r, s, t }) => {
          if (name === 'c') {
            column = r ? columnOf(r) : column + 1
            kind = t ?? 'n'
            style = Number(s ?? 0)
            text = ''
          } else if (name === 'row') {
            row = r ? Number(r) : row + 1
            column = 0
            cells = []
          } else inValue = name === 'v' || name === 't'
        },
        text: (part) => {
          if (inValue) text += part
        },
        close: (name) => {
          if (name === 'v' || name === 't') inValue = false
          else if (name === 'c' && column >= 1 && column <= MOST_COLUMNS) {
            const cell = value()
            if (cell !== '') {
              while (cells.length < column - 1) cells.push('')
              cells[column - 1] = cell
            }
          } else if (name === 'row') sheet.write(row, cells)
        },
      },
      signal,
    )
  } finally {
    sheet.close()
  }
}

/** Returns the number of a cell's column: 3 for `C7`. */
function columnOf(reference: string): number {
  let column = 0
  for (let at = 0; at < reference.length; at++) {
    const code = reference.charCodeAt(at)
    if (code < 65 || code > 90) break
    column = column * 26 + code - 64
  }
  return column
}
