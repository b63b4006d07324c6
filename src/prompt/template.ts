import { badField, badFields, type FieldError, Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'

export type Variable = string | number | boolean
export type Variables = ReadonlyMap<string, Variable>

/** Code points of a variable's name; longer text between braces is text. */
const MAX_NAME_CHARS = 100
/** UTF-16 units of what a template makes: a short template may name a long value very often. */
export const MAX_MADE_CHARS = 1_000_000
/** Missing variables that one answer names. */
const MAX_MISSING = 20
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor'])
/** No brace can be inside, so that no text is looked at for more than one beginning. */
const PLACEHOLDER = /\{\{([^{}]+)\}\}/g

/** The variable that a placeholder names; undefined for braces that are none. */
const nameIn = (inside: string): string | undefined => {
  const name = inside.trim()
  if (name === '' || name.length > 2 * MAX_NAME_CHARS) return undefined
  return name.length > MAX_NAME_CHARS && [...name].length > MAX_NAME_CHARS ? undefined : name
}

/**
 * Refuses a template that could never be filled in, or not be kept.
 * @throws {Problem} `VALIDATION_FAILED` naming `field`
 */
export const checkTemplate = (template: string, field: string): void => {
  // PostgreSQL has no text with this character.
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
 * The variables in what a client sent; there are none in undefined.
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
 * The template with its placeholders, `{{name}}` or `{{ name }}`, replaced: once, from the first to the last, each by
 * its value as it is, whatever that looks like. Variables that it does not name are left out of account. Takes time
 * in proportion to the template and what is made of it.
 * @throws {Problem} `VALIDATION_FAILED` naming `/variables/<name>` of each missing one, or `/variables` when what
 *   comes out is blank or longer than {@link MAX_MADE_CHARS}
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
