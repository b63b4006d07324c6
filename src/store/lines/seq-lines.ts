import type { AliasedExpression, SelectQueryBuilder } from 'kysely'
import type { Dialect } from '../dialect.ts'
import type { Schema } from '../schema.ts'
import type { TextExpression } from './csv-cell.ts'
import type { LineSource, Span } from './lines.ts'

/** Rows that have a `seq`, as they are found. */
type Found = SelectQueryBuilder<Schema, 'audit_events' | 'anomalies', object>

/** What a row's text is made of. */
interface Written {
  /** With its line end. */
  line: TextExpression
  /** CSV that PostgreSQL puts together by itself: what COPY is told of it, and its cells. */
  csv?: { format: string; cells: readonly AliasedExpression<string | null, string>[] } | undefined
}

/** What is found, in the order of `seq`, as lines. */
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
