type Environment = Readonly<Record<string, string | undefined>>

/** The names that documents of clients have for settings of ours. */
const DOCUMENT_NAMES: Readonly<Record<string, string>> = {
  GROK_API_KEY: 'XAI_API_KEY',
  GROK_MODEL: 'XAI_MODEL',
  GROK_BASE_URL: 'XAI_BASE_URL',
  STREAMING_API_PORT: 'PORT',
}
const OLLAMA_ADDRESS = 'http://127.0.0.1:11434'

/** Returns an environment in which documents' names are ours; where both are set, ours counts. */
export const withDocumentNames = (env: Environment): Record<string, string | undefined> => {
  const named = { ...env }
  for (const [theirs, ours] of Object.entries(DOCUMENT_NAMES)) if (env[theirs]) named[ours] ||= env[theirs]
  const ollama = env.OLLAMA_ENABLED?.trim().toLowerCase() ?? ''
  if (/^(true|1|yes|on)$/.test(ollama)) named.OLLAMA_BASE_URL ||= OLLAMA_ADDRESS
  else if (/^(false|0|no|off)$/.test(ollama))
    for (const name of Object.keys(named)) if (name.startsWith('OLLAMA_')) delete named[name]
  return named
}

/** Returns how many letters must be added, taken away or changed to make one name of the other. */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const changed = (row[j - 1] as number) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[other.length] as number
}

/** First words that other programs' variables begin with as well. */
const SHARED_WORDS: ReadonlySet<string> = new Set(['NODE', 'HOST', 'PORT', 'OTEL'])
const firstWord = (name: string): string => name.split('_', 1)[0] as string

/** A variable that looks like a setting and is none, and the setting that is nearest to it. */
export interface UnknownSetting {
  name: string
  nearest: string
}

/**
 * Finds the variables that begin like a setting of ours and are none.
 * @param known names of all settings
 */
export const unknownSettings = (env: Environment, known: readonly string[]): UnknownSetting[] => {
  const all = [...known, ...Object.keys(DOCUMENT_NAMES), 'OLLAMA_ENABLED']
  const names = new Set(all)
  const words = new Set(all.map(firstWord).filter((word) => !SHARED_WORDS.has(word)))
  return Object.keys(env)
    .filter((name) => name.includes('_') && !names.has(name) && words.has(firstWord(name)))
    .map((name) => ({
      name,
      nearest: all.reduce((best, one) => (distance(name, one) < distance(name, best) ? one : best)),
    }))
}
