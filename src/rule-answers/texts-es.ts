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
  datasetNotFound: (name, others) => `No encontré el conjunto de datos «${name}». Hay: ${others}.`,
  anomalyNotFound: (asked) => `No encontré la anomalía «${asked}».`,
  noInvestigations: 'Todavía no tiene investigaciones.',
  mayNotInvestigate: 'Su papel no permite iniciar investigaciones; pídalo a un analista.',
  refused: (code) => `Ahora no es posible (${code}). Inténtelo de nuevo en un momento.`,

  datasetsHead: ['Conjunto', 'Filas', 'Desde'],
  andMore: (count) => `Y ${count} más.`,

  severities: { low: 'baja', medium: 'media', high: 'alta', critical: 'crítica' },
  caution: 'Es una señal de alerta para comprobar, no una prueba de irregularidad.',
  notFraud: 'Los datos no prueban fraude ni corrupción: muestran señales de alerta, que piden comprobación.',
  evidenceHead: 'Contratos en que se apoya:',
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
  notUnderstood: (words) => `No entendí ${words}.`,
  stopped: (query) => `Pedí parar la investigación “${query}”; lo que encontró hasta aquí queda guardado.`,
  stopWhich: (list) =>
    `Hay más de una investigación en marcha. ¿Cuál debo parar? Diga “pare la investigación” y el identificador:\n\n${list}`,
  nothingToStop: 'Ninguna investigación suya está en marcha o en pausa: no hay nada que parar.',
  mayNotStop: 'Su papel no permite parar investigaciones.',
  exportAt: (csv, excel, json) =>
    `Las filas de esta pregunta, para descargar:\n\n- [CSV](${csv}): \`${csv}\`\n- [CSV para Excel](${excel}): \`${excel}\`\n- [JSON](${json}): \`${json}\``,
  wrongdoing:
    'Este servicio no recibe denuncias; solo muestra señales de alerta. En Brasil las reciben la **ouvidoria** del organismo o del municipio (o Fala.BR, falabr.cgu.gov.br, también anónima), la **CGU** (Contraloría General) y el **TCU** (Tribunal de Cuentas) cuando hay dinero federal, el tribunal de cuentas del estado en los demás casos, y el Ministerio Público si parece haber delito. En otros países: la contraloría o el tribunal de cuentas, la defensoría y la fiscalía anticorrupción.\n\nLleve: el número del contrato y del proceso, el organismo, el proveedor con su número fiscal, fechas e importes, qué llama la atención y por qué, y dónde se pueden comprobar los datos. Una señal de alerta no es prueba: describa hechos, no culpables.',
  howUpload:
    'Para enviar un archivo: en [Investigar](/) elija el archivo, o llame `POST /api/v1/datasets?name=…` con el archivo en el cuerpo. Sirven CSV, Excel (`.xlsx`), `.ods`, JSON de OCDS, NDJSON y un zip con una tabla, como salen de los portales. La respuesta dice qué columnas se reconocieron y qué filas se rechazaron. Después basta preguntar: uso su archivo más nuevo.',
  howMap:
    'Las columnas se reconocen por su nombre. Si una falta o está equivocada, envíe de nuevo con `?mapping=` en JSON, de la columna de aquí a la del archivo: `?mapping={"final_value":"IMPORTE","supplier_name":"ADJUDICATARIO"}`. Los nombres de aquí están en la respuesta del envío, en `columns`; lo que sobró, en `unmapped`.',
  howShare:
    'Para compartir una investigación: `POST /api/v1/investigations/:id/share` con `{"username":"…"}`, o `{"public":true}` para todos los que tienen cuenta aquí. Con una conversación es igual: `POST /api/v1/chat/sessions/:id/share`. Quien recibe puede leer, no borrar.',
  within: (parts) => `Recorte: ${parts}.`,
  wholeInvestigated:
    'Una investigación no se restringe a palabras del objeto ni a varios nombres a la vez: esa parte de la pregunta no la restringe.',
}
