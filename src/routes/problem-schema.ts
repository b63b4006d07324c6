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
})

/** The error responses of a route, by status, for its schema. */
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
