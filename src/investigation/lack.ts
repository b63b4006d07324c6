import type { finding } from '../language/catalogue/finding.ts'
import type { Profile } from './profile.ts'

/** Names why a rule cannot run: what the data lacks; the catalogue's `finding.lacks_…` says it. */
export type Lack = keyof typeof finding extends infer Key
  ? Key extends `lacks_${infer Name}`
    ? Name
    : never
  : never

/** Tests that several rules share; each returns whether the data has the columns of its name. */
export const has = {
  buyer: ({ filled }: Profile): boolean =>
    Boolean(filled.buyer_id || filled.buyer_name || filled.unit_id || filled.unit_name),
  supplier: ({ filled }: Profile): boolean => Boolean(filled.supplier_id || filled.supplier_name),
  value: ({ filled }: Profile): boolean => Boolean(filled.value),
  dates: ({ filled }: Profile): boolean => Boolean(filled.signed_at || filled.start_at),
  /** Amounts in reais, or none at all. */
  reais: ({ currencies }: Profile): boolean => 'BRL' in currencies || Object.keys(currencies).length === 0,
}
