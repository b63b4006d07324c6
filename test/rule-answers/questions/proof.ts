import t from 'tap'
import { Value } from 'typebox/value'
import { Plan } from '../../../src/protocol/plan.ts'
import { type Judged, judgeQuestions, sharesOf, shown } from './judge.ts'
import { SUITES, type Suite } from './questions.ts'

/** Questions that the suite has at least, by language. */
const LEAST = { pt: 300, es: 100, en: 100 }
/** Share that is understood at least. */
const UNDERSTOOD = { pt: 0.98, es: 0.99, en: 0.99 }
/** Questions that are answered with other figures without a word, at most: the aim is none. */
const WRONG = { pt: 0, es: 0, en: 0 }

/** Tests that the questions of one language are read as they are meant, and answered as arrays give. */
export const testQuestions = (language: Suite['language']): void => {
  t.test('questions as people ask them', async (t) => {
    const named = (judged: readonly Judged[]) => `\n${judged.map(shown).join('\n')}`
    const [score] = await judgeQuestions(SUITES.filter((one) => one.language === language))
    if (!score) throw new Error(`no suite of ${language}`)
    const { judged } = score
    const asked = judged.map((one) => one.asked)
    t.ok(judged.length >= LEAST[language], `${judged.length} questions`)
    t.equal(new Set(asked.map(({ question }) => question)).size, judged.length, 'each is asked once')
    const questions = new Set(asked.map(({ question }) => question))
    t.same(
      asked.filter(({ after }) => after !== undefined && !questions.has(after)),
      [],
      'what a question follows is asked',
    )
    t.same(
      asked.filter(({ plan, or = [] }) => plan && ![plan, ...or].every((one) => Value.Check(Plan, one))),
      [],
      'every plan is one',
    )

    t.same(
      judged.flatMap(({ asked, miscounted }) =>
        miscounted ? `${asked.question}\n${JSON.stringify(asked.plan)}\n${miscounted}` : [],
      ),
      [],
      'every figure is what arrays give, to the cent',
    )
    const wrong = judged.filter(({ verdict }) => verdict === 'wrong')
    t.ok(wrong.length <= WRONG[language], `${wrong.length} answered wrongly${named(wrong)}`)
    const { understood } = sharesOf(score)
    t.ok(
      understood >= UNDERSTOOD[language],
      `${understood.toFixed(3)} understood${named(judged.filter(({ verdict }) => verdict !== 'understood'))}`,
    )
  })
}
