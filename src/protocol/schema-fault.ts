import type { FieldError } from '../errors.ts'
import { type Sentence, say } from '../language/sentence.ts'

/** An error of a JSON schema's validator, as Ajv and TypeBox both give it. */
export interface SchemaFault {
  /** JSON pointer of the value, `/filters/start_date`; empty for the value as a whole. */
  readonly instancePath: string
  readonly keyword: string
  readonly params: object
}

/** Sentences that describe the patterns of the service's schemas, by pattern; any other pattern is shown as it is. */
const PATTERNS: Readonly<Record<string, Sentence>> = {
  '\\S': say('field.blank'),
  '^[^\\u0000]*$': say('field.null_character'),
  '^[^\\s@]+@[^\\s@]+$': say('field.email'),
  '^[A-Za-z0-9_-]{1,64}$': say('field.identifier', { characters: 64 }),
  '^[a-zA-Z0-9_-]{1,64}$': say('field.identifier', { characters: 64 }),
  '^[1-9][0-9]{0,14}$': say('field.whole_number', { minimum: 1 }),
  '^[0-9]{1,15}$': say('field.cursor'),
  '^[0-9]{1,15}-[A-Za-z0-9_-]{1,64}$': say('field.cursor'),
  '^[^\\s\\u0000-\\u001f\\u007f-\\u009f|/]+$': say('field.username'),
}

type Params = Readonly<{
  limit: number
  comparison: string
  pattern: string | RegExp
  format: string
  type: string | readonly string[]
  allowedValue: unknown
  allowedValues: readonly unknown[]
  multipleOf: number
}>

const patternFault = (pattern: string | RegExp): Sentence => {
  const source = typeof pattern === 'string' ? pattern : pattern.source
  return PATTERNS[source] ?? say('field.pattern', { pattern: source })
}

const FORMATS: Readonly<Record<string, Sentence>> = {
  date: say('field.day'),
  'date-time': say('field.instant'),
}

/** Reasons by keyword; `type`, `enum` and `const` are missing, since they are joined over a field's faults. */
const REASONS: Readonly<Record<string, (params: Params) => Sentence>> = {
  required: () => say('field.required'),
  additionalProperties: () => say('field.unknown'),
  minLength: ({ limit }) =>
    limit === 1 ? say('field.empty') : say('field.min_characters', { count: limit }),
  maxLength: ({ limit }) => say('field.max_characters', { count: limit }),
  minItems: ({ limit }) => say('field.min_items', { count: limit }),
  maxItems: ({ limit }) => say('field.max_items', { count: limit }),
  minProperties: ({ limit }) => say('field.min_items', { count: limit }),
  maxProperties: ({ limit }) => say('field.max_items', { count: limit }),
  minimum: ({ limit }) => say('field.minimum', { limit }),
  maximum: ({ limit }) => say('field.maximum', { limit }),
  exclusiveMinimum: ({ limit }) => say('field.more_than', { limit }),
  exclusiveMaximum: ({ limit }) => say('field.less_than', { limit }),
  multipleOf: ({ multipleOf }) => say('field.multiple', { limit: multipleOf }),
  uniqueItems: () => say('field.twice'),
  pattern: ({ pattern }) => patternFault(pattern),
  format: ({ format }) => FORMATS[format] ?? say('field.invalid'),
}

const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'] as const
export type JsonType = (typeof TYPES)[number]

const isJsonType = (name: unknown): name is JsonType => (TYPES as readonly unknown[]).includes(name)

/** Returns the reason for all faults of one field. */
const reasonOf = (faults: readonly SchemaFault[]): Sentence => {
  const allowed = faults.flatMap(({ params }) => {
    const { allowedValues, allowedValue } = params as Params
    return allowedValues ?? (allowedValue === undefined ? [] : [allowedValue])
  })
  if (allowed.length > 0) return say('field.one_of', { allowed: [...new Set(allowed.map(String))] })
  for (const { keyword, params } of faults) {
    const reason = REASONS[keyword]?.(params as Params)
    if (reason) return reason
  }
  const types = faults.flatMap(({ keyword, params }) => (keyword === 'type' ? (params as Params).type : []))
  const known = [...new Set(types)].filter(isJsonType)
  return known.length > 0 ? say('field.of_type', { types: known }) : say('field.invalid')
}

/** Returns the names of the members that a fault of a whole object is about: Ajv names one, TypeBox a list. */
const membersOf = ({ params }: SchemaFault): string[] => {
  const { missingProperty, additionalProperty, requiredProperties, additionalProperties } = params as Record<
    string,
    string | string[] | undefined
  >
  return [missingProperty ?? additionalProperty ?? requiredProperties ?? additionalProperties ?? []].flat()
}

/**
 * Returns the bad fields among a validator's faults, each once with its first reason.
 * @param prefix text before a field's path: `/`, `?`, `:`
 */
export const schemaFaults = (faults: readonly SchemaFault[], prefix = '/'): FieldError[] => {
  const fields = new Map<string, SchemaFault[]>()
  for (const fault of faults) {
    const path = fault.instancePath.split('/').slice(1)
    const members = membersOf(fault)
    const paths = members.length === 0 ? [path] : members.map((member) => [...path, member])
    for (const parts of paths) {
      const field = prefix + parts.join('/')
      const before = fields.get(field)
      if (before) before.push(fault)
      else fields.set(field, [fault])
    }
  }
  return [...fields].map(([field, found]) => ({ field, reason: reasonOf(found) }))
}
