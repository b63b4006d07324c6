import type { AnswerOutcome, TurnWriter } from '../../turn/turn.ts'
import { type AnswerContext, answer, type Question } from '../agent-answer.ts'

/** Callbacks for the steps of an agent's answer; the first three are called once, in this order. */
export interface Milestones {
  /** Called when the agent is known; its context is gathered next. */
  chosen(agent: string): void
  /**
   * Called when the context is complete. @param characters of the context, with the client's own and the earlier
   * messages
   */
  gathered(characters: number): void
  /** Called with the number of characters of the answer so far. */
  answered(characters: number): void
}

const lengthOf = ({ context = '', recalled }: Question): number =>
  recalled.reduce((sum, { content }) => sum + content.length, context.length)

/** Makes an agent's answer, as in a conversation, and calls back at its milestones. */
export const answerWatched = (
  context: AnswerContext,
  question: Question,
  turn: TurnWriter,
  on: Milestones,
): Promise<AnswerOutcome> => {
  let facts = 0
  let isAsked = false
  const watched: TurnWriter = {
    ...turn,
    get content() {
      return turn.content
    },
    text(piece) {
      turn.text(piece)
      on.answered(turn.content.length)
    },
    emit(event) {
      turn.emit(event)
      if (event.type === 'agent_selected') on.chosen(event.agent_name)
    },
  }
  const watchedContext: AnswerContext = {
    ...context,
    async contextFor(...of) {
      const found = await context.contextFor(...of)
      facts = found.length
      return found
    },
    router: {
      ...context.router,
      answer(...of) {
        if (!isAsked) on.gathered(facts + lengthOf(question))
        isAsked = true
        return context.router.answer(...of)
      },
    },
  }
  return answer(watchedContext, question)(watched)
}
