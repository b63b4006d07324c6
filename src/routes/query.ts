import { type TProperties, Type } from 'typebox'

/** What any URL may have, for callers who cannot send a header. */
const COMMON = {
  ticket: Type.Optional(
    Type.String({ description: 'a single-use ticket, instead of the Authorization header' }),
  ),
  lang: Type.Optional(
    Type.String({ description: 'en, pt or es: the language of the answer, instead of Accept-Language' }),
  ),
  token: Type.Optional(Type.String({ description: 'an access token; taken on event-streams only' })),
}

/**
 * The query of a route that filters: what is not one of its parameters is refused with `VALIDATION_FAILED` naming it,
 * since a misspelt filter that is passed over shows, or exports, everything.
 */
export const FilterQuery = <Properties extends TProperties>(properties: Properties) =>
  Type.Object({ ...properties, ...COMMON }, { additionalProperties: false })

/** How a spreadsheet wants its CSV. */
export const SpreadsheetQuery = {
  for: Type.Optional(
    Type.Enum(['excel'], {
      description:
        'CSV with a byte order mark; in Portuguese and Spanish with ; between cells, decimal commas and days first',
    }),
  ),
}
