import { Type } from 'typebox'
import type { Chat } from '../../chat/chat.ts'
import { SESSION_ID } from '../../chat/conversations.ts'
import { badField } from '../../errors.ts'
import { say } from '../../language/sentence.ts'
import type { ShowingOptions } from '../turn-stream.ts'

/** Options of the interfaces of conversations. */
export interface MessageOptions extends ShowingOptions {
  chat: Chat
}

export const SessionId = Type.String({ pattern: SESSION_ID })
export const OnDisconnect = Type.Enum(['continue', 'cancel'])
export const MAX_CONTEXT_CHARS = 20_000

/**
 * Returns a client's context as text for the model; undefined when there is nothing in it.
 * @throws {Problem} `VALIDATION_FAILED` naming the field
 */
export const contextText = (field: string, given: Readonly<Record<string, unknown>>): string | undefined => {
  if (Object.keys(given).length === 0) return undefined
  const text = JSON.stringify(given)
  if (text.length > MAX_CONTEXT_CHARS)
    throw badField(field, say('field.max_characters', { count: MAX_CONTEXT_CHARS }))
  return text
}
