import { type TProperties, Type } from 'typebox'
import { badField } from '../errors.ts'
import { chooseLanguage, type Language } from '../language/language.ts'
import { say } from '../language/sentence.ts'
import type { FindingFilter } from '../protocol/finding-filter.ts'

/** Query parameters of every URL, for callers that cannot send a header. */
const COMMON = {
  ticket: Type.Optional(
    Type.String({ description: 'a single-use ticket, instead of the Authorization header' }),
  ),
  lang: Type.Optional(
    Type.String({ description: 'en, pt or es: the language of the answer, instead of Accept-Language' }),
  ),
  token: Type.Optional(Type.String({ description: 'an access token; taken on event-streams only' })),
}

/** The language of an answer, for routes whose answer has sentences. */
export const LanguageQuery = { lang: COMMON.lang }

/**
 * Makes the query of a route with filters: an unknown parameter is refused with `VALIDATION_FAILED` naming it,
 * since ignoring a misspelt filter would show, or export, everything.
 */
export const FilterQuery = <Properties extends TProperties>(properties: Properties) =>
  Type.Object({ ...properties, ...COMMON }, { additionalProperties: false })

/** Returns the language into which findings are translated; undefined keeps their own. */
export const retoldIn = (lang: string | undefined): Language | undefined =>
  lang === undefined ? undefined : chooseLanguage({ asked: lang, fallback: 'en' })

/** The fields of a filter of findings that a query has. */
export const findingFilterOf = (query: FindingFilter): FindingFilter => {
  const { type, severity, q, buyer, supplier, min_value, max_value, review } = query
  return { type, severity, q, buyer, supplier, min_value, max_value, review }
}

/** The query parameters of CSV for spreadsheets. */
export const SpreadsheetQuery = {
  for: Type.Optional(
    Type.Enum(['excel'], {
      description:
        'CSV with a byte order mark; in Portuguese and Spanish with ; between cells, decimal commas and days first',
    }),
  ),
}

/**
 * Tells whether a file is for a spreadsheet.
 * @throws {Problem} `VALIDATION_FAILED` where another format than CSV is asked for a spreadsheet
 */
export const isSpreadsheet = (asked: 'excel' | undefined, format: string): boolean => {
  if (asked === undefined) return false
  if (format !== 'csv') throw badField('?for', say('field.excel_csv'))
  return true
}
