import type { Anomaly } from '../protocol/investigation.ts'
import { type Format, plain } from './format.ts'
import type { Texts } from './texts.ts'

const MONTHS =
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(' ')

const finding = ({ anomaly_type, evidence: e, financial_impact }: Anomaly, f: Format): string => {
  const supplier = plain(e.supplier_name ?? e.supplier_id ?? 'el mismo proveedor')
  const buyer = plain(e.buyer ?? 'el organismo')
  switch (anomaly_type) {
    case 'price_deviation':
      return e.median === undefined
        ? `Precio unitario de ${f.money(e.observed ?? 0)}, ${f.times(e.ratio ?? 0)} veces el precio de referencia de ${f.money(e.expected ?? 0)} de la misma fila.`
        : `Precio unitario de ${f.money(e.observed ?? 0)}, ${f.times(e.ratio ?? 0)} veces la mediana de ${f.money(e.median)} en ${f.number(e.n ?? 0)} compras del mismo artículo.`
    case 'vendor_concentration':
      return `${supplier} tiene el ${f.share(e.share ?? 0)} del valor contratado por ${buyer} (${f.money(e.observed ?? 0)} en ${f.number(e.n ?? 0)} contratos; HHI ${f.number(e.hhi ?? 0)}).`
    case 'temporal_pattern':
      return `${buyer} firmó ${f.number(e.n ?? 0)} contratos en ${MONTHS[(e.month ?? 1) - 1]} de ${e.year}; la media de los otros meses de ese año es ${f.times(e.expected ?? 0)}.`
    case 'duplicate_contract':
      return `${f.number(e.n ?? 0)} contratos de ${buyer} con ${supplier} parecen ser el mismo${financial_impact === null ? '' : `; ${f.money(financial_impact)} pueden haberse contratado dos veces`}.`
    case 'payment_pattern':
      return `El contrato pasó de ${f.money(e.expected ?? 0)} a ${f.money(e.observed ?? 0)} (+${f.share((e.ratio ?? 1) - 1)}), por encima del límite legal de ${f.money(e.limit ?? 0)}.`
    case 'split_purchase':
      return `${f.number(e.n ?? 0)} contrataciones directas por valor con ${supplier} en ${e.year} suman ${f.money(e.observed ?? 0)}, por encima del límite de ${f.money(e.limit ?? 0)} (${plain(e.law ?? '')}).`
    case 'benford_deviation': {
      const digit = e.digits?.[0]
      return `Los primeros dígitos de ${f.number(e.n ?? 0)} valores de ${plain(e.buyer ?? 'todo el archivo')} se apartan de la ley de Benford${digit ? `: ${f.number(digit.found)} empiezan por ${digit.pair}, donde se esperan ${f.times(digit.expected)}` : ''}.`
    }
  }
}

/** Spanish. */
export const es: Texts = {
  notAModel:
    '_No soy un modelo de lenguaje: respondo por reglas, solo con los datos de este servicio, y cada cifra sale de una consulta a ellos._',
  greeting: '¡Hola! Respondo preguntas sobre contratos públicos con los datos de este servicio.',
  about:
    'Soy el respondedor local de este servicio. No soy un modelo de lenguaje ni una persona: reconozco el asunto de la pregunta por reglas y respondo con consultas a los conjuntos de datos, las investigaciones y los hallazgos que usted puede ver.',
  canDo:
    'Puedo: decir qué datos hay y resumirlos; mostrar los mayores proveedores y organismos; buscar contratos, proveedores y organismos; iniciar una investigación y contar los hallazgos a medida que surgen; listar y explicar anomalías; decir cómo van las investigaciones y dónde está el informe.',
  thanks: '¡De nada! Si quiere, siga preguntando.',
  goodbye: '¡Hasta luego!',
  unknown: 'No sé responder a eso: solo conozco los datos de este servicio.',
  nothingBefore: 'No sé a qué se refiere: diga el proveedor, el contrato o la anomalía.',
  noReasons:
    'Los datos dicen cuánto, cuándo y con quién, no por qué. Lo que puedo mostrar son señales de alerta: pida las anomalías, o una investigación.',
  examplesHead: 'Por ejemplo:',
  example: (topic, { dataset, supplier, buyer }) =>
    ({
      datasets: '¿Qué conjuntos de datos hay?',
      statistics: `Estadísticas del dataset ${dataset}`,
      suppliers: `¿Qué proveedores dominan el dataset ${dataset}?`,
      supplier: supplier
        ? `¿Cuánto recibió el proveedor ${supplier}?`
        : 'Busca un proveedor por nombre o CNPJ',
      contracts: '¿Cuáles son los mayores contratos?',
      investigate: buyer ? `Investiga los contratos de ${buyer}` : `Investiga el dataset ${dataset}`,
      anomalies: '¿Qué anomalías hay?',
      explain: 'Explica la anomalía 1',
      status: '¿Cuál es el estado de mis investigaciones?',
      report: 'Quiero el informe de la investigación',
    })[topic],

  synthetic: 'Estos datos son sintéticos: nombres y contratos inventados.',
  noDatasets: 'Todavía no hay ningún conjunto de datos. Envíe uno con `POST /api/v1/datasets`.',
  uploaded:
    'Los otros conjuntos son archivos enviados por quienes usan este servicio: son tan fiables como su origen, que aquí no se comprueba.',
  source: (dataset, synthetic) => `_Datos: **${dataset}**${synthetic ? ' (sintéticos, inventados)' : ''}._`,
  datasetNotFound: (name, others) => `No encontré el conjunto de datos «${name}». Hay: ${others}.`,
  chose: (why, dataset) =>
    ({
      only: `No dijo qué conjunto de datos; uso el único que hay: **${dataset}**.`,
      sample: `No dijo qué conjunto de datos; uso la muestra **${dataset}**.`,
      newest: `No dijo qué conjunto de datos; uso el más nuevo: **${dataset}**.`,
    })[why],
  buyerNotFound: (asked, near) =>
    `Ningún organismo de estos datos se llama «${asked}».${near ? ` Nombres que hay: ${near}.` : ''}`,
  buyerStandsFor: (asked, found) => `«${asked}» no está en estos datos; lo que corresponde es **${found}**.`,
  supplierNotFound: (asked, near) =>
    `No encontré el proveedor «${asked}» en estos datos.${near ? ` Nombres parecidos: ${near}.` : ''}`,
  severalNames: (asked, count) => `Hay ${count} nombres con «${asked}»:`,
  contractNotFound: (asked) => `No encontré el contrato «${asked}» en estos datos.`,
  noContracts: 'Ningún contrato corresponde a eso.',
  daysThere: (from, to) => `Los datos van del ${from} al ${to}.`,
  thatIsAll: 'Eso es todo: no hay más que mostrar en esta lista.',
  noModality: 'No separo por modalidad (contratación directa, subasta…): lo que sigue vale para todas.',
  anomalyNotFound: (asked) => `No encontré la anomalía «${asked}».`,
  notFlagged: (contract) => `Ningún hallazgo se apoya en el contrato «${contract}».`,
  ofInvestigation: (query, dataset) => `De la investigación más reciente: «${query}» (**${dataset}**).`,
  noSuchPlace: (count) => `La lista tiene solo ${count}.`,
  noInvestigations: 'Todavía no tiene investigaciones.',
  notInvestigated: (dataset) => `El conjunto **${dataset}** aún no tiene una investigación concluida.`,
  noAnomalies: 'Ninguna anomalía corresponde a eso.',
  mayNotInvestigate: 'Su papel no permite iniciar investigaciones; pídalo a un analista.',
  refused: (code) => `Ahora no es posible (${code}). Inténtelo de nuevo en un momento.`,

  period: (from, to) => (from && to ? `de ${from} a ${to}` : from ? `desde ${from}` : `hasta ${to}`),
  within: (parts) => `Recorte: ${parts}.`,
  buyerPart: (name) => `organismo **${name}**`,
  supplierPart: (name) => `proveedor **${name}**`,
  overPart: (amount) => `a partir de ${amount}`,

  datasetsHead: ['Conjunto', 'Filas', 'Desde'],
  statisticsHead: (dataset) => `**${dataset}** en cifras:`,
  rows: (rows) => `Filas: ${rows}`,
  contracts: (count) => `Contratos: ${count}`,
  mean: (amount) => `Promedio por contrato: ${amount}`,
  largestYear: (year, amount, mean) =>
    `El año de mayor valor es **${year}**, con ${amount}; el promedio por año es ${mean}.`,
  counted: (rows) =>
    `Sumadas: ${rows} (las demás no tienen valor positivo, o son compromisos de contratos ya contados)`,
  total: (amount) => `Valor total: ${amount}`,
  median: (amount, largest) => `Mediana por fila: ${amount}; mayor valor: ${largest}`,
  days: (from, to) => `Período: ${from} a ${to}`,
  parties: (buyers, suppliers) => `Organismos: ${buyers}; proveedores: ${suppliers}`,
  yearsHead: ['Año', 'Contratos', 'Valor'],

  rankingHead: (kind, dataset) =>
    `${kind === 'supplier' ? 'Mayores proveedores' : 'Organismos que más contratan'} en **${dataset}**, por valor:`,
  rankingColumns: ['N.º', 'Nombre', 'Contratos', 'Valor', 'Parte'],
  leads: (name, share, total) => `**${name}** tiene el ${share} de ${total}.`,
  firstThree: (share) => `Los tres primeros suman el ${share}.`,
  andMore: (count) => `Y ${count} más.`,

  partyFigures: (name, contracts, amount, share) =>
    `**${name}**: contratos: ${contracts}; valor: ${amount} (${share} del total).`,
  partnersHead: (kind) => (kind === 'supplier' ? 'Sus mayores proveedores:' : 'Quién más lo contrata:'),
  largestContracts: 'Mayores contratos:',
  contractColumns: ['Contrato', 'Fecha', 'Objeto', 'Proveedor', 'Valor'],
  smallestFirst: 'Del menor valor al mayor, solo los que tienen valor.',
  comparisonColumns: ['Nombre', 'Contratos', 'Valor', 'Mediana por fila'],
  together: (amount) => `Juntos: ${amount}.`,
  timesAsMuch: (first, second, times) => `**${first}** tiene ${times} veces el valor de **${second}**.`,
  notCompared: (missing) => `No encontré en estos datos: ${missing}.`,
  sought: (word) => `Busqué «${word}» en los objetos y categorías.`,
  rowsOfContracts: 'En estos datos un contrato puede tener varias filas; aquí cuenta cada fila.',
  contractsFound: (total, amount) => `Contratos encontrados: ${total}, por un valor de ${amount}.`,
  contract: (number) => `Contrato **${number}**:`,
  contractFields: ['Objeto', 'Proveedor', 'Organismo', 'Unidad', 'Fecha', 'Valor'],

  types: {
    price_deviation: 'desviación de precio',
    vendor_concentration: 'concentración de proveedor',
    temporal_pattern: 'patrón temporal',
    duplicate_contract: 'contrato duplicado',
    payment_pattern: 'crecimiento del contrato',
    split_purchase: 'fraccionamiento',
    benford_deviation: 'desviación de Benford',
  },
  severities: { low: 'baja', medium: 'media', high: 'alta', critical: 'crítica' },
  rules: {
    price_deviation:
      'Regla: precio unitario muy por encima del precio de referencia de la misma fila (Ley 14.133/2021, arts. 23 y 59 III), o de lo que el mismo artículo, en la misma unidad, costó en las otras compras.',
    vendor_concentration:
      'Regla: un proveedor con al menos la mitad del valor de un organismo, en un mercado muy concentrado (HHI), incluso sin contar su mayor contrato. La exclusividad o un monopolio natural pueden explicarlo.',
    temporal_pattern:
      'Regla: un mes con muchos más contratos que los otros meses del año, y que el mismo mes de otros años. El cierre del ejercicio explica parte de las prisas de diciembre.',
    duplicate_contract:
      'Regla: mismo organismo, mismo proveedor, mismo objeto con los mismos números, valores casi iguales, firmas próximas y vigencias que se superponen.',
    payment_pattern:
      'Regla: valor final más de un 25% por encima del inicial actualizado, o un 50% en la reforma de un edificio o equipo (Ley 14.133/2021, art. 125; Ley 8.666/1993, art. 65 § 1º).',
    split_purchase:
      'Regla: contrataciones directas por valor de la misma unidad, con el mismo proveedor, en el mismo año y de la misma clase, cada una bajo el límite y juntas por encima (Ley 14.133/2021, art. 75; Ley 8.666/1993, art. 24).',
    benford_deviation:
      'Regla: los dos primeros dígitos de los valores se apartan de la ley de Benford más de lo que explica el azar. Las listas de precios y los límites también lo causan.',
  },
  finding,
  caution: 'Es una señal de alerta para comprobar, no una prueba de irregularidad.',
  notFraud: 'Los datos no prueban fraude ni corrupción: muestran señales de alerta, que piden comprobación.',
  anomaliesFound: (total) => `Anomalías encontradas: ${total}.`,
  notByPeriod: 'Los hallazgos no se separan por período: para un período, pida una investigación de él.',
  anomalyColumns: ['N.º', 'Gravedad', 'Tipo', 'Hallazgo', 'En juego'],
  evidenceHead: 'Contratos en que se apoya:',
  more: (shown, total) => `Muestro ${shown} de ${total}.`,
  confidence: (share) => `Confianza de la regla: ${share}.`,
  impact: (amount) => `Valor en juego: ${amount}.`,
  id: (id) => `Identificador: \`${id}\`.`,

  investigating: (dataset) => `Inicié una investigación de **${dataset}**.`,
  follow: (url) => `También se puede seguir en \`${url}\`.`,
  progress: (percent, phase) => `- ${percent}: ${phase}`,
  phases: {
    collecting_data: 'reuniendo los datos',
    profiling: 'conociendo las columnas',
    analyzing_contracts: 'analizando los contratos',
    consolidating: 'consolidando',
  },
  furtherFindings: (count) => `Otros ${count} hallazgos no se detallan aquí.`,
  ended: (total, records, score) =>
    `**Concluida**: anomalías: ${total}; contratos examinados: ${records}; riesgo: ${score} de 10.`,
  endedBadly: (how) =>
    how === 'error'
      ? 'La investigación terminó con un error; lo hallado hasta entonces está arriba.'
      : 'La investigación fue cancelada; lo hallado hasta entonces está arriba.',
  bySeverity: (list) => `Por gravedad: ${list}.`,
  byType: (list) => `Por tipo: ${list}.`,
  skipped: (list) => `No comprobado, por falta de columnas o de datos: ${list}.`,

  statusHead: ['Investigación', 'Datos', 'Estado', 'Anomalías', 'Riesgo'],
  states: {
    pending: 'en cola',
    running: 'en curso',
    paused: 'en pausa',
    completed: 'concluida',
    failed: 'falló',
    cancelled: 'cancelada',
  },
  reportOf: (query, dataset) =>
    `Resumen de la investigación concluida más reciente: “${query}” (**${dataset}**).`,
  reportAt: (url) => `El informe completo está en \`${url}\` (o \`format=html\`, \`json\`, \`csv\`).`,
  law: 'Las reglas de este servicio se apoyan en la Ley 14.133/2021 de Brasil (arts. 23 y 59 III: precios; art. 75: contratación directa por valor, con límites que un decreto actualiza cada año; art. 125: aumentos) y en la Ley 8.666/1993 (arts. 24 y 65) para los contratos que rige. Cada regla, con límites y fuentes, está en `GET /api/v1/anomaly-types`. Es información general, no asesoría jurídica.',
  chartHead: (dataset) => `Valor por año en **${dataset}**:`,
}
