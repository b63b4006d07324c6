import type { Area } from '../entry.ts'

/** Titles of the error codes, by code. */
export const title = {
  VALIDATION_FAILED: {
    en: 'The request is not valid',
    pt: 'O pedido não é válido',
    es: 'La petición no es válida',
  },
  INVALID_MESSAGE: {
    en: 'The message is not understood',
    pt: 'A mensagem não foi entendida',
    es: 'El mensaje no se entiende',
  },
  UNAUTHENTICATED: { en: 'Not authenticated', pt: 'Não autenticado', es: 'No autenticado' },
  INVALID_CREDENTIALS: {
    en: 'Wrong username or password',
    pt: 'Usuário ou senha incorretos',
    es: 'Usuario o contraseña incorrectos',
  },
  TOKEN_EXPIRED: { en: 'The token has expired', pt: 'O token expirou', es: 'El token ha caducado' },
  FORBIDDEN: { en: 'Not allowed', pt: 'Não permitido', es: 'No permitido' },
  NOT_FOUND: { en: 'Not found', pt: 'Não encontrado', es: 'No encontrado' },
  METHOD_NOT_ALLOWED: { en: 'Method not allowed', pt: 'Método não permitido', es: 'Método no permitido' },
  CONFLICT: { en: 'Conflict', pt: 'Conflito', es: 'Conflicto' },
  INVALID_STATE: {
    en: 'Not possible in this state',
    pt: 'Não é possível neste estado',
    es: 'No es posible en este estado',
  },
  FENCED: {
    en: 'Another instance has taken this stream over',
    pt: 'Outra instância assumiu este fluxo',
    es: 'Otra instancia se ha hecho cargo de este flujo',
  },
  UPLOAD_INTERRUPTED: {
    en: 'The upload did not arrive whole',
    pt: 'O envio não chegou inteiro',
    es: 'El envío no llegó entero',
  },
  PAYLOAD_TOO_LARGE: { en: 'Too large', pt: 'Grande demais', es: 'Demasiado grande' },
  UNSUPPORTED_MEDIA_TYPE: {
    en: 'Unsupported media type',
    pt: 'Tipo de conteúdo não aceito',
    es: 'Tipo de contenido no admitido',
  },
  IDEMPOTENCY_KEY_REUSED: {
    en: 'Idempotency-Key used for another body',
    pt: 'Idempotency-Key usada para outro corpo',
    es: 'Idempotency-Key usada para otro cuerpo',
  },
  UNUSABLE_DATASET: {
    en: 'Nothing usable in the file',
    pt: 'Nada aproveitável no arquivo',
    es: 'Nada aprovechable en el archivo',
  },
  LOCKED_OUT: {
    en: 'Too many failed logins',
    pt: 'Tentativas de login demais',
    es: 'Demasiados intentos de acceso fallidos',
  },
  RATE_LIMITED: { en: 'Too many requests', pt: 'Pedidos demais', es: 'Demasiadas peticiones' },
  TOO_MANY_STREAMS: {
    en: 'Too many streams at once',
    pt: 'Fluxos demais ao mesmo tempo',
    es: 'Demasiados flujos a la vez',
  },
  TOO_MANY_CONNECTIONS: {
    en: 'Too many connections from this address',
    pt: 'Conexões demais deste endereço',
    es: 'Demasiadas conexiones desde esta dirección',
  },
  HEADERS_TOO_LARGE: {
    en: 'Headers too large',
    pt: 'Cabeçalhos grandes demais',
    es: 'Cabeceras demasiado grandes',
  },
  INTERNAL: { en: 'Internal error', pt: 'Erro interno', es: 'Error interno' },
  SOURCE_ERROR: {
    en: 'The data source answered with an error',
    pt: 'A fonte de dados respondeu com um erro',
    es: 'La fuente de datos respondió con un error',
  },
  SOURCE_UNAVAILABLE: {
    en: 'The data source cannot be reached',
    pt: 'A fonte de dados está inacessível',
    es: 'No se puede acceder a la fuente de datos',
  },
  FEATURE_DISABLED: { en: 'Switched off here', pt: 'Desligado aqui', es: 'Desactivado aquí' },
  OVERLOADED: { en: 'Overloaded', pt: 'Sobrecarregado', es: 'Sobrecargado' },
  DRAINING: {
    en: 'This instance is shutting down',
    pt: 'Esta instância está sendo desligada',
    es: 'Esta instancia se está apagando',
  },
  BUS_UNAVAILABLE: {
    en: 'The bus cannot be reached',
    pt: 'O barramento está inacessível',
    es: 'No se puede acceder al bus',
  },
  STORE_UNAVAILABLE: {
    en: 'The store cannot be reached',
    pt: 'O armazenamento está inacessível',
    es: 'No se puede acceder al almacenamiento',
  },
  STORE_FULL: {
    en: 'The store is full',
    pt: 'O armazenamento está cheio',
    es: 'El almacenamiento está lleno',
  },
  PROVIDER_ERROR: {
    en: 'The provider answered with an error',
    pt: 'O provedor respondeu com um erro',
    es: 'El proveedor respondió con un error',
  },
  PROVIDER_PROTOCOL_ERROR: {
    en: 'The provider broke off or spoke oddly',
    pt: 'O provedor interrompeu a resposta ou respondeu de forma inesperada',
    es: 'El proveedor se cortó o respondió de forma inesperada',
  },
  PROVIDER_UNAVAILABLE: {
    en: 'The provider cannot be reached',
    pt: 'O provedor está inacessível',
    es: 'No se puede acceder al proveedor',
  },
  PROVIDER_RATE_LIMITED: {
    en: 'The provider is busy',
    pt: 'O provedor está ocupado',
    es: 'El proveedor está ocupado',
  },
  PROVIDER_TIMEOUT: {
    en: 'The provider did not answer in time',
    pt: 'O provedor não respondeu a tempo',
    es: 'El proveedor no respondió a tiempo',
  },
  CONTENT_FILTERED: {
    en: 'The provider refused to answer',
    pt: 'O provedor recusou-se a responder',
    es: 'El proveedor se negó a responder',
  },
  BUDGET_EXCEEDED: {
    en: 'Token budget used up',
    pt: 'Cota de tokens esgotada',
    es: 'Cuota de tokens agotada',
  },
  AGENT_UNAVAILABLE: {
    en: 'No agent can answer now',
    pt: 'Nenhum agente pode responder agora',
    es: 'Ningún agente puede responder ahora',
  },
  INTERRUPTED: {
    en: 'Interrupted before its end',
    pt: 'Interrompido antes do fim',
    es: 'Interrumpido antes del final',
  },
} as const satisfies Area
