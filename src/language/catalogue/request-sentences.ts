import { type Area, entry, type Phrase, type Voice } from '../entry.ts'

/** A bad field with its reason: a sentence, or text that is in English only. */
type BadField = { readonly field: string; readonly reason: Phrase | string }

const badFields = (errors: readonly BadField[], { tell }: Voice): string =>
  errors
    .map(({ field, reason }) => `${field}: ${typeof reason === 'string' ? reason : tell(reason)}`)
    .join('; ')

/** Says why a request as such is refused: its form, its size, its pace, the state the service is in. */
export const request = {
  bad_fields: entry<{ errors: readonly BadField[] }>({
    en: ({ errors }, voice) => badFields(errors, voice),
    pt: ({ errors }, voice) => badFields(errors, voice),
    es: ({ errors }, voice) => badFields(errors, voice),
  }),
  more_bad_fields: entry<{ errors: readonly BadField[]; more: number }>({
    en: ({ errors, more }, voice) => `${badFields(errors, voice)}; and ${voice.number(more)} more`,
    pt: ({ errors, more }, voice) => `${badFields(errors, voice)}; e mais ${voice.number(more)}`,
    es: ({ errors, more }, voice) => `${badFields(errors, voice)}; y ${voice.number(more)} más`,
  }),
  nothing_here: { en: 'There is nothing here', pt: 'Não há nada aqui', es: 'Aquí no hay nada' },
  nothing_of_that_name: {
    en: 'There is nothing of that name',
    pt: 'Não há nada com esse nome',
    es: 'No hay nada con ese nombre',
  },
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
  content_type: {
    en: 'This content type is not accepted here',
    pt: 'Este tipo de conteúdo não é aceito aqui',
    es: 'Este tipo de contenido no se admite aquí',
  },
  content_length: {
    en: 'Content-Length does not match the body',
    pt: 'Content-Length não corresponde ao corpo do pedido',
    es: 'Content-Length no coincide con el cuerpo de la petición',
  },
  empty_body: {
    en: 'The body is empty',
    pt: 'O corpo do pedido está vazio',
    es: 'El cuerpo de la petición está vacío',
  },
  not_json: {
    en: 'The body is not valid JSON',
    pt: 'O corpo do pedido não é JSON válido',
    es: 'El cuerpo de la petición no es JSON válido',
  },
  bad_url: { en: 'The URL is not valid', pt: 'A URL não é válida', es: 'La URL no es válida' },
  headers_too_large: {
    en: 'The headers are too large',
    pt: 'Os cabeçalhos são grandes demais',
    es: 'Las cabeceras son demasiado grandes',
  },
  not_http: {
    en: 'This is not an HTTP request',
    pt: 'Isto não é um pedido HTTP',
    es: 'Esto no es una petición HTTP',
  },
  overloaded: {
    en: 'The service is overloaded; try again later',
    pt: 'O serviço está sobrecarregado; tente de novo mais tarde',
    es: 'El servicio está sobrecargado; inténtelo más tarde',
  },
  store_full: {
    en: 'The store is full; the operator must make room',
    pt: 'O armazenamento está cheio; o operador precisa liberar espaço',
    es: 'El almacenamiento está lleno; el operador debe liberar espacio',
  },
  store_busy: {
    en: 'The store is busy; try again',
    pt: 'O armazenamento está ocupado; tente de novo',
    es: 'El almacenamiento está ocupado; inténtelo de nuevo',
  },
  store_unreachable: {
    en: 'The store cannot be reached; try again later',
    pt: 'O armazenamento está inacessível; tente de novo mais tarde',
    es: 'No se puede acceder al almacenamiento; inténtelo más tarde',
  },
  unkept_character: {
    en: 'A text has a character that cannot be kept: U+0000',
    pt: 'Um texto tem um caractere que não pode ser guardado: U+0000',
    es: 'Un texto tiene un carácter que no se puede guardar: U+0000',
  },
  many_requests: entry<{ seconds: number }>({
    en: ({ seconds }, { within }) => `Too many requests; try again ${within(seconds)}`,
    pt: ({ seconds }, { within }) => `Pedidos demais; tente de novo ${within(seconds)}`,
    es: ({ seconds }, { within }) => `Demasiadas peticiones; inténtelo de nuevo ${within(seconds)}`,
  }),
} as const satisfies Area
