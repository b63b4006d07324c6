import { Type } from 'typebox'
import { MAX_MESSAGE_CHARS } from '../chat/chat.ts'

/** Pattern of text that both stores can keep: PostgreSQL's has no U+0000. */
export const KEPT = '^[^\\u0000]*$'

/** Name of an agent, a provider, a model or a prompt. */
export const Name = Type.String({ minLength: 1, maxLength: 200, pattern: KEPT })

/** Text of a message, which must not be blank. */
export const MessageText = Type.String({
  minLength: 1,
  maxLength: MAX_MESSAGE_CHARS,
  pattern: '\\S',
  allOf: [{ pattern: KEPT }],
})
