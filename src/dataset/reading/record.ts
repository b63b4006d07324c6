import { type Sentence, say } from '../../language/sentence.ts'
import { readAmount } from './amount.ts'
import { isBlank, isDash, saysNoAmount } from './blank.ts'
import type { Canonical } from './canonical.ts'
import { type CellValue, cellReader, scaledAmount } from './cell-value.ts'
import { columnMemo } from './column-memo.ts'
import type { ColumnPlan, Plan } from './column-plan.ts'
import { readDay, termOf } from './day.ts'
import { fold } from './header-name.ts'
import type { Notes } from './notes.ts'
import { type PrintedLinesOptions, printedLines } from './printed-line.ts'

/** A record's canonical values: amounts are numbers, days `YYYY-MM-DD`, all else text. */
export type Values = CellValue[]

/** The result of reading a record. */
export type Outcome =
  | { kind: 'contract'; values: Values; value: number | null }
  /** The text of a cell runs on from the contract before, over the end of a line or page. */
  | { kind: 'continued'; index: number; text: string }
  | { kind: 'rejected'; reason: Sentence }
  | { kind: 'skipped' }

export interface RecordReaderOptions extends Pick<PrintedLinesOptions, 'headerRows' | 'titles'> {
  plan: Plan
  notes: Notes
}

/** Columns that describe a contract besides amounts: a row without any of them is no record. */
const LABELS: ReadonlySet<string> = new Set([
  'contract_id',
  'contract_number',
  'process_number',
  'supplier_id',
  'supplier_name',
  'buyer_id',
  'buyer_name',
  'unit_id',
  'unit_name',
  'object',
  'item',
  'item_code',
  'signed_at',
  'start_at',
  'end_at',
  'kind',
  'modality',
  'category',
])

/** Most cells with words that a line of a total has. */
const MOST_LABELS = 2

/** Makes the reader that converts a source's cells into canonical values by the plan, and keeps tallies. */
export function recordReader(
  options: RecordReaderOptions,
): (cells: string[], line: number, broken?: boolean) => Outcome {
  const { plan, headerRows, titles, notes } = options
  const { columns, names } = plan
  const width = names.length
  const at = (canonical: Canonical): number => columns.findIndex((column) => column.canonical === canonical)
  const [finalAt, updatedAt, initialAt, priceAt, quantityAt, supplierAt, nameAt, objectAt] = (
    [
      'final_value',
      'updated_initial_value',
      'initial_value',
      'unit_price',
      'quantity',
      'supplier_id',
      'supplier_name',
      'object',
    ] as const
  ).map(at) as [number, number, number, number, number, number, number, number]
  const mainAt = [finalAt, updatedAt, initialAt].find((index) => index >= 0) ?? -1
  const entriesAt = columns.flatMap(({ canonical }, index) =>
    canonical === 'entry' || canonical === 'entry_kind' ? [index] : [],
  )
  const meant = new Set(columns.map(({ column }) => column))
  const labels = columns.map(({ canonical }) => LABELS.has(canonical))
  const memos = columns.map(({ kind, joined }) =>
    kind === 'amount' || (kind === 'text' && !joined) ? null : columnMemo<CellValue>(),
  )
  const readCell = cellReader(plan, notes)
  const printed = printedLines({ headerRows, titles, width, supplierColumn: columns[supplierAt]?.column })
  /** Whether nothing but pages' lines came since a contract. */
  let runsOn = false
  let sumCents = 0
  let groupCents = 0
  let groupRows = 0

  return (cells, line, broken = false) => {
    if (printed.isHeader(cells)) {
      notes.add('dataset.headers_repeated', line)
      return { kind: 'skipped' }
    }
    if (cells.length !== width) {
      const misfit = fitWidth(cells)
      if (misfit) {
        if (printed.isPageLine(cells)) return asPageLine(line)
        if (cells.every((cell) => cell.trim() === '')) return { kind: 'skipped' }
        const total = printed.totalIn(cells)
        if (total) return asTotal(line, total)
        return { kind: 'rejected', reason: broken ? say('reject.quote_open') : misfit }
      }
    }
    if (broken) notes.add('dataset.quote_open', line)
    const values: Values = new Array(columns.length)
    let labelled = 0
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index] as ColumnPlan
      const cell = cells[column.column] as string
      const memo = memos[index]
      const known = memo?.get(cell)
      if (known !== undefined) {
        values[index] = known
        if (known !== null && labels[index]) labelled++
        continue
      }
      const added = notes.added
      const read = readCell(column, cell, line)
      if (memo && read !== undefined && notes.added === added) memo.set(cell, read)
      if (read === undefined) {
        const total = printed.totalIn(cells)
        if (total) return asTotal(line, total)
        const text = (cells[column.column] as string).trim().slice(0, 60)
        if (saysNoAmount(text)) {
          values[index] = null
          continue
        }
        if (index === mainAt)
          return {
            kind: 'rejected',
            reason: say('reject.no_amount', { text, column: names[column.column] as string }),
          }
        notes.add('dataset.cells_no_amount', line, { column: names[column.column], example: text })
        values[index] = null
      } else {
        values[index] = read
        if (read !== null && labels[index]) labelled++
      }
    }
    if (labelled === 0 && !isWorded(cells, values)) return unlabelled(cells, values, line)
    if (labelled <= 2) {
      const total = printed.totalIn(cells) ?? (labelled === 1 ? groupTotal(cells, values) : null)
      if (total && (supplierAt < 0 || values[supplierAt] === null)) return asTotal(line, total)
      if (printed.isPageEnd(cells)) return asPageLine(line)
      const alone = mainAt < 0 ? null : printed.aloneIn(cells)
      if (alone) {
        if (runsOn && alone.column > 0 && alone.column === columns[objectAt]?.column) {
          notes.add('dataset.texts_run_on', line, { example: alone.text })
          return { kind: 'continued', index: objectAt, text: alone.text }
        }
        notes.add('dataset.notes_alone', line, { example: alone.text })
        return { kind: 'skipped' }
      }
    }
    if (mainAt >= 0 && values[mainAt] === null) values[mainAt] = slippedAmount(cells, values, line)
    if (entriesAt.some((index) => (values[index] as string | null)?.endsWith('/annulment'))) negate(values)
    const value = amountOf(values)
    if (value !== null) {
      sumCents += Math.round(value * 100)
      groupCents += Math.round(value * 100)
      groupRows++
    }
    runsOn = true
    return { kind: 'contract', values, value }
  }

  /** Fits the cells to the header's width. @returns the reason where that is impossible; else null */
  function fitWidth(cells: string[]): Sentence | null {
    const found = cells.length
    const reason = say('reject.width', { found, width })
    if (found > width) {
      for (let index = width; index < found; index++)
        if ((cells[index] as string).trim() !== '') return reason
      cells.length = width
      return null
    }
    const main = mainAt < 0 ? -1 : (columns[mainAt] as ColumnPlan).column
    if (found < 2 || found <= main) return reason
    for (const column of columns) {
      const text = (cells[column.column] ?? '').trim()
      if (text === '' || isBlank(text)) continue
      if (column.kind === 'amount' && readAmount(text, column.mark) === undefined) return reason
      if (column.kind === 'day' && readDay(text, column.order) === undefined && !termOf(text)) return reason
    }
    while (cells.length < width) cells.push('')
    return null
  }

  /**
   * Recognises a line of one text and amounts as a total, by its words (`Obras - Total`) or by its amount: the sum
   * of the lines since the total before it.
   */
  function groupTotal(cells: readonly string[], values: Values): string | null {
    if (width < 4 || (nameAt >= 0 && values[nameAt] !== null)) return null
    const texts = cells
      .map((cell) => cell.trim())
      .filter((text) => !isBlank(text) && readAmount(text, ',') === undefined)
    const value = amountOf(values)
    if (value === null || texts.length !== 1) return null
    const [label] = texts as [string]
    if (/^sub ?total\b|^total\b|\btotal$/.test(fold(label))) return label
    return groupRows > 1 && Math.round(value * 100) === groupCents ? label : null
  }

  function asPageLine(line: number): Outcome {
    notes.add('dataset.page_lines', line)
    return { kind: 'skipped' }
  }

  function asTotal(line: number, label: string): Outcome {
    groupCents = 0
    groupRows = 0
    runsOn = false
    notes.add('dataset.total_lines', line, { example: label })
    return { kind: 'skipped' }
  }

  /** Tells whether an amount is described in columns that have no meaning here: a total has no more than two labels. */
  function isWorded(cells: readonly string[], values: Values): boolean {
    if (!amountOf(values) || printed.isPageLine(cells) || printed.totalIn(cells)) return false
    return cells.filter((cell, column) => !meant.has(column) && /\p{L}{3}/u.test(cell)).length > MOST_LABELS
  }

  /** Classifies a row without a description of a contract: blank, a page title, or a sum without a label. */
  function unlabelled(cells: readonly string[], values: Values, line: number): Outcome {
    if (cells.every((cell) => isDash(cell.trim()))) return { kind: 'skipped' }
    if (printed.isPageLine(cells)) return asPageLine(line)
    const total = printed.totalIn(cells)
    if (total) return asTotal(line, total)
    const value = amountOf(values)
    if (value === null) return { kind: 'rejected', reason: say('reject.nothing_recognised') }
    if (Math.round(value * 100) === sumCents) return asTotal(line, String(value))
    return { kind: 'rejected', reason: say('reject.amount_alone') }
  }

  /** Returns the amount of a row in which it is one column beside its own, in a column without a name. */
  function slippedAmount(cells: readonly string[], values: Values, line: number): number | null {
    const column = columns[mainAt] as ColumnPlan
    for (const { column: beside, worded } of plan.beside) {
      const text = (cells[beside] ?? '').trim()
      if (text === '' || isBlank(text) || (worded && !/^(?:R\$\s*)?[\d.,]*\d[.,]\d{2}$/.test(text))) continue
      const amount = scaledAmount(column, text)
      if (amount === undefined) continue
      notes.add('dataset.amounts_beside', line, { column: names[column.column], example: text })
      columns.forEach((other, index) => {
        if (other.column === beside) values[index] = null
      })
      return amount
    }
    return null
  }

  /** Makes annulled amounts negative: they have columns of their own, with a sign or without. */
  function negate(values: Values): void {
    for (const index of [finalAt, updatedAt, initialAt])
      if (index >= 0 && values[index] !== null) values[index] = -Math.abs(values[index] as number)
  }

  function amountOf(values: Values): number | null {
    for (const index of [finalAt, updatedAt, initialAt]) {
      if (index >= 0 && values[index] !== null) return values[index] as number
    }
    if (priceAt < 0 || quantityAt < 0) return null
    const price = values[priceAt]
    const quantity = values[quantityAt]
    if (typeof price !== 'number' || typeof quantity !== 'number') return null
    return Math.round(price * quantity * 100) / 100
  }
}
