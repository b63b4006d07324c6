import type { Area } from '../entry.ts'

/** Says why the audit log is not cut, signed or exported. */
export const audit = {
  broken: {
    en: 'The log does not hold; nothing was removed, so that it can be looked into',
    pt: 'O registro não confere; nada foi removido, para que possa ser examinado',
    es: 'El registro no cuadra; no se eliminó nada, para que pueda examinarse',
  },
  empty: {
    en: 'The log has no event yet',
    pt: 'O registro ainda não tem eventos',
    es: 'El registro aún no tiene eventos',
  },
  cut_meanwhile: {
    en: 'Older events were removed while they were exported',
    pt: 'Eventos antigos foram removidos enquanto eram exportados',
    es: 'Se eliminaron eventos antiguos mientras se exportaban',
  },
} as const satisfies Area
