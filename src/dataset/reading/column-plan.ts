import { type Sentence, say } from '../../language/sentence.ts'
import { MAPPABLE_COLUMNS } from '../../protocol/contract.ts'
import type { JoinColumn, JoinPlan } from '../joining/join-columns.ts'
import { type AmountTally, amountTally, type DecimalMark, decimalMark } from './amount.ts'
import { type Canonical, CONTENT_KINDS, type ContentKind } from './canonical.ts'
import { holdsCodes } from './content.ts'
import { type DayOrder, type DayTally, dayOrder, dayTally } from './day.ts'
import type { Mapping } from './mapping.ts'
import { scaleOf, titleScale } from './money-unit.ts'
import type { TableSource } from './source.ts'

/** The form in which one canonical column is read. */
export interface ColumnPlan {
  canonical: Canonical | JoinColumn | 'source_lines' | 'items'
  /** Position in the source's cells. */
  column: number
  kind: ContentKind | 'join'
  /** For amounts: the mark by which `1.234` is read. */
  mark: DecimalMark
  /** For amounts: the factor, where the name or a title has thousands or millions. */
  scale: number
  /** For days: the order by which `03/04/2024` is read. */
  order: DayOrder
  /** For tax numbers: CNPJs and CPFs, not foreign ids. */
  brazilian: boolean
  /** Whether `NA` is a value. */
  codes: boolean
  /** Whether supplier and tax number share the cell. */
  joined: boolean
  /** For currencies: whether they are signs in a column of amounts. */
  signs: boolean
  amounts: AmountTally
  days: DayTally
}

export interface Plan {
  names: readonly string[]
  columns: ColumnPlan[]
  /**
   * Columns beside the amount, to which a row's amount may have shifted; `worded`: whether they have words of their
   * own.
   */
  beside: { column: number; worded: boolean }[]
  /** The mark for columns of amounts that prove none. */
  fallback: DecimalMark
}

const TOTALS: ReadonlySet<Canonical> = new Set(['initial_value', 'updated_initial_value', 'final_value'])

/**
 * Plans how every column is read, from a sample of its cells.
 * @param commaFile whether commas separate cells, so that a decimal comma is unlikely
 * @param titles lines above the header
 * @param derived columns that reading derives
 * @param joins columns that show which rows belong to one contract
 */
export function planColumns(
  names: readonly string[],
  mapping: Mapping,
  commaFile: boolean,
  titles: readonly string[],
  joins: JoinPlan,
  derived: TableSource['derived'] = {},
): Plan {
  const all = amountTally()
  for (const [canonical, column] of mapping.columns) {
    if (CONTENT_KINDS[canonical] !== 'amount') continue
    const tally = mapping.contents[column]?.amountTally as AmountTally
    all.comma += tally.comma
    all.dot += tally.dot
  }
  const fallback = decimalMark(all, commaFile ? '.' : ',')
  const titled = Math.max(1, ...titles.map(titleScale))
  const columns: ColumnPlan[] = MAPPABLE_COLUMNS.filter((canonical) => mapping.columns.has(canonical)).map(
    (canonical) => {
      const column = mapping.columns.get(canonical) as number
      const content = mapping.contents[column] as Mapping['contents'][number]
      const name = names[column] as string
      return {
        canonical,
        column,
        kind: CONTENT_KINDS[canonical],
        mark: decimalMark(content.amountTally, fallback),
        scale: Math.max(scaleOf(name), TOTALS.has(canonical) ? titled : 1),
        order: dayOrder(content.dayTally),
        brazilian:
          /cnpj|cpf/i.test(name) ||
          (content.filled > 0 && content.taxNumbers + content.joinedBrazilian >= 0.5 * content.filled),
        codes: holdsCodes(content),
        joined: content.filled > 0 && content.joined >= 0.3 * content.filled,
        signs: false,
        amounts: amountTally(),
        days: dayTally(),
      }
    },
  )
  for (const [canonical, column] of joins.columns)
    columns.push({ ...UNREAD, canonical, column, kind: 'join', amounts: amountTally(), days: dayTally() })
  for (const canonical of ['source_lines', 'items'] as const) {
    const column = derived[canonical]
    if (column !== undefined)
      columns.push({ ...UNREAD, canonical, column, kind: 'join', amounts: amountTally(), days: dayTally() })
  }
  if (columns.some((column) => isSigned(mapping, column))) readSigns(columns)
  return { names, columns, beside: columnsBeside(names, mapping), fallback }
}

/** The plan's fields for a column that is read as plain text. */
const UNREAD = {
  mark: ',',
  scale: 1,
  order: 'dmy',
  brazilian: false,
  codes: false,
  joined: false,
  signs: false,
} as const

const MAIN_AMOUNTS: readonly Canonical[] = ['final_value', 'initial_value', 'unit_price']

const isSigned = (mapping: Mapping, { canonical, column }: ColumnPlan): boolean =>
  (MAIN_AMOUNTS as readonly string[]).includes(canonical) && (mapping.contents[column]?.signs ?? 0) > 0

/** Plans to read the signs beside the main amounts as currencies, where no column names currencies. */
function readSigns(columns: ColumnPlan[]): boolean {
  if (columns.some(({ canonical }) => canonical === 'currency')) return false
  const main = MAIN_AMOUNTS.map((name) => columns.find(({ canonical }) => canonical === name)).find(Boolean)
  if (!main) return false
  columns.push({ ...main, canonical: 'currency', kind: 'currency', signs: true })
  return true
}

function columnsBeside(names: readonly string[], mapping: Mapping): Plan['beside'] {
  const total = mapping.columns.get('final_value') ?? mapping.columns.get('initial_value')
  const used = new Set(
    [...mapping.columns]
      .filter(([canonical]) => CONTENT_KINDS[canonical] !== 'text')
      .map(([, column]) => column),
  )
  if (total === undefined) return []
  return [total - 1, total + 1]
    .filter((column) => names[column] !== undefined && !used.has(column))
    .map((column) => ({ column, worded: names[column] !== '' }))
    .filter(({ column, worded }) => {
      const content = mapping.contents[column] as Mapping['contents'][number]
      return !worded || content.amounts < 0.5 * content.filled
    })
}

/**
 * Compares, after a whole pass, what all values prove with what the sample proved. Where that differs the plan is
 * amended, and its tallies begin anew, so that a second pass reads by it.
 */
export function amendPlan(plan: Plan): boolean {
  let amended = false
  let signed = false
  const all = amountTally()
  for (const { amounts } of plan.columns) {
    all.comma += amounts.comma
    all.dot += amounts.dot
  }
  plan.fallback = decimalMark(all, plan.fallback)
  for (const column of plan.columns) {
    const { amounts, days } = column
    const mark = decimalMark(amounts, plan.fallback)
    const unclear = amounts.unclearDot + amounts.unclearComma
    if (column.kind === 'amount' && mark !== column.mark && unclear > 0) {
      column.mark = mark
      amended = true
    }
    const order = dayOrder(days)
    if (column.kind === 'day' && order !== column.order && days.unclear + days.impossible > 0) {
      column.order = order
      amended = true
    }
    if (amounts.signs) signed = true
    column.amounts = amountTally()
    column.days = dayTally()
  }
  return (signed && readSigns(plan.columns)) || amended
}

/** Returns warnings about amounts that are multiplied, with their factors. */
export const scaleWarnings = ({ columns, names }: Plan): Sentence[] =>
  columns
    .filter(({ kind, scale }) => kind === 'amount' && scale > 1)
    .map(({ column, scale }) => say('dataset.amounts_scaled', { column: names[column] as string, scale }))

/** Returns the mapping for the report: canonical column → source column's name. */
export function reportedColumns(plan: Plan): Record<string, string> {
  const reported: [string, string][] = plan.columns
    .filter(({ canonical, signs }) => !signs && canonical in CONTENT_KINDS)
    .map(({ canonical, column }) => [canonical, plan.names[column] || `column ${column + 1}`])
  const number = reported.find(([canonical]) => canonical === 'contract_number')
  if (number && !reported.some(([canonical]) => canonical === 'contract_id')) {
    reported.unshift(['contract_id', number[1]])
  }
  return Object.fromEntries(reported)
}
