import type { ChatMessage } from '../llm/provider.ts'

/** Stands where a user's message got no answer, so that two of them are not taken for one. */
const UNANSWERED = '[no answer]'

/**
 * Returns what was said in a conversation as users and model in turns, ready for the user's next message: an answer
 * that failed without a word is marked as missing, and neighbours of the model are joined. Many models refuse a
 * conversation in which one role speaks twice.
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
