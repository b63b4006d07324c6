import { type TSchema, Type } from 'typebox'
import { flagOf } from './llm/provider-settings.ts'

/** Makes the schema of a whole number between two bounds. */
export const int = (fallback: number, minimum: number, maximum: number, description: string) =>
  Type.Integer({ default: fallback, minimum, maximum, description })
/** Makes the schema of a setting that is true or false. */
export const flag = (fallback: boolean, description: string) =>
  Type.Boolean({ default: fallback, description })
/** Makes the schema of a text that has a default. */
export const text = (fallback: string, description: string) => Type.String({ default: fallback, description })
/** Makes the schema of a text that may be missing. */
export const optional = (description: string) => Type.Optional(Type.String({ minLength: 1, description }))
/** Makes the schema of a secret text that may be missing. */
export const secret = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, description, secret: true }))

/** Reads a setting's text as its schema has it; a text that does not fit is returned as it is. */
export const fromText = (schema: TSchema, value: string): unknown => {
  const { enum: values } = schema as { enum?: string[] }
  if (values) return values.find((one) => one === value.trim().toLowerCase()) ?? value
  const type = (schema as { type?: string }).type
  if (type === 'boolean') return flagOf(value) ?? value
  if (type === 'integer' && /^-?\d+(\.\d+)?$/.test(value.trim())) return Number(value)
  return value
}

/** Returns a description of the values that a schema allows. */
export const allowed = (schema: TSchema): string => {
  const { type, minimum, maximum, pattern } = schema as Record<string, unknown>
  const { enum: values } = schema as { enum?: string[] }
  if (values) return `one of ${values.join(', ')}`
  if (type === 'integer') return `a whole number from ${minimum} to ${maximum}`
  if (type === 'boolean') return 'true or false'
  return pattern ? 'text like 512MB or 2GB' : 'a text that is not empty'
}
