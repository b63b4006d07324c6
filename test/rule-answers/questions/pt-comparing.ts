import {
  type Asked,
  about,
  ask,
  buyer,
  change,
  days,
  growth,
  summary,
  supplier,
  topic,
  versus,
  year,
} from './asked.ts'
import * as town from './town-pt.ts'

/** Side by side, over time, and profiles. */
export const COMPARING: readonly Asked[] = [
  ask('compare saúde e educação', versus(buyer(town.SAUDE), buyer(town.EDUCACAO))),
  ask('compare os gastos de 2022 com os de 2023', versus(year(2022), year(2023))),
  ask('Compare a Pavimax com a Horizonte', versus(supplier(town.PAVIMAX), supplier(town.HORIZONTE))),
  ask('quem recebeu mais, Brilho Total ou Falcão?', versus(supplier(town.BRILHO), supplier(town.FALCAO))),
  ask('saúde x educação em 2024', {
    measure: 'sum',
    of: 'contracts',
    where: year(2024),
    compare: [buyer(town.SAUDE), buyer(town.EDUCACAO)],
  }),
  ask('prefeitura versus camara', versus(buyer(town.PREFEITURA), buyer(town.CAMARA))),
  ask('comparar merenda e transporte escolar', versus(topic('merenda'), topic('transporte escolar'))),
  ask(
    'gasta-se mais com pregão ou com dispensa?',
    versus({ modality: [town.PREGAO] }, { modality: [town.DISPENSA] }),
  ),
  ask('Compare o gasto com limpeza em 2023 e 2024', {
    measure: 'sum',
    of: 'contracts',
    where: topic('limpeza'),
    compare: [year(2023), year(2024)],
  }),
  ask(
    'qual a diferença entre o que a cultura e a guarda gastaram?',
    versus(buyer(town.CULTURA), buyer(town.GUARDA)),
  ),
  ask(
    'compara obras, cultura e assistência social',
    versus(buyer(town.OBRAS), buyer(town.CULTURA), buyer(town.ASSISTENCIA)),
  ),
  ask(
    'primeiro semestre de 2023 contra primeiro semestre de 2024',
    versus(days('2023-01-01', '2023-06-30'), days('2024-01-01', '2024-06-30')),
  ),
  ask('Quanto o gasto cresceu de 2022 para 2023?', change(year(2022), year(2023))),
  ask('o gasto da saude aumentou de 2023 pra 2024?', change(year(2023), year(2024), buyer(town.SAUDE))),
  ask(
    'Qual foi a variação do gasto com combustível entre 2022 e 2024?',
    change(year(2022), year(2024), topic('combustivel')),
  ),
  ask(
    'quanto diminuiu a despesa da educação de 2023 para 2024',
    change(year(2023), year(2024), buyer(town.EDUCACAO)),
  ),
  ask('crescimento do gasto por ano', growth('year')),
  ask('evolução dos gastos da educação', growth('year', buyer(town.EDUCACAO))),
  ask('Como evoluiu o gasto com medicamentos ao longo dos anos?', growth('year', topic('medicamentos'))),
  ask('evolução mensal das despesas em 2024', growth('month', year(2024))),
  ask(
    'quais fornecedores mais cresceram de 2022 a 2023?',
    about('suppliers', 'growth', {}, { compare: [year(2022), year(2023)] }),
  ),
  ask(
    'que secretaria mais aumentou o gasto entre 2023 e 2024',
    about('units', 'growth', {}, { compare: [year(2023), year(2024)], limit: 1 }),
  ),
  ask('Fale sobre a empresa Nutrisabor', about('suppliers', 'summary', supplier(town.NUTRISABOR))),
  ask('quem é a Pavimax Terraplenagem?', about('suppliers', 'summary', supplier(town.PAVIMAX))),
  ask('perfil do fornecedor Palco & Luz', about('suppliers', 'summary', supplier(town.PALCO))),
  ask('me conta tudo sobre a santa helena', about('suppliers', 'summary', supplier(town.SANTA_HELENA))),
  ask(
    'o que sabe do CNPJ 89.012.345/0001-98?',
    about('suppliers', 'summary', supplier('89.012.345/0001-98')),
    {
      or: [about('suppliers', 'summary', supplier(town.HORIZONTE))],
    },
  ),
  ask('perfil da Secretaria de Obras', about('units', 'summary', buyer(town.OBRAS)), {
    or: [about('buyers', 'summary', buyer(town.OBRAS))],
  }),
  ask('Faça um resumo da Câmara Municipal', about('buyers', 'summary', buyer(town.CAMARA)), {
    or: [about('units', 'summary', buyer(town.CAMARA)), summary(buyer(town.CAMARA))],
  }),
  ask('quero saber mais da dois irmaos', about('suppliers', 'summary', supplier(town.DOIS_IRMAOS))),
  ask('resumo dos contratos de 2024', summary(year(2024))),
]
