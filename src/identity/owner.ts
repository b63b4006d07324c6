import type { Store } from '../store/database.ts'
import type { Schema } from '../store/schema.ts'

type Db = Store['db']

/** A reference to a resource that has an owner. */
export interface Resource {
  type: 'dataset' | 'investigation' | 'chat' | 'prompt' | 'model' | 'stream'
  id: string
  /** Of a conversation: its channel, which differs when another one was made under the same id. */
  channel?: string
}

/** The owners of a resource, and the resource whose shares apply to it. */
export interface Owned {
  /** Ids of users; null means that everybody may read it. */
  owners: readonly (string | null)[]
  shares: Resource
}

/** Tells who owns the resources of one type. The room that stores them provides it. */
export interface OwnerLookup {
  /** Finds a resource; returns undefined when there is none. */
  find(db: Db, resource: Resource): Promise<Owned | undefined>
  /** Returns the own owner of each resource that exists, by its id. */
  ownersOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string | null>>
  /** Keeps a resource from being removed until the transaction is over, where its id may be used anew. */
  hold?(trx: Db, id: string): Promise<unknown>
}

/** The lookup of each type of resource. A type without one does not compile. */
export type Owners = Readonly<Record<Resource['type'], OwnerLookup>>

/** The tables whose rows have an id and an owner. */
type OwnedTable = {
  [Table in keyof Schema]: Schema[Table] extends { id: unknown; owner: unknown } ? Table : never
}[keyof Schema]

const ROW_NUMBER = /^[1-9]\d{0,14}$/

/**
 * Makes the lookup of a type of resource whose rows are in one table, in the columns `id` and `owner`.
 * @param ids `numbers` where the column has numbers: an id that is none belongs to no resource
 */
export const ownersIn = (
  table: OwnedTable,
  type: Resource['type'],
  ids: 'texts' | 'numbers' = 'texts',
): OwnerLookup => {
  const ownersOf: OwnerLookup['ownersOf'] = async (db, wanted) => {
    const keys = ids === 'texts' ? wanted : wanted.filter((id) => ROW_NUMBER.test(id)).map(Number)
    if (keys.length === 0) return new Map()
    const rows = await db
      .selectFrom(table)
      .select(['id', 'owner'])
      .where('id', 'in', keys as never)
      .execute()
    return new Map(rows.map(({ id, owner }) => [String(id), owner]))
  }
  return {
    ownersOf,
    async find(db, { id }) {
      const owner = (await ownersOf(db, [id])).get(id)
      return owner === undefined ? undefined : { owners: [owner], shares: { type, id } }
    },
  }
}
