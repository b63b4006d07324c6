import { badField, Problem } from '../errors.ts'
import type { Store } from '../store/database.ts'
import type { Block, Span } from '../store/lines.ts'
import { EXPORT_COLUMNS, type ExportFormat, exportLines } from './export-lines.ts'
import type { AuditFilter } from './filter.ts'

export interface ExportRequest {
  filter: AuditFilter
  format: ExportFormat
  /** Id of the last event that the client has. */
  after?: string
}

export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
}

const block = (text: string): Block => ({ bytes: Buffer.from(text), rows: 0 })

/** Where the log begins and ends now, and where the export does. */
const bounds = async ({ db }: Store, after: string | undefined): Promise<{ first: number; span: Span }> => {
  const [{ first, last }, position] = await Promise.all([
    db
      .selectFrom('audit_events')
      .select(({ fn }) => [fn.min('seq').as('first'), fn.max('seq').as('last')])
      .executeTakeFirstOrThrow(),
    after === undefined
      ? undefined
      : db.selectFrom('audit_events').select('seq').where('id', '=', after).executeTakeFirst(),
  ])
  if (after !== undefined && !position) throw badField('?after', 'is the id of no event')
  const start = Number(first ?? 1)
  return { first: start, span: { after: position?.seq ?? start - 1, to: Number(last ?? 0) } }
}

/**
 * The events that a filter lets through and that exist when this is called, ascending, as text. The log only grows,
 * so its end at the start is the snapshot; no transaction is held open for it.
 *
 * CSV begins with a header line, unless it goes on `after` an event: then it can be put behind what came before, as
 * NDJSON can. JSON is one whole array each time.
 * @throws {Problem} `VALIDATION_FAILED` when `after` is no event's id
 */
export const openExport = async (
  store: Store,
  { filter, format, after }: ExportRequest,
): Promise<(signal: AbortSignal) => AsyncGenerator<Block, void, undefined>> => {
  const { first, span } = await bounds(store, after)
  const source = exportLines(store, filter, format)

  const requireUncut = async () => {
    const { first: now } = (await bounds(store, undefined)) as { first: number }
    if (now > first) throw new Problem('INTERRUPTED', 'Older events were removed while they were exported')
  }

  return async function* (signal) {
    const lines = store.lines.read(source, span, signal)
    try {
      // A store that cannot be read is found out before anything is said.
      let { value, done } = await lines.next()
      if (format === 'csv' && after === undefined) yield block(`${EXPORT_COLUMNS.join(',')}\r\n`)
      if (format === 'json') yield block('[')
      // Every object of an array has a comma in front of it; the first one's is left out.
      if (format === 'json' && value) value = { ...value, bytes: value.bytes.subarray(1) }
      for (; !done && value; { value, done } = await lines.next()) yield value
    } finally {
      await lines.return()
    }
    await requireUncut()
    if (format === 'json') yield block(']')
  }
}
