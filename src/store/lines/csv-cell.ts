import { type RawBuilder, sql } from 'kysely'
import type { Dialect } from '../sql-dialect.ts'

/** An SQL expression for a text or null. */
export type TextExpression = RawBuilder<string | null>

/** The code points of `'`, `+`, `-`, `=`, `@`, TAB and CR: no other first character makes a formula. */
const SUSPECTS = sql.raw('(39, 43, 45, 61, 64, 9, 13)')

/**
 * Makes the SQL expression of a text that no spreadsheet runs, by the rule of `inert` in `protocol/csv.ts`. Most
 * cells need only a look at their first character. SQLite calls the function `inert` of the thread that reads lines.
 */
export const inertCell: Readonly<Record<Dialect, (cell: TextExpression) => TextExpression>> = {
  sqlite: (cell) => sql`iif(${cell} < 'A' and unicode(${cell}) in ${SUSPECTS}, inert(${cell}), ${cell})`,
  postgres: (cell) => sql`case when ascii(${cell}) < 65 and ascii(${cell}) in ${SUSPECTS}
    and ${cell} ~ E'^''*[-=+@\\t\\r]' and ${cell} !~ '^-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?$'
    then '''' || ${cell} else ${cell} end`,
}

/** Makes the SQL expression of the text in quotation marks, with its own doubled; empty for null. */
export const quotedCell = (cell: TextExpression): RawBuilder<string> =>
  sql`coalesce('"' || replace(${cell}, '"', '""') || '"', '')`
