import { type Asked, about, ask, buyer, chain, count, list, sum, supplier, year } from './asked.ts'
import * as town from './town-es.ts'

const nothingBut = (where: object) => ({ having: { also: [where], never: [{ except: where }] } })

/** Questions about how far "only", "not", a verb or a pronoun reaches, and about means of numbers. */
export const REACH: readonly Asked[] = [
  ask(
    'proveedores que solo venden a la Concejalía de Sanidad',
    about('suppliers', 'list', {}, nothingBut(buyer(town.SANIDAD))),
  ),
  ask(
    '¿qué empresas facturaron en 2023 pero no en 2022?',
    about('suppliers', 'list', year(2023), { having: { never: [year(2022)] } }),
  ),
  ask(
    'concejalías que nunca usaron el contrato menor',
    about('units', 'list', {}, { having: { never: [{ modality: [town.MENOR] }] } }),
  ),
  ask('¿cuántos contratos tiene de media cada proveedor?', count({}, { per: 'supplier' })),
  ask(
    'empresas con más de un contrato menor en 2022',
    about(
      'suppliers',
      'list',
      { modality: [town.MENOR], ...year(2022) },
      { having: { contracts: { min: 2 } } },
    ),
  ),
  ask('¿quién firmó el contrato de vigilancia con cámaras?', sum(), { unused: ['firmo'] }),
  ask('contratos ampliados en más de un 15 %', list({ increase: { min: 15.000001 } })),
  ask(
    '¿es Duero el mayor proveedor de urbanismo?',
    about('suppliers', 'largest', buyer(town.URBANISMO), { limit: 1 }),
  ),
  ask(
    'empresas que facturaron más en 2023 que en 2022',
    about('suppliers', 'growth', {}, { compare: [year(2022), year(2023)] }),
  ),
  ask('¿qué concejalía derrocha más?', sum(), { unused: ['derrocha'] }),
  ...chain(
    ask('mayores proveedores de Aguas', about('suppliers', 'largest', buyer(town.AGUAS))),
    ask('el segundo', about('suppliers', 'largest', buyer(town.AGUAS), { place: 2 })),
    ask('sus contratos en 2023', list({ ...buyer(town.AGUAS), ...supplier(town.RIBERA), ...year(2023) })),
  ),
]
