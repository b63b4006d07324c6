import { type Asked, about, ask, buyer, by, mean, share, sum, supplier, year } from './asked.ts'
import * as town from './town-es.ts'

/** Questions about groups that fulfil something, parts of a part, left-out periods and means of periods. */
export const WIDER: readonly Asked[] = [
  ask(
    '¿Qué proveedores tienen más de siete contratos?',
    about('suppliers', 'list', {}, { having: { contracts: { min: 8 } } }),
  ),
  ask(
    '¿Qué porcentaje del gasto de Sanidad corresponde a la empresa Farmalínea?',
    share({ ...buyer(town.SANIDAD), ...supplier(town.FARMALINEA) }, { whole: buyer(town.SANIDAD) }),
  ),
  ask(
    '¿Cuánto gastó Educación excepto en 2023?',
    sum({ ...buyer(town.EDUCACION), except: { within: [year(2023)] } }),
  ),
  ask('gasto medio mensual de 2024', mean(year(2024), { per: 'month' })),
  ask('gasto por trimestre en 2023', by('quarter', year(2023))),
  ask('¿cuánto costó el metro de la ciudad?', sum(), { unused: ['metro'] }),
]
