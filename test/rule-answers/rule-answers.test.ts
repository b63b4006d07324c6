import t from 'tap'
import { Problem } from '../../src/errors.ts'
import { understand } from '../../src/intent/intent.ts'
import type { Knowledge } from '../../src/knowledge/fact.ts'
import type { Part } from '../../src/llm/provider.ts'
import { local } from '../../src/rule-answers/rule-answers.ts'
import { suggestedActions } from '../../src/rule-answers/suggestion.ts'
import { caller, stage } from '../knowledge/stage.ts'
import { taken } from '../support/taken.ts'
import { talk } from './talk.ts'

const { signal } = new AbortController()

t.test('conversations about the sample', async (t) => {
  const on = await stage()
  const ana = caller('ana')
  const begin = () => talk(on.base.for(ana))

  t.test('in Portuguese: from a greeting to an investigation and its explanation', async (t) => {
    const say = begin()
    const hello = await say('Olá, como você pode me ajudar?')
    t.match(hello.text, /^Olá!/)
    t.match(hello.text, /Não sou um modelo de linguagem/)
    t.match(hello.text, /Quais fornecedores dominam o dataset sample\?/)
    const data = await say('quais dados você tem?')
    t.match(data.text, /\[\*\*sample\*\*\]\(\/datasets\/sample\) \| 294 \|/)
    t.match(data.text, /sintéticos/)
    t.notMatch(data.text, /modelo de linguagem/, 'said once in a conversation')
    const top = await say('quais fornecedores dominam o dataset sample?')
    t.match(top.text, /\| 1 \| Construtora Exemplo Fictício Ltda \| 49 \| R\$ 15\.627\.953,30 \| 27,2.% \|/)
    const second = await say('e o segundo?')
    t.match(
      second.text,
      /fornecedor \*\*Engenharia Ponte Imaginada Ltda\*\*[\s\S]*\*\*33 contratos\*\*[\s\S]*R\$ 9\.813\.314,65/,
    )
    const later = await say('e em 2023?')
    t.match(later.text, /de 01\/01\/2023 a 31\/12\/2023/)
    t.match(
      later.text,
      /\*\*Engenharia Ponte Imaginada Ltda\*\*[\s\S]*\*\*7 contratos\*\*[\s\S]*R\$ 1\.068\.009,73/,
    )
    const run = await say('investigue os contratos do ministério da saúde')
    t.match(run.notices[0], {
      type: 'investigation_started',
      stream_url: /^\/api\/v1\/investigations\/stream\//,
    })
    t.match(run.text, /Tomei “ministério da saúde” por \*\*Secretaria de Saúde\*\*/)
    t.match(run.text, /1\. \*\*Contrato duplicado\*\* \(alta\)/)
    t.match(run.text, /\*\*Concluída\*\*: anomalias: 2; contratos examinados: 87/)
    const why = await say('explique a segunda')
    t.match(why.text, /\*\*Padrão temporal\*\* \(alta\)/)
    t.match(why.text, /0233\/2024/)
    t.match(why.text, /não uma prova/)
    t.match(
      (await say('qual o status das investigações?')).text,
      /ministério da saúde\]\(\/investigations\/\S+\) \| sample \| concluída \| 2 \|/,
    )
    t.match((await say('quero o relatório')).text, /\/report\?format=md/)
    t.match((await say('obrigado!')).text, /De nada/)
  })

  t.test('in English: dominate, and in 2023, investigate, explain it', async (t) => {
    const say = begin()
    t.match((await say('which suppliers dominate dataset X?')).text, /no dataset “X”.*\*\*sample\*\*/)
    const top = await say('which suppliers dominate the sample?')
    t.match(top.text, /\| 1 \| Construtora Exemplo Fictício Ltda \| 49 \| R\$ 15,627,953\.30 \| 27\.2% \|/)
    t.match((await say('and in 2023?')).text, /R\$ 6,273,767\.49 \| 35\.1%/)
    const run = await say('investigate contracts of the health ministry')
    t.match(run.text, /public body \*\*Secretaria de Saúde\*\*/)
    t.match(run.text, /\*\*Completed\*\*: anomalies: 2; contracts examined: 87/)
    t.match((await say('explain it')).text, /\*\*Duplicate contract\*\* \(high\)[\s\S]*487,325\.19/)
    t.match((await say('explain anomaly 2')).text, /\*\*Temporal pattern\*\*/)
    t.match((await say('explain anomaly 99')).text, /only 2/)
    t.match((await say('what is the weather like?')).text, /cannot answer[\s\S]*For example/)
  })

  t.test(
    'a body is known by its name alone, and one that is not there is not silently left out',
    async (t) => {
      const id = await on.upload(
        'carla',
        'estado',
        'numero;orgao;fornecedor;objeto;valor;data_assinatura\n' +
          '1/2023;POLICIA MILITAR DE MINAS;Alfa;Coletes;10,00;01/02/2023\n' +
          '2/2023;ADVOCACIA DO ESTADO;Beta;Livros;20,00;01/02/2023\n',
      )
      const say = talk(on.base.for(caller('carla')))
      const police = await say('investigue os contratos da polícia militar')
      t.match(police.text, /órgão \*\*POLICIA MILITAR DE MINAS\*\*[\s\S]*contratos examinados: 1;/)
      const lawyers = await say('investigue os contratos da advocacia')
      t.match(lawyers.text, /órgão \*\*ADVOCACIA DO ESTADO\*\*[\s\S]*contratos examinados: 1;/)
      const none = await say(`investigue os contratos do ministério da saúde no dataset ${id}`)
      t.match(
        none.text,
        /Nenhum órgão destes dados se chama “ministério da saúde”[\s\S]*contratos examinados: 2;/,
      )
    },
  )

  t.test('in Spanish: a supplier, contracts, an investigation', async (t) => {
    const say = begin()
    t.match((await say('hola')).text, /^¡Hola!/)
    const supplier = await say('¿cuánto recibió la Construtora Exemplo?')
    t.match(supplier.text, /Datos: \*\*sample\*\* \(sintéticos/)
    t.match(supplier.text, /\*\*R\$ 15\.627\.953,30\*\* \(BRL\), suma de 49 contratos/)
    t.match((await say('contratos de limpieza')).text, /\*\*23 contratos\*\*[\s\S]*R\$ 3\.649\.841,82/)
    const run = await say('investiga los contratos de educación en 2024')
    t.match(run.text, /organismo \*\*Secretaria de Educação\*\*; del 01\/01\/2024 al 31\/12\/2024/)
    t.match(run.text, /\*\*Compra fraccionada\*\* \(crítica\)/)
    t.match((await say('¿qué anomalías hay?')).text, /\*\*2 hallazgos\*\*/)
  })

  t.test('contracts by number, names that only look alike, and what is not there', async (t) => {
    const say = begin()
    t.match((await say('contrato 12/2022')).text, /Contrato \*\*0012\/2022\*\*[\s\S]*70\.908,22/)
    t.match(
      (await say('por que esse contrato é suspeito?')).text,
      /contrato \*\*12\/2022\*\*[\s\S]*\*\*Nenhum achado\*\*[\s\S]*Regras que rodaram/,
    )
    t.match((await say('contrato 9999/1999')).text, /\*\*Nenhum contrato\*\*/)
    t.match(
      (await say('busque o fornecedor Papelaria Sol')).text,
      /“Papelaria Sol” nestes dados\. Nomes que há: “Papelaria Lua Imaginária Ltda”/,
    )
    t.match((await say('busque o órgão Xyzzy')).text, /Nenhum órgão destes dados se chama “Xyzzy”/)
    t.match((await say('contratos acima de 1 milhão')).text, /\*\*2 contratos\*\*[\s\S]*R\$ 3\.734\.975,09/)
    t.match((await say('explique a anomalia abcdef0123456789abcdef01')).text, /Não encontrei a anomalia/)
    t.match(
      (await say('o que é fracionamento?')).text,
      /Fracionamento[\s\S]*Regra: Dispensas em razão do valor/,
    )
    t.match((await say('há fraude?')).text, /não provam fraude/)
    t.match((await say('o que diz a lei 14.133?')).text, /art\. 75[\s\S]*não parecer jurídico/)
    t.match((await say('contratos da Companhia de Obras')).text, /\*\*30 contratos\*\*/)
    t.match((await say('faça um gráfico')).text, /2022 \| 75 \| █+ R\$ 21\.788\.019,57/)
  })

  t.test("somebody else's data is neither shown nor hinted at", async (t) => {
    const id = await on.upload(
      'ana',
      'segredo',
      'numero;orgao;fornecedor;objeto;valor;data_assinatura\n1/2023;Órgão Secreto;Fornecedor Secreto;Coisa;10,00;01/02/2023\n',
    )
    const say = talk(on.base.for(caller('bia')))
    for (const said of [
      'quais dados você tem?',
      'estatísticas do dataset segredo',
      `estatísticas do dataset ${id}`,
      'busque o fornecedor Fornecedor Secreto',
      'liste as anomalias',
      'minhas investigações',
      'investigue o dataset segredo',
    ]) {
      const { text, notices } = await say(said)
      t.notMatch(text.replaceAll('“segredo”', ''), /Órgão Secreto|Coisa|10,00|\*\*segredo\*\*/, said)
      t.notOk(
        notices.some(({ type }) => type === 'investigation_started'),
        said,
      )
    }
    const hers = await begin()('estatísticas')
    t.match(hers.text, /Dados: \*\*segredo\*\*/, 'her own dataset comes before the sample')
  })

  t.test('who may not start an investigation is told so', async (t) => {
    const say = talk(on.base.for(caller('vera', 'viewer')))
    const { text, notices } = await say('investigue a amostra')
    t.match(text, /não permite iniciar/)
    t.same(notices, [])
  })

  t.test('an answer is words in batches, with usage and one finish at its end', async (t) => {
    const { parts, batches, text } = await begin()('ajuda')
    t.same(
      parts.slice(-2).map((part) => part.type),
      ['usage', 'finish'],
    )
    const deltas = parts.filter((part) => part.type === 'text-delta')
    t.equal(deltas.map((part) => part.text).join(''), text)
    t.ok(
      deltas.every((part) => /^\s*\S+\s*$/.test(part.text)),
      'a word each',
    )
    t.ok(batches < deltas.length / 4, `${deltas.length} words in ${batches} batches`)
    t.equal(parts.filter((part) => part.type === 'finish').length, 1)
  })

  t.test('an abort ends the answer with its reason, also in the middle of an investigation', async (t) => {
    const provider = local(on.base.for(ana), 'pt')
    const ask = (content: string, stop: AbortSignal) =>
      taken<Part>((taking) => provider.answer({ messages: [{ role: 'user', content }] }, taking), stop)
    await t.rejects(ask('ajuda', AbortSignal.abort(new Error('gone'))).next(), /gone/)
    const stop = new AbortController()
    const parts = ask('investigue a amostra', stop.signal)
    const first = await parts.next()
    t.match(first.value, [{ type: 'notice', event: { type: 'investigation_started' } }] as Part[])
    stop.abort(new Error('gone'))
    await t.rejects(
      (async () => {
        for (;;) if ((await parts.next()).done) return
      })(),
      /gone/,
    )
  })
})

t.test(
  "a store that cannot be read is the provider's failure; what the caller can mend is told",
  async (t) => {
    const failing = (code: 'STORE_UNAVAILABLE' | 'TOO_MANY_STREAMS') =>
      ({
        datasets: () => Promise.reject(new Problem(code, 'x')),
        mayInvestigate: true,
      }) as unknown as Knowledge
    await t.rejects(talk(failing('STORE_UNAVAILABLE'))('estatísticas'), { code: 'PROVIDER_UNAVAILABLE' })
    t.match((await talk(failing('TOO_MANY_STREAMS'))('estatísticas')).text, /TOO_MANY_STREAMS/)
    await local(failing('STORE_UNAVAILABLE'), 'pt').answer(
      { messages: [{ role: 'user', content: 'tchau' }] },
      { signal, take: (batch) => void t.ok(batch.length > 0, 'never an empty batch') },
    )
  },
)

t.test('what is suggested next can be asked, in the language of the question', async (t) => {
  const suggested = (text: string, answered = '') => suggestedActions(understand(text), answered)
  t.match(suggested('quais fornecedores dominam a amostra?'), [/^Estatísticas/])
  t.match(suggested('which anomalies were found?', '| 1 | high |'), [/^Explain anomaly 1$/])
  t.notMatch(suggested('which anomalies were found?', 'none').join(), /Explain/, 'nothing to explain')
  t.match(suggested('hola'), [/^¿Qué conjuntos/])
  t.same(suggested('tchau'), [])
  for (const text of ['oi', 'investigue a amostra', 'hello', 'estadísticas'])
    for (const action of suggested(text, '1. **x**'))
      t.not(understand(action).intent, 'question', `${action} is understood`)
})
