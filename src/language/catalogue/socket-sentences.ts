import { type Area, entry } from '../entry.ts'
import { plural } from '../format.ts'

/** Says why a message of a WebSocket, or an event-stream as such, is refused. */
export const socket = {
  not_json: { en: 'Not JSON', pt: 'Não é JSON', es: 'No es JSON' },
  not_an_object: { en: 'Not a JSON object', pt: 'Não é um objeto JSON', es: 'No es un objeto JSON' },
  reserved_key: {
    en: 'A key that is not allowed: __proto__ or constructor',
    pt: 'Uma chave que não é permitida: __proto__ ou constructor',
    es: 'Una clave que no se permite: __proto__ o constructor',
  },
  no_type: {
    en: 'No type: a message is an object with a "type"',
    pt: 'Sem tipo: uma mensagem é um objeto com "type"',
    es: 'Sin tipo: un mensaje es un objeto con "type"',
  },
  unknown_type: entry<{ types: readonly string[] }>({
    en: ({ types }, { either }) => `An unknown type; it must be ${either(types)}`,
    pt: ({ types }, { either }) => `Um tipo desconhecido; deve ser ${either(types)}`,
    es: ({ types }, { either }) => `Un tipo desconocido; debe ser ${either(types)}`,
  }),
  binary: {
    en: 'A binary message; send text',
    pt: 'Uma mensagem binária; envie texto',
    es: 'Un mensaje binario; envíe texto',
  },
  subscribed_already: { en: 'Already subscribed', pt: 'Já inscrito', es: 'Ya suscrito' },
  not_subscribed: {
    en: 'Not subscribed',
    pt: 'Não há inscrição neste canal',
    es: 'No hay suscripción a este canal',
  },
  many_channels: entry<{ most: number }>({
    en: ({ most }, { count }) => `More than ${count(most, 'channel', 'channels')} on one connection`,
    pt: ({ most }, { count }) => `Mais de ${count(most, 'canal', 'canais')} em uma conexão`,
    es: ({ most }, { count }) => `Más de ${count(most, 'canal', 'canales')} en una conexión`,
  }),
  another_user: {
    en: 'The token is of another user',
    pt: 'O token é de outro usuário',
    es: 'El token es de otro usuario',
  },
  streams_off: {
    en: 'Event-streams are switched off here (ENABLE_SSE_STREAMING)',
    pt: 'Os fluxos de eventos estão desligados aqui (ENABLE_SSE_STREAMING)',
    es: 'Los flujos de eventos están desactivados aquí (ENABLE_SSE_STREAMING)',
  },
  sockets_off: {
    en: 'WebSockets are switched off here (ENABLE_WEBSOCKET)',
    pt: 'Os WebSockets estão desligados aqui (ENABLE_WEBSOCKET)',
    es: 'Los WebSockets están desactivados aquí (ENABLE_WEBSOCKET)',
  },
  draining: {
    en: 'This instance is shutting down; connect again',
    pt: 'Esta instância está sendo desligada; conecte-se de novo',
    es: 'Esta instancia se está apagando; conéctese de nuevo',
  },
  full: {
    en: 'This instance has as many connections as it takes; try again',
    pt: 'Esta instância já tem todas as conexões que aceita; tente de novo',
    es: 'Esta instancia ya tiene todas las conexiones que admite; inténtelo de nuevo',
  },
  full_address: entry<{ most: number }>({
    en: ({ most }, { count }) =>
      `This address has ${count(most, 'connection', 'connections')}, as many as it may have; close ${plural(most, 'it', 'one of them')}`,
    pt: ({ most }, { count }) =>
      `Este endereço tem ${count(most, 'conexão', 'conexões')}, tantas quantas pode ter; feche ${plural(most, 'essa', 'uma delas')}`,
    es: ({ most }, { count }) =>
      `Esta dirección tiene ${count(most, 'conexión', 'conexiones')}, tantas como puede tener; cierre ${plural(most, 'esa', 'una de ellas')}`,
  }),
  channel_count: entry<{ most: number }>({
    en: ({ most }, { number }) => `must name one channel or more, ${number(most)} at most`,
    pt: ({ most }, { number }) => `deve indicar um canal ou mais, no máximo ${number(most)}`,
    es: ({ most }, { number }) => `debe indicar un canal o más, ${number(most)} como máximo`,
  }),
  unreadable_answer: {
    en: 'The answer could not be read',
    pt: 'Não foi possível ler a resposta',
    es: 'No se pudo leer la respuesta',
  },
} as const satisfies Area
