import type { Store } from '../store/database.ts'
import type { AnomalyQuery } from './investigations.ts'

type Db = Store['db']

/** Counts the findings of several investigations. */
export const countFindings = async (
  db: Db,
  investigationIds: readonly string[],
  { type, severity }: Pick<AnomalyQuery, 'type' | 'severity'>,
): Promise<number> => {
  if (investigationIds.length === 0) return 0
  let query = db
    .selectFrom('anomalies')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('investigation_id', 'in', investigationIds)
  if (type) query = query.where('anomaly_type', '=', type)
  if (severity) query = query.where('severity', '=', severity)
  return Number((await query.executeTakeFirstOrThrow()).count)
}

/**
 * Finds the first finding of several investigations by the beginning of its id.
 * @param start hexadecimal digits
 */
export const findFinding = async (db: Db, investigationIds: readonly string[], start: string) =>
  investigationIds.length === 0
    ? undefined
    : db
        .selectFrom('anomalies')
        .select(['investigation_id', 'body_json', 'facts_json'])
        .where('investigation_id', 'in', investigationIds)
        .where('anomaly_id', '>=', start)
        .where('anomaly_id', '<', `${start}g`)
        .orderBy('anomaly_id')
        .limit(1)
        .executeTakeFirst()
