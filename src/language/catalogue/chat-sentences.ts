import { type Area, entry } from '../entry.ts'

/** Says why something is not said or answered in a conversation. */
export const chat = {
  ended_before_start: {
    en: 'the turn ended before it began',
    pt: 'a resposta terminou antes de começar',
    es: 'la respuesta terminó antes de empezar',
  },
  not_ended_here: {
    en: 'the turn could not be ended here',
    pt: 'não foi possível encerrar a resposta aqui',
    es: 'no se pudo terminar la respuesta aquí',
  },
  budget: entry<{ limit: number; seconds: number }>({
    en: ({ limit, seconds }, { count, within }) =>
      `Your ${count(limit, 'token of today is used up; there is a new one', 'tokens of today are used up; there are new ones')} ${within(seconds)}`,
    pt: ({ limit, seconds }, { count, within }) =>
      `${limit === 1 ? 'Seu' : 'Seus'} ${count(limit, 'token de hoje acabou; há outro', 'tokens de hoje acabaram; há novos')} ${within(seconds)}`,
    es: ({ limit, seconds }, { count, within }) =>
      `${limit === 1 ? 'Su' : 'Sus'} ${count(limit, 'token de hoy se agotó; habrá otro', 'tokens de hoy se agotaron; habrá nuevos')} ${within(seconds)}`,
  }),
  answer_cancelled: {
    en: 'The answer was cancelled',
    pt: 'A resposta foi cancelada',
    es: 'La respuesta se canceló',
  },
  others_messages: {
    en: "Messages of other users would be replaced; only the conversation's owner may do that",
    pt: 'Mensagens de outros usuários seriam substituídas; só o dono da conversa pode fazer isso',
    es: 'Se sustituirían mensajes de otros usuarios; solo el dueño de la conversación puede hacerlo',
  },
  removed: {
    en: 'The conversation was removed',
    pt: 'A conversa foi removida',
    es: 'La conversación se eliminó',
  },
  no_such_stream: {
    en: 'There is no such stream in this conversation',
    pt: 'Não existe esse fluxo nesta conversa',
    es: 'No existe ese flujo en esta conversación',
  },
  owners_cancel: {
    en: 'Only their owners may cancel the running answers',
    pt: 'Só seus donos podem cancelar as respostas em andamento',
    es: 'Solo sus propietarios pueden cancelar las respuestas en curso',
  },
  nothing_running: {
    en: 'Nothing is being answered',
    pt: 'Nada está sendo respondido',
    es: 'No se está respondiendo nada',
  },
  investigation_cancelled: {
    en: 'The investigation was cancelled',
    pt: 'A investigação foi cancelada',
    es: 'La investigación se canceló',
  },
  no_end: {
    en: 'The investigation told no end',
    pt: 'A investigação não informou um fim',
    es: 'La investigación no comunicó un final',
  },
  data_slow: {
    en: 'The data took too long to answer',
    pt: 'Os dados demoraram demais a responder',
    es: 'Los datos tardaron demasiado en responder',
  },
  data_unreadable: {
    en: 'The data cannot be read now; ask again in a moment',
    pt: 'Os dados não podem ser lidos agora; pergunte de novo daqui a pouco',
    es: 'Los datos no se pueden leer ahora; vuelva a preguntar dentro de poco',
  },
  no_questions: {
    en: 'this instance answers no more questions',
    pt: 'esta instância não responde mais perguntas',
    es: 'esta instancia ya no responde preguntas',
  },
  may_not_investigate: {
    en: 'Your role does not start investigations',
    pt: 'Seu papel não inicia investigações',
    es: 'Su rol no inicia investigaciones',
  },
  datasets_there: entry<{ names: readonly string[] }>({
    en: ({ names }) => `There is no such dataset; there are: ${names.join(', ') || 'none'}`,
    pt: ({ names }) => `Não existe esse conjunto de dados; existem: ${names.join(', ') || 'nenhum'}`,
    es: ({ names }) => `No existe ese conjunto de datos; existen: ${names.join(', ') || 'ninguno'}`,
  }),
  no_model_of: entry<{ name: string }>({
    en: ({ name }) => `There is no model ${name}`,
    pt: ({ name }) => `Não existe o modelo ${name}`,
    es: ({ name }) => `No existe el modelo ${name}`,
  }),
} as const satisfies Area
