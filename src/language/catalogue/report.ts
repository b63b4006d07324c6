import type { Area } from '../entry.ts'

/** The words of a report around its findings. */
export const report = {
  heading: {
    en: 'Investigation of public contracts',
    pt: 'Investigação de contratos públicos',
    es: 'Investigación de contratos públicos',
  },
} as const satisfies Area
