import { type Area, entry } from '../entry.ts'

/** Says why an upload is not taken. */
export const upload = {
  stood_still: entry<{ seconds: number }>({
    en: ({ seconds }, { duration }) => `The upload stood still for ${duration(seconds)}; send it again`,
    pt: ({ seconds }, { duration }) => `O envio ficou parado por ${duration(seconds)}; envie de novo`,
    es: ({ seconds }, { duration }) => `El envío se detuvo durante ${duration(seconds)}; envíelo de nuevo`,
  }),
  no_boundary: {
    en: 'multipart/form-data needs a boundary in its Content-Type: let the client that makes the form set that header',
    pt: 'multipart/form-data precisa de um boundary no Content-Type: deixe o cliente que monta o formulário definir esse cabeçalho',
    es: 'multipart/form-data necesita un boundary en su Content-Type: deje que el cliente que arma el formulario ponga esa cabecera',
  },
  too_large: entry<{ bytes: number }>({
    en: ({ bytes }, { number }) => `A dataset has at most ${number(bytes)} bytes`,
    pt: ({ bytes }, { number }) => `Um conjunto de dados tem no máximo ${number(bytes)} bytes`,
    es: ({ bytes }, { number }) => `Un conjunto de datos tiene como máximo ${number(bytes)} bytes`,
  }),
  cut_short: {
    en: 'The upload was cut short; send it again',
    pt: 'O envio foi interrompido; envie de novo',
    es: 'El envío se interrumpió; envíelo de nuevo',
  },
  encoding: entry<{ encoding: string }>({
    en: ({ encoding }) => `Content-Encoding ${encoding} is not accepted; gzip is`,
    pt: ({ encoding }) => `Content-Encoding ${encoding} não é aceito; gzip é`,
    es: ({ encoding }) => `Content-Encoding ${encoding} no se admite; gzip sí`,
  }),
  send_one_of: entry<{ types: readonly string[] }>({
    en: ({ types }, { either }) => `Send ${either([...types, 'multipart/form-data'])}`,
    pt: ({ types }, { either }) => `Envie ${either([...types, 'multipart/form-data'])}`,
    es: ({ types }, { either }) => `Envíe ${either([...types, 'multipart/form-data'])}`,
  }),
  file_type: entry<{ type: string }>({
    en: ({ type }) => `A file of type ${type} is not accepted`,
    pt: ({ type }) => `Um arquivo do tipo ${type} não é aceito`,
    es: ({ type }) => `Un archivo de tipo ${type} no se admite`,
  }),
  sample_stays: {
    en: 'The bundled sample stays',
    pt: 'A amostra incluída permanece',
    es: 'La muestra incluida se queda',
  },
} as const satisfies Area
