import { setImmediate } from 'node:timers/promises'
import type { Store } from '../store/database.ts'
import { type AuditFilter, filterEvents } from './filter.ts'

/** Events that one query counts; other work of the event loop runs between two. */
const SLICE = 20_000

/** Counts the events of the log that a filter selects. @throws the signal's reason */
export const countEvents = async (
  { db }: Pick<Store, 'db'>,
  filter: AuditFilter,
  signal: AbortSignal,
): Promise<number> => {
  const { first, last } = await db
    .selectFrom('audit_events')
    .select(({ fn }) => [fn.min('seq').as('first'), fn.max('seq').as('last')])
    .executeTakeFirstOrThrow()
  let count = 0
  for (let from = Number(first ?? 1); from <= Number(last ?? 0); from += SLICE) {
    signal.throwIfAborted()
    const { found } = await filterEvents(db.selectFrom('audit_events'), filter)
      .select(({ fn }) => fn.countAll().as('found'))
      .where('seq', '>=', from)
      .where('seq', '<', Math.min(from + SLICE, Number(last) + 1))
      .executeTakeFirstOrThrow()
    count += Number(found)
    await setImmediate()
  }
  return count
}
