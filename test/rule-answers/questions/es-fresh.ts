import {
  type Asked,
  about,
  ask,
  buyer,
  by,
  chain,
  count,
  days,
  ending,
  findings,
  largest,
  list,
  mean,
  share,
  smallest,
  sum,
  supplier,
  talk,
  topic,
  versus,
  year,
} from './asked.ts'
import * as town from './town-es.ts'

/** Questions of a third hand, written before it had read the reading. */
export const FRESH: readonly Asked[] = [
  ask(
    '¿Cuánto nos ha costado la limpieza de los colegios en 2023?',
    sum({ ...topic('limpieza colegios'), ...year(2023) }),
  ),
  ask(
    'cuanto se le ha pagado a peñalba desde 2023',
    sum({ ...supplier(town.PENALBA), start_date: '2023-01-01' }),
  ),
  ask(
    'importe total adjudicado a Asfaltos del Duero en el último año',
    sum({ ...supplier(town.DUERO), ...year(2024) }),
    {
      or: [sum({ ...supplier(town.DUERO), ...days('2024-02-10', '2025-02-10') })],
    },
  ),
  ask('gasto en gasoleo de la policia', sum({ ...topic('gasoleo'), ...buyer(town.POLICIA) })),
  ask('¿Qué dinero se fue en la paella popular?', sum(topic('paella popular'))),
  ask('gastos por concejalía en 2024', by('unit', year(2024))),
  ask(
    '¿cuántos contratos menores hizo Urbanismo?',
    count({ modality: [town.MENOR], ...buyer(town.URBANISMO) }),
  ),
  ask('contratos menores de 15.000 euros', list({ max_value: 14_999.99, currency: 'EUR' }), {
    or: [
      list({ max_value: 14_999.99 }),
      list({ max_value: 15_000 }),
      list({ max_value: 15_000, currency: 'EUR' }),
    ],
  }),
  ask(
    'contratos que superen los cien mil euros en 2022',
    list({ min_value: 100_000.01, currency: 'EUR', ...year(2022) }),
    {
      or: [list({ min_value: 100_000.01, ...year(2022) })],
    },
  ),
  ask('los cuatro contratos más caros de la empresa de aguas', largest(buyer(town.AGUAS), { limit: 4 })),
  ask('el contrato más pequeño de Sanidad', smallest(buyer(town.SANIDAD), { limit: 1 })),
  ask('quién cobra más del ayuntamiento?', about('suppliers', 'largest', buyer(town.AYUNTAMIENTO)), {
    or: [about('suppliers', 'largest', buyer(town.AYUNTAMIENTO), { limit: 1 })],
  }),
  ask(
    '¿qué tanto por ciento se lleva Castilla en limpieza?',
    share(
      { ...supplier(town.CASTILLA), category: [town.LIMPIEZA] },
      { whole: { category: [town.LIMPIEZA] } },
    ),
  ),
  ask('media de los contratos de vigilancia', mean(topic('vigilancia'))),
  ask('contratos que caducan en 60 días', list(ending('2025-04-11'))),
  ask('Nexus o Centinela, ¿quién ha facturado más?', versus(supplier(town.NEXUS), supplier(town.CENTINELA))),
  ask('todo menos las obras, ¿cuánto suma?', sum({ except: topic('obras') }), {
    or: [sum({ except: { category: [town.OBRAS] } })],
  }),
  ask(
    '¿hay fraccionamiento en Festejos?',
    findings({ anomaly_type: ['split_purchase'], ...buyer(town.FESTEJOS) }),
  ),
  ...chain(
    ask('cuánto gastó Educación en portátiles', sum({ ...buyer(town.EDUCACION), ...topic('portatiles') })),
    ask('¿y en papel?', sum({ ...buyer(town.EDUCACION), ...topic('papel') })),
    ask('solo 2023', sum({ ...buyer(town.EDUCACION), ...topic('papel'), ...year(2023) })),
  ),
  ask('cuánto costó el alumbrado navideño', sum(), { unused: ['alumbrado', 'navideno'] }),
  ask('contratos de Hermanos Vega con Turismo', list(supplier(town.VEGA)), { unused: ['turismo'] }),
  ...talk('¿quién ganará las elecciones?', '¿dónde pongo una denuncia por corrupción?'),
]
