import { type Asked, about, ask, buyer, count, list, share, sum, supplier, versus, year } from './asked.ts'
import * as town from './town-es.ts'

/** Questions written when the reading had been seen, and measured once before anything was changed for them. */
export const AGAIN: readonly Asked[] = [
  ask(
    '¿cuánto se pagó sin contrato menor en Urbanismo?',
    sum({ ...buyer(town.URBANISMO), except: { modality: [town.MENOR] } }),
  ),
  ask(
    'contratos de entre cincuenta y cien mil euros',
    list({ min_value: 50_000, max_value: 100_000, currency: 'EUR' }),
    {
      or: [list({ min_value: 50_000, max_value: 100_000 })],
    },
  ),
  ask(
    'soy periodista, ¿cuánto cobró Centinela en 2024?',
    sum({ ...supplier(town.CENTINELA), ...year(2024) }),
  ),
  ask('cuántas empresas trabajan para Sanidad', about('suppliers', 'count', buyer(town.SANIDAD))),
  ask(
    'porcentaje de Aguas en obras',
    share({ ...buyer(town.AGUAS), category: [town.OBRAS] }, { whole: { category: [town.OBRAS] } }),
  ),
  ask('Duero contra Peñalba en 2023', {
    ...versus(supplier(town.DUERO), supplier(town.PENALBA)),
    where: year(2023),
  }),
  ask('¿cuántos negociados hubo en 2022?', count({ modality: [town.NEGOCIADO], ...year(2022) })),
  ask('gasto en piscinas de Festejos', sum(buyer(town.FESTEJOS)), { unused: ['piscinas'] }),
]
