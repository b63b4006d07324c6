import { readFileSync } from 'node:fs'
import type { TSchema } from 'typebox'
import type { SettingError } from './errors.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Tells whether a setting is a secret, which `<SETTING>_FILE` may name a file for. */
export const isSecret = (schema: TSchema): boolean => (schema as { secret?: boolean }).secret === true

/** Returns the name of the setting that says in which file the other one is. */
export const fileSettingOf = (setting: string): string => `${setting}_FILE`

/**
 * Reads secrets from the files that an environment names, without the line end at their end.
 * @param secrets names of the settings that may be read so
 * @returns the environment with the secrets in it; an error for each that cannot be read, is empty or is set twice
 */
export const withSecretFiles = (
  env: Environment,
  secrets: readonly string[],
): { env: Record<string, string | undefined>; errors: SettingError[] } => {
  const read = { ...env }
  const errors: SettingError[] = []
  for (const name of secrets) {
    const field = fileSettingOf(name)
    const path = env[field]
    if (!path) continue
    if (env[name]) {
      errors.push({ field, reason: `goes without ${name}` })
      continue
    }
    try {
      const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
      if (text === '') errors.push({ field, reason: 'names a file that is empty' })
      else read[name] = text
    } catch (error) {
      errors.push({ field, reason: `cannot be read: ${(error as NodeJS.ErrnoException).code}` })
    }
  }
  return { env: read, errors }
}
