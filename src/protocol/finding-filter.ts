import { type Static, Type } from 'typebox'
import { AnomalyType, Severity, Verdict } from './investigation.ts'

const Name = Type.String({ minLength: 1, maxLength: 500 })
const Amount = Type.Number({ minimum: 0 })

/** A choice of an investigation's findings. */
export const FindingFilter = Type.Partial(
  Type.Object({
    type: AnomalyType,
    severity: Severity,
    q: Type.String({
      maxLength: 500,
      description: 'words that its texts, numbers and names have, whatever their case and accents',
    }),
    buyer: Type.String({ ...Name, description: 'as findings name it' }),
    supplier: Type.String({ ...Name, description: 'as findings name it: by name, else by tax number' }),
    min_value: Type.Number({ ...Amount, description: 'least amount at stake' }),
    max_value: Type.Number({ ...Amount, description: 'largest amount at stake' }),
    review: Type.Union([Verdict, Type.Literal('none')], { description: 'a verdict, or none at all' }),
  }),
)
type Fields = Static<typeof FindingFilter>
export type FindingFilter = { readonly [Name in keyof Fields]?: Fields[Name] | undefined }
