import { Type } from 'typebox'
import { ERRORS, type ErrorCode, titleOf } from '../errors.ts'
import { tell } from '../language/sentence.ts'

const ProblemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.String(),
  request_id: Type.String(),
  errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), reason: Type.String() }))),
  headers: Type.Optional(Type.Array(Type.String(), { description: 'of a file: the column names it has' })),
  missing: Type.Optional(
    Type.Array(Type.String(), { description: 'of a file: canonical columns that none was found for' }),
  ),
  mapping: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description: 'of a file: the ?mapping= that would help, to be completed',
    }),
  ),
  sheets: Type.Optional(Type.Array(Type.String(), { description: 'of a workbook: its sheets' })),
  tables: Type.Optional(Type.Array(Type.String(), { description: 'of a zip: the tables in it' })),
})

/** Returns the error responses of a route, by status, for its schema. */
export const problemResponses = (...statuses: number[]) =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: (Object.keys(ERRORS) as ErrorCode[])
          .filter((code) => ERRORS[code].status === status)
          .map((code) => tell(titleOf(code), 'en'))
          .join('; '),
        content: { 'application/problem+json': { schema: ProblemSchema } },
      },
    ]),
  )
