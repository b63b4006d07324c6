import type { ChatMessage } from '../llm/provider.ts'

/** Placeholder for the missing answer to a user's message, so that two messages are not taken for one. */
const UNANSWERED = '[no answer]'

/**
 * Returns the messages of a conversation with user and model alternating, ready for the user's next message: a
 * missing answer gets a placeholder, and successive messages of the model are joined. Many models refuse a
 * conversation in which one role has two successive messages.
 * @param recalled oldest first
 */
export const inTurns = (recalled: readonly ChatMessage[]): ChatMessage[] => {
  const turns: ChatMessage[] = []
  for (const message of recalled) {
    const last = turns.at(-1)
    if (message.role === 'user' && last?.role === 'user')
      turns.push({ role: 'assistant', content: UNANSWERED })
    if (message.role === 'assistant' && last?.role === 'assistant')
      turns[turns.length - 1] = { ...last, content: `${last.content}\n\n${message.content}` }
    else turns.push(message)
  }
  if (turns.at(-1)?.role === 'user') turns.push({ role: 'assistant', content: UNANSWERED })
  return turns
}
