import type { Texts } from './texts.ts'

/** The texts of answers in Portuguese. */
export const pt: Texts = {
  notAModel:
    '_Não sou um modelo de linguagem: respondo por regras, só com os dados deste serviço, e cada número sai de uma consulta a eles._',
  greeting: 'Olá! Respondo perguntas sobre contratos públicos a partir dos dados deste serviço.',
  about:
    'Sou o respondente local deste serviço. Não sou um modelo de linguagem nem uma pessoa: reconheço o assunto da pergunta por regras e respondo com consultas aos conjuntos de dados, às investigações e aos achados que você pode ver.',
  canDo:
    'Posso: dizer que dados há e resumi-los; mostrar os maiores fornecedores e órgãos; buscar contratos, fornecedores e órgãos; iniciar uma investigação e contar os achados enquanto surgem; listar e explicar anomalias; dizer em que pé estão as investigações e onde está o relatório.',
  thanks: 'De nada! Se quiser, continue perguntando.',
  goodbye: 'Até logo!',
  unknown: 'Não sei responder a isso: só conheço os dados deste serviço.',
  nothingBefore: 'Não sei a que isso se refere: diga o fornecedor, o contrato ou a anomalia.',
  noReasons:
    'Os dados dizem quanto, quando e com quem, não por quê. O que posso mostrar são sinais de alerta: peça as anomalias, ou uma investigação.',
  examplesHead: 'Por exemplo:',
  example: (topic, { dataset, supplier, buyer }) =>
    ({
      datasets: 'Quais dados você tem?',
      statistics: `Estatísticas do dataset ${dataset}`,
      suppliers: `Quais fornecedores dominam o dataset ${dataset}?`,
      supplier: supplier
        ? `Quanto recebeu o fornecedor ${supplier}?`
        : 'Busque um fornecedor pelo nome ou CNPJ',
      contracts: 'Quais são os maiores contratos?',
      investigate: buyer ? `Investigue os contratos de ${buyer}` : `Investigue o dataset ${dataset}`,
      anomalies: 'Quais anomalias foram encontradas?',
      explain: 'Explique a anomalia 1',
      status: 'Qual o status das minhas investigações?',
      report: 'Quero o relatório da investigação',
    })[topic],

  synthetic: 'Estes dados são sintéticos: nomes e contratos inventados.',
  noDatasets: 'Não há nenhum conjunto de dados ainda. Envie um com `POST /api/v1/datasets`.',
  uploaded:
    'Os outros conjuntos são arquivos enviados por quem usa este serviço: são tão confiáveis quanto a origem deles, que não é conferida aqui.',
  source: (dataset, synthetic) => `_Dados: **${dataset}**${synthetic ? ' (sintéticos, inventados)' : ''}._`,
  datasetNotFound: (name, others) => `Não encontrei o conjunto de dados “${name}”. Há: ${others}.`,
  chose: (why, dataset) =>
    ({
      only: `Você não disse qual conjunto de dados; uso o único que há: **${dataset}**.`,
      sample: `Você não disse qual conjunto de dados; uso a amostra **${dataset}**.`,
      newest: `Você não disse qual conjunto de dados; uso o mais novo: **${dataset}**.`,
    })[why],
  buyerNotFound: (asked, near) =>
    `Nenhum órgão destes dados se chama “${asked}”.${near ? ` Nomes que há: ${near}.` : ''}`,
  buyerStandsFor: (asked, found) => `“${asked}” não está nestes dados; o que corresponde é **${found}**.`,
  supplierNotFound: (asked, near) =>
    `Não encontrei o fornecedor “${asked}” nestes dados.${near ? ` Nomes parecidos: ${near}.` : ''}`,
  severalNames: (asked, count) => `Há ${count} nomes com “${asked}”:`,
  contractNotFound: (asked) => `Não encontrei o contrato “${asked}” nestes dados.`,
  noContracts: 'Nenhum contrato corresponde a isso.',
  daysThere: (from, to) => `Os dados vão de ${from} a ${to}.`,
  thatIsAll: 'Isso é tudo: não há mais o que mostrar nesta lista.',
  noModality: 'Não separo por modalidade (dispensa, pregão, inexigibilidade…): o que segue vale para todas.',
  anomalyNotFound: (asked) => `Não encontrei a anomalia “${asked}”.`,
  notFlagged: (contract) => `Nenhum achado se apoia no contrato “${contract}”.`,
  ofInvestigation: (query, dataset) => `Da investigação mais recente: “${query}” (**${dataset}**).`,
  noSuchPlace: (count) => `A lista tem só ${count}.`,
  noInvestigations: 'Você ainda não tem investigações.',
  notInvestigated: (dataset) => `O conjunto **${dataset}** ainda não tem uma investigação concluída.`,
  noAnomalies: 'Nenhuma anomalia corresponde a isso.',
  mayNotInvestigate: 'Seu papel não permite iniciar investigações; peça a um analista.',
  refused: (code) => `Agora não é possível (${code}). Tente de novo daqui a pouco.`,

  period: (from, to) => (from && to ? `de ${from} a ${to}` : from ? `desde ${from}` : `até ${to}`),
  within: (parts) => `Recorte: ${parts}.`,
  buyerPart: (name) => `órgão **${name}**`,
  supplierPart: (name) => `fornecedor **${name}**`,
  overPart: (amount) => `a partir de ${amount}`,

  datasetsHead: ['Conjunto', 'Linhas', 'Desde'],
  statisticsHead: (dataset) => `**${dataset}** em números:`,
  rows: (rows) => `Linhas: ${rows}`,
  contracts: (count) => `Contratos: ${count}`,
  mean: (amount) => `Média por contrato: ${amount}`,
  largestYear: (year, amount, mean) =>
    `O ano de maior valor é **${year}**, com ${amount}; a média por ano é ${mean}.`,
  counted: (rows) =>
    `Somadas: ${rows} (as outras não têm valor positivo, ou são empenhos de contratos já contados)`,
  total: (amount) => `Valor total: ${amount}`,
  median: (amount, largest) => `Mediana por linha: ${amount}; maior valor: ${largest}`,
  days: (from, to) => `Período: ${from} a ${to}`,
  parties: (buyers, suppliers) => `Órgãos: ${buyers}; fornecedores: ${suppliers}`,
  yearsHead: ['Ano', 'Contratos', 'Valor'],

  rankingHead: (kind, dataset) =>
    `${kind === 'supplier' ? 'Maiores fornecedores' : 'Órgãos que mais contratam'} em **${dataset}**, por valor:`,
  rankingColumns: ['Nº', 'Nome', 'Contratos', 'Valor', 'Parte'],
  leads: (name, share, total) => `**${name}** tem ${share} de ${total}.`,
  firstThree: (share) => `Os três primeiros somam ${share}.`,
  andMore: (count) => `E mais ${count}.`,

  partyFigures: (name, contracts, amount, share) =>
    `**${name}**: contratos: ${contracts}; valor: ${amount} (${share} do total).`,
  partnersHead: (kind) => (kind === 'supplier' ? 'Seus maiores fornecedores:' : 'Quem mais o contrata:'),
  largestContracts: 'Maiores contratos:',
  contractColumns: ['Contrato', 'Data', 'Objeto', 'Fornecedor', 'Valor'],
  smallestFirst: 'Do menor valor para o maior, só os que têm valor.',
  comparisonColumns: ['Nome', 'Contratos', 'Valor', 'Mediana por linha'],
  together: (amount) => `Juntos: ${amount}.`,
  timesAsMuch: (first, second, times) => `**${first}** tem ${times} vezes o valor de **${second}**.`,
  notCompared: (missing) => `Não encontrei nestes dados: ${missing}.`,
  sought: (word) => `Procurei “${word}” nos objetos e categorias.`,
  rowsOfContracts: 'Nestes dados um contrato pode ter várias linhas; aqui conta cada linha.',
  contractsFound: (total, amount) => `Contratos encontrados: ${total}, no valor de ${amount}.`,
  contract: (number) => `Contrato **${number}**:`,
  contractFields: ['Objeto', 'Fornecedor', 'Órgão', 'Unidade', 'Data', 'Valor'],

  severities: { low: 'baixa', medium: 'média', high: 'alta', critical: 'crítica' },
  caution: 'É um sinal de alerta para conferir, não uma prova de irregularidade.',
  notFraud: 'Os dados não provam fraude nem corrupção: mostram sinais de alerta, que pedem verificação.',
  anomaliesFound: (total) => `Anomalias encontradas: ${total}.`,
  notByPeriod: 'Os achados não se separam por período: para um período, peça uma investigação dele.',
  anomalyColumns: ['Nº', 'Gravidade', 'Tipo', 'Achado', 'Em jogo'],
  evidenceHead: 'Contratos em que se apoia:',
  more: (shown, total) => `Mostro ${shown} de ${total}.`,
  confidence: (share) => `Confiança da regra: ${share}.`,
  impact: (amount) => `Valor em jogo: ${amount}.`,
  id: (id) => `Identificador: \`${id}\`.`,

  investigating: (dataset) => `Iniciei uma investigação de **${dataset}**.`,
  follow: (url) => `Ela também pode ser seguida em \`${url}\`.`,
  progress: (percent, phase) => `- ${percent}: ${phase}`,
  phases: {
    collecting_data: 'reunindo os dados',
    profiling: 'conhecendo as colunas',
    analyzing_contracts: 'analisando os contratos',
    consolidating: 'consolidando',
  },
  furtherFindings: (count) => `Mais ${count} achados não estão detalhados aqui.`,
  ended: (total, records, score) =>
    `**Concluída**: anomalias: ${total}; contratos examinados: ${records}; risco: ${score} de 10.`,
  endedBadly: (how) =>
    how === 'error'
      ? 'A investigação terminou com um erro; o que foi achado até ali está acima.'
      : 'A investigação foi cancelada; o que foi achado até ali está acima.',
  bySeverity: (list) => `Por gravidade: ${list}.`,
  byType: (list) => `Por tipo: ${list}.`,
  skipped: (list) => `Não verificado, por falta de colunas ou de dados: ${list}.`,

  statusHead: ['Investigação', 'Dados', 'Estado', 'Anomalias', 'Risco'],
  states: {
    pending: 'na fila',
    running: 'em andamento',
    paused: 'em pausa',
    completed: 'concluída',
    failed: 'falhou',
    cancelled: 'cancelada',
  },
  reportOf: (query, dataset) => `Resumo da investigação concluída mais recente: “${query}” (**${dataset}**).`,
  reportAt: (url) => `O relatório completo está em \`${url}\` (ou \`format=html\`, \`json\`, \`csv\`).`,
  law: 'As regras deste serviço se apoiam na Lei 14.133/2021 (arts. 23 e 59 III: preços; art. 75: dispensa por valor, com limites atualizados por decreto a cada ano; art. 125: acréscimos) e na Lei 8.666/1993 (arts. 24 e 65) para os contratos regidos por ela. Cada regra, com limites e fontes, está em `GET /api/v1/anomaly-types`. Isto é informação geral, não parecer jurídico.',
  chartHead: (dataset) => `Valor por ano em **${dataset}**:`,
}
