import { isJoinColumn, readJoinCell } from '../joining/join-columns.ts'
import { readAmount } from './amount.ts'
import { isBlank, isDash } from './blank.ts'
import type { Canonical } from './canonical.ts'
import { trimmed } from './cell-text.ts'
import type { ColumnPlan, Plan } from './column-plan.ts'
import { currencyIn, readCurrency } from './currency.ts'
import { readDay, termOf } from './day.ts'
import type { Notes } from './notes.ts'
import { partRoughly, partSupplier, readTaxNumber, standsInForNumber } from './tax-number.ts'

/**
 * The value of a cell: an amount is a number, a day `YYYY-MM-DD`, all else text; null where the cell has no value.
 */
export type CellValue = string | number | null

/** Longest text of a cell that is kept, in UTF-16 units. */
const LONGEST_TEXT = 32_768
/** Identifiers for which a lone zero means that there is none. */
const NUMBERED: ReadonlySet<string> = new Set(['supplier_id'])

/**
 * Makes the function that reads a cell by the plan of its column.
 * @returns undefined where a cell in a column of amounts is no amount
 */
export function cellReader(
  { columns, names }: Plan,
  notes: Notes,
): (column: ColumnPlan, cell: string, line: number) => CellValue | undefined {
  const columnOf = (canonical: Canonical) => columns.find((column) => column.canonical === canonical)?.column
  const supplierColumn = columnOf('supplier_id')
  const buyerColumn = columnOf('buyer_id')
  const shared = new Set([
    supplierColumn === columnOf('supplier_name') ? supplierColumn : undefined,
    buyerColumn === columnOf('buyer_name') ? buyerColumn : undefined,
  ])

  return (column, cell, line) => {
    if (column.kind === 'join')
      return isJoinColumn(column.canonical) ? readJoinCell(column.canonical, cell) : cell || null
    const text = trimmed(cell)
    if (column.kind === 'text') {
      if (column.codes ? isDash(text) : isBlank(text)) return null
      if (column.joined && (column.canonical === 'supplier_name' || column.canonical === 'buyer_name'))
        return clean((partSupplier(text) ?? partRoughly(text))?.name ?? text)
      if (NUMBERED.has(column.canonical) && /^0+(?:[.,]0+)?$/.test(text)) return null
      if (text.charCodeAt(0) === 91 && column.canonical === 'supplier_name') {
        return clean(text.replace(/^\[+([^|\]]+).*$/s, '$1').trim())
      }
      return clean(text)
    }
    if (isBlank(text)) return null
    if (column.kind === 'currency') return currencyOf(column, text, line)
    if (column.kind === 'amount') return scaledAmount(column, text)
    if (column.kind === 'day') return dayOf(column, text, line)
    return taxNumberOf(column, text, line)
  }

  function dayOf(column: ColumnPlan, text: string, line: number): string | null {
    const term = column.canonical === 'start_at' || column.canonical === 'end_at' ? termOf(text) : null
    const part = term ? term[column.canonical === 'start_at' ? 0 : 1] : text
    const day = readDay(part, column.order, column.days)
    const name = names[column.column]
    if (day === null) notes.add('dataset.days_impossible', line, { column: name, example: text })
    else if (day === undefined && !/total/i.test(text))
      notes.add('dataset.cells_no_day', line, { column: name, example: text })
    else if (day !== undefined && (day < '1950' || day >= '2100')) {
      notes.add('dataset.days_unlikely', line, { column: name, example: text })
    }
    return day ?? null
  }

  function currencyOf(column: ColumnPlan, text: string, line: number): string | null {
    if (column.signs) return currencyIn(text) ?? null
    const code = readCurrency(text)
    if (code === undefined)
      notes.add('dataset.cells_no_currency', line, { column: names[column.column], example: text })
    return code ?? null
  }

  function taxNumberOf(column: ColumnPlan, text: string, line: number): string | null {
    const parted =
      text.length > 12 ? (partSupplier(text) ?? (column.joined ? partRoughly(text) : null)) : null
    if (!parted && shared.has(column.column) && text.replace(/\D/g, '').length < 8) return null
    if (standsInForNumber(parted?.number ?? text)) return null
    const tax = readTaxNumber(parted?.number ?? text, column.brazilian)
    if (!tax.valid) {
      notes.add('dataset.tax_numbers_invalid', line, { column: names[column.column], example: text })
    }
    return tax.id === '' || /^0+$/.test(tax.id) ? null : clean(tax.id)
  }
}

/** Reads an amount and multiplies it by its column's scale; returns undefined where the text is no amount. */
export function scaledAmount(column: ColumnPlan, text: string): number | undefined {
  const amount = readAmount(text, column.mark, column.amounts)
  if (amount === undefined || column.scale === 1) return amount
  return Math.round(amount * column.scale * 10_000) / 10_000
}

const CONTROL = /[^\P{Cc}\t\n\r]/u
const CONTROLS = /[^\P{Cc}\t\n\r]/gu

/** Returns text without control characters, cut at {@link LONGEST_TEXT}; null where nothing is left. */
function clean(text: string): string | null {
  const kept = text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text
  const bare = CONTROL.test(kept) ? kept.replaceAll(CONTROLS, '') : kept
  return bare === '' ? null : bare
}
