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
  datasetNotFound: (name, others) => `Não encontrei o conjunto de dados “${name}”. Há: ${others}.`,
  anomalyNotFound: (asked) => `Não encontrei a anomalia “${asked}”.`,
  noInvestigations: 'Você ainda não tem investigações.',
  mayNotInvestigate: 'Seu papel não permite iniciar investigações; peça a um analista.',
  refused: (code) => `Agora não é possível (${code}). Tente de novo daqui a pouco.`,

  datasetsHead: ['Conjunto', 'Linhas', 'Desde'],
  andMore: (count) => `E mais ${count}.`,

  severities: { low: 'baixa', medium: 'média', high: 'alta', critical: 'crítica' },
  caution: 'É um sinal de alerta para conferir, não uma prova de irregularidade.',
  notFraud: 'Os dados não provam fraude nem corrupção: mostram sinais de alerta, que pedem verificação.',
  evidenceHead: 'Contratos em que se apoia:',
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
  notUnderstood: (words) => `Não entendi ${words}.`,
  stopped: (query) => `Pedi para parar a investigação “${query}”; o que ela achou até aqui fica guardado.`,
  stopWhich: (list) =>
    `Há mais de uma investigação em andamento. Qual devo parar? Diga “pare a investigação” e o identificador:\n\n${list}`,
  nothingToStop: 'Nenhuma investigação sua está em andamento ou em pausa: não há o que parar.',
  mayNotStop: 'Seu papel não permite parar investigações.',
  exportAt: (csv, excel, json) =>
    `As linhas desta pergunta, para baixar:\n\n- [CSV](${csv}): \`${csv}\`\n- [CSV para Excel](${excel}): \`${excel}\`\n- [JSON](${json}): \`${json}\``,
  wrongdoing:
    'Este serviço não recebe denúncias; ele só mostra sinais de alerta. Quem recebe:\n\n- **Ouvidoria** do próprio órgão ou município, ou pelo Fala.BR (falabr.cgu.gov.br), que aceita denúncia anônima.\n- **CGU**, a Controladoria-Geral da União, quando há dinheiro federal.\n- **TCU**, o Tribunal de Contas da União, para recursos federais; o Tribunal de Contas do Estado ou do Município para os demais.\n- **Ministério Público**, federal ou estadual, quando parece haver crime.\n\nLeve: o número do contrato e do processo, o órgão, o fornecedor com CNPJ, as datas e valores, o que chama a atenção e por quê, e onde os dados podem ser conferidos. Um sinal de alerta não é prova: descreva fatos, não culpados.',
  howUpload:
    'Para enviar um arquivo: em [Investigar](/) escolha o arquivo, ou chame `POST /api/v1/datasets?name=…` com o arquivo no corpo. Serve CSV, Excel (`.xlsx`), `.ods`, JSON do OCDS, NDJSON e zip com uma tabela, como saem dos portais. A resposta diz que colunas foram reconhecidas e que linhas foram recusadas. Depois é só perguntar: passo a usar o seu arquivo mais novo.',
  howMap:
    'As colunas são reconhecidas pelo nome. Quando uma falta ou está errada, envie de novo com `?mapping=` em JSON, da coluna daqui para a do arquivo: `?mapping={"final_value":"VALOR HOMOLOGADO","supplier_name":"CONTRATADO"}`. Os nomes daqui estão na resposta do envio, em `columns`; o que sobrou, em `unmapped`.',
  howShare:
    'Para compartilhar uma investigação: `POST /api/v1/investigations/:id/share` com `{"username":"…"}`, ou `{"public":true}` para todos que têm conta aqui. Com uma conversa é igual: `POST /api/v1/chat/sessions/:id/share`. Quem recebe pode ler, e não apagar.',
  within: (parts) => `Recorte: ${parts}.`,
  wholeInvestigated:
    'Uma investigação não se restringe a palavras do objeto nem a vários nomes de uma vez: essa parte da pergunta não a restringe.',
}
