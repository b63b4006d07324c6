import {
  type Asked,
  about,
  ask,
  buyer,
  by,
  change,
  count,
  days,
  growth,
  list,
  mean,
  share,
  sum,
  supplier,
  topic,
  versus,
  year,
} from './asked.ts'
import * as town from './town-pt.ts'

/** Questions that leave out or put side by side, written by another hand that had not read the reading. */
export const LEFT_OUT: readonly Asked[] = [
  ask(
    'tirando a Secretaria de Obras, quanto o resto gastou em 2024?',
    sum({ ...year(2024), except: buyer(town.OBRAS) }),
  ),
  ask(
    'gasto total da saude sem contar a brilho total',
    sum({ ...buyer(town.SAUDE), except: supplier(town.BRILHO) }),
  ),
  ask(
    'quantas contratações não foram nem pregão nem concorrência?',
    count({ except: { modality: [town.PREGAO, town.CONCORRENCIA] } }),
  ),
  ask(
    'tem algum contrato da educação que não seja com a Nutrisabor nem com a Serra Azul?',
    list({ ...buyer(town.EDUCACAO), except: supplier(town.NUTRISABOR, town.SERRA_AZUL) }),
    { or: [count({ ...buyer(town.EDUCACAO), except: supplier(town.NUTRISABOR, town.SERRA_AZUL) })] },
  ),
  ask(
    'a câmara gastou mais no primeiro ou no segundo semestre de 2024?',
    {
      ...versus(days('2024-01-01', '2024-06-30'), days('2024-07-01', '2024-12-31')),
      where: buyer(town.CAMARA),
    },
    { or: [change(days('2024-01-01', '2024-06-30'), days('2024-07-01', '2024-12-31'), buyer(town.CAMARA))] },
  ),
  ask(
    'Quanto subiu, em porcentagem, o gasto com vigilância de 2022 para 2023?',
    change(year(2022), year(2023), topic('vigilancia')),
  ),
  ask(
    'na média, um contrato da saúde sai mais caro que um da educação?',
    mean({}, { compare: [buyer(town.SAUDE), buyer(town.EDUCACAO)] }),
    { or: [versus(buyer(town.SAUDE), buyer(town.EDUCACAO))] },
  ),
  ask(
    'o valor médio dos contratos da cultura é maior ou menor que a média geral?',
    mean({}, { compare: [buyer(town.CULTURA), {}] }),
  ),
  ask(
    'de cada 100 reais contratados em 2023, quantos foram para a Construtora Horizonte?',
    share({ ...supplier(town.HORIZONTE), ...year(2023) }),
  ),
  ask(
    'Quantos por cento das contratações de 2022 saíram por tomada de preços?',
    share({ modality: [town.TOMADA], ...year(2022) }),
  ),
  ask(
    'qual a despesa da sec. de cultura que não foi com show?',
    sum({ ...buyer(town.CULTURA), except: topic('show') }),
  ),
  ask(
    'todos os pregões, menos os da saúde e os da educação, quantos dão?',
    count({ modality: [town.PREGAO], except: buyer(town.SAUDE, town.EDUCACAO) }),
  ),
  ask(
    'Fora Pavimax e Horizonte, quem a Secretaria de Obras contratou?',
    about('suppliers', 'list', { ...buyer(town.OBRAS), except: supplier(town.PAVIMAX, town.HORIZONTE) }),
    {
      or: [
        about('suppliers', 'largest', {
          ...buyer(town.OBRAS),
          except: supplier(town.PAVIMAX, town.HORIZONTE),
        }),
      ],
    },
  ),
  ask('compara, por gentileza, o que foi gasto com combustível na guarda e na secretaria de obras', {
    ...versus(buyer(town.GUARDA), buyer(town.OBRAS)),
    where: topic('combustivel'),
  }),
  ask('quem gastou mais em 2024: administração ou cultura?', {
    ...versus(buyer(town.ADMINISTRACAO), buyer(town.CULTURA)),
    where: year(2024),
  }),
  ask('a Serra Azul recebeu mais da saúde ou da educação?', {
    ...versus(buyer(town.SAUDE), buyer(town.EDUCACAO)),
    where: supplier(town.SERRA_AZUL),
  }),
  ask(
    'entre pregão e dispensa, qual teve mais contratos em 2023?',
    count(year(2023), { compare: [{ modality: [town.PREGAO] }, { modality: [town.DISPENSA] }] }),
    { or: [{ ...versus({ modality: [town.PREGAO] }, { modality: [town.DISPENSA] }), where: year(2023) }] },
  ),
  ask(
    'caiu ou subiu o gasto com medicamentos entre 2023 e 2024?',
    change(year(2023), year(2024), topic('medicamentos')),
    { or: [{ ...versus(year(2023), year(2024)), where: topic('medicamentos') }] },
  ),
  ask(
    'que fornecedor mais aumentou o faturamento de 2023 para 2024?',
    about('suppliers', 'growth', {}, { compare: [year(2023), year(2024)], limit: 1 }),
  ),
  ask('evolução anual do que a Conecta recebeu', growth('year', supplier(town.CONECTA)), {
    or: [by('year', supplier(town.CONECTA))],
  }),
  ask(
    'Qual o percentual do gasto de 2024 que ficou com a educação?',
    share({ ...buyer(town.EDUCACAO), ...year(2024) }),
  ),
  ask(
    'tudo menos combustível em 2022 dá quanto?',
    sum({ ...year(2022), except: { category: [town.COMBUSTIVEIS] } }),
    { or: [sum({ ...year(2022), except: topic('combustivel') })] },
  ),
  ask(
    'excluindo dispensas e inexigibilidades, quantos contratos a administração tem?',
    count({ ...buyer(town.ADMINISTRACAO), except: { modality: [town.DISPENSA, town.INEXIGIBILIDADE] } }),
  ),
  ask(
    'qual empresa, fora a Nutrisabor, mais recebeu da educação?',
    about(
      'suppliers',
      'largest',
      { ...buyer(town.EDUCACAO), except: supplier(town.NUTRISABOR) },
      { limit: 1 },
    ),
  ),
  ask(
    'quais contratos da câmara não são de vigilância?',
    list({ ...buyer(town.CAMARA), except: topic('vigilancia') }),
  ),
  ask(
    'quanto a cultura gastou em cada um dos anos de 2022, 2023 e 2024?',
    { ...versus(year(2022), year(2023), year(2024)), where: buyer(town.CULTURA) },
    {
      or: [
        by('year', { ...buyer(town.CULTURA), ...days('2022-01-01', '2024-12-31') }),
        growth('year', { ...buyer(town.CULTURA), ...days('2022-01-01', '2024-12-31') }),
      ],
    },
  ),
  ask('a assistência social gasta mais que a guarda?', versus(buyer(town.ASSISTENCIA), buyer(town.GUARDA))),
  ask(
    'cresceu quanto, de 2022 a 2024, o que se paga à Falcão?',
    change(year(2022), year(2024), supplier(town.FALCAO)),
  ),
  ask(
    'as tomadas de preços somam mais que as concorrências?',
    versus({ modality: [town.TOMADA] }, { modality: [town.CONCORRENCIA] }),
  ),
  ask(
    'que percentual de tudo ficou na mão da Pavimax em 2022?',
    share({ ...supplier(town.PAVIMAX), ...year(2022) }),
  ),
]
