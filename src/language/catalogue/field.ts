import { type Area, entry } from '../entry.ts'

/** Why a field is refused; the sentence goes on after the field's name. */
export const field = {
  required: { en: 'is required', pt: 'é obrigatório', es: 'es obligatorio' },
  unknown: { en: 'is not known here', pt: 'não é conhecido aqui', es: 'no se conoce aquí' },
  blank: { en: 'must not be blank', pt: 'não pode ficar em branco', es: 'no puede estar en blanco' },
  one_of: entry<{ allowed: readonly string[] }>({
    en: ({ allowed }, { either }) => `must be ${either(allowed)}`,
    pt: ({ allowed }, { either }) => `deve ser ${either(allowed)}`,
    es: ({ allowed }, { either }) => `debe ser ${either(allowed)}`,
  }),
} as const satisfies Area
