import { sql } from 'kysely'
import { badField, Problem } from '../errors.ts'
import type { Language } from '../language/language.ts'
import { say } from '../language/sentence.ts'
import type { FindingFilter } from '../protocol/finding-filter.ts'
import { Anomaly } from '../protocol/investigation.ts'
import type { Store } from '../store/database.ts'
import { inertCell, quotedCell, type TextExpression } from '../store/lines/csv-cell.ts'
import { type LineFile, lineFile } from '../store/lines/file.ts'
import type { Block, LineSource } from '../store/lines/lines.ts'
import { seqLines } from '../store/lines/seq-lines.ts'
import { type CellKind, spreadsheetFile } from '../store/lines/spreadsheet.ts'
import type { Dialect } from '../store/sql-dialect.ts'
import { type FindingPages, retoldLines } from './retold-lines.ts'

export interface AnomalyFileRequest {
  format: LineFile['format']
  filter?: FindingFilter
  /** Id of the last finding that the client has. */
  after?: string | undefined
  /** The language of the spreadsheet for which the CSV is written. */
  spreadsheet?: Language | undefined
}

type Field = keyof Anomaly

const FIELDS = Object.keys(Anomaly.properties) as readonly Field[]
/** Columns whose cells a spreadsheet can calculate with, and their kinds. */
const SPREADSHEET_KINDS: Partial<Record<Field, CellKind>> = {
  confidence: 'number',
  financial_impact: 'number',
}
/** Columns of numbers and objects: the cell is their JSON text. */
const VALUES: ReadonlySet<Field> = new Set(['confidence', 'evidence', 'financial_impact'])

const fieldText = (dialect: Dialect, field: Field): TextExpression => {
  if (dialect === 'postgres') return sql`(body_json::json ->> ${sql.lit(field)})`
  const path = sql.lit(`$.${field}`)
  return VALUES.has(field) ? sql`nullif(body_json -> ${path}, 'null')` : sql`(body_json ->> ${path})`
}

const cell = (dialect: Dialect, field: Field): TextExpression => {
  const text = fieldText(dialect, field)
  return VALUES.has(field) ? text : inertCell[dialect](text)
}

/** Returns SQL for a column of the review of a finding; null where it has none. */
const reviewed = (columns: string): TextExpression =>
  sql`(select ${sql.raw(columns)} from finding_reviews as r
    where r.investigation_id = anomalies.investigation_id and r.anomaly_id = anomalies.anomaly_id)`

/** The columns of the review behind those of the finding, and which column of the store each is. */
const REVIEW_COLUMNS = { review: 'r.verdict', review_note: 'r.note', reviewer: 'r.reviewer' }

/** Returns SQL for the end of a finding's object: its review, if it has one, and the closing brace. */
const reviewEnd = (dialect: Dialect): TextExpression => {
  const made = dialect === 'postgres' ? 'json_build_object' : 'json_object'
  const object = `${made}('verdict', r.verdict, 'note', r.note, 'reviewer', r.reviewer, 'reviewed_at', r.reviewed_at)`
  return sql`coalesce(',"review":' || ${reviewed(`cast(${object} as text)`)}, '') || '}'`
}

/** Returns SQL for the line of a finding with its line end: a CSV record, or the object that the list of findings has. */
const lineOf = (dialect: Dialect, format: LineFile['format']) => {
  if (format !== 'csv')
    return sql<string>`${sql.lit(format === 'json' ? ',' : '')} || substr(body_json, 1, length(body_json) - 1)
      || ${reviewEnd(dialect)} || ${sql.lit('\n')}`
  const cells = [
    ...FIELDS.map((field) => cell(dialect, field)),
    ...Object.values(REVIEW_COLUMNS).map((column) => inertCell[dialect](reviewed(column))),
  ].map(quotedCell)
  return sql<string>`concat_ws(',', ${sql.join(cells)}) || ${sql.lit('\r\n')}`
}

const COLUMNS = [...FIELDS, ...Object.keys(REVIEW_COLUMNS)]

const anomalyLines = (
  { db, dialect }: Store,
  id: string,
  { format, filter: { type, severity } = {} }: AnomalyFileRequest,
): LineSource => {
  let found = db.selectFrom('anomalies').where('investigation_id', '=', id)
  if (type) found = found.where('anomaly_type', '=', type)
  if (severity) found = found.where('severity', '=', severity)
  return seqLines(dialect, found, { line: lineOf(dialect, format) })
}

/**
 * Opens the findings that an investigation has at the call as a file, in the order of their discovery: CSV with a
 * header line, unless it continues `after` a finding; one JSON array; or NDJSON, with the same objects as the list
 * of findings. In CSV `evidence` is JSON text.
 * @param retold reads the findings where they are asked for in another language than the stored one, or by a filter that
 *   looks inside them
 * @throws {Problem} `VALIDATION_FAILED` when `after` is no finding's id
 */
export const openAnomalyFile = async (
  store: Store,
  id: string,
  request: AnomalyFileRequest,
  retold?: FindingPages,
): Promise<(signal: AbortSignal) => AsyncGenerator<Block, void, undefined>> => {
  const { format, after, spreadsheet } = request
  const found = store.db.selectFrom('anomalies').where('investigation_id', '=', id)
  const position =
    after === undefined
      ? { seq: 0 }
      : await found.select('seq').where('anomaly_id', '=', after).executeTakeFirst()
  if (!position) throw badField('?after', say('field.no_finding'))
  const last = await found.select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  const span = { after: position.seq, to: last?.seq ?? 0 }
  const read = lineFile(
    (signal) =>
      retold
        ? retoldLines(retold, { format, fields: FIELDS }, span, signal)
        : store.lines.read(anomalyLines(store, id, request), span, signal),
    {
      format,
      ...(format === 'csv' && after === undefined ? { header: `${COLUMNS.join(',')}\r\n` } : {}),
      async requireWhole() {
        const still = await store.db
          .selectFrom('investigations')
          .select('id')
          .where('id', '=', id)
          .executeTakeFirst()
        if (!still) throw new Problem('INTERRUPTED', say('investigation.removed_exporting'))
      },
    },
  )
  if (spreadsheet === undefined || format !== 'csv') return read
  const kinds = COLUMNS.map((column) => SPREADSHEET_KINDS[column as Field] ?? 'text')
  return spreadsheetFile(read, { language: spreadsheet, kinds, begins: after === undefined })
}
