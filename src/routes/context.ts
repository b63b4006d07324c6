import { badField } from '../errors.ts'
import { MAX_CONTEXT_CHARS } from './chat.ts'

/**
 * What a client gives along, as text for the model; undefined when that is nothing.
 * @throws {Problem} `VALIDATION_FAILED` naming the field
 */
export const contextText = (field: string, given: Readonly<Record<string, unknown>>): string | undefined => {
  if (Object.keys(given).length === 0) return undefined
  const text = JSON.stringify(given)
  if (text.length > MAX_CONTEXT_CHARS)
    throw badField(field, `must have ${MAX_CONTEXT_CHARS} characters or fewer`)
  return text
}
