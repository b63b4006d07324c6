import {
  type Asked,
  about,
  ask,
  buyer,
  by,
  chain,
  count,
  largest,
  list,
  sum,
  supplier,
  year,
} from './asked.ts'
import * as town from './town-es.ts'

/** Questions about every year, parts of a whole, multiples, lengths of contracts, days of the week and two groups at once. */
export const SPANS: readonly Asked[] = [
  ask(
    '¿qué proveedor tuvo contratos en todos los años?',
    about('suppliers', 'list', {}, { having: { also: [2022, 2023, 2024, 2025].map(year) } }),
  ),
  ask(
    '¿quién recibió más de la mitad del gasto en Educación?',
    about('suppliers', 'list', buyer(town.EDUCACION), { having: { share: { min: 50.000001 } } }),
  ),
  ask(
    '¿qué concejalías gastaron el doble en 2023 que en 2022?',
    about('units', 'growth', {}, { compare: [year(2022), year(2023)], having: { growth: { min: 100 } } }),
  ),
  ask(
    '¿qué unidades redujeron su gasto en 2024?',
    about(
      'units',
      'growth',
      {},
      { compare: [year(2023), year(2024)], order: { by: 'value', direction: 'asc' } },
    ),
  ),
  ask('¿cuántos contratos duran más de un año?', count({ months: { min: 12.01 } })),
  ask('¿cuál es la duración promedio de los contratos de Castilla?', {
    measure: 'duration',
    of: 'contracts',
    where: supplier(town.CASTILLA),
  }),
  ask('contratos firmados en fin de semana', list({ weekday: [6, 7] })),
  ask('gasto por concejalía y por año', by('unit', {}, { split: 'year' })),
  ask('¿cuánto se paga al mes por la limpieza?', sum(), { unused: ['mes'] }),
  ask('¿qué porcentaje de los contratos menores se llevó Cervantes?', {
    measure: 'share',
    of: 'contracts',
    where: { ...supplier(town.CERVANTES), modality: [town.MENOR] },
    whole: { modality: [town.MENOR] },
  }),
  ...chain(
    ask('¿cuál es el contrato más caro de 2023?', largest(year(2023), { limit: 1 })),
    ask('¿tiene ampliación?', largest(year(2023), { limit: 1, place: 1 })),
  ),
]
