import { Type } from 'typebox'
import { badField } from '../errors.ts'

/** PostgreSQL has no text with U+0000. */
export const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000]*$' })

/** Of a row that counts up. */
export const RowId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })
export const RowPage = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  after: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$', description: 'next of the page before' })),
})
export const pageOf = <T extends Parameters<typeof Type.Array>[0]>(item: T) =>
  Type.Object({ items: Type.Array(item), next: Type.Union([Type.String(), Type.Null()]) })

/** One row more is read than a page has, to know whether there is another. */
export const shownPage = <T extends { id: number }>(found: readonly T[], limit: number) => {
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? String(items.at(-1)?.id) : null }
}

/**
 * Of a body's fields those that there are.
 * @throws {Problem} `VALIDATION_FAILED` when it has none of them
 */
export const changesIn = <T extends object>(body: Partial<T>, names: readonly (keyof T)[]): Partial<T> => {
  const named = names.filter((name) => body[name] !== undefined)
  if (named.length === 0) throw badField('/', `must name one of ${names.join(', ')}`)
  return Object.fromEntries(named.map((name) => [name, body[name]])) as Partial<T>
}
