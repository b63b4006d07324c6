import { MAPPABLE_COLUMNS } from '../../protocol/contract.ts'
import type { SourceRecord } from './source.ts'

/** A JSON value of another service, of unknown shape. */
export type Json = unknown

/** Returns the value at a path of object keys; undefined where one of them is missing. */
export const at = (value: Json, ...path: string[]): Json =>
  path.reduce<Json>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<string, Json>)[key]
        : undefined,
    value,
  )

/** Returns a text; null for an empty one and for the words with which portals mark missing values. */
export const text = (value: Json): string | null => {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return null
  const trimmed = value.trim()
  return trimmed === '' || /^sem informa[çc][ãa]o$/i.test(trimmed) ? null : trimmed
}

/** Returns a CNPJ or CPF without punctuation; a masked or foreign id unchanged. */
export const taxId = (value: Json): string | null => {
  const id = text(value)
  if (id === null || !/^[\d./-]+$/.test(id)) return id
  return id.replace(/\D/g, '') || null
}

/** Returns an amount: a JSON number, `1234.56`, `1.234,56` or `R$ 1.234,56`. */
export const amount = (value: Json): number | null => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string') return null
  const bare = value.replace(/^\s*R\$\s*|\s+$/g, '')
  const decimal = /^-?\d{1,3}(\.\d{3})*(,\d+)?$|^-?\d+,\d+$/.test(bare)
    ? bare.replaceAll('.', '').replace(',', '.')
    : bare
  return /^-?\d+(\.\d+)?$/.test(decimal) ? Number(decimal) : null
}

/** Returns the `YYYY-MM-DD` of an ISO date or time, or of `DD/MM/YYYY`; null for a day that does not exist. */
export const day = (value: Json): string | null => {
  if (typeof value !== 'string') return null
  const iso = /^\s*(\d{4})-(\d{2})-(\d{2})(?:T.*)?\s*$/.exec(value)
  const local = iso ? null : /^\s*(\d{2})\/(\d{2})\/(\d{4})\s*$/.exec(value)
  const date = iso ? `${iso[1]}-${iso[2]}-${iso[3]}` : local ? `${local[3]}-${local[2]}-${local[1]}` : null
  if (date === null) return null
  const time = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date) ? date : null
}

/** The fields of a Brazilian record without content. */
export const BLANK = {
  ...Object.fromEntries(
    MAPPABLE_COLUMNS.filter((name) => name !== 'contract_id').map((name) => [name, null]),
  ),
  currency: 'BRL',
} as Readonly<Record<Exclude<keyof SourceRecord, 'currency'>, null> & { currency: string }>
