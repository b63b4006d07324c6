import { type Sentence, say } from '../language/sentence.ts'
import { readAmount } from './reading/amount.ts'
import type { Canonical } from './reading/canonical.ts'
import { type Content, contentFit } from './reading/content.ts'
import { fold, headerWords } from './reading/header-name.ts'
import { meanings } from './reading/lexicon.ts'
import { withoutUnit } from './reading/money-unit.ts'

/** A table with a mapping by names. */
export interface MappedTable {
  names: readonly string[]
  contents: readonly Content[]
  rows: readonly (readonly string[])[]
  /** The mapping, which is amended in place. */
  columns: Map<Canonical, number>
  /** The caller's own mapping, which stays. */
  chosen: ReadonlyMap<Canonical, number>
}

const ADDED = /\b(?:aditiv\w*|aditad\w*|adicion\w*|acrescim\w*|acrescid\w*|adiciones)\b/
const UPDATED = /\b(?:atual|atualizado|aditiv\w*|adiciones)\b/
const ORIGINAL = /^(?:valor|total|valor total)? ?(?:contrato|contratado|contratual)(?: valor)?$/
const PAID = /^(?:valor )?(?:total )?(?:pago|pagado|liquidado)(?: valor)?$/

/**
 * Amends which column is a contract's total: a column that is the sum of another one and the additions is the
 * total; beside an updated total, the contract's own value is the initial one; paid amounts are taken where a file
 * has no others.
 * @returns warnings for the reader
 */
export function amendTotals(table: MappedTable): Sentence[] {
  const { names, columns, chosen } = table
  if (chosen.has('final_value') || chosen.has('initial_value')) return []
  const words = names.map((name) => headerWords(withoutUnit(name)))
  const told = takeQuantity(table)
  takeGrown(table, words)
  const total = columns.get('final_value')
  if (total !== undefined && !columns.has('initial_value') && UPDATED.test(words[total] as string)) {
    const original = words.findIndex((name, at) => ORIGINAL.test(name) && isFree(table, at))
    if (original >= 0) columns.set('initial_value', original)
  }
  const hasTotal = ['final_value', 'updated_initial_value', 'initial_value', 'unit_price'] as const
  if (hasTotal.some((canonical) => columns.has(canonical))) return told
  const paid = words.findIndex((name, at) => PAID.test(name) && isFree(table, at))
  if (paid < 0) return []
  columns.set('final_value', paid)
  return [say('dataset.paid_taken', { column: names[paid] as string })]
}

/** Tells whether a column of amounts has no meaning yet. */
function isFree({ columns, contents }: MappedTable, at: number): boolean {
  const content = contents[at]
  return (
    content !== undefined &&
    content.filled > 0 &&
    contentFit(content, 'amount', false) === 1 &&
    ![...columns.values()].includes(at)
  )
}

/** Least rows with an amount and a unit price that tell whether the amount is a total. */
const LEAST_PRICED = 10
/** Part of those rows in which a total may be below its unit price: a part of a unit was bought. */
const PARTS = 0.02
/** Part of those rows below the unit price from which an amount of whole numbers is a quantity. */
const SURELY_QUANTITY = 0.1
const MOSTLY_WHOLE = 0.95

/**
 * Makes a column called `amount` the quantity, where it is of whole numbers that are often below the unit price beside
 * it: no total is below the price of one unit. Where that is likely but not sure, the uploader is asked.
 */
function takeQuantity({ names, columns, rows }: MappedTable): Sentence[] {
  const [amount, price] = [columns.get('final_value'), columns.get('unit_price')]
  if (amount === undefined || price === undefined || columns.has('quantity')) return []
  const column = names[amount] as string
  if (!/\bamount\b/.test(fold(column))) return []
  let priced = 0
  let below = 0
  let whole = 0
  for (const row of rows) {
    const total = readAmount((row[amount] ?? '').trim(), '.')
    const unit = readAmount((row[price] ?? '').trim(), '.')
    if (!(total !== undefined && unit !== undefined && total > 0 && unit > 0)) continue
    priced++
    if (total < unit) below++
    if (Number.isInteger(total)) whole++
  }
  if (priced < LEAST_PRICED || below <= PARTS * priced) return []
  const told = { column, price: names[price] as string, below, priced }
  if (below < SURELY_QUANTITY * priced || whole < MOSTLY_WHOLE * priced)
    return [say('dataset.amount_or_quantity', { ...told, mapping: JSON.stringify({ quantity: column }) })]
  columns.delete('final_value')
  columns.set('quantity', amount)
  return [say('dataset.amount_is_quantity', told)]
}

/** Makes a free column the total, where it is the sum of the current total and the additions in nearly every row. */
function takeGrown(table: MappedTable, words: readonly string[]): void {
  const { names, columns, rows } = table
  const taken = columns.get('final_value')
  if (taken === undefined) return
  const added = words.findIndex((name, at) => ADDED.test(name) && isFree(table, at))
  if (added < 0) return
  const cents = (row: readonly string[], at: number): number | undefined => {
    const amount = readAmount((row[at] ?? '').trim(), ',')
    return amount === undefined ? undefined : Math.round(amount * 100)
  }
  const isSum = (at: number): boolean => {
    let matching = 0
    let grew = 0
    for (const row of rows) {
      const [base, more, sum] = [cents(row, taken), cents(row, added), cents(row, at)]
      if (base === undefined || more === undefined || sum === undefined || base + more !== sum) continue
      matching++
      if (more !== 0) grew++
    }
    return grew > 0 && matching >= 0.9 * rows.length
  }
  const namesTotal = (at: number): boolean =>
    meanings(names[at] as string).some(([meant]) => meant === 'final_value')
  const total = names.findIndex((_, at) => at !== added && namesTotal(at) && isFree(table, at) && isSum(at))
  if (total < 0) return
  columns.set('final_value', total)
  if (!columns.has('initial_value')) columns.set('initial_value', taken)
}
