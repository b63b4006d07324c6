import { Type } from 'typebox'
import { CURSOR } from '../protocol/page.ts'

const PAGE = 100

export const PageLimit = Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: PAGE }))

/** The query parameters of a page of a list, newest first. */
export const PageQuery = {
  limit: PageLimit,
  after: Type.Optional(Type.String({ pattern: CURSOR, description: 'next of the page before' })),
}

/** Returns the number of items of a page. */
export const limitOf = ({ limit = PAGE }: { limit?: number }): number => limit

/** Returns the cursor of the next page; after a full last page, that page is empty. */
export const nextOf = <T>(
  found: readonly T[],
  limit: number,
  cursorOf: (last: T) => string,
): string | null => {
  const last = found.at(-1)
  return last !== undefined && found.length === limit ? cursorOf(last) : null
}
