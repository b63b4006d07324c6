import { type Asked, about, ask, buyer, largest, mean, sum, talk, topic, year } from './asked.ts'
import * as town from './town-es.ts'

/** Questions about one of each group, prices, terms and things beside one another. */
export const EACH: readonly Asked[] = [
  ask('cuantos provedores tiene cada concejalia', about('suppliers', 'count', {}, { group: 'unit' })),
  ask('el contrato más grande de cada año', largest({}, { group: 'year' })),
  ask(
    '¿qué concejalía abusa más de los contratos menores?',
    about('units', 'largest', { modality: [town.MENOR] }, { limit: 1 }),
    { unused: ['abusa'] },
  ),
  ask('¿Cuánto nos cuesta el gasóleo al mes de media?', mean(topic('gasoleo'), { per: 'month' })),
  ask(
    '¿Hay algún proveedor que solo haya contratado una vez?',
    about('suppliers', 'list', {}, { having: { contracts: { min: 1, max: 1 } } }),
  ),
  ask('¿cuánto más cuesta la limpieza de colegios que la de consultorios?', {
    ...sum(),
    compare: [topic('limpieza colegios'), topic('limpieza consultorios')],
  }),
  ask(
    'proveedores nuevos este año',
    about('suppliers', 'list', year(2025), { having: { never: [{ end_date: '2024-12-31' }] } }),
  ),
  ask('¿cuánto gastó la Concejalía de Educación en lo que va de legislatura?', sum(buyer(town.EDUCACION)), {
    unused: ['legislatura'],
  }),
  ...talk('¿qué significa procedimiento negociado sin publicidad?'),
]
