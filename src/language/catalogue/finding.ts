import type { Area } from '../entry.ts'

/** What detectors say of what they found: titles, explanations, notes. */
export const finding = {
  caution: {
    en: 'This is a red flag to look into, not a proof of wrongdoing.',
    pt: 'Isto é um sinal de alerta a verificar, não uma prova de irregularidade.',
    es: 'Esto es una señal de alerta que hay que verificar, no una prueba de irregularidad.',
  },
} as const satisfies Area
