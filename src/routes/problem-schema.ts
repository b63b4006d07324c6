import { type TObject, Type } from 'typebox'

/** What every error looks like. */
const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String(),
    request_id: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), reason: Type.String() }))),
  },
  { description: 'application/problem+json' },
)

/** The error responses of a route, by status, for its schema. */
export const problemResponses = (...statuses: number[]): Record<number, TObject> =>
  Object.fromEntries(statuses.map((status) => [status, ProblemSchema]))
