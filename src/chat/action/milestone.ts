import type { AnswerOutcome, TurnWriter } from '../../turn/turn.ts'
import { type AnswerContext, answer, type Question } from '../answer.ts'

/** What happens on the way to an agent's answer, each told when it happens; the first three once, in this order. */
export interface Milestones {
  /** It is known who answers; its context is gathered next. */
  chosen(agent: string): void
  /** @param characters of what goes along with the question, what the caller gave and what was said before included */
  gathered(characters: number): void
  /** The answer has so many characters now. */
  said(characters: number): void
}

const lengthOf = ({ context = '', recalled }: Question): number =>
  recalled.reduce((sum, { content }) => sum + content.length, context.length)

/** An agent's answer, as a conversation gets it, whose making is watched. */
export const answerWatched = (
  means: AnswerContext,
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
      on.said(turn.content.length)
    },
    emit(event) {
      turn.emit(event)
      if (event.type === 'agent_selected') on.chosen(event.agent_name)
    },
  }
  const watchedMeans: AnswerContext = {
    ...means,
    async contextFor(...of) {
      const found = await means.contextFor(...of)
      facts = found.length
      return found
    },
    router: {
      ...means.router,
      answer(...of) {
        if (!isAsked) on.gathered(facts + lengthOf(question))
        isAsked = true
        return means.router.answer(...of)
      },
    },
  }
  return answer(watchedMeans, question)(watched)
}
