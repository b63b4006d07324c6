import { type Asked, about, ask, buyer, chain, findings, supplier, year } from './asked.ts'
import * as town from './town-pt.ts'

const counted = (where = {}) => about('findings', 'count', where)

/** Questions about findings. */
export const FINDINGS: readonly Asked[] = [
  ask('quais anomalias foram encontradas?', findings()),
  ask('mostre as irregularidades', findings()),
  ask('tem algum indício de problema nesses contratos?', findings()),
  ask('o que tem de suspeito', findings()),
  ask('Quantas anomalias existem?', counted()),
  ask('quantos achados críticos?', counted({ severity: ['critical'] })),
  ask('anomalias críticas', findings({ severity: ['critical'] })),
  ask('só as de gravidade alta', findings({ severity: ['high'] })),
  ask('achados de severidade média', findings({ severity: ['medium'] })),
  ask('me mostra os alertas graves', findings({ severity: ['high', 'critical'] }), {
    or: [findings({ severity: ['high'] }), findings({ severity: ['critical'] })],
  }),
  ask('Há fracionamento de compras?', findings({ anomaly_type: ['split_purchase'] })),
  ask('quantos casos de fracionamento de despesa?', counted({ anomaly_type: ['split_purchase'] })),
  ask('tem contrato duplicado?', findings({ anomaly_type: ['duplicate_contract'] })),
  ask('existe sobrepreço?', findings({ anomaly_type: ['price_deviation'] })),
  ask('contratos com preço fora do padrão', findings({ anomaly_type: ['price_deviation'] })),
  ask(
    'alguma concentração de fornecedores na educação?',
    findings({ anomaly_type: ['vendor_concentration'], ...buyer(town.EDUCACAO) }),
  ),
  ask('anomalias da Secretaria de Saúde', findings(buyer(town.SAUDE))),
  ask('irregularidades envolvendo a Pavimax', findings(supplier(town.PAVIMAX))),
  ask('quais as anomalias de 2024?', findings(year(2024))),
  ask('sobrepreço na merenda', findings({ anomaly_type: ['price_deviation'], topic: ['merenda'] })),
  ask('quantas anomalias por tipo?', about('findings', 'count', {}, { group: 'anomaly_type' })),
  ask('número de achados por gravidade', about('findings', 'count', {}, { group: 'severity' })),
  ask('qual a anomalia mais grave?', findings({}, { limit: 1 }), {
    or: [
      about('findings', 'largest', {}, { limit: 1 }),
      findings({}, { limit: 1, order: { by: 'severity', direction: 'desc' } }),
      about('findings', 'largest', {}, { limit: 1, order: { by: 'severity', direction: 'desc' } }),
    ],
  }),
  ask(
    'as 3 anomalias de maior valor',
    findings({}, { limit: 3, order: { by: 'value', direction: 'desc' } }),
    {
      or: [
        about('findings', 'largest', {}, { limit: 3, order: { by: 'value', direction: 'desc' } }),
        about('findings', 'largest', {}, { limit: 3 }),
      ],
    },
  ),
  ask('explique a 2ª anomalia', about('findings', 'summary', {}, { place: 2 })),
  ask('quanto dinheiro está em risco?', about('findings', 'sum')),
  ask('os contratos seguem a lei de benford?', findings({ anomaly_type: ['benford_deviation'] })),
  ask('contratos assinados em datas estranhas', findings({ anomaly_type: ['temporal_pattern'] })),
  ask('alguma coisa errada nos pagamentos?', findings({ anomaly_type: ['payment_pattern'] })),
  ...chain(
    ask('liste as anomalias encontradas', findings()),
    ask('só as críticas', findings({ severity: ['critical'] })),
    ask('e as da educação?', findings({ severity: ['critical'], ...buyer(town.EDUCACAO) })),
  ),
  ...chain(
    ask('quais irregularidades a investigação achou na saúde?', findings(buyer(town.SAUDE))),
    ask('explica a primeira', about('findings', 'summary', buyer(town.SAUDE), { place: 1 })),
  ),
]
