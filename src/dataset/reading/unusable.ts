import { Problem } from '../../errors.ts'
import type { Sentence } from '../../language/sentence.ts'
import type { Canonical } from './canonical.ts'
import { type Content, contentFit } from './content.ts'
import { currencyIn } from './currency.ts'
import { headerWords } from './header-name.ts'

/** Columns that a table of contracts should have, most needed first. */
const WANTED: readonly Canonical[] = [
  'final_value',
  'supplier_name',
  'buyer_name',
  'object',
  'contract_number',
  'signed_at',
]
const AMOUNTS: readonly Canonical[] = ['final_value', 'updated_initial_value', 'initial_value', 'unit_price']
const MOST_HEADERS = 200

/** A table that cannot be used, with what was recognised of it. */
export interface UnusableTable {
  names: readonly string[]
  columns?: ReadonlyMap<Canonical, number>
  contents?: readonly Content[]
}

/**
 * Makes the problem of a table that cannot be used: it lists the headers that were found, the canonical columns
 * without a source column, and the `mapping` that would help, with a guess by the contents of the columns.
 */
export function unusableTable(
  detail: Sentence,
  { names, columns = new Map(), contents = [] }: UnusableTable,
): Problem {
  const headers = names.filter((name) => name !== '').slice(0, MOST_HEADERS)
  const valued = AMOUNTS.some((amount) => columns.has(amount))
  const missing = WANTED.filter((name) => !columns.has(name) && !(name === 'final_value' && valued))
  const mapping: Record<string, string> = {}
  for (const [canonical, column] of columns) mapping[canonical] = names[column] as string
  const used = new Set(columns.values())
  for (const canonical of missing) {
    const likely = names.flatMap((name, column) => {
      const content = contents[column]
      return name !== '' && !used.has(column) && content && holds(canonical, content) ? [column] : []
    })
    const named = likely.find((column) => canonical === 'final_value' && isMoney(names[column] as string))
    const guess = named ?? likely[0] ?? -1
    if (guess >= 0) used.add(guess)
    mapping[canonical] = guess < 0 ? '…' : (names[guess] as string)
  }
  return new Problem('UNUSABLE_DATASET', detail, { members: { headers, missing, mapping } })
}

const isMoney = (name: string): boolean =>
  /\b(?:valor|total|preco)\b/.test(headerWords(name)) || currencyIn(name) !== undefined

function holds(canonical: Canonical, content: Content): boolean {
  if (content.filled === 0) return false
  const amounts = content.amounts - content.years - content.serials
  if (canonical === 'final_value')
    return amounts >= 0.5 * content.filled && contentFit(content, 'amount', false) === 1
  if (canonical === 'signed_at') return content.days >= 0.5 * content.filled
  if (canonical === 'contract_number') return content.numbered >= 0.9 * content.filled && content.days === 0
  return content.lettered >= 0.9 * content.filled && content.numbered < 0.5 * content.filled
}
