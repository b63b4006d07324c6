import type { Texts } from './texts.ts'

/** The texts of answers in Spanish. */
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

  severities: { low: 'baja', medium: 'media', high: 'alta', critical: 'crítica' },
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
