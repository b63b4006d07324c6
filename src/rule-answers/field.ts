import type { Area } from '../intent/understanding.ts'

/** The word for a field in Portuguese names of public bodies. */
export const FIELD_OF: Partial<Record<Area, string>> = {
  health: 'saude',
  education: 'educacao',
  works: 'obras',
  security: 'seguranca',
}
