import type { SelectQueryBuilder } from 'kysely'
import { badField } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Schema } from '../store/schema.ts'
import { AUDIT_EVENTS, type AuditEventType, SEVERITIES, type Severity } from './events.ts'

/** The conditions that selected events meet; an empty filter selects all. */
export interface AuditFilter {
  /** Milliseconds since the epoch, inclusive. */
  from?: number
  /** Milliseconds since the epoch, exclusive. */
  to?: number
  severities?: readonly Severity[]
  eventTypes?: readonly (AuditEventType | string)[]
  userId?: string
}

/** The filter in the form of a query string: several values are repeated or comma-separated. */
export interface AuditFilterQuery {
  start_date?: string
  end_date?: string
  severity?: string | string[]
  event_type?: string | string[]
  user_id?: string
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/
const DAY_MS = 86_400_000

/**
 * Parses a day or a moment, in UTC unless the text has an offset.
 * @returns `at` in milliseconds since the epoch; `day` is true for a date without a time
 * @throws {Problem} `VALIDATION_FAILED` naming the field
 */
export const parseTime = (field: string, text: string): { at: number; day: boolean } => {
  const day = DAY.test(text)
  const match = day ? undefined : MOMENT.exec(text)
  const at = day
    ? Date.parse(`${text}T00:00:00Z`)
    : match
      ? Date.parse(match[3] ? text : `${text}Z`)
      : Number.NaN
  const impossible = day && !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) !== text
  if (Number.isNaN(at) || impossible) throw badField(field, say('field.day_or_instant'))
  return { at, day }
}

const values = (given: string | string[] | undefined): string[] =>
  (given === undefined ? [] : [given].flat())
    .flatMap((entry) => entry.split(','))
    .map((entry) => entry.trim())
    .filter(Boolean)

/**
 * Reads a filter; a day as `end_date` is inclusive.
 * @throws {Problem} `VALIDATION_FAILED` naming the field
 */
export const parseAuditFilter = (query: AuditFilterQuery): AuditFilter => {
  const severities = values(query.severity).map((given) => {
    const severity = SEVERITIES.find((known) => known === given)
    if (!severity) throw badField('?severity', say('field.one_of', { allowed: SEVERITIES }))
    return severity
  })
  const eventTypes = values(query.event_type)
  const unknown = eventTypes.find((type) => !Object.hasOwn(AUDIT_EVENTS, type))
  if (unknown !== undefined)
    throw badField('?event_type', say('field.no_event_type', { type: unknown.slice(0, 100) }))
  const from = query.start_date === undefined ? undefined : parseTime('?start_date', query.start_date).at
  const end = query.end_date === undefined ? undefined : parseTime('?end_date', query.end_date)
  const to = end && end.at + (end.day ? DAY_MS : 1)
  if (from !== undefined && to !== undefined && to <= from)
    throw badField('?end_date', say('field.before_start'))
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(severities.length > 0 ? { severities } : {}),
    ...(eventTypes.length > 0 ? { eventTypes } : {}),
    ...(query.user_id === undefined ? {} : { userId: query.user_id }),
  }
}

/** Adds the conditions of a filter to a query. */
export const filterEvents = <O>(
  query: SelectQueryBuilder<Schema, 'audit_events', O>,
  { from, to, severities, eventTypes, userId }: AuditFilter,
): SelectQueryBuilder<Schema, 'audit_events', O> => {
  let filtered = query
  if (from !== undefined) filtered = filtered.where('timestamp', '>=', from)
  if (to !== undefined) filtered = filtered.where('timestamp', '<', to)
  if (severities) filtered = filtered.where('severity', 'in', severities)
  if (eventTypes) filtered = filtered.where('event_type', 'in', eventTypes)
  if (userId !== undefined) filtered = filtered.where('user_id', '=', userId)
  return filtered
}
