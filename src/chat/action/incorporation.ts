import { understand } from '../../intent/intent.ts'
import { agentFor, agent as agentOf } from '../../intent/roster.ts'
import type { AnswerOutcome, TurnWriter } from '../../turn/turn.ts'
import type { AnswerContext, Question } from '../answer.ts'
import { answerWatched } from './milestone.ts'
import { WORDS } from './words.ts'

/** Where the steps stand on the way from 0 to 100. */
const VALIDATED = 10
const GATHERING = 20
const GATHERED = 45
const JOINED = 50
const SAID = 95
/** Characters of an answer at which it stands at 63 of 100 on its own way; how long it gets nobody knows. */
const SCALE_CHARS = 1000
/** Steps of the way that are told while the answer grows: each is a publication, and parts the text. */
const STRIDE = 5

/** An agent enters a session and answers the prompt there. */
export const incorporate =
  (means: AnswerContext, question: Question) =>
  async (turn: TurnWriter): Promise<AnswerOutcome> => {
    const { language, intent } = understand(question.message)
    const words = WORDS[language]
    let stands = 0
    const tell = (progress: number, message: string): void => {
      if (progress <= stands) return
      stands = progress
      turn.emit({ type: 'progress', progress, message })
    }
    let name = ((question.agentId === undefined ? undefined : agentOf(question.agentId)) ?? agentFor(intent))
      .name
    tell(VALIDATED, words.accepted(name))
    const answered = await answerWatched(means, question, turn, {
      chosen(agent) {
        name = agent
        tell(GATHERING, words.gathering(name))
      },
      gathered(characters) {
        tell(GATHERED, words.gathered(characters))
        tell(JOINED, words.joined(name))
      },
      said(characters) {
        const way = (SAID - JOINED) * (1 - Math.exp(-characters / SCALE_CHARS))
        tell(JOINED + STRIDE * Math.floor(way / STRIDE), words.saying(characters))
      },
    })
    tell(SAID, words.said)
    return { ...answered, result: { agent_name: name } }
  }
