import { readFile } from 'node:fs/promises'
import { keptSigningKey, pemSigningKey, type SigningKey } from './audit/signing-key.ts'
import { type Config, ConfigError } from './config.ts'
import { type ExternalKeys, jwks, publicKey } from './identity/external-keys.ts'

const publicKeyOf = (pem: string): ExternalKeys => {
  try {
    return publicKey(pem)
  } catch {
    throw new ConfigError([
      { field: 'JWT_PUBLIC_KEY', reason: 'is no PEM of an RSA, EC or Ed25519 public key' },
    ])
  }
}

/**
 * Returns the keys and name of the other issuer whose tokens are accepted; undefined when there is none.
 * @throws {ConfigError}
 */
export const externalOf = (
  config: Config,
): { keys: ExternalKeys; issuer: string | undefined } | undefined => {
  if (config.JWT_PUBLIC_KEY)
    return { keys: publicKeyOf(config.JWT_PUBLIC_KEY), issuer: config.EXTERNAL_ISSUER }
  return config.JWKS_URL ? { keys: jwks(config.JWKS_URL), issuer: config.EXTERNAL_ISSUER } : undefined
}

/**
 * Returns the key that signs the audit log: the one in the settings, else the stored one.
 * @throws {ConfigError}
 */
export const auditKeyOf = async (config: Config): Promise<SigningKey> => {
  const { AUDIT_SIGNING_KEY: pem, AUDIT_SIGNING_KEY_FILE: path } = config
  const bad = (field: string, reason: string) => new ConfigError([{ field, reason }])
  const read = async (file: string) => {
    try {
      return await readFile(file, 'utf8')
    } catch (error) {
      throw bad('AUDIT_SIGNING_KEY_FILE', `cannot be read: ${(error as NodeJS.ErrnoException).code}`)
    }
  }
  const given = path === undefined ? pem : await read(path)
  if (given === undefined) return keptSigningKey(config.DATA_DIR)
  try {
    return pemSigningKey(given)
  } catch {
    const field = path === undefined ? 'AUDIT_SIGNING_KEY' : 'AUDIT_SIGNING_KEY_FILE'
    throw bad(field, 'is no PEM of an Ed25519 private key')
  }
}
