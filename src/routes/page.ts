import { Type } from 'typebox'
import { CURSOR } from '../protocol/page.ts'

const PAGE = 100

export const PageLimit = Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: PAGE }))

/** The part of a list that is asked for, of things that stand in it the newest first. */
export const PageQuery = {
  limit: PageLimit,
  after: Type.Optional(Type.String({ pattern: CURSOR, description: 'next of the page before' })),
}

/** How many a page holds. */
export const limitOf = ({ limit = PAGE }: { limit?: number }): number => limit

/** The cursor behind a page; behind a full one there may be nothing more. */
export const nextOf = <T>(
  found: readonly T[],
  limit: number,
  cursorOf: (last: T) => string,
): string | null => {
  const last = found.at(-1)
  return last !== undefined && found.length === limit ? cursorOf(last) : null
}
