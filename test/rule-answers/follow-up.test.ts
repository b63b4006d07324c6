import t from 'tap'
import { understand } from '../../src/intent/intent.ts'
import { suggestedActions } from '../../src/rule-answers/suggestion.ts'
import { caller, stage } from '../knowledge/stage.ts'
import { talk } from './talk.ts'

const HEAD = 'numero;orgao;fornecedor;objeto;valor;data_assinatura\n'
const row = (at: number, supplier: string, value: string, year = 2023) =>
  `${at}/${year};PREFEITURA DE TESTE;${supplier};Objeto ${at};${value};01/02/${year}\n`
/** Twelve suppliers, the largest first; each a contract. */
const TWELVE =
  HEAD +
  Array.from({ length: 12 }, (_, at) => row(at + 1, `Casa ${at + 1}`, `${1200 - at * 100},00`)).join('')

t.test('what is asked after an answer', async (t) => {
  const on = await stage()
  const sample = () => talk(on.base.for(caller('ana')))
  await on.upload('bruno', 'alfa-obras', TWELVE)
  await on.upload(
    'bruno',
    'beta-compras',
    HEAD + row(1, 'Gama', '10,00') + row(2, 'Delta Luz', '30,00', 2022),
  )
  const bruno = () => talk(on.base.for(caller('bruno')))

  t.test('a dataset that was only mentioned stays in question, until another one is', async (t) => {
    const say = bruno()
    t.match((await say('quem são os maiores fornecedores do alfa-obras?')).text, /\| 1 \| Casa 1 \|/)
    t.match(
      (await say('e o segundo?')).text,
      /Dados: \*\*alfa-obras\*\*\. Filtros: fornecedor \*\*Casa 2\*\*/,
    )
    t.match(
      (await say('qual o valor total?')).text,
      /Dados: \*\*alfa-obras\*\*[\s\S]*\*\*1\.100,00\*\* \(moeda desconhecida\)/,
    )
    t.match((await say('e os fornecedores do beta?')).text, /Dados: \*\*beta-compras\*\*[\s\S]*Delta Luz/)
    t.match((await say('estatísticas')).text, /Dados: \*\*beta-compras\*\*/)
  })

  t.test("the words that name the dataset are not looked for in its contracts' objects", async (t) => {
    t.match((await bruno()('quais são os maiores contratos do beta?')).text, /\*\*2 contratos\*\*/)
  })

  t.test('more of a list goes on where it ended, in its order, until its end', async (t) => {
    const say = bruno()
    t.match((await say('maiores fornecedores do alfa-obras')).text, /Mostro 10 de 12\./)
    const rest = await say('mostre mais')
    t.match(rest.text, /\| 11 \| Casa 11 \|[\s\S]*\| 12 \| Casa 12 \|/)
    t.notMatch(rest.text, /Casa 10\b/)
    t.match((await say('mais')).text, /Isso é tudo/)
    const smallest = await say('quais os menores contratos?')
    t.match(smallest.text, /\| 12\/2023 \|[\s\S]*\| 3\/2023 \|/)
    t.match((await say('ver mais')).text, /\| 2\/2023 \|[\s\S]*\| 1\/2023 \|/)
    t.notMatch((await sample()('mostre mais')).text, /\| 11 \|/, 'of nothing there is no more')
  })

  t.test('a bare "why" after figures is not answered with the same figures', async (t) => {
    const say = sample()
    await say('which suppliers dominate the sample?')
    const why = await say('why?')
    t.match(why.text, /how much, when and with whom, not why/)
    t.notMatch(why.text, /R\$/)
    t.match((await say('show more')).text, /That is all/, 'and the list goes on after it')
  })

  t.test('only a request starts an investigation; remarks on it tell of the one before', async (t) => {
    const say = sample()
    t.equal((await say('investigue os contratos da saúde na amostra')).notices.length > 0, true)
    for (const [remark, told] of [
      ['por quê?', /\*\*Contrato duplicado\*\*/],
      ['continue', /\*\*Padrão temporal\*\*/],
      ['só as críticas', /\*\*Nenhum achado\*\*/],
    ] as const) {
      const { text, notices } = await say(remark)
      t.match(text, told, remark)
      t.notOk(
        notices.some(({ type }) => type === 'investigation_started'),
        remark,
      )
    }
    t.match((await say('investigue a educação')).notices[0], { type: 'investigation_started' })
  })

  t.test('whom a supplier or a buyer deals with', async (t) => {
    const say = sample()
    await say('quanto recebeu a Construtora Exemplo na amostra?')
    const buyers = await say('e quem comprou deles?')
    t.match(buyers.text, /maiores órgãos[\s\S]*Prefeitura Municipal/)
    t.notMatch(buyers.text, /maiores contratos/, 'only what was asked')
    await say('quanto a Secretaria de Saúde gastou em 2023?')
    t.match((await say('com quem?')).text, /de 01\/01\/2023[\s\S]*Laboratório Hipótese Ltda \| 2 \|/)
  })

  t.test('a period said of what is meant counts', async (t) => {
    const say = sample()
    const sellers = await say('quem mais vende para a prefeitura na amostra?')
    t.match(sellers.text, /maiores fornecedores por valor/)
    await say('o primeiro')
    const later = await say('quanto ele recebeu em 2023?')
    t.match(
      later.text,
      /fornecedor \*\*Engenharia Ponte Imaginada Ltda\*\*\. Período: de 01\/01\/2023[\s\S]*soma de 7 contratos/,
    )
    t.match((await say('a quem ele vendeu?')).text, /maiores órgãos/)
  })

  t.test('a contract that was told is told again to who asks for its supplier', async (t) => {
    const say = sample()
    await say('maiores contratos da amostra')
    await say('o segundo')
    t.match(
      (await say('quem é o fornecedor?')).text,
      /contrato \*\*0053\/2022\*\*[\s\S]*Engenharia Ponte Imaginada/,
    )
    t.match((await say('qual o menor?')).text, /\| 0080\/2023 \|/)
  })

  t.test('a new body takes the place of the one before and keeps the period', async (t) => {
    const say = sample()
    await say('quanto a Secretaria de Saúde gastou em 2023?')
    const next = await say('e a educação?')
    t.match(next.text, /órgão \*\*Secretaria de Educação\*\*\. Período: de 01\/01\/2023/)
    const both = await say('qual das duas gastou mais?')
    t.match(
      both.text,
      /Período: de 01\/01\/2023[\s\S]*\| Secretaria de Educação \|[^\n]*\n\| Secretaria de Saúde \|/,
    )
    t.match((await say('e a soma das duas?')).text, /Juntos: R\$ 8\.624\.280,49/)
    t.match((await sample()('qual das duas gastou mais?')).text, /Não entendi “duas”/)
    t.match(
      (await say('quanto isso dá por ano?')).text,
      /órgão \*\*Secretaria de Educação\*\*\. Período: todo o arquivo/,
    )
  })

  t.test('years and names are compared side by side', async (t) => {
    const say = sample()
    const years = await say('compare 2022 e 2023')
    t.match(years.text, /\| 2022 \| 75 \|[^\n]*\n\| 2023 \| 91 \|/)
    t.notMatch(years.text, /\| 2024 \|/)
    const bodies = await say('compare a Secretaria de Saúde com a Secretaria de Educação')
    t.match(bodies.text, /\| Secretaria de Educação \| 88 \|[^\n]*\n\| Secretaria de Saúde \| 87 \|/)
    t.match(bodies.text, /1,2 vezes/)
    const missing = await say('compare Papelaria Lua, Comercial Vale e Xyzzy')
    t.match(missing.text, /^Não entendi “Xyzzy”: isso muda o número/)
  })

  t.test('the year of most value, means and empty periods are told in words', async (t) => {
    const say = sample()
    t.match(
      (await say('qual foi o ano com maior gasto na amostra?')).text,
      /\*\*2022\*\*: \*\*R\$ 21\.788\.019,57\*\*/,
    )
    t.match(
      (await say('quantos fornecedores diferentes existem?')).text,
      /\*\*10\*\* fornecedores diferentes/,
    )
    t.match(
      (await say('estatísticas de 2019')).text,
      /\*\*Nenhum contrato\*\* corresponde a isso\.\s+Os dados têm 294 contratos, de 04\/01\/2022 a 29\/12\/2024/,
    )
  })

  t.test('a way of contracting restricts', async (t) => {
    t.match(
      (await sample()('quais contratos foram por dispensa na amostra?')).text,
      /modalidade \*\*Dispensa de Licitação\*\*[\s\S]*\*\*3 contratos\*\*/,
    )
  })

  t.test('whether the data is real is answered, and changes no subject', async (t) => {
    const say = bruno()
    await say('maiores fornecedores do alfa-obras')
    const real = await say('esses dados são reais?')
    t.match(real.text, /sample\*\*: Estes dados são sintéticos[\s\S]*tão confiáveis quanto a origem/)
    t.match((await say('e o terceiro?')).text, /fornecedor \*\*Casa 3\*\*/)
    t.match((await sample()('is it real?')).text, /synthetic: names and contracts are made up/)
  })

  t.test(
    'a short remark is answered in the language it is in, else in that of the conversation',
    async (t) => {
      const say = sample()
      await say('quantos contratos tem?')
      t.match((await say('só de 2023')).text, /^Entendi:/)
      t.match((await say('now only 2022')).text, /^I understood:/)
      t.match((await say('2023?')).text, /^I understood:/)
      t.match((await say('gracias')).text, /De nada! Si quiere/)
    },
  )

  t.test('the language of the caller decides where the words of a question do not tell it', async (t) => {
    const spanish = () => talk(on.base.for(caller('ana')), 'es')
    t.match((await spanish()('Construtora Exemplo Fictício')).text, /^Entendí:/)
    t.match((await spanish()('asdfgh')).text, /^No entendí|^No sé/)
    t.match((await spanish()('how many contracts are there?')).text, /^I understood:/)
    t.match((await spanish()('quantos contratos foram assinados?')).text, /^Entendi:/)
    const say = spanish()
    await say('quantos contratos a Secretaria de Saúde assinou?')
    t.match((await say('2023?')).text, /^Entendi:/, 'a conversation has told it')
  })

  t.test('a rule that the investigation left out is said not to have looked', async (t) => {
    const facts = on.base.for(caller('bruno'))
    const [dataset] = (await facts.datasets()).filter(({ name }) => name === 'alfa-obras')
    const id = await facts.investigate({
      datasetId: dataset?.dataset_id ?? '',
      query: 'duplicados',
      filters: {},
      anomalyTypes: ['duplicate_contract'],
    })
    for await (const _ of facts.follow(id, AbortSignal.timeout(30_000)));
    const { text } = await bruno()('há fracionamento no alfa-obras?')
    t.match(text, /se limitou a outras regras e não procurou: Fracionamento/)
    t.match(text, /Regras que rodaram: Contrato duplicado/)
    t.notMatch(text, /Nenhum achado|nenhuma\./)
  })

  t.test('what is suggested speaks of the dataset and in the language of the answer', async (t) => {
    const say = bruno()
    const after = async (said: string) => suggestedActions(understand(said), (await say(said)).text)
    t.match(await after('maiores fornecedores do alfa-obras'), ['Estatísticas do dataset alfa-obras'])
    t.match((await after('e o segundo?')).join(), /dataset alfa-obras/)
    t.match(await after('só de 2023'), [/^Quais/])
    t.match(await after('2022'), [/^Quais/])
    const spoken = await after('investigue o dataset beta-compras')
    t.match(spoken.join(), /anomalias/)
  })

  t.test('what cannot be answered says so shortly when it was said before', async (t) => {
    const say = sample()
    const first = await say('qual a previsão do tempo?')
    const second = await say('quem vai ganhar o jogo?')
    t.match(second.text, /Não sei responder/)
    t.ok(second.text.length < first.text.length / 2)
  })
})
