import { understand } from '../../intent/intent.ts'
import type { AnswerOutcome, TurnWriter } from '../../turn/turn.ts'
import type { AnswerContext, Question } from '../agent-answer.ts'
import { WORDS } from './action-words.ts'
import { answerWatched } from './milestone.ts'

const STEPS = 4

/** Makes the answer of an agent that works on a description, and reports each step when it begins. */
export const executeTask =
  (context: AnswerContext, question: Question) =>
  async (turn: TurnWriter): Promise<AnswerOutcome> => {
    const words = WORDS[understand(question.message, context.language).language]
    const report = (step: number, message: string): void =>
      turn.emit({ type: 'execution_progress', step, total: STEPS, message })
    let name = ''
    report(1, words.understanding)
    const answered = await answerWatched(context, question, turn, {
      chosen(agent) {
        name = agent
        report(2, words.gathering(name))
      },
      gathered: () => report(3, words.answering(name)),
      answered: () => undefined,
    })
    report(4, words.keeping)
    return { ...answered, result: { agent_name: name } }
  }
