import type { Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/**
 * Writes something more in the transaction of a change, so that it is kept or undone with it.
 * @param changed result of the change
 */
export type Alongside<T = void> = (trx: Kysely<Schema>, changed: T) => Promise<unknown>
