import { understand } from '../../intent/intent.ts'
import { agentFor, agent as agentOf } from '../../intent/roster.ts'
import type { AnswerOutcome, TurnWriter } from '../../turn/turn.ts'
import type { AnswerContext, Question } from '../agent-answer.ts'
import { WORDS } from './action-words.ts'
import { answerWatched } from './milestone.ts'

/** Percent of the progress at each step. */
const VALIDATED = 10
const GATHERING = 20
const GATHERED = 45
const JOINED = 50
const ANSWERED = 95
/** Characters of an answer at which 63 % of its part of the progress are reached, since its length is unknown. */
const SCALE_CHARS = 1000
/** Percent between two progress events while the answer grows: each is a publication, which splits the text. */
const STRIDE = 5

/** Makes the answer of an agent that enters a conversation and answers the prompt there. */
export const incorporate =
  (context: AnswerContext, question: Question) =>
  async (turn: TurnWriter): Promise<AnswerOutcome> => {
    const { language, intent } = understand(question.message, context.language)
    const words = WORDS[language]
    let reached = 0
    const report = (progress: number, message: string): void => {
      if (progress <= reached) return
      reached = progress
      turn.emit({ type: 'progress', progress, message })
    }
    let name = ((question.agentId === undefined ? undefined : agentOf(question.agentId)) ?? agentFor(intent))
      .name
    report(VALIDATED, words.accepted(name))
    const answered = await answerWatched(context, question, turn, {
      chosen(agent) {
        name = agent
        report(GATHERING, words.gathering(name))
      },
      gathered(characters) {
        report(GATHERED, words.gathered(characters))
        report(JOINED, words.joined(name))
      },
      answered(characters) {
        const way = (ANSWERED - JOINED) * (1 - Math.exp(-characters / SCALE_CHARS))
        report(JOINED + STRIDE * Math.floor(way / STRIDE), words.answeringSoFar(characters))
      },
    })
    report(ANSWERED, words.answered)
    return { ...answered, result: { agent_name: name } }
  }
