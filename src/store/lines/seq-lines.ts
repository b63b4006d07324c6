import type { AliasedExpression, SelectQueryBuilder } from 'kysely'
import type { Schema } from '../schema.ts'
import type { Dialect } from '../sql-dialect.ts'
import type { TextExpression } from './csv-cell.ts'
import type { LineSource, Span } from './lines.ts'

/** A query of rows that have a `seq`. */
type Found = SelectQueryBuilder<Schema, 'audit_events' | 'anomalies', object>

/** The expressions out of which a row's text is made. */
interface Written {
  /** The whole line with its line end. */
  line: TextExpression
  /** For CSV that PostgreSQL writes by itself: the options of COPY, and the row's cells. */
  csv?: { format: string; cells: readonly AliasedExpression<string | null, string>[] } | undefined
}

/** Makes the source of a query's rows as lines, in the order of `seq`. */
export const seqLines = (dialect: Dialect, found: Found, { line, csv }: Written): LineSource => {
  const rowsOf = ({ after, to }: Span) => found.where('seq', '>', after).where('seq', '<=', to).orderBy('seq')
  const copied = csv?.cells ?? [line.as('line')]
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
    copy: csv ? { format: csv.format, form: 'csv' } : { format: 'format binary', form: 'text' },
  }
}
