import { type Area, entry } from '../entry.ts'

/** Why a request as such is refused: its form, its size, its pace. */
export const request = {
  nothing_here: { en: 'There is nothing here', pt: 'Não há nada aqui', es: 'Aquí no hay nada' },
  went_wrong: {
    en: 'Something went wrong here; the request id finds it in the log',
    pt: 'Algo deu errado aqui; o id do pedido permite encontrá-lo no registro',
    es: 'Algo salió mal aquí; el id de la petición permite encontrarlo en el registro',
  },
  body_too_large: {
    en: 'The body is too large',
    pt: 'O corpo do pedido é grande demais',
    es: 'El cuerpo de la petición es demasiado grande',
  },
  many_requests: entry<{ seconds: number }>({
    en: ({ seconds }, { within }) => `Too many requests; try again ${within(seconds)}`,
    pt: ({ seconds }, { within }) => `Pedidos demais; tente de novo ${within(seconds)}`,
    es: ({ seconds }, { within }) => `Demasiadas peticiones; inténtelo de nuevo ${within(seconds)}`,
  }),
} as const satisfies Area
