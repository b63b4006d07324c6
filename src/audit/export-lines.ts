import { type RawBuilder, sql } from 'kysely'
import type { Dialect, Store } from '../store/database.ts'
import type { LineSource, Span } from '../store/lines.ts'
import { type AuditFilter, filterEvents } from './filter.ts'

export const EXPORT_FORMATS = ['csv', 'json', 'ndjson'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** The columns of an export, in their order; the fields of its objects as well. */
export const EXPORT_COLUMNS = [
  'id',
  'timestamp',
  'event_type',
  'severity',
  'message',
  'user_id',
  'user_email',
  'success',
  'error_code',
  'resource_type',
  'resource_id',
  'ip_address',
  'user_agent',
  'request_id',
  'details',
  'prev_hash',
  'hash',
] as const
type Column = (typeof EXPORT_COLUMNS)[number]
type Expression = RawBuilder<string | null>

/** Columns that hold ids, hashes and words of ours alone: nothing in them needs a quote. */
const OURS: ReadonlySet<Column> = new Set(['id', 'event_type', 'severity', 'prev_hash', 'hash'])
/** Columns that somebody else's text may reach; in CSV they are always quoted, since looking whether they must be costs more. */
const TEXTS = [
  'message',
  'user_id',
  'user_email',
  'error_code',
  'resource_type',
  'resource_id',
  'ip_address',
  'user_agent',
  'request_id',
] as const satisfies readonly Column[]

/** The code points of `'`, `+`, `-`, `=`, `@`, TAB and CR: no other first character makes a formula. */
const SUSPECTS = sql.raw('(39, 43, 45, 61, 64, 9, 13)')

/** Hours, minutes and milliseconds as ECMAScript writes them. */
const TIMES: Readonly<Record<Dialect, Expression>> = {
  sqlite: sql`strftime('%Y-%m-%dT%H:%M:%fZ', "timestamp" / 1000.0, 'unixepoch')`,
  postgres: sql`replace((timestamp '1970-01-01' + "timestamp" / 1000 * interval '1 second')::text, ' ', 'T')
    || '.' || right((1000 + "timestamp" % 1000)::text, 3) || 'Z'`,
}

const SUCCESS: Expression = sql`case "success" when 0 then 'false' else 'true' end`

/** The text without what a spreadsheet would run, by the rule of `inert`; most cells are done with at their first character. */
const inertCell: Readonly<Record<Dialect, (column: Expression) => Expression>> = {
  sqlite: (column) =>
    sql`case when ${column} < 'A' and unicode(${column}) in ${SUSPECTS} then inert(${column}) else ${column} end`,
  postgres: (column) => sql`case when ascii(${column}) < 65 and ascii(${column}) in ${SUSPECTS}
    and ${column} ~ E'^''*[-=+@\\t\\r]' and ${column} !~ '^-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?$'
    then '''' || ${column} else ${column} end`,
}

const quoted = (text: Expression): Expression => sql`coalesce('"' || replace(${text}, '"', '""') || '"', '')`

const isText = (column: Column): boolean => (TEXTS as readonly Column[]).includes(column)

const csvCell = (dialect: Dialect, column: Column): Expression => {
  if (column === 'timestamp') return TIMES[dialect]
  if (column === 'success') return SUCCESS
  if (column === 'details') return sql`${sql.ref('details_json')}`
  const cell = sql<string | null>`${sql.ref(column)}`
  return OURS.has(column) ? cell : inertCell[dialect](cell)
}

/** One line with its line end, as SQLite writes it. */
const csvLine = (): Expression => {
  const cells = EXPORT_COLUMNS.map((column) => {
    const cell = csvCell('sqlite', column)
    return isText(column) || column === 'details' ? quoted(cell) : cell
  })
  return sql`concat_ws(',', ${sql.join(cells)}) || char(13, 10)`
}

/** The JSON of a value that needs no escape inside of quotes. */
const plainJson = (dialect: Dialect, column: Column): Expression | undefined => {
  if (column === 'timestamp') return TIMES[dialect]
  return OURS.has(column) ? sql`${sql.ref(column)}` : undefined
}

const jsonValue = (dialect: Dialect, column: Column): Expression => {
  if (column === 'success') return SUCCESS
  if (column === 'details') return sql`coalesce("details_json", 'null')`
  const cell = sql.ref(column)
  return dialect === 'sqlite' ? sql`json_quote(${cell})` : sql`coalesce(to_json(${cell})::text, 'null')`
}

/**
 * One object as a line. What stands between two values is one literal: each part costs a copy of the text so far.
 * @param before what stands in front of it
 */
const jsonLine = (dialect: Dialect, before: string): Expression => {
  const parts: Expression[] = []
  let between = `${before}{`
  for (const [index, column] of EXPORT_COLUMNS.entries()) {
    between += `${index === 0 ? '' : ','}"${column}":`
    const plain = plainJson(dialect, column)
    parts.push(sql`${sql.lit(plain ? `${between}"` : between)}`, plain ?? jsonValue(dialect, column))
    between = plain ? '"' : ''
  }
  return sql`${sql.join(parts, sql` || `)} || ${sql.lit(`${between}}\n`)}`
}

const COPIES = {
  csv: { format: `format csv, force_quote (${[...TEXTS, 'details'].join(', ')})`, form: 'csv' },
  text: { format: 'format binary', form: 'text' },
} as const

/**
 * The events that a filter lets through as CSV records, as JSON objects of a line each, or as those objects with a
 * comma in front.
 */
export const exportLines = (
  { db, dialect }: Pick<Store, 'db' | 'dialect'>,
  filter: AuditFilter,
  format: ExportFormat,
): LineSource => {
  const isCsv = format === 'csv'
  const line = isCsv ? csvLine() : jsonLine(dialect, format === 'json' ? ',' : '')
  const copied = isCsv
    ? EXPORT_COLUMNS.map((column) => csvCell(dialect, column).as<string>(column))
    : [line.as<string>('line')]
  const rowsOf = ({ after, to }: Span) =>
    filterEvents(db.selectFrom('audit_events'), filter)
      .where('seq', '>', after)
      .where('seq', '<=', to)
      .orderBy('seq')
  return {
    rows: (span, limit) =>
      dialect === 'sqlite'
        ? rowsOf(span)
            .select(['seq', line.as('line')])
            .limit(limit as number)
            .compile()
        : rowsOf(span).select(copied).compile(),
    key: (span, row) =>
      rowsOf(span)
        .select('seq')
        .offset(row - 1)
        .limit(1)
        .compile(),
    copy: isCsv ? COPIES.csv : COPIES.text,
  }
}
