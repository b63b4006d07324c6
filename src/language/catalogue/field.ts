import { type Area, entry, plural } from '../entry.ts'
import type { Language } from '../language.ts'

const TYPES = {
  string: { en: 'text', pt: 'texto', es: 'texto' },
  number: { en: 'a number', pt: 'um número', es: 'un número' },
  integer: { en: 'a whole number', pt: 'um número inteiro', es: 'un número entero' },
  boolean: { en: 'true or false', pt: 'true ou false', es: 'true o false' },
  object: { en: 'an object', pt: 'um objeto', es: 'un objeto' },
  array: { en: 'a list', pt: 'uma lista', es: 'una lista' },
  null: { en: 'null', pt: 'null', es: 'null' },
} as const satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>

const typesIn = (types: readonly (keyof typeof TYPES)[], language: Language): string[] =>
  types.map((type) => TYPES[type][language])

/** Why a field is refused; the sentence goes on after the field's name. */
export const field = {
  required: { en: 'is required', pt: 'é obrigatório', es: 'es obligatorio' },
  unknown: { en: 'is not known here', pt: 'não é conhecido aqui', es: 'no se conoce aquí' },
  invalid: { en: 'is not valid', pt: 'não é válido', es: 'no es válido' },
  blank: { en: 'must not be blank', pt: 'não pode ficar em branco', es: 'no puede estar en blanco' },
  empty: { en: 'must not be empty', pt: 'não pode ficar vazio', es: 'no puede estar vacío' },
  reserved_key: {
    en: 'is not allowed as a key',
    pt: 'não é permitido como chave',
    es: 'no se permite como clave',
  },
  null_character: {
    en: 'must not have the character U+0000',
    pt: 'não pode ter o caractere U+0000',
    es: 'no puede tener el carácter U+0000',
  },
  email: {
    en: 'must be an e-mail address, like ana@example.org',
    pt: 'deve ser um endereço de e-mail, como ana@example.org',
    es: 'debe ser una dirección de correo, como ana@example.org',
  },
  username: {
    en: 'must have no white space, control characters, | or /',
    pt: 'não pode ter espaços, caracteres de controle, | ou /',
    es: 'no puede tener espacios, caracteres de control, | ni /',
  },
  cursor: {
    en: 'must be the "next" of the page before',
    pt: 'deve ser o "next" da página anterior',
    es: 'debe ser el "next" de la página anterior',
  },
  day: {
    en: 'must be a day, as 2024-12-31',
    pt: 'deve ser um dia, como 2024-12-31',
    es: 'debe ser un día, como 2024-12-31',
  },
  instant: {
    en: 'must be a time, as 2024-12-31T12:00:00Z',
    pt: 'deve ser um instante, como 2024-12-31T12:00:00Z',
    es: 'debe ser un instante, como 2024-12-31T12:00:00Z',
  },
  twice: {
    en: 'must not have one item twice',
    pt: 'não pode repetir um item',
    es: 'no puede repetir un elemento',
  },
  one_of: entry<{ allowed: readonly string[] }>({
    en: ({ allowed }, { either }) => `must be ${either(allowed)}`,
    pt: ({ allowed }, { either }) => `deve ser ${either(allowed)}`,
    es: ({ allowed }, { either }) => `debe ser ${either(allowed)}`,
  }),
  of_type: entry<{ types: readonly (keyof typeof TYPES)[] }>({
    en: ({ types }, { either }) => `must be ${either(typesIn(types, 'en'))}`,
    pt: ({ types }, { either }) => `deve ser ${either(typesIn(types, 'pt'))}`,
    es: ({ types }, { either }) => `debe ser ${either(typesIn(types, 'es'))}`,
  }),
  identifier: entry<{ characters: number }>({
    en: ({ characters }) => `must be 1 to ${characters} letters (A–Z, a–z), digits, _ or -`,
    pt: ({ characters }) => `deve ter de 1 a ${characters} letras (A–Z, a–z), dígitos, _ ou -`,
    es: ({ characters }) => `debe tener de 1 a ${characters} letras (A–Z, a–z), dígitos, _ o -`,
  }),
  pattern: entry<{ pattern: string }>({
    en: ({ pattern }) => `must match the pattern ${pattern}`,
    pt: ({ pattern }) => `deve seguir o padrão ${pattern}`,
    es: ({ pattern }) => `debe seguir el patrón ${pattern}`,
  }),
  whole_number: entry<{ minimum: number }>({
    en: ({ minimum }, { number }) => `must be a whole number, ${number(minimum)} or more`,
    pt: ({ minimum }, { number }) => `deve ser um número inteiro, ${number(minimum)} ou mais`,
    es: ({ minimum }, { number }) => `debe ser un número entero, ${number(minimum)} o más`,
  }),
  min_characters: entry<{ count: number }>({
    en: ({ count }, { number }) => `must have ${number(count)} characters or more`,
    pt: ({ count }, { number }) => `deve ter ${number(count)} caracteres ou mais`,
    es: ({ count }, { number }) => `debe tener ${number(count)} caracteres o más`,
  }),
  max_characters: entry<{ count: number }>({
    en: ({ count }, { number }) =>
      `must have ${number(count)} ${plural(count, 'character', 'characters')} or fewer`,
    pt: ({ count }, { number }) =>
      `deve ter no máximo ${number(count)} ${plural(count, 'caractere', 'caracteres')}`,
    es: ({ count }, { number }) =>
      `debe tener ${number(count)} ${plural(count, 'carácter', 'caracteres')} como máximo`,
  }),
  min_items: entry<{ count: number }>({
    en: ({ count }, { number }) => `must have ${number(count)} ${plural(count, 'item', 'items')} or more`,
    pt: ({ count }, { number }) => `deve ter ${number(count)} ${plural(count, 'item', 'itens')} ou mais`,
    es: ({ count }, { number }) =>
      `debe tener ${number(count)} ${plural(count, 'elemento', 'elementos')} o más`,
  }),
  max_items: entry<{ count: number }>({
    en: ({ count }, { number }) => `must have ${number(count)} ${plural(count, 'item', 'items')} or fewer`,
    pt: ({ count }, { number }) => `deve ter no máximo ${number(count)} ${plural(count, 'item', 'itens')}`,
    es: ({ count }, { number }) =>
      `debe tener ${number(count)} ${plural(count, 'elemento', 'elementos')} como máximo`,
  }),
  minimum: entry<{ limit: number }>({
    en: ({ limit }, { number }) => `must be ${number(limit)} or more`,
    pt: ({ limit }, { number }) => `deve ser ${number(limit)} ou mais`,
    es: ({ limit }, { number }) => `debe ser ${number(limit)} o más`,
  }),
  maximum: entry<{ limit: number }>({
    en: ({ limit }, { number }) => `must be ${number(limit)} or less`,
    pt: ({ limit }, { number }) => `deve ser ${number(limit)} ou menos`,
    es: ({ limit }, { number }) => `debe ser ${number(limit)} o menos`,
  }),
  more_than: entry<{ limit: number }>({
    en: ({ limit }, { number }) => `must be more than ${number(limit)}`,
    pt: ({ limit }, { number }) => `deve ser mais que ${number(limit)}`,
    es: ({ limit }, { number }) => `debe ser más que ${number(limit)}`,
  }),
  less_than: entry<{ limit: number }>({
    en: ({ limit }, { number }) => `must be less than ${number(limit)}`,
    pt: ({ limit }, { number }) => `deve ser menos que ${number(limit)}`,
    es: ({ limit }, { number }) => `debe ser menos que ${number(limit)}`,
  }),
  multiple: entry<{ limit: number }>({
    en: ({ limit }, { number }) => `must be a multiple of ${number(limit)}`,
    pt: ({ limit }, { number }) => `deve ser múltiplo de ${number(limit)}`,
    es: ({ limit }, { number }) => `debe ser múltiplo de ${number(limit)}`,
  }),
} as const satisfies Area
