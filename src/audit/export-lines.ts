import { sql } from 'kysely'
import type { Store } from '../store/database.ts'
import { inertCell, type TextExpression } from '../store/lines/csv-cell.ts'
import type { LineSource } from '../store/lines/lines.ts'
import { seqLines } from '../store/lines/seq-lines.ts'
import type { Dialect } from '../store/sql-dialect.ts'
import { AUDIT_COLUMNS, NULLABLE_COLUMNS } from './events.ts'
import { type AuditFilter, filterEvents } from './filter.ts'

export const EXPORT_FORMATS = ['csv', 'json', 'ndjson'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

type Column = (typeof AUDIT_COLUMNS)[number]
type Expression = TextExpression
/** A text in the form of `printf`, and the values that go into it. */
interface Part {
  form: string
  values: readonly Expression[]
}
/** The literal texts before, between and after parts. */
type Frame = readonly [before: string, between: string, after: string]

const ref = (column: string): Expression => sql`${sql.ref(column)}`

/** Columns that hold only ids, hashes and words of the service: nothing in them needs a quote. */
const OURS: ReadonlySet<Column> = new Set(['id', 'event_type', 'severity', 'prev_hash', 'hash'])
/**
 * Columns that may hold text of clients; in CSV they are always quoted, since testing whether they must be costs
 * more.
 */
const TEXTS: readonly Column[] = ['message', ...NULLABLE_COLUMNS]

/**
 * Columns that most events leave null: only in these SQLite writes null and the empty text differently (by the
 * quotes), since the test costs time.
 */
const RARE: ReadonlySet<Column> = new Set([
  'user_email',
  'error_code',
  'resource_type',
  'resource_id',
  'details',
])

/**
 * The time of an event as ECMAScript writes it, in each dialect. It needs no quotes; SQLite composes it of two
 * values.
 */
const TIMES: Readonly<Record<Dialect, Part>> = {
  sqlite: {
    form: '%s.%03dZ',
    values: [sql`strftime('%FT%T', "timestamp" / 1000, 'unixepoch')`, sql`"timestamp" % 1000`],
  },
  postgres: {
    form: '%s',
    values: [
      sql`replace((timestamp '1970-01-01' + "timestamp" / 1000 * interval '1 second')::text, ' ', 'T')
        || '.' || right((1000 + "timestamp" % 1000)::text, 3) || 'Z'`,
    ],
  },
}
const SUCCESS: Expression = sql`case "success" when 0 then 'false' else 'true' end`

/** Returns a cell of a CSV record for SQLite's `printf`: `%w` doubles quotes. */
const csvPart = (column: Column): Part => {
  if (column === 'timestamp') return TIMES.sqlite
  if (column === 'success') return { form: '%s', values: [SUCCESS] }
  if (OURS.has(column)) return { form: '%s', values: [ref(column)] }
  const given = ref(column === 'details' ? 'details_json' : column)
  const cell = column === 'details' ? given : inertCell.sqlite(given)
  if (!RARE.has(column)) return { form: '"%w"', values: [sql`coalesce(${cell}, '')`] }
  return { form: '%s', values: [sql`iif(${given} is null, '', printf('"%w"', ${cell}))`] }
}

/** Returns a cell of a CSV record for PostgreSQL's `COPY`. */
const csvColumn = (column: Column): Expression => {
  if (column === 'timestamp') return TIMES.postgres.values[0] as Expression
  if (column === 'success') return SUCCESS
  if (column === 'details') return ref('details_json')
  return OURS.has(column) ? ref(column) : inertCell.postgres(ref(column))
}

/** Returns a member of a JSON object. */
const jsonPart = (dialect: Dialect, column: Column): Part => {
  const quoted = ({ form, values }: Part) => ({ form: `"${column}":"${form}"`, values })
  const bare = (value: Expression) => ({ form: `"${column}":%s`, values: [value] })
  if (column === 'timestamp') return quoted(TIMES[dialect])
  if (OURS.has(column)) return quoted({ form: '%s', values: [ref(column)] })
  if (column === 'success') return bare(SUCCESS)
  if (column === 'details') return bare(sql`coalesce("details_json", 'null')`)
  return bare(
    dialect === 'sqlite'
      ? sql`json_quote(${ref(column)})`
      : sql`coalesce(to_json(${ref(column)})::text, 'null')`,
  )
}

/** Returns the SQL expression of one line: the parts with the frame's texts around them. */
const written = (dialect: Dialect, parts: readonly Part[], [before, between, after]: Frame): Expression => {
  const form = before + parts.map((part) => part.form).join(between) + after
  const values = parts.flatMap((part) => part.values)
  if (dialect === 'sqlite') return sql`printf(${sql.join([sql.lit(form), ...values])})`
  // `format` is three times as slow. The text between two values is one literal, since each step copies the text so
  // far.
  const literals = form.split('%s').map((literal) => sql<string>`${sql.lit(literal)}`)
  const steps = literals.flatMap((literal, index) => [literal, values[index] ?? []].flat())
  return sql.join(steps, sql` || `) as Expression
}

/**
 * Returns the lines of the events that a filter selects: CSV records, JSON objects of one line each (NDJSON), or
 * such objects with a comma in front (JSON).
 */
export const exportLines = (
  { db, dialect }: Pick<Store, 'db' | 'dialect'>,
  filter: AuditFilter,
  format: ExportFormat,
): LineSource => {
  const isCsv = format === 'csv'
  const parts = AUDIT_COLUMNS.map((column) => (isCsv ? csvPart(column) : jsonPart(dialect, column)))
  const frame: Frame = isCsv ? ['', ',', '\r\n'] : [format === 'json' ? ',{' : '{', ',', '}\n']
  const csv = {
    format: `format csv, force_quote (${TEXTS.join(', ')})`,
    cells: AUDIT_COLUMNS.map((column) => csvColumn(column).as(column)),
  }
  return seqLines(dialect, filterEvents(db.selectFrom('audit_events'), filter), {
    line: written(dialect, parts, frame),
    csv: isCsv ? csv : undefined,
  })
}
