import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
} from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Signs checkpoints and verifies their signatures. */
export interface SigningKey {
  /** Hex SHA-256 of the public key, as DER. */
  readonly id: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

const toSigningKey = (privateKey: KeyObject): SigningKey => {
  const publicKey = createPublicKey(privateKey)
  const der = publicKey.export({ type: 'spki', format: 'der' })
  return { id: createHash('sha256').update(der).digest('hex'), privateKey, publicKey }
}

/** Makes a new key that only this process has. */
export const freshSigningKey = (): SigningKey => toSigningKey(generateKeyPairSync('ed25519').privateKey)

/**
 * Reads the key of a PEM; newlines may be written as `\n`, as one-line settings have them.
 * @throws {Error} when it is no Ed25519 private key
 */
export const pemSigningKey = (pem: string): SigningKey => {
  const key = createPrivateKey(pem.replaceAll('\\n', '\n'))
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`the key is ${key.asymmetricKeyType}`)
  return toSigningKey(key)
}

/**
 * Reads the key in `dataDir`, and makes it at the first start, in a file that only its owner may read; instances
 * that share the directory have the same key.
 */
export const keptSigningKey = async (dataDir: string): Promise<SigningKey> => {
  const path = join(dataDir, 'audit-key.pem')
  const read = async () => pemSigningKey(await readFile(path, 'utf8'))
  try {
    return await read()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  await mkdir(dataDir, { recursive: true })
  const draft = `${path}.${randomUUID()}`
  const pem = freshSigningKey().privateKey.export({ type: 'pkcs8', format: 'pem' })
  await writeFile(draft, pem, { flag: 'wx', mode: 0o600, flush: true } as object)
  try {
    // `link` fails where another instance has made its file meanwhile, and only a complete file gets the name.
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(draft)
  }
  return read()
}
