import type { Language } from '../language/language.ts'
import type { FindingFilter } from '../protocol/finding-filter.ts'
import { findingTest } from '../protocol/finding-test.ts'
import type { Anomaly, Review, ReviewedAnomaly } from '../protocol/investigation.ts'
import type { Store } from '../store/database.ts'

type Db = Store['db']

/** Findings to read: those of a filter behind a place in their order. */
export interface FindingQuery extends FindingFilter {
  /** Those alone that somebody reviewed. */
  reviewed?: boolean | undefined
  limit: number
  /** `seq` of the last finding before; 0 for the beginning. */
  after: number
  /** Language of the findings; the one in which they are stored by default. */
  language?: Language | undefined
}

/** A stored finding, as a query returns it. */
export interface FindingRow {
  body_json: string
  facts_json: string | null
}

/** A finding, its place in the order of discovery, and its review if it has one. */
export type PlacedFinding = ReviewedAnomaly & { seq: number }

/** Reads the rows behind a place, with their reviews. */
const rowsBehind = (db: Db, id: string, { type, severity, reviewed, limit, after }: FindingQuery) => {
  let query = db
    .selectFrom('anomalies')
    .leftJoin('finding_reviews as review', (join) =>
      join
        .onRef('review.investigation_id', '=', 'anomalies.investigation_id')
        .onRef('review.anomaly_id', '=', 'anomalies.anomaly_id'),
    )
    .select(['seq', 'body_json', 'facts_json', 'verdict', 'note', 'reviewer', 'reviewed_at'])
    .where('anomalies.investigation_id', '=', id)
    .where('seq', '>', after)
  if (type) query = query.where('anomaly_type', '=', type)
  if (severity) query = query.where('severity', '=', severity)
  if (reviewed) query = query.where('verdict', 'is not', null)
  return query.orderBy('seq').limit(limit).execute()
}

/**
 * Reads a page of findings in the order of their discovery. A filter chooses by the texts that are stored, whatever the
 * language in which they are told.
 * @param tell returns a stored finding in another language
 * @returns fewer than `limit` at the end
 */
export const readFindings = async (
  db: Db,
  id: string,
  query: FindingQuery,
  tell: (row: FindingRow, language: Language) => Anomaly,
): Promise<PlacedFinding[]> => {
  const { limit, language, ...filter } = query
  const isChosen = findingTest(filter)
  const found: PlacedFinding[] = []
  for (let { after } = query; ; ) {
    const rows = await rowsBehind(db, id, { ...query, after })
    for (const { seq, verdict, note, reviewer, reviewed_at, ...row } of rows) {
      const stored = JSON.parse(row.body_json) as Anomaly
      if (!isChosen(stored, verdict ?? undefined)) continue
      found.push({
        ...(language === undefined ? stored : tell(row, language)),
        ...(verdict !== null && { review: { verdict, note, reviewer, reviewed_at } as Review }),
        seq,
      })
      if (found.length === limit) return found
    }
    const last = rows.at(-1)
    if (!last || rows.length < limit) return found
    after = last.seq
  }
}

/** Counts the findings of several investigations. */
export const countFindings = async (
  db: Db,
  investigationIds: readonly string[],
  { type, severity }: Pick<FindingFilter, 'type' | 'severity'>,
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
