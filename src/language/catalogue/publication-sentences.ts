import { type Area, entry } from '../entry.ts'

/** Says why something is not published, or not read from a channel. */
export const publication = {
  not_utf8: {
    en: 'The body is not UTF-8',
    pt: 'O corpo do pedido não é UTF-8',
    es: 'El cuerpo de la petición no es UTF-8',
  },
  too_large: entry<{ bytes: number }>({
    en: ({ bytes }, { number }) => `A publication has at most ${number(bytes)} bytes`,
    pt: ({ bytes }, { number }) => `Uma publicação tem no máximo ${number(bytes)} bytes`,
    es: ({ bytes }, { number }) => `Una publicación tiene como máximo ${number(bytes)} bytes`,
  }),
  too_many: entry<{ most: number }>({
    en: ({ most }, { count }) => `At most ${count(most, 'publication', 'publications')} at once`,
    pt: ({ most }, { count }) => `No máximo ${count(most, 'publicação', 'publicações')} de uma vez`,
    es: ({ most }, { count }) => `Como máximo ${count(most, 'publicación', 'publicaciones')} a la vez`,
  }),
  line_too_large: entry<{ line: number; bytes: number }>({
    en: ({ line, bytes }, { number }) => `Line ${number(line)} has more than ${number(bytes)} bytes`,
    pt: ({ line, bytes }, { number }) => `A linha ${number(line)} tem mais de ${number(bytes)} bytes`,
    es: ({ line, bytes }, { number }) => `La línea ${number(line)} tiene más de ${number(bytes)} bytes`,
  }),
  nothing: { en: 'Nothing was published', pt: 'Nada foi publicado', es: 'No se publicó nada' },
  epoch_gone: entry<{ epoch: string }>({
    en: ({ epoch }) => `The channel's log goes on under epoch ${epoch}; begin anew`,
    pt: ({ epoch }) => `O registro do canal continua sob a época ${epoch}; recomece do início`,
    es: ({ epoch }) => `El registro del canal continúa bajo la época ${epoch}; empiece de nuevo`,
  }),
  topics_only: {
    en: 'Only channels named topic:<name> can be published to',
    pt: 'Só se pode publicar em canais com nome topic:<name>',
    es: 'Solo se puede publicar en canales llamados topic:<name>',
  },
  key_reused: {
    en: 'This Idempotency-Key was used for another body in the last five minutes; use a new key for a new publication',
    pt: 'Esta Idempotency-Key foi usada para outro corpo nos últimos cinco minutos; use uma nova chave para uma nova publicação',
    es: 'Esta Idempotency-Key se usó para otro cuerpo en los últimos cinco minutos; use una clave nueva para una publicación nueva',
  },
  bus_closed: { en: 'The bus is closed', pt: 'O barramento está fechado', es: 'El bus está cerrado' },
  bus_unreachable: {
    en: 'The bus cannot be reached',
    pt: 'O barramento está inacessível',
    es: 'No se puede acceder al bus',
  },
  bus_silent: { en: 'The bus does not answer', pt: 'O barramento não responde', es: 'El bus no responde' },
  bus_unsubscribable: {
    en: 'The bus cannot be subscribed to',
    pt: 'Não é possível inscrever-se no barramento',
    es: 'No es posible suscribirse al bus',
  },
  fenced: {
    en: 'The channel belongs to a newer producer',
    pt: 'O canal pertence a um produtor mais novo',
    es: 'El canal pertenece a un productor más nuevo',
  },
  newer_holder: entry<{ channel: string; producer: string }>({
    en: ({ channel, producer }) => `${channel} belongs to a newer holder of ${producer}`,
    pt: ({ channel, producer }) => `${channel} pertence a um detentor mais novo de ${producer}`,
    es: ({ channel, producer }) => `${channel} pertenece a un titular más nuevo de ${producer}`,
  }),
} as const satisfies Area
