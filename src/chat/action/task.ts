import { understand } from '../../intent/intent.ts'
import type { AnswerOutcome, TurnWriter } from '../../turn/turn.ts'
import type { AnswerContext, Question } from '../answer.ts'
import { answerWatched } from './milestone.ts'
import { WORDS } from './words.ts'

const STEPS = 4

/** An agent works on a description; each step is told when it begins. */
export const executeTask =
  (means: AnswerContext, question: Question) =>
  async (turn: TurnWriter): Promise<AnswerOutcome> => {
    const words = WORDS[understand(question.message).language]
    const tell = (step: number, message: string): void =>
      turn.emit({ type: 'execution_progress', step, total: STEPS, message })
    let name = ''
    tell(1, words.understanding)
    const answered = await answerWatched(means, question, turn, {
      chosen(agent) {
        name = agent
        tell(2, words.gathering(name))
      },
      gathered: () => tell(3, words.answering(name)),
      said: () => undefined,
    })
    tell(4, words.keeping)
    return { ...answered, result: { agent_name: name } }
  }
