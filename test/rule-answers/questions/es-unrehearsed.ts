import {
  type Asked,
  about,
  ask,
  buyer,
  by,
  chain,
  change,
  count,
  days,
  dearest,
  ending,
  euros,
  findings,
  largest,
  list,
  mean,
  median,
  most,
  placed,
  placedOf,
  share,
  smallest,
  sum,
  summary,
  supplier,
  TODAY,
  topic,
  versus,
  year,
} from './asked.ts'
import * as town from './town-es.ts'

/** Questions of all kinds, written by another hand that had not read the reading. */
export const UNREHEARSED: readonly Asked[] = [
  ask(
    'Buenas tardes, soy vecina de la calle Mayor y me gustaría saber cuánto ha costado el asfaltado.',
    sum(topic('asfaltado calle mayor')),
  ),
  ask('cuanto se le pagó a autocares vega el año 2023', sum({ ...supplier(town.VEGA), ...year(2023) })),
  ask(
    'Al amparo de la Ley 19/2013 solicito el importe total de los contratos menores de la Policía Local en el ejercicio 2023.',
    sum({ modality: [town.MENOR], ...buyer(town.POLICIA), ...year(2023) }),
  ),
  ask(
    'gasto de Urbanismo excepto lo de Peñalba',
    sum({ ...buyer(town.URBANISMO), except: supplier(town.PENALBA) }),
  ),
  ask(
    'contratos que no sean menores ni negociados, año 2024',
    list({ ...year(2024), except: { modality: [town.MENOR, town.NEGOCIADO] } }),
  ),
  placed('el segundo contrato más caro de la Empresa de Aguas', buyer(town.AGUAS), 2),
  euros('¿cuántos contratos superan el medio millón de euros?', count({ min_value: 500_000.01 })),
  ask(
    'en los últimos 18 meses, ¿cuánto ha gastado Sanidad?',
    sum({ ...buyer(town.SANIDAD), ...days('2023-08-10', TODAY) }),
  ),
  ask(
    '¿Educación gastó más en 2022 que en 2023?',
    { ...versus(year(2022), year(2023)), where: buyer(town.EDUCACION) },
    { or: [change(year(2022), year(2023), buyer(town.EDUCACION))] },
  ),
  ask(
    'salvo carburantes, ¿qué categorías mueven más dinero?',
    about('categories', 'largest', { except: { category: [town.CARBURANTES] } }),
    { or: [about('categories', 'largest', { except: topic('carburantes') })] },
  ),
  ask('media docena de contratos, los más baratos que haya', smallest({}, { limit: 6 })),
  ask('proveedor que menos cobró en 2024', about('suppliers', 'smallest', year(2024), { limit: 1 })),
  ask(
    '¿Qué porcentaje del gasto de 2022 se adjudicó por procedimiento abierto?',
    share({ modality: [town.ABIERTO], ...year(2022) }),
  ),
  ask(
    'contratos que finalizan entre marzo y junio de 2025',
    list({ ends_from: '2025-03-01', ends_to: '2025-06-30' }),
  ),
  ask('gasto por habitante en limpieza', sum(topic('limpieza')), { unused: ['habitante'] }),
  ask('¿cuántos empleados tiene Centinela?', count(supplier(town.CENTINELA)), { unused: ['empleados'] }),
  ask('cuánto se ha gastado en fuegos artificiales', sum(), { unused: ['fuegos', 'artificiales'] }),
  ...chain(
    ask(
      '¿qué contratos tiene Nexus con Educación?',
      list({ ...supplier(town.NEXUS), ...buyer(town.EDUCACION) }),
    ),
    ask('¿y con Aguas?', list({ ...supplier(town.NEXUS), ...buyer(town.AGUAS) })),
    ask('¿cuánto suman esos?', sum({ ...supplier(town.NEXUS), ...buyer(town.AGUAS) })),
  ),
  ask(
    'Soy concejal de la oposición y querría saber cuánto se ha contratado por contrato menor con Asfaltos del Duero',
    sum({ modality: [town.MENOR], ...supplier(town.DUERO) }),
  ),
  ask('q se gastó en la paella popular en 2022?', sum({ ...topic('paella popular'), ...year(2022) })),
  ask('Gasóleos Ribera: ¿cobró más de la Policía Local o de Aguas?', {
    ...versus(buyer(town.POLICIA), buyer(town.AGUAS)),
    where: supplier(town.RIBERA),
  }),
  ask(
    'empresas que trabajan para Educación aparte de Nexus',
    about('suppliers', 'list', { ...buyer(town.EDUCACION), except: supplier(town.NEXUS) }),
    { or: [about('suppliers', 'largest', { ...buyer(town.EDUCACION), except: supplier(town.NEXUS) })] },
  ),
  ask(
    'importe total de 2023 descontando Urbanismo y Aguas',
    sum({ ...year(2023), except: buyer(town.URBANISMO, town.AGUAS) }),
  ),
  ask(
    '¿cuál es la mediana de los contratos menores de 2023?',
    median({ modality: [town.MENOR], ...year(2023) }),
  ),
  ask('contratos de un millón y medio o más', list({ min_value: 1_500_000 })),
  euros('contratos por debajo de seis mil euros', list({ max_value: 5_999.99 })),
  ask(
    '¿cuánto se fue en guantes y mascarillas en los dos últimos años?',
    sum({ ...topic('guantes mascarillas'), ...days('2023-02-10', TODAY) }),
  ),
  ask(
    'el primer semestre de 2024, ¿qué concejalía firmó más contratos?',
    about('units', 'largest', days('2024-01-01', '2024-06-30'), { ...most, limit: 1 }),
  ),
  placedOf('¿Quién es el tercer mayor proveedor del ayuntamiento?', 'suppliers', buyer(town.AYUNTAMIENTO), 3),
  ask('gasto mensual de Festejos en 2022', by('month', { ...buyer(town.FESTEJOS), ...year(2022) })),
  ask('contratos en vigor a 31 de diciembre de 2023', list({ in_force_on: '2023-12-31' })),
  ask(
    '¿hay contratos fraccionados en Festejos?',
    findings({ anomaly_type: ['split_purchase'], ...buyer(town.FESTEJOS) }),
  ),
  ask(
    'variación del gasto en vigilancia de 2022 a 2024, en porcentaje',
    change(year(2022), year(2024), topic('vigilancia')),
  ),
  ask('¿quién autorizó el contrato 008/2023?', summary({ contract: '008/2023' }), { unused: ['autorizo'] }),
  ask('dinero gastado en el polideportivo', sum(), { unused: ['polideportivo'] }),
  ...chain(
    ask('los cinco contratos mayores de Sanidad', largest(buyer(town.SANIDAD), { limit: 5 })),
    ask(
      'quita los de Farmalínea',
      largest({ ...buyer(town.SANIDAD), except: supplier(town.FARMALINEA) }, { limit: 5 }),
    ),
    ask(
      'y solo los de 2023',
      largest({ ...buyer(town.SANIDAD), ...year(2023), except: supplier(town.FARMALINEA) }, { limit: 5 }),
    ),
  ),
  ask(
    'Hola, estoy haciendo un trabajo para la universidad y me hace falta el gasto total en comedor escolar durante 2024, gracias',
    sum({ ...topic('comedor escolar'), ...year(2024) }),
  ),
  ask(
    'cto ha cobrado Limpiezas Castilla de Sanidad',
    sum({ ...supplier(town.CASTILLA), ...buyer(town.SANIDAD) }),
  ),
  ask(
    'exceptuando las obras, ¿cuánto gastó el ayuntamiento en 2023?',
    sum({ ...buyer(town.AYUNTAMIENTO), ...year(2023), except: { category: [town.OBRAS] } }),
    { or: [sum({ ...buyer(town.AYUNTAMIENTO), ...year(2023), except: topic('obras') })] },
  ),
  ask(
    'contratos que no son ni de Urbanismo ni de Educación, en 2022',
    list({ ...year(2022), except: buyer(town.URBANISMO, town.EDUCACION) }),
  ),
  placedOf('¿cuál es la segunda concejalía que más gasta?', 'units', {}, 2),
  euros(
    'contratos menores de más de quince mil euros',
    list({ modality: [town.MENOR], min_value: 15_000.01 }),
  ),
  ask(
    'licencias de telecontrol, importe en dólares',
    sum({ ...topic('licencias telecontrol'), currency: 'USD' }),
  ),
  ask('¿quién cobró más en 2023, Penalba o Duero?', {
    ...versus(supplier(town.PENALBA), supplier(town.DUERO)),
    where: year(2023),
  }),
  ask(
    'gasto de ambas empresas juntas, Vega y Comedores Sol Naciente, desde 2023',
    sum({ ...supplier(town.VEGA, town.COMEDORES), start_date: '2023-01-01' }),
  ),
  ask('valor medio de los contratos, por proveedor', mean({}, { group: 'supplier' })),
  ask('¿en qué mes de 2024 se gastó más?', by('month', year(2024), { ...dearest, limit: 1 })),
  ask(
    'contratos de la Policía que vencen en los próximos seis meses',
    list({ ...buyer(town.POLICIA), ...ending('2025-08-10') }),
  ),
  ask(
    '¿cuántos contratos firmó Aguas en el tercer trimestre de 2022?',
    count({ ...buyer(town.AGUAS), ...days('2022-07-01', '2022-09-30') }),
  ),
  ask('contrato 044/2024: ¿qué pasó con él?', summary({ contract: '044/2024' })),
  ask('datos del proveedor con CIF A60708090', about('suppliers', 'summary', supplier(town.PENALBA))),
  ask('¿cuántos alumnos usan el transporte escolar?', count(topic('transporte escolar')), {
    unused: ['alumnos'],
  }),
  ask('contratos de jardinería', list(), { unused: ['jardineria'] }),
  ...chain(
    ask('¿cuánto se llevó Centinela en 2023?', sum({ ...supplier(town.CENTINELA), ...year(2023) })),
    ask('¿y el año siguiente?', sum({ ...supplier(town.CENTINELA), ...year(2024) })),
    ask('cámbialo por Farmalínea', sum({ ...supplier(town.FARMALINEA), ...year(2024) })),
  ),
]
