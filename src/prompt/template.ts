import { badField, badFields, type FieldError, Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'

export type Variable = string | number | boolean
export type Variables = ReadonlyMap<string, Variable>

/** Longest name of a variable, in code points; longer text between braces is plain text. */
const MAX_NAME_CHARS = 100
/** Longest result of a template, in UTF-16 units: a short template may name a long value very often. */
export const MAX_MADE_CHARS = 1_000_000
/** Missing variables that one answer names. */
const MAX_MISSING = 20
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor'])
/** Matches placeholders. No brace may be inside, so that matching takes linear time. */
const PLACEHOLDER = /\{\{([^{}]+)\}\}/g

/** Returns the variable that a placeholder names; undefined for braces that are no placeholder. */
const nameIn = (inside: string): string | undefined => {
  const name = inside.trim()
  if (name === '' || name.length > 2 * MAX_NAME_CHARS) return undefined
  return name.length > MAX_NAME_CHARS && [...name].length > MAX_NAME_CHARS ? undefined : name
}

/**
 * Refuses a template that could never be filled in or stored.
 * @throws {Problem} `VALIDATION_FAILED` naming `field`
 */
export const checkTemplate = (template: string, field: string): void => {
  // PostgreSQL cannot store this character.
  if (template.includes('\0')) throw badField(field, say('field.null_character'))
  for (const [placeholder, inside = ''] of template.matchAll(PLACEHOLDER)) {
    const name = nameIn(inside)
    if (name !== undefined && RESERVED.has(name))
      throw badField(field, say('field.placeholder', { placeholder }))
  }
}

const isVariable = (value: unknown): value is Variable =>
  typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)

/**
 * Reads the variables that a client sent; undefined has none.
 * @throws {Problem} `VALIDATION_FAILED` naming `/variables/<name>`
 */
export const readVariables = (given: unknown): Variables => {
  if (given === undefined) return new Map()
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw badField('/variables', say('field.of_type', { types: ['object'] }))
  const entries = Object.entries(given)
  for (const [name, value] of entries) {
    if (RESERVED.has(name)) throw badField(`/variables/${name}`, say('field.reserved_key'))
    if (!isVariable(value)) throw badField(`/variables/${name}`, say('field.variable'))
  }
  return new Map(entries)
}

const missingProblem = (missing: ReadonlySet<string>): Problem => {
  const errors = [...missing]
    .slice(0, MAX_MISSING)
    .map((name): FieldError => ({ field: `/variables/${name}`, reason: say('field.by_prompt') }))
  const others = missing.size - errors.length
  if (others === 0) return badFields(errors)
  return new Problem('VALIDATION_FAILED', say('request.more_bad_fields', { errors, more: others }), {
    errors,
  })
}

/**
 * Replaces the placeholders of a template, `{{name}}` or `{{ name }}`, once, from the first to the last, each by
 * its value as it is: placeholders in values stay. Variables that it does not name are ignored. Takes time in
 * proportion to the template and the result.
 * @throws {Problem} `VALIDATION_FAILED` naming `/variables/<name>` of each missing one, or `/variables` when the
 *   result is blank or longer than {@link MAX_MADE_CHARS}
 * @example
 * fillIn('Sum up {{ city }}', new Map([['city', 'Bauru']])) // 'Sum up Bauru'
 */
export const fillIn = (template: string, variables: Variables): string => {
  const pieces: string[] = []
  const missing = new Set<string>()
  let length = 0
  let end = 0
  const add = (piece: string): void => {
    length += piece.length
    if (length > MAX_MADE_CHARS)
      throw badField('/variables', say('field.long_prompt', { most: MAX_MADE_CHARS }))
    pieces.push(piece)
  }
  for (const { 0: placeholder, 1: inside = '', index } of template.matchAll(PLACEHOLDER)) {
    const name = nameIn(inside)
    if (name === undefined) continue
    const value = variables.get(name)
    if (value === undefined) missing.add(name)
    add(template.slice(end, index))
    add(String(value ?? ''))
    end = index + placeholder.length
  }
  if (missing.size > 0) throw missingProblem(missing)
  add(template.slice(end))
  const made = pieces.join('')
  if (made.trim() === '') throw badField('/variables', say('field.blank_prompt'))
  return made
}
