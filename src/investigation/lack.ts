import type { finding } from '../language/catalogue/finding-sentences.ts'
import type { Profile } from './profile.ts'

/** The name of a lack of data for which a rule cannot run; its sentence is `finding.lacks_…` of the catalogue. */
export type Lack = keyof typeof finding extends infer Key
  ? Key extends `lacks_${infer Name}`
    ? Name
    : never
  : never

/** Tells whether the data has the columns that several rules need, each by its name. */
export const has = {
  buyer: ({ filled }: Profile): boolean =>
    Boolean(filled.buyer_id || filled.buyer_name || filled.unit_id || filled.unit_name),
  supplier: ({ filled }: Profile): boolean => Boolean(filled.supplier_id || filled.supplier_name),
  value: ({ filled }: Profile): boolean => Boolean(filled.value),
  /** Tells whether anything tells two equal contracts from one that is listed twice. */
  identity: ({ filled }: Profile): boolean =>
    Boolean(
      filled.contract_number || filled.process_number || filled.signed_at || filled.start_at || filled.end_at,
    ),
  dates: ({ filled }: Profile): boolean => Boolean(filled.signed_at || filled.start_at),
  /** Tells whether there are amounts in reais, or no amounts at all. */
  reais: ({ currencies }: Profile): boolean => 'BRL' in currencies || Object.keys(currencies).length === 0,
}
