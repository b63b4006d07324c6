import { type Area, entry } from '../entry.ts'

/** The states of an investigation, as a sentence says that it is in one. */
const STATES = {
  pending: { pt: 'ainda não começou', es: 'aún no ha empezado' },
  running: { pt: 'está em andamento', es: 'está en curso' },
  paused: { pt: 'está pausada', es: 'está en pausa' },
  completed: { pt: 'já terminou', es: 'ya terminó' },
  failed: { pt: 'falhou', es: 'falló' },
  cancelled: { pt: 'foi cancelada', es: 'se canceló' },
} as const

type State = keyof typeof STATES

/** Says why an investigation does not start, run on, or is not steered. */
export const investigation = {
  removed: {
    en: 'the investigation was removed',
    pt: 'a investigação foi removida',
    es: 'la investigación se eliminó',
  },
  no_such_finding: {
    en: 'The investigation has no such finding',
    pt: 'A investigação não tem esse achado',
    es: 'La investigación no tiene ese hallazgo',
  },
  dataset_removed: {
    en: 'the dataset was removed',
    pt: 'o conjunto de dados foi removido',
    es: 'el conjunto de datos se eliminó',
  },
  nothing_fits: entry<{ name: string }>({
    en: ({ name }) => `${name} has no contract that fits the filters; widen them`,
    pt: ({ name }) => `${name} não tem contrato que atenda aos filtros; amplie-os`,
    es: ({ name }) => `${name} no tiene ningún contrato que cumpla los filtros; amplíelos`,
  }),
  removed_exporting: {
    en: 'The investigation was removed while it was exported',
    pt: 'A investigação foi removida enquanto era exportada',
    es: 'La investigación se eliminó mientras se exportaba',
  },
  in_state: entry<{ state: State }>({
    en: ({ state }) => `The investigation is ${state}`,
    pt: ({ state }) => `A investigação ${STATES[state].pt}`,
    es: ({ state }) => `La investigación ${STATES[state].es}`,
  }),
  cancel_first: entry<{ state: State }>({
    en: ({ state }) => `The investigation is ${state}; cancel it first`,
    pt: ({ state }) => `A investigação ${STATES[state].pt}; cancele-a antes`,
    es: ({ state }) => `La investigación ${STATES[state].es}; cancélela antes`,
  }),
} as const satisfies Area
