import { badField, noSuch } from '../errors.ts'
import type { AccessControl } from '../identity/access.ts'
import type { Actor } from '../identity/actor.ts'
import type { Identity } from '../identity/identity.ts'
import { say } from '../language/sentence.ts'
import type { Alongside } from '../store/change.ts'

/** The rows of one table, numbered from 1, each of which belongs to a user. */
export interface Rows<Fields extends object, Row extends Fields & { id: number }> {
  get(id: number): Promise<Row | undefined>
  create(owner: string, fields: Fields, alongside: Alongside<Row>): Promise<Row>
  change(id: number, fields: Partial<Fields>, alongside: Alongside<Row>): Promise<Row>
  remove(id: number, alongside: Alongside): Promise<void>
}

export interface OwnedRowsOptions<Fields extends object, Row extends Fields & { id: number }> {
  access: AccessControl
  type: 'model' | 'prompt'
  rows: Rows<Fields, Row>
  /** Names of the fields that can be changed. */
  fields: readonly (keyof Fields & string)[]
  /** The access that reading needs: `shared` where everybody may read a row, `own` where only its owner may. */
  readableWith: 'shared' | 'own'
  /** Return the details of the audit events. */
  details: {
    created(row: Row): Record<string, unknown>
    updated(changes: Partial<Fields>): Record<string, unknown>
  }
}

/** Reads and changes rows for callers with access to them, and records the changes in the audit log. */
export interface OwnedRows<Fields extends object, Row extends Fields & { id: number }> {
  /** Returns a row. @throws {Problem} `NOT_FOUND` */
  get(identity: Identity, id: string): Promise<Row>
  /** Creates a row. @throws {Problem} `VALIDATION_FAILED` naming the field */
  create(actor: Actor, fields: Fields): Promise<Row>
  /** Changes a row. @throws {Problem} `NOT_FOUND`, `FORBIDDEN`, `VALIDATION_FAILED` naming the field */
  change(actor: Actor, id: string, changes: Partial<Fields>): Promise<Row>
  /** Removes a row. @throws {Problem} `NOT_FOUND`, `FORBIDDEN`, `CONFLICT` */
  remove(actor: Actor, id: string): Promise<void>
}

/** Makes the use cases of the rows of one table. */
export const ownedRows = <Fields extends object, Row extends Fields & { id: number }>({
  access,
  type,
  rows,
  fields,
  readableWith,
  details,
}: OwnedRowsOptions<Fields, Row>): OwnedRows<Fields, Row> => ({
  async get(identity, id) {
    await access.require(identity, { type, id }, readableWith)
    const row = await rows.get(Number(id))
    if (!row) throw noSuch(type)
    return row
  },

  create: ({ identity, audit }, made) =>
    audit.change((record) =>
      rows.create(identity.id, made, (trx, row) =>
        record(trx, `${type}.created`, {
          resource_type: type,
          resource_id: String(row.id),
          details: details.created(row),
        }),
      ),
    ),

  async change({ identity, audit }, id, given) {
    await access.require(identity, { type, id }, 'own')
    const named = fields.filter((name) => given[name] !== undefined)
    if (named.length === 0) throw badField('/', say('field.name_one_of', { allowed: fields }))
    const changes = Object.fromEntries(named.map((name) => [name, given[name]])) as Partial<Fields>
    return audit.change((record) =>
      rows.change(Number(id), changes, (trx) =>
        record(trx, `${type}.updated`, {
          resource_type: type,
          resource_id: id,
          details: details.updated(changes),
        }),
      ),
    )
  },

  async remove({ identity, audit }, id) {
    await access.require(identity, { type, id }, 'own')
    await audit.change((record) =>
      rows.remove(Number(id), (trx) =>
        record(trx, `${type}.deleted`, { resource_type: type, resource_id: id }),
      ),
    )
  },
})
