import { type Area, entry } from '../entry.ts'
import type { Format } from '../format.ts'
import type { Language } from '../language.ts'

/** Says when asking again is worth while; the seconds are null where the provider names no time. */
const again = (seconds: number | null, { language, within }: Format): string => {
  if (language === 'pt') return `pergunte de novo ${seconds === null ? 'daqui a pouco' : within(seconds)}`
  if (language === 'es') return `vuelva a preguntar ${seconds === null ? 'dentro de poco' : within(seconds)}`
  return `ask again ${seconds === null ? 'in a moment' : within(seconds)}`
}

/** Returns a sentence on a provider that could not serve this once. */
const failing = (said: Readonly<Record<Language, string>>) =>
  entry<{ name: string }>({
    en: ({ name }) => `${name} ${said.en}; ask again, or choose another provider`,
    pt: ({ name }) => `${name} ${said.pt}; pergunte de novo ou escolha outro provedor`,
    es: ({ name }) => `${name} ${said.es}; vuelva a preguntar o elija otro proveedor`,
  })

/** Returns a sentence on a provider that refuses what it was asked. */
const refusing = (said: Readonly<Record<Language, string>>) =>
  entry<{ name: string }>({
    en: ({ name }) => `${name} ${said.en}; ask in other words`,
    pt: ({ name }) => `${name} ${said.pt}; pergunte com outras palavras`,
    es: ({ name }) => `${name} ${said.es}; pregunte con otras palabras`,
  })

/** Says why a provider of answers does not answer. */
export const provider = {
  none: {
    en: 'No provider is configured; set the key of one, like OPENAI_API_KEY, and name it in LLM_PROVIDERS',
    pt: 'Nenhum provedor está configurado; defina a chave de um, como OPENAI_API_KEY, e indique-o em LLM_PROVIDERS',
    es: 'No hay ningún proveedor configurado; defina la clave de uno, como OPENAI_API_KEY, e indíquelo en LLM_PROVIDERS',
  },
  paused: entry<{ names: readonly string[]; seconds: number }>({
    en: ({ names, seconds }, { all, within }) =>
      `${all(names)} failed several times in a row; ask again ${within(seconds)}`,
    pt: ({ names, seconds }, { all, within }) =>
      `${all(names)}: várias falhas seguidas; pergunte de novo ${within(seconds)}`,
    es: ({ names, seconds }, { all, within }) =>
      `${all(names)}: varios fallos seguidos; vuelva a preguntar ${within(seconds)}`,
  }),
  unreachable: entry<{ name: string }>({
    en: ({ name }) => `${name} cannot be reached; ask again in a moment, or choose another provider`,
    pt: ({ name }) => `${name} está inacessível; pergunte de novo daqui a pouco ou escolha outro provedor`,
    es: ({ name }) =>
      `No se puede acceder a ${name}; vuelva a preguntar dentro de poco o elija otro proveedor`,
  }),
  key_missing: entry<{ name: string; status: number; setting: string }>({
    en: ({ name, status, setting }) =>
      `${name} answered with status ${status}; ${setting} is not set: the operator has to set it`,
    pt: ({ name, status, setting }) =>
      `${name} respondeu com o status ${status}; ${setting} não está definida: o operador precisa defini-la`,
    es: ({ name, status, setting }) =>
      `${name} respondió con el estado ${status}; ${setting} no está definida: el operador debe definirla`,
  }),
  key_refused: entry<{ name: string; status: number; setting: string }>({
    en: ({ name, status, setting }) =>
      `${name} answered with status ${status}; the operator has to check the setting ${setting}`,
    pt: ({ name, status, setting }) =>
      `${name} respondeu com o status ${status}; o operador precisa verificar a configuração ${setting}`,
    es: ({ name, status, setting }) =>
      `${name} respondió con el estado ${status}; el operador debe revisar el ajuste ${setting}`,
  }),
  not_accepted: entry<{ name: string; status: number }>({
    en: ({ name, status }) =>
      `${name} answered with status ${status}; it does not take this request: change it, or choose another provider`,
    pt: ({ name, status }) =>
      `${name} respondeu com o status ${status}; não aceita este pedido: altere-o ou escolha outro provedor`,
    es: ({ name, status }) =>
      `${name} respondió con el estado ${status}; no acepta esta petición: cámbiela o elija otro proveedor`,
  }),
  status: entry<{ name: string; status: number; seconds: number | null }>({
    en: ({ name, status, seconds }, voice) =>
      `${name} answered with status ${status}; ${again(seconds, voice)}`,
    pt: ({ name, status, seconds }, voice) =>
      `${name} respondeu com o status ${status}; ${again(seconds, voice)}`,
    es: ({ name, status, seconds }, voice) =>
      `${name} respondió con el estado ${status}; ${again(seconds, voice)}`,
  }),
  busy: entry<{ name: string }>({
    en: ({ name }, voice) => `${name} is busy; ${again(null, voice)}`,
    pt: ({ name }, voice) => `${name} está sobrecarregado; ${again(null, voice)}`,
    es: ({ name }, voice) => `${name} está saturado; ${again(null, voice)}`,
  }),
  slow_start: entry<{ name: string; milliseconds: number }>({
    en: ({ name, milliseconds }, { number }) =>
      `${name} did not begin to answer in ${number(milliseconds)} ms; ask again, or choose another provider`,
    pt: ({ name, milliseconds }, { number }) =>
      `${name} não começou a responder em ${number(milliseconds)} ms; pergunte de novo ou escolha outro provedor`,
    es: ({ name, milliseconds }, { number }) =>
      `${name} no empezó a responder en ${number(milliseconds)} ms; vuelva a preguntar o elija otro proveedor`,
  }),
  silent: entry<{ name: string; milliseconds: number }>({
    en: ({ name, milliseconds }, { number }) =>
      `${name} sent nothing for ${number(milliseconds)} ms; ask again, or choose another provider`,
    pt: ({ name, milliseconds }, { number }) =>
      `${name} não enviou nada por ${number(milliseconds)} ms; pergunte de novo ou escolha outro provedor`,
    es: ({ name, milliseconds }, { number }) =>
      `${name} no envió nada durante ${number(milliseconds)} ms; vuelva a preguntar o elija otro proveedor`,
  }),
  spent: entry<{ name: string }>({
    en: ({ name }) => `${name} reached its limit of tokens before its first word; allow it more tokens`,
    pt: ({ name }) => `${name} atingiu seu limite de tokens antes da primeira palavra; permita mais tokens`,
    es: ({ name }) => `${name} alcanzó su límite de tokens antes de la primera palabra; permítale más tokens`,
  }),
  refused: refusing({
    en: 'refused to answer',
    pt: 'se recusou a responder',
    es: 'se negó a responder',
  }),
  refused_content: refusing({
    en: 'refused the content of the request',
    pt: 'recusou o conteúdo do pedido',
    es: 'rechazó el contenido de la petición',
  }),
  refused_rest: refusing({
    en: 'refused to go on with its answer',
    pt: 'se recusou a continuar a resposta',
    es: 'se negó a continuar su respuesta',
  }),
  failed: failing({ en: 'could not answer', pt: 'não conseguiu responder', es: 'no pudo responder' }),
  error_inside: failing({
    en: 'sent an error inside its answer',
    pt: 'enviou um erro dentro da resposta',
    es: 'envió un error dentro de su respuesta',
  }),
  empty: failing({
    en: 'ended its answer without a word',
    pt: 'terminou a resposta sem nenhuma palavra',
    es: 'terminó su respuesta sin ninguna palabra',
  }),
  ended_early: failing({
    en: 'ended before its answer did',
    pt: 'encerrou antes do fim da resposta',
    es: 'terminó antes del final de su respuesta',
  }),
  broken_off: failing({
    en: 'broke its answer off',
    pt: 'interrompeu a resposta',
    es: 'interrumpió su respuesta',
  }),
  encoding: failing({
    en: 'answered in an encoding it was not asked for',
    pt: 'respondeu em uma codificação que não foi pedida',
    es: 'respondió en una codificación que no se le pidió',
  }),
  endless_line: failing({
    en: 'sent a line that does not end',
    pt: 'enviou uma linha que não termina',
    es: 'envió una línea que no termina',
  }),
  endless_answer: failing({
    en: 'sent an answer that does not end',
    pt: 'enviou uma resposta que não termina',
    es: 'envió una respuesta que no termina',
  }),
  not_json: failing({
    en: 'sent too many lines that are not JSON',
    pt: 'enviou linhas demais que não são JSON',
    es: 'envió demasiadas líneas que no son JSON',
  }),
  other_format: failing({
    en: 'sent nothing in its format',
    pt: 'não enviou nada em seu formato',
    es: 'no envió nada en su formato',
  }),
  other_shape: failing({
    en: 'sent a shape that is not understood',
    pt: 'enviou uma estrutura que não se entende',
    es: 'envió una estructura que no se entiende',
  }),
} as const satisfies Area
