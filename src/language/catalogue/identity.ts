import { type Area, entry } from '../entry.ts'

/** Who may come in and do what. */
export const identity = {
  no_such_user: { en: 'There is no such user', pt: 'Não existe esse usuário', es: 'No existe ese usuario' },
  locked_out: entry<{ seconds: number }>({
    en: ({ seconds }, { within }) => `Too many failed logins; try again ${within(seconds)}`,
    pt: ({ seconds }, { within }) => `Tentativas de login demais; tente de novo ${within(seconds)}`,
    es: ({ seconds }, { within }) =>
      `Demasiados intentos de acceso fallidos; inténtelo de nuevo ${within(seconds)}`,
  }),
} as const satisfies Area
