import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'

/** The secrets that the parts of a cluster share. */
export interface Secrets {
  jwtSecret: string
  auditSigningKey: string
  adminPassword: string
  postgresPassword: string
}

const made = (): Secrets => ({
  jwtSecret: randomBytes(32).toString('base64url'),
  auditSigningKey: generateKeyPairSync('ed25519')
    .privateKey.export({ format: 'pem', type: 'pkcs8' })
    .toString(),
  adminPassword: randomBytes(12).toString('base64url'),
  postgresPassword: randomBytes(16).toString('base64url'),
})

/** Returns the secrets that a file keeps, and whether they were made just now. Only its owner can read the file. */
export const keptSecrets = async (file: string): Promise<{ secrets: Secrets; isNew: boolean }> => {
  try {
    return { secrets: JSON.parse(await readFile(file, 'utf8')) as Secrets, isNew: false }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const secrets = made()
  await writeFile(file, JSON.stringify(secrets, null, 2), { mode: 0o600 })
  return { secrets, isNew: true }
}
