import type { MAPPABLE_COLUMNS } from '../../protocol/contract.ts'

/** A column to which a file's own columns can be mapped. */
export type Canonical = (typeof MAPPABLE_COLUMNS)[number]

/** The kind of content that the cells of a canonical column must have. */
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

/** Patterns of the names of a column, over the words of `headerWords`, best first. */
export interface ColumnNames {
  names: readonly (readonly [score: number, pattern: RegExp])[]
  /** Matches words that exclude the column, whatever else the name has. */
  never?: RegExp
}
