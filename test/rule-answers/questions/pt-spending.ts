import { type Asked, about, ask, buyer, by, days, sum, summary, supplier, topic, year } from './asked.ts'
import * as town from './town-pt.ts'

/** How much was spent, paid or received. */
export const SPENDING: readonly Asked[] = [
  ask('quanto a prefeitura gastou em 2023?', sum({ ...buyer(town.PREFEITURA), ...year(2023) })),
  ask('Qual o valor total dos contratos?', sum()),
  ask('qto a prefeitura ja gastou no total', sum(buyer(town.PREFEITURA))),
  ask('total gasto em 2022', sum(year(2022))),
  ask(
    'Bom dia, gostaria de saber quanto a Secretaria de Educação gastou com merenda em 2023, por favor.',
    sum({ ...buyer(town.EDUCACAO), ...topic('merenda'), ...year(2023) }),
  ),
  ask('Quanto foi gasto com transporte escolar?', sum(topic('transporte escolar'))),
  ask('gasto com medicamento em 2024', sum({ ...topic('medicamento'), ...year(2024) })),
  ask('quanto custou a merenda das escolas', sum(topic('merenda escolas')), { or: [sum(topic('merenda'))] }),
  ask('Quanto a Nutrisabor recebeu?', sum(supplier(town.NUTRISABOR))),
  ask('quanto recebeu a viacao serra azul ano passado', sum({ ...supplier(town.SERRA_AZUL), ...year(2024) })),
  ask(
    'Valor pago à empresa Pavimax desde 2023',
    sum({ ...supplier(town.PAVIMAX), start_date: '2023-01-01' }),
  ),
  ask(
    'QUANTO O POSTO TRES LAGOAS JA RECEBEU DA PREFEITURA',
    sum({ ...supplier(town.POSTO), ...buyer(town.PREFEITURA) }),
  ),
  ask('quanto a camara gastou com vigilancia?', sum({ ...buyer(town.CAMARA), ...topic('vigilancia') })),
  ask(
    'Quanto a Câmara Municipal pagou para a Conecta Sistemas?',
    sum({ ...buyer(town.CAMARA), ...supplier(town.CONECTA) }),
  ),
  ask('quanto recebeu o CNPJ 12.345.678/0001-95', sum(supplier('12.345.678/0001-95')), {
    or: [sum(supplier(town.NUTRISABOR))],
  }),
  ask('total pago ao cnpj 90123456000124 em 2023', sum({ ...supplier('90123456000124'), ...year(2023) }), {
    or: [sum({ ...supplier(town.PAVIMAX), ...year(2023) })],
  }),
  ask('Quanto a JM Batista recebeu em contratos?', sum(supplier(town.BATISTA))),
  ask(
    'quanto o J. M. Batista vendeu pra assistencia social',
    sum({ ...supplier(town.BATISTA), ...buyer(town.ASSISTENCIA) }),
  ),
  ask('quanto ganhou o josé carlos de almeida?', sum(supplier(town.ALMEIDA))),
  ask('Quanto se gasta com aluguel de imóvel?', sum(topic('aluguel imovel'))),
  ask('quanto saiu de dinheiro pra pavimentação', sum(topic('pavimentacao'))),
  ask(
    'Quanto já foi desembolsado com a pavimentação da Avenida Brasil?',
    sum(topic('pavimentacao avenida brasil')),
  ),
  ask('despesas da saúde em 2024', sum({ ...buyer(town.SAUDE), ...year(2024) })),
  ask(
    'Gastos da Secretaria de Obras no primeiro semestre de 2023',
    sum({ ...buyer(town.OBRAS), ...days('2023-01-01', '2023-06-30') }),
  ),
  ask('quanto a secretaria de cultura gastou com show?', sum({ ...buyer(town.CULTURA), ...topic('show') })),
  ask(
    'gastos com combustivel de janeiro a junho de 2024',
    sum({ ...topic('combustivel'), ...days('2024-01-01', '2024-06-30') }),
  ),
  ask('quanto foi gasto em março de 2023', sum(days('2023-03-01', '2023-03-31'))),
  ask('valor contratado em 05/2024', sum(days('2024-05-01', '2024-05-31'))),
  ask(
    'Quanto a prefeitura contratou no 2º trimestre de 2024?',
    sum({ ...buyer(town.PREFEITURA), ...days('2024-04-01', '2024-06-30') }),
  ),
  ask('quanto gastamos nos últimos 6 meses?', sum(days('2024-08-10', '2025-02-10'))),
  ask('Quanto foi gasto este ano?', sum(year(2025))),
  ask('quanto foi contratado no mês passado', sum(days('2025-01-01', '2025-01-31'))),
  ask('total dos contratos assinados antes de 2023', sum({ end_date: '2022-12-31' })),
  ask('Total contratado até junho de 2023', sum({ end_date: '2023-06-30' })),
  ask('quanto foi gasto entre 2022 e 2023', sum(days('2022-01-01', '2023-12-31'))),
  ask(
    'quanto se gastou de 01/07/2023 a 31/12/2023 com obras?',
    sum({ ...topic('obras'), ...days('2023-07-01', '2023-12-31') }),
  ),
  ask('Quanto gastou por dispensa de licitação em 2023?', sum({ modality: [town.DISPENSA], ...year(2023) })),
  ask('valor total das inexigibilidades', sum({ modality: [town.INEXIGIBILIDADE] })),
  ask('quanto foi comprado por pregao', sum({ modality: [town.PREGAO] })),
  ask(
    'Quanto foi contratado sem licitação, por dispensa ou inexigibilidade?',
    sum({ modality: [town.DISPENSA, town.INEXIGIBILIDADE] }),
  ),
  ask('gasto por ano', by('year')),
  ask('Quanto foi gasto em cada ano?', by('year')),
  ask('gasto mensal em 2024', by('month', year(2024))),
  ask('mostre os gastos mês a mês de 2023', by('month', year(2023))),
  ask('Quanto cada secretaria gastou em 2023?', by('unit', year(2023))),
  ask('gastos por secretaria', by('unit')),
  ask('quanto foi gasto por órgão em 2024', by('buyer', year(2024))),
  ask('despesa por categoria', by('category')),
  ask('Qual foi o gasto por modalidade de licitação?', by('modality')),
  ask('valor recebido por fornecedor em 2022', by('supplier', year(2022))),
  ask('gasto da educacao por ano', by('year', buyer(town.EDUCACAO))),
  ask('quanto a saude gasta por fornecedor?', by('supplier', buyer(town.SAUDE))),
  ask('gasto com gasolina por mês', by('month', topic('gasolina'))),
  ask('Quanto foi gasto com limpeza em cada secretaria?', by('unit', topic('limpeza'))),
  ask('quanto ja foi pago em dólar?', sum({ currency: 'USD' })),
  ask(
    'total em reais dos contratos de tecnologia da informação',
    sum({ currency: 'BRL', category: [town.TI] }),
  ),
  ask(
    'quanto a educação gastou sem contar a merenda?',
    sum({ ...buyer(town.EDUCACAO), except: topic('merenda') }),
  ),
  ask('total gasto exceto obras e engenharia', sum({ except: { category: [town.ENGENHARIA] } })),
  ask(
    'quanto gastou a saude e a educação juntas em 2023',
    sum({ ...buyer(town.SAUDE, town.EDUCACAO), ...year(2023) }),
  ),
  ask('quanto foi gasto com notebooks ou tablets', sum(topic('notebooks', 'tablets'))),
  ask('gasto com papel A4', sum(topic('papel a4'))),
  ask(
    'quanto a prefeitura pagou de vigilância armada pra Falcão',
    sum({ ...buyer(town.PREFEITURA), ...topic('vigilancia armada'), ...supplier(town.FALCAO) }),
  ),
  ask(
    'qual o montante dos contratos da Santa Helena com a Secretaria de Saúde?',
    sum({ ...supplier(town.SANTA_HELENA), ...buyer(town.SAUDE) }),
  ),
  ask('quanto gastou a secretaria de educasao', sum(buyer(town.EDUCACAO))),
  ask('quanto a nutrisabro recebeu em 2024?', sum({ ...supplier(town.NUTRISABOR), ...year(2024) })),
  ask('me dá um resumo dos dados', summary()),
  ask('Quero um panorama geral dos contratos', summary()),
  ask(
    'qual o total gasto pela secretaria que cuida da saúde com ambulâncias?',
    sum({ ...buyer(town.SAUDE), ...topic('ambulancias') }),
  ),
  ask(
    'quanto vale a soma dos contratos acima de 1 milhão de reais?',
    sum({ min_value: 1_000_000.01, currency: 'BRL' }),
    { or: [sum({ min_value: 1_000_000.01 })] },
  ),
  ask(
    'Qual a despesa da Guarda Municipal com gasolina?',
    sum({ ...buyer(town.GUARDA), ...topic('gasolina') }),
  ),
  ask(
    'quantia gasta em cestas basicas ate hoje',
    sum({ ...topic('cestas basicas'), end_date: '2025-02-10' }),
  ),
  ask('quais secretarias gastaram com transporte e quanto', by('unit', topic('transporte')), {
    or: [about('units', 'list', topic('transporte')), about('units', 'largest', topic('transporte'))],
  }),
]
