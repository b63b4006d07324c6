import { type Asked, about, ask, buyer, days, largest, list, sum, year } from './asked.ts'
import * as town from './town-es.ts'

/** Questions of which one word was once taken for another: a rank for an exception, a bound of a sum for one of each. */
export const SLIPS: readonly Asked[] = [
  ask('¿quién facturó menos en 2023?', about('suppliers', 'smallest', year(2023))),
  ask(
    '¿quién cobró más sin ser por negociado?',
    about('suppliers', 'largest', { except: { modality: [town.NEGOCIADO] } }),
  ),
  ask('¿qué concejalía tiene el contrato más caro de 2023?', largest(year(2023), { limit: 1 })),
  ask(
    'gasto de sanidad de marzo a mayo del año pasado',
    sum({ ...buyer(town.SANIDAD), ...days('2024-03-01', '2024-05-31') }),
  ),
  ask(
    '¿los contratos de la policía en 2023 suman más de 50.000 euros?',
    sum({ ...buyer(town.POLICIA), ...year(2023) }),
  ),
  ask(
    'contratos de más de medio millón de urbanismo',
    list({ ...buyer(town.URBANISMO), min_value: 500_000.01 }),
  ),
  ask('¿en qué mes se firmó la compra más cara de festejos?', largest(buyer(town.FESTEJOS), { limit: 1 })),
  ask('el mayor contrato de sanidad y quién lo ganó', largest(buyer(town.SANIDAD), { limit: 1 })),
  ask(
    'empresas nuevas en 2023',
    about('suppliers', 'list', year(2023), { having: { never: [{ end_date: '2022-12-31' }] } }),
  ),
  ask('el contrato menor más barato de cada concejalía', {
    ...largest({ modality: [town.MENOR] }, { group: 'unit' }),
    measure: 'smallest',
  }),
  ask(
    'empresas exclusivas de festejos',
    about(
      'suppliers',
      'list',
      {},
      {
        having: { also: [buyer(town.FESTEJOS)], never: [{ except: buyer(town.FESTEJOS) }] },
      },
    ),
  ),
]
