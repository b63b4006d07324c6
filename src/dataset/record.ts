import { readAmount } from './amount.ts'
import { isBlank, isDash } from './blank.ts'
import type { Canonical } from './canonical.ts'
import { trimmed } from './cell-text.ts'
import { readDay, termOf } from './day.ts'
import { fold } from './header-name.ts'
import { columnMemo } from './memo.ts'
import type { Notes } from './notes.ts'
import type { ColumnPlan, Plan } from './plan.ts'
import { partRoughly, partSupplier, readTaxNumber } from './tax-number.ts'

/** A record's canonical values: amounts are numbers, days `YYYY-MM-DD`, all else text. */
export type Values = (string | number | null)[]

/** What became of a record. */
export type Outcome =
  | { kind: 'contract'; values: Values; value: number | null }
  | { kind: 'rejected'; reason: string }
  | { kind: 'skipped' }

export interface RecordReaderOptions {
  plan: Plan
  /** The header's rows, which may come again on each page. */
  headerRows: readonly (readonly string[])[]
  /** Lines above the header, which may come again on each page. */
  titles: readonly string[]
  notes: Notes
}

/** Longest text kept of a cell, in UTF-16 units. */
const LONGEST_TEXT = 32_768
const LABELS: ReadonlySet<Canonical> = new Set([
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
const TOTAL =
  /^(?:(?:sub ?|valor )?tota(?:l|is)(?: (?:geral|general|parcial|global|acumulado|pagina|orgao|contratos?|registros?|do|da|de|dos|das|del|r)\b.*)?|soma(?:torio)?(?: .*)?|suma(?: total)?|grand total)$/
/** What portals print below or between their tables. */
const FOOTER =
  /^(?:fonte|usuario|sistema|versao|nota \d+|dados (?:extraidos|atualizados|preliminares|sujeitos)|data (?:(?:de|da|do) )?(?:geracao|emissao|extracao|impressao|atualizacao|consulta)|gerado|emitido|impresso|extraido|relatorio|observac\w+|obs|nota|legenda|filtros?|(?:quantidade|numero|total)(?: de)? (?:registros?|linhas|contratos)|registros? encontrados|fuente|source|generated)\b/
/** Identifiers for which a lone zero means none. */
const NUMBERED: ReadonlySet<Canonical> = new Set(['contract_id', 'contract_number', 'supplier_id'])

/** Reads a source's cells into canonical values by the plan; keeps the tallies of what it saw. */
export function recordReader(
  options: RecordReaderOptions,
): (cells: string[], line: number, broken?: boolean) => Outcome {
  const { plan, notes } = options
  const { columns, names } = plan
  const width = names.length
  const at = (canonical: Canonical): number => columns.findIndex((column) => column.canonical === canonical)
  const [finalAt, updatedAt, initialAt, priceAt, quantityAt, supplierAt, nameAt] = (
    [
      'final_value',
      'updated_initial_value',
      'initial_value',
      'unit_price',
      'quantity',
      'supplier_id',
      'supplier_name',
    ] as const
  ).map(at) as [number, number, number, number, number, number, number]
  const sharedColumn =
    supplierAt >= 0 && columns[supplierAt]?.column === columns[nameAt]?.column
      ? columns[supplierAt]?.column
      : -1
  const mainAt = [finalAt, updatedAt, initialAt].find((index) => index >= 0) ?? -1
  const labels = columns.map(({ canonical }) => LABELS.has(canonical))
  const headers = options.headerRows.map((cells) => {
    const header = cells.map((cell) => cell.trim())
    return { header, first: header.findIndex((name) => name !== '') }
  })
  const titles = new Set(options.titles.map(fold).filter((title) => title !== ''))
  const memos = columns.map(({ kind }) => (kind === 'amount' ? null : columnMemo<string | number | null>()))
  let sumCents = 0
  let groupCents = 0
  let groupRows = 0

  return (cells, line, broken = false) => {
    if (isHeader(cells) || isNumbering(cells)) {
      notes.add('%n repeated header rows were left out (first in line %l)', line)
      return { kind: 'skipped' }
    }
    if (cells.length !== width) {
      const misfit = fitWidth(cells)
      if (misfit) {
        if (isPageLine(cells)) return asPageLine(line)
        if (cells.every((cell) => cell.trim() === '')) return { kind: 'skipped' }
        const total = totalLine(cells)
        if (total) return asTotal(line, total)
        return { kind: 'rejected', reason: broken ? 'a quotation mark is never closed' : misfit }
      }
    }
    if (broken)
      notes.add(
        '%n records have a quotation mark that is never closed; read as text (first in line %l)',
        line,
      )
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
      const told = notes.told
      const read = readCell(column, cell, line)
      if (memo && read !== undefined && notes.told === told) memo.set(cell, read)
      if (read === undefined) {
        const total = totalLine(cells)
        if (total) return asTotal(line, total)
        const text = (cells[column.column] as string).trim().slice(0, 60)
        if (index === mainAt)
          return { kind: 'rejected', reason: `"${text}" in ${names[column.column]} is no amount` }
        notes.add(
          `%n cells of "${names[column.column]}" are no amounts, left empty (first in line %l: %x)`,
          line,
          text,
        )
        values[index] = null
      } else {
        values[index] = read
        if (read !== null && labels[index]) labelled++
      }
    }
    if (labelled === 0) return unlabelled(cells, values, line)
    if (labelled <= 2) {
      const total = totalLine(cells) ?? (labelled === 1 ? groupTotal(cells, values) : null)
      if (total && (supplierAt < 0 || values[supplierAt] === null)) return asTotal(line, total)
      const alone = aloneIn(cells)
      if (alone) {
        notes.add('%n lines with a title or a note alone were left out (first in line %l: %x)', line, alone)
        return { kind: 'skipped' }
      }
    }
    if (mainAt >= 0 && values[mainAt] === null) values[mainAt] = slippedAmount(cells, values, line)
    const value = amountOf(values)
    if (value !== null) {
      sumCents += Math.round(value * 100)
      groupCents += Math.round(value * 100)
      groupRows++
    }
    return { kind: 'contract', values, value }
  }

  function readCell(column: ColumnPlan, raw: string, line: number): string | number | null | undefined {
    const text = trimmed(raw)
    if (column.kind === 'text') {
      if (column.codes ? isDash(text) : isBlank(text)) return null
      if (column.joined && column.canonical === 'supplier_name')
        return clean((partSupplier(text) ?? partRoughly(text))?.name ?? text)
      if (NUMBERED.has(column.canonical) && /^0+(?:[.,]0+)?$/.test(text)) return null
      if (text.charCodeAt(0) === 91 && column.canonical === 'supplier_name') {
        return clean(text.replace(/^\[+([^|\]]+).*$/s, '$1').trim())
      }
      return clean(text)
    }
    if (isBlank(text)) return null
    if (column.kind === 'amount') return scaledAmount(column, text)
    if (column.kind === 'day') return dayOf(column, text, line)
    return taxNumberOf(column, text, line)
  }

  function scaledAmount(column: ColumnPlan, text: string): number | undefined {
    const amount = readAmount(text, column.mark, column.amounts)
    if (amount === undefined || column.scale === 1) return amount
    return Math.round(amount * column.scale * 10_000) / 10_000
  }

  function dayOf(column: ColumnPlan, text: string, line: number): string | null {
    const term = column.canonical === 'start_at' || column.canonical === 'end_at' ? termOf(text) : null
    const part = term ? term[column.canonical === 'start_at' ? 0 : 1] : text
    const day = readDay(part, column.order, column.days)
    const name = names[column.column]
    if (day === null)
      notes.add(`%n days of "${name}" do not exist and were left empty (first in line %l: %x)`, line, text)
    else if (day === undefined && !/total/i.test(text))
      notes.add(`%n cells of "${name}" are no days and were left empty (first in line %l: %x)`, line, text)
    else if (day !== undefined && (day < '1950' || day >= '2100')) {
      notes.add(`%n days of "${name}" lie in an unlikely year (first in line %l: %x)`, line, text)
    }
    return day ?? null
  }

  function taxNumberOf(column: ColumnPlan, text: string, line: number): string | null {
    const parted =
      text.length > 14 && column.canonical === 'supplier_id'
        ? (partSupplier(text) ?? (column.joined ? partRoughly(text) : null))
        : null
    if (!parted && column.column === sharedColumn && text.replace(/\D/g, '').length < 8) return null
    const tax = readTaxNumber(parted?.number ?? text, column.brazilian)
    if (!tax.valid) {
      notes.add(
        `%n numbers of "${names[column.column]}" are no valid CNPJ or CPF, kept as given (first in line %l: %x)`,
        line,
        text,
      )
    }
    return tax.id === '' || /^0+$/.test(tax.id) ? null : clean(tax.id)
  }

  /** Why the cells cannot be brought to the header's width; null where they were. */
  function fitWidth(cells: string[]): string | null {
    const found = cells.length
    const reason = `${found} cells where the header has ${width}`
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

  function isHeader(cells: readonly string[]): boolean {
    for (const { header, first } of headers) {
      if (cells[first] !== header[first] && cells[first]?.trim() !== header[first]) continue
      if (header.every((name, index) => name === (cells[index]?.trim() ?? ''))) return true
    }
    return false
  }

  /** Whether a row numbers the columns: `(1);(2);(3)`. */
  function isNumbering(cells: readonly string[]): boolean {
    return (
      width > 2 &&
      /^\(?1\)?$/.test(cells[0] as string) &&
      cells.every((cell, at) => cell === '' || cell.replace(/[()\s]/g, '') === `${at + 1}`)
    )
  }

  /** Whether a row is a line that also stands above the header, or a page number. */
  function isPageLine(cells: readonly string[]): boolean {
    const joined = cells.join(' ')
    const text = fold(joined)
    return (
      /^\s*"?(?:\*|\(?\d\)\s)/.test(joined) ||
      titles.has(text) ||
      FOOTER.test(text) ||
      /^(?:pagina|pag|page|folha) \d+(?: (?:de|of|\/)? ?\d+)?$/.test(text)
    )
  }

  function totalLine(cells: readonly string[]): string | null {
    if (supplierAt >= 0) {
      const number = cells[(columns[supplierAt] as ColumnPlan).column]?.trim() ?? ''
      if (/\d{8}/.test(number)) return null
    }
    let filled = 0
    let label: string | null = null
    for (const cell of cells) {
      const text = cell.trim()
      if (text === '' || isBlank(text)) continue
      filled++
      if (
        label === null &&
        text.length < 80 &&
        /^\W*(?:sub|val|tot|som|sum|gran)/i.test(text) &&
        TOTAL.test(fold(text).replace(/ r? ?[\d ]+$/, ''))
      ) {
        label = text
      }
    }
    return label !== null && filled <= Math.max(3, width * 0.5) ? label : null
  }

  /**
   * A line of one text and amounts that is a total by its words (`Obras - Total`) or by its amount: the
   * sum of the lines since the total before it.
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

  /** The words that stand alone in an otherwise empty line. */
  function aloneIn(cells: readonly string[]): string | null {
    if (width < 4 || mainAt < 0) return null
    let alone: string | null = null
    for (const cell of cells) {
      const text = cell.trim()
      if (text === '') continue
      if (alone !== null) return null
      alone = text
    }
    return alone !== null && /\p{L}{2}/u.test(alone) && /\s/.test(alone) ? alone : null
  }

  function asPageLine(line: number): Outcome {
    notes.add('%n page titles, footers and page numbers were left out (first in line %l)', line)
    return { kind: 'skipped' }
  }

  function asTotal(line: number, label: string): Outcome {
    groupCents = 0
    groupRows = 0
    notes.add('%n total lines were not counted as contracts (first in line %l: %x)', line, label)
    return { kind: 'skipped' }
  }

  /** A row that says nothing about a contract: blank, a page title, or a sum without a label. */
  function unlabelled(cells: readonly string[], values: Values, line: number): Outcome {
    if (cells.every((cell) => isDash(cell.trim()))) return { kind: 'skipped' }
    if (isPageLine(cells)) return asPageLine(line)
    const total = totalLine(cells)
    if (total) return asTotal(line, total)
    const value = amountOf(values)
    if (value === null) return { kind: 'rejected', reason: 'none of the recognised columns has a value' }
    if (Math.round(value * 100) === sumCents) return asTotal(line, String(value))
    return { kind: 'rejected', reason: 'an amount without supplier, number, object or date' }
  }

  /** The amount of a row in which it stands one column beside its name, in a column that has none. */
  function slippedAmount(cells: readonly string[], values: Values, line: number): number | null {
    const column = columns[mainAt] as ColumnPlan
    for (const { column: beside, worded } of plan.beside) {
      const text = (cells[beside] ?? '').trim()
      if (text === '' || isBlank(text) || (worded && !/^(?:R\$\s*)?[\d.,]*\d[.,]\d{2}$/.test(text))) continue
      const amount = scaledAmount(column, text)
      if (amount === undefined) continue
      notes.add(
        `%n amounts stand one column beside "${names[column.column]}"; taken from there (first in line %l: %x)`,
        line,
        text,
      )
      columns.forEach((other, index) => {
        if (other.column === beside) values[index] = null
      })
      return amount
    }
    return null
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

const CONTROL = /[^\P{Cc}\t\n\r]/u
const CONTROLS = /[^\P{Cc}\t\n\r]/gu

/** Text without control characters, cut at {@link LONGEST_TEXT}. */
function clean(text: string): string | null {
  const kept = text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text
  const bare = CONTROL.test(kept) ? kept.replaceAll(CONTROLS, '') : kept
  return bare === '' ? null : bare
}
