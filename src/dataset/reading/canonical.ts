import type { MAPPABLE_COLUMNS } from '../../protocol/contract.ts'

/** A column that a file's own columns can be mapped to. */
export type Canonical = (typeof MAPPABLE_COLUMNS)[number]

/** What the cells of a canonical column must look like. */
export type ContentKind = 'amount' | 'day' | 'tax' | 'currency' | 'text'

export const CONTENT_KINDS: Readonly<Record<Canonical, ContentKind>> = {
  contract_id: 'text',
  contract_number: 'text',
  process_number: 'text',
  kind: 'text',
  modality: 'text',
  legal_basis: 'text',
  status: 'text',
  supplier_id: 'tax',
  supplier_name: 'text',
  buyer_id: 'tax',
  buyer_name: 'text',
  unit_id: 'text',
  unit_name: 'text',
  object: 'text',
  category: 'text',
  item: 'text',
  item_code: 'text',
  unit_of_measure: 'text',
  signed_at: 'day',
  start_at: 'day',
  end_at: 'day',
  initial_value: 'amount',
  updated_initial_value: 'amount',
  final_value: 'amount',
  unit_price: 'amount',
  reference_price: 'amount',
  quantity: 'amount',
  currency: 'currency',
}

/** Names a column may have, in the words of `headerWords`, best first. */
export interface ColumnNames {
  names: readonly (readonly [score: number, pattern: RegExp])[]
  /** Words that make it another thing, whatever else it says. */
  never?: RegExp
}
