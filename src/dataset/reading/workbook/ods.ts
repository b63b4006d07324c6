import { join } from 'node:path'
import type { Archive } from './archive.ts'
import { MOST_COLUMNS, numberText, type Sheet, type SheetFile, sheetFile } from './sheet-file.ts'
import { chooseSheets, readXml } from './xlsx.ts'

/** Reads the sheets of an OpenDocument spreadsheet, each as a text file in `directory`. */
export async function odsSheets(
  archive: Archive,
  directory: string,
  maxBytes: number,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<Sheet[]> {
  const sheets: Sheet[] = []
  let sheet: SheetFile | undefined
  let row = 0
  let rowTimes = 1
  let cells: string[] = []
  let cellTimes = 1
  let stored: string | undefined
  let text = ''
  let paragraphs = 0
  let depth = 0
  const times = (repeated: string | undefined): number => Math.max(1, Number(repeated ?? 1) || 1)
  const endCell = (): void => {
    const value = stored ?? text
    const count = value === '' ? cellTimes : Math.min(cellTimes, MOST_COLUMNS - cells.length)
    if (value !== '' || cells.length + count <= MOST_COLUMNS)
      for (let at = 0; at < count; at++) cells.push(value)
  }
  try {
    await readXml(
      archive,
      'content.xml',
      {
        open: (name, attributes) => {
          if (name === 'table' && attributes['table:name'] !== undefined) {
            const path = join(directory, `sheet-${sheets.length}.txt`)
            sheets.push({ name: attributes['table:name'], path })
            sheet?.close()
            sheet = sheetFile(path, maxBytes)
            row = 0
          } else if (name === 'table-row') {
            rowTimes = times(attributes['table:number-rows-repeated'])
            cells = []
          } else if (name === 'table-cell' || name === 'covered-table-cell') {
            cellTimes = times(attributes['table:number-columns-repeated'])
            stored = cellValue(attributes)
            text = ''
            paragraphs = 0
          } else if (name === 'p') {
            if (paragraphs++ > 0) text += ' '
            depth++
          } else if (name === 's' || name === 'tab' || name === 'line-break') text += ' '
          else if (name === 'annotation') depth = -1000
        },
        text: (part) => {
          if (depth > 0) text += part
        },
        close: (name) => {
          if (name === 'p') depth--
          else if (name === 'annotation') {
            depth = 0
            paragraphs = 0
          } else if (name === 'table-cell' || name === 'covered-table-cell') endCell()
          else if (name === 'table-row') {
            const filled = cells.some((cell) => cell !== '')
            for (let at = 1; filled && at <= rowTimes; at++) sheet?.write(row + at, cells)
            row += rowTimes
          }
        },
      },
      signal,
    )
  } finally {
    sheet?.close()
  }
  return chooseSheets(sheets, wanted)
}

/** Returns a cell's own value; undefined where its text is the value. */
function cellValue(attributes: Readonly<Record<string, string>>): string | undefined {
  switch (attributes['office:value-type']) {
    case 'float':
    case 'currency':
    case 'percentage':
      return numberText(attributes['office:value'] ?? '')
    case 'date':
      return (attributes['office:date-value'] ?? '').slice(0, 10)
    case 'boolean':
      return (attributes['office:boolean-value'] ?? '').toUpperCase()
    case 'string':
      return attributes['office:string-value']
    default:
      return undefined
  }
}
