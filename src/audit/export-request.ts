import { badField, Problem } from '../errors.ts'
import type { Language } from '../language/language.ts'
import { say } from '../language/sentence.ts'
import type { Store } from '../store/database.ts'
import { lineFile } from '../store/lines/file.ts'
import type { Block, Span } from '../store/lines/lines.ts'
import { spreadsheetFile } from '../store/lines/spreadsheet.ts'
import { AUDIT_COLUMNS } from './events.ts'
import { type ExportFormat, exportLines } from './export-lines.ts'
import type { AuditFilter } from './filter.ts'

export interface ExportRequest {
  filter: AuditFilter
  format: ExportFormat
  /** Id of the last event that the client has. */
  after?: string
  /** The language of the spreadsheet for which the CSV is written. */
  spreadsheet?: Language
}

export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
}

/**
 * Returns the media type of an exported file.
 * @param isPart true where the file continues an earlier one: its CSV has no header line
 * @see https://www.rfc-editor.org/rfc/rfc4180#section-3
 */
export const exportType = (format: ExportFormat, isPart: boolean): string =>
  isPart && format === 'csv' ? `${EXPORT_TYPES.csv}; header=absent` : EXPORT_TYPES[format]

/** Reads the first number of the log and the range of the export. */
const bounds = async ({ db }: Store, after: string | undefined): Promise<{ first: number; span: Span }> => {
  // Each end by itself is one look into the index; both in one query would scan all of it.
  const end = (of: 'min' | 'max') =>
    db
      .selectFrom('audit_events')
      .select(({ fn }) => fn[of]('seq').as('seq'))
      .executeTakeFirstOrThrow()
  const [{ seq: first }, { seq: last }, position] = await Promise.all([
    end('min'),
    end('max'),
    after === undefined
      ? undefined
      : db.selectFrom('audit_events').select('seq').where('id', '=', after).executeTakeFirst(),
  ])
  if (after !== undefined && !position) throw badField('?after', say('field.no_event'))
  const start = Number(first ?? 1)
  return { first: start, span: { after: position?.seq ?? start - 1, to: Number(last ?? 0) } }
}

/**
 * Opens the events that a filter selects and that exist at the call, ascending, as text. The log only grows, so its
 * end at the start is the snapshot; no transaction is held open for it.
 *
 * CSV begins with a header line, unless it continues `after` an event: then it can be appended to the earlier file,
 * as NDJSON can. JSON is a whole array each time.
 * @throws {Problem} `VALIDATION_FAILED` when `after` is no event's id
 */
export const openExport = async (
  store: Store,
  { filter, format, after, spreadsheet }: ExportRequest,
): Promise<(signal: AbortSignal) => AsyncGenerator<Block, void, undefined>> => {
  const { first, span } = await bounds(store, after)

  const lines = exportLines(store, filter, format)
  const read = lineFile((signal) => store.lines.read(lines, span, signal), {
    format,
    ...(format === 'csv' && after === undefined && { header: `${AUDIT_COLUMNS.join(',')}\r\n` }),
    async requireWhole() {
      const { first: now } = await bounds(store, undefined)
      if (now > first) throw new Problem('INTERRUPTED', say('audit.cut_meanwhile'))
    },
  })
  if (spreadsheet === undefined || format !== 'csv') return read
  const kinds = AUDIT_COLUMNS.map((column) => (column === 'timestamp' ? 'time' : 'text'))
  return spreadsheetFile(read, { language: spreadsheet, kinds, begins: after === undefined })
}
