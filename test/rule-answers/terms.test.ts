import t from 'tap'
import { TERMS } from '../../src/language/answer/terms.ts'
import { LANGUAGES } from '../../src/language/language.ts'
import { termsAsked } from '../../src/rule-answers/terms.ts'
import { caller, stage } from '../knowledge/stage.ts'
import { talk } from './talk.ts'

t.test(
  'the meaning of a term of purchasing is found, and no question about the data is taken for one',
  async (t) => {
    for (const [message, terms] of [
      ['o que é pregão?', ['auction']],
      ['O que significa inexigibilidade de licitação, afinal?', ['sole_source']],
      ['qual a diferença entre dispensa e inexigibilidade?', ['waiver', 'sole_source']],
      ['me explica o que é uma ata de registro de preços', ['price_record']],
      ['para que serve um empenho?', ['commitment']],
      ['¿qué es un contrato menor?', ['minor_contract']],
      ['¿Cuál es la diferencia entre licitación y adjudicación directa?', ['tender', 'direct_award']],
      ['what is a framework agreement', ['framework']],
      ['what does "tender" mean?', ['tender']],
      ['how does a reverse auction work?', ['auction']],
      ['qual a diferença entre pregão e dispensa em 2023?', []],
      ['o que é comprado por pregão?', []],
      ['what is the total value of direct awards?', []],
      ['quanto foi gasto por dispensa?', []],
      ['o que é fracionamento?', []],
      ['pregão', []],
    ] as const)
      t.same(termsAsked(message), terms, message)
  },
)

t.test('each term is told in the language of the question', async (t) => {
  for (const [name, texts] of Object.entries(TERMS))
    t.equal(new Set(LANGUAGES.map((language) => texts[language])).size, LANGUAGES.length, name)
  const on = await stage()
  const say = talk(on.base.for(caller('ana')), 'en')
  t.match((await say('o que é tomada de preços?')).text, /Lei 8\.666\/1993, art\. 22, §2º/)
  t.match((await say('what is a framework agreement?')).text, /^\*\*Framework agreement\*\*/)
  const { text } = await say('¿qué diferencia hay entre subasta y contrato menor?')
  t.match(text, /contrato menor|Contrato menor/)
})
