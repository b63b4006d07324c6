import { badField } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { ChatRequest } from '../llm/provider.ts'
import type { TurnRequest } from '../turn/turn.ts'
import { type AnswerContext, answer } from './agent-answer.ts'

/**
 * Answers the user's last message as in a conversation: earlier messages are recalled, later ones follow.
 * @throws {Problem} `VALIDATION_FAILED` naming the message
 */
export const askAgents = (
  context: AnswerContext,
  { messages, ...request }: Omit<ChatRequest, 'model'>,
  mayReset: boolean,
): TurnRequest['answer'] => {
  const at = messages.findLastIndex(({ role }) => role === 'user')
  const message = messages[at]?.content ?? ''
  if (message.trim() === '')
    throw badField(at < 0 ? '/messages' : `/messages/${at}/content`, say('field.say_as_user'))
  const { temperature, maxTokens, ...further } = request
  return answer(context, {
    recalled: messages.slice(0, at),
    message,
    followed: messages.slice(at + 1),
    mayReset,
    temperature,
    maxTokens,
    further,
  })
}
