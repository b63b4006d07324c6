import type { Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/**
 * Something more that is written in the transaction of a change, and is kept or undone with it.
 * @param changed what the change gives
 */
export type Alongside<T = void> = (trx: Kysely<Schema>, changed: T) => Promise<unknown>
