import type { Area } from '../intent/understanding.ts'

/** How Portuguese names of public bodies say a field. */
export const FIELD_OF: Partial<Record<Area, string>> = {
  health: 'saude',
  education: 'educacao',
  works: 'obras',
  security: 'seguranca',
}
