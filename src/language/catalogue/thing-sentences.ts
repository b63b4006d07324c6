import { type Area, entry } from '../entry.ts'

/** Kinds of things that are asked for by their ids. */
/** Kinds of things that a caller names by an id. */
export type Thing =
  | 'agent'
  | 'anomaly'
  | 'channel'
  | 'chat'
  | 'dataset'
  | 'investigation'
  | 'model'
  | 'prompt'
  | 'provider'
  | 'stream'
  | 'user'

/** Each thing as Portuguese calls it: "esse modelo", "deste modelo". */
const PT: Readonly<Record<Thing, readonly [that: string, ofThis: string]>> = {
  agent: ['esse agente', 'deste agente'],
  anomaly: ['essa anomalia', 'desta anomalia'],
  channel: ['esse canal', 'deste canal'],
  chat: ['essa conversa', 'desta conversa'],
  dataset: ['esse conjunto de dados', 'deste conjunto de dados'],
  investigation: ['essa investigação', 'desta investigação'],
  model: ['esse modelo', 'deste modelo'],
  prompt: ['esse prompt', 'deste prompt'],
  provider: ['esse provedor', 'deste provedor'],
  stream: ['esse fluxo', 'deste fluxo'],
  user: ['esse usuário', 'deste usuário'],
}

/** Each thing as Spanish calls it: "ese modelo", "de este modelo". */
const ES: Readonly<Record<Thing, readonly [that: string, ofThis: string]>> = {
  agent: ['ese agente', 'de este agente'],
  anomaly: ['esa anomalía', 'de esta anomalía'],
  channel: ['ese canal', 'de este canal'],
  chat: ['esa conversación', 'de esta conversación'],
  dataset: ['ese conjunto de datos', 'de este conjunto de datos'],
  investigation: ['esa investigación', 'de esta investigación'],
  model: ['ese modelo', 'de este modelo'],
  prompt: ['ese prompt', 'de este prompt'],
  provider: ['ese proveedor', 'de este proveedor'],
  stream: ['ese flujo', 'de este flujo'],
  user: ['ese usuario', 'de este usuario'],
}

/** Sentences about a thing that is not there, not the caller's, or not shared. */
export const thing = {
  no_such: entry<{ thing: Thing }>({
    en: ({ thing }) => `There is no such ${thing}`,
    pt: ({ thing }) => `Não existe ${PT[thing][0]}`,
    es: ({ thing }) => `No existe ${ES[thing][0]}`,
  }),
  only_owner: entry<{ thing: Thing }>({
    en: ({ thing }) => `Only the owner of this ${thing} may do that`,
    pt: ({ thing }) => `Só quem é dono ${PT[thing][1]} pode fazer isso`,
    es: ({ thing }) => `Solo el propietario ${ES[thing][1]} puede hacerlo`,
  }),
  not_shared: entry<{ thing: Thing }>({
    en: ({ thing }) => `This ${thing} is not shared so`,
    pt: ({ thing }) => `Não há esse compartilhamento ${PT[thing][1]}`,
    es: ({ thing }) => `No existe ese uso compartido ${ES[thing][1]}`,
  }),
} as const satisfies Area
