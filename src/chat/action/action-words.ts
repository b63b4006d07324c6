import type { Language } from '../../intent/understanding.ts'
import type { Phase } from '../../protocol/investigation.ts'

/** The texts of an action's progress, in the language of the user who ordered it. */
export interface Words {
  accepted(agent: string): string
  gathering(agent: string): string
  gathered(characters: number): string
  joined(agent: string): string
  answeringSoFar(characters: number): string
  answered: string
  understanding: string
  answering(agent: string): string
  keeping: string
  phase(phase: Phase, records: number, anomalies: number): string
  investigated(dataset: string, records: number, anomalies: number, risk: number): string
  counting: string
  verifying(events: number): string
  ready: string
  exportable(events: number, checked: number, isWhole: boolean): string
}

const PHASES = {
  pt: {
    collecting_data: 'Reunindo os dados',
    profiling: 'Traçando o perfil dos dados',
    analyzing_contracts: 'Analisando os contratos',
    consolidating: 'Consolidando os achados',
  },
  es: {
    collecting_data: 'Reuniendo los datos',
    profiling: 'Trazando el perfil de los datos',
    analyzing_contracts: 'Analizando los contratos',
    consolidating: 'Consolidando los hallazgos',
  },
  en: {
    collecting_data: 'Collecting the data',
    profiling: 'Profiling the data',
    analyzing_contracts: 'Analysing the contracts',
    consolidating: 'Consolidating the findings',
  },
} as const satisfies Record<Language, Record<Phase, string>>

export const WORDS: Readonly<Record<Language, Words>> = {
  pt: {
    accepted: (agent) => `Pedido validado para ${agent}`,
    gathering: (agent) => `Reunindo contexto para ${agent}`,
    gathered: (characters) => `Contexto reunido: ${characters} caracteres`,
    joined: (agent) => `${agent} entrou na sessão`,
    answeringSoFar: (characters) => `Respondendo: ${characters} caracteres até agora`,
    answered: 'Resposta completa',
    understanding: 'Entendendo a tarefa',
    answering: (agent) => `${agent} trabalha na tarefa`,
    keeping: 'Guardando o resultado',
    phase: (phase, records, anomalies) =>
      `${PHASES.pt[phase]}: ${records} registros, ${anomalies} anomalias até agora`,
    investigated: (dataset, records, anomalies, risk) =>
      `Investigação de ${dataset} concluída: ${records} registros, ${anomalies} anomalias, risco ${risk} de 10. ` +
      'Anomalia é sinal de alerta, não prova.',
    counting: 'Contando os eventos',
    verifying: (events) => `${events} eventos; verificando a cadeia`,
    ready: 'Exportação pronta para baixar',
    exportable: (events, checked, isWhole) =>
      `${events} eventos a exportar. ${checked} eventos da cadeia verificados: ${isWhole ? 'íntegra' : 'VIOLADA'}.`,
  },
  es: {
    accepted: (agent) => `Pedido validado para ${agent}`,
    gathering: (agent) => `Reuniendo contexto para ${agent}`,
    gathered: (characters) => `Contexto reunido: ${characters} caracteres`,
    joined: (agent) => `${agent} entró en la sesión`,
    answeringSoFar: (characters) => `Respondiendo: ${characters} caracteres hasta ahora`,
    answered: 'Respuesta completa',
    understanding: 'Entendiendo la tarea',
    answering: (agent) => `${agent} trabaja en la tarea`,
    keeping: 'Guardando el resultado',
    phase: (phase, records, anomalies) =>
      `${PHASES.es[phase]}: ${records} registros, ${anomalies} anomalías hasta ahora`,
    investigated: (dataset, records, anomalies, risk) =>
      `Investigación de ${dataset} terminada: ${records} registros, ${anomalies} anomalías, riesgo ${risk} de 10. ` +
      'Una anomalía es una señal de alerta, no una prueba.',
    counting: 'Contando los eventos',
    verifying: (events) => `${events} eventos; verificando la cadena`,
    ready: 'Exportación lista para descargar',
    exportable: (events, checked, isWhole) =>
      `${events} eventos para exportar. ${checked} eventos de la cadena verificados: ${isWhole ? 'íntegra' : 'VIOLADA'}.`,
  },
  en: {
    accepted: (agent) => `Request validated for ${agent}`,
    gathering: (agent) => `Gathering context for ${agent}`,
    gathered: (characters) => `Context gathered: ${characters} characters`,
    joined: (agent) => `${agent} has joined the session`,
    answeringSoFar: (characters) => `Answering: ${characters} characters so far`,
    answered: 'The answer is complete',
    understanding: 'Understanding the task',
    answering: (agent) => `${agent} works on the task`,
    keeping: 'Keeping the result',
    phase: (phase, records, anomalies) =>
      `${PHASES.en[phase]}: ${records} records, ${anomalies} anomalies so far`,
    investigated: (dataset, records, anomalies, risk) =>
      `Investigation of ${dataset} finished: ${records} records, ${anomalies} anomalies, risk ${risk} of 10. ` +
      'An anomaly is a red flag, not a proof.',
    counting: 'Counting the events',
    verifying: (events) => `${events} events; verifying the chain`,
    ready: 'The export is ready to download',
    exportable: (events, checked, isWhole) =>
      `${events} events to export. ${checked} events of the chain verified: ${isWhole ? 'intact' : 'BROKEN'}.`,
  },
}
