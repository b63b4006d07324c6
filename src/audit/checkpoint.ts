import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import type { AuditCheckpointTable } from '../store/schema.ts'
import { canonicalJson } from './canonical.ts'

/** A place of the log as it is on the wire, signed. */
export const Checkpoint = Type.Object({
  id: Type.String(),
  event_id: Type.String({ description: 'the last event that it covers' }),
  hash: Type.String({ description: 'of that event' }),
  count: Type.Integer({ description: 'events from the first on, those that were removed since among them' }),
  at: Type.String({ description: 'ISO 8601 with milliseconds, UTC' }),
  cut: Type.Boolean({ description: 'the events up to here were removed, or may be' }),
  key_id: Type.String({ description: 'hex SHA-256 of the public key' }),
  signature: Type.String({
    description: 'base64 Ed25519 over the RFC 8785 JSON of at, count, cut, event_id, hash, id and key_id',
  }),
})
export type Checkpoint = Static<typeof Checkpoint>

/** What checkpoints are signed with. */
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

/** A key that nobody has but this process. */
export const freshSigningKey = (): SigningKey => toSigningKey(generateKeyPairSync('ed25519').privateKey)

/** The key of `dataDir`, made at the first start in a file that only its owner reads; instances that share it agree. */
export const keptSigningKey = async (dataDir: string): Promise<SigningKey> => {
  const path = join(dataDir, 'audit-key.pem')
  const read = async () => toSigningKey(createPrivateKey(await readFile(path)))
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
    // Only a whole file gets the name, and the first one keeps it.
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(draft)
  }
  return read()
}

export const toCheckpoint = (row: AuditCheckpointTable): Checkpoint => ({
  id: row.id,
  event_id: row.event_id,
  hash: row.hash,
  count: row.seq,
  at: new Date(row.at).toISOString(),
  cut: row.cut !== 0,
  key_id: row.key_id,
  signature: row.signature,
})

const signedText = (row: Omit<AuditCheckpointTable, 'signature'>): Buffer => {
  const { signature: _, ...signed } = toCheckpoint({ ...row, signature: '' })
  return Buffer.from(canonicalJson(signed))
}

/** The row of a new checkpoint. */
export const signCheckpoint = (
  place: Pick<AuditCheckpointTable, 'seq' | 'event_id' | 'hash' | 'at' | 'cut'>,
  key: SigningKey,
): AuditCheckpointTable => {
  const row = { ...place, id: randomUUID(), key_id: key.id }
  return { ...row, signature: sign(null, signedText(row), key.privateKey).toString('base64') }
}

/** @returns why the checkpoint proves nothing; undefined when its signature holds */
export const reasonAgainstCheckpoint = (row: AuditCheckpointTable, key: SigningKey): string | undefined => {
  if (row.key_id !== key.id) return 'the checkpoint is signed with a key that is not the one of this service'
  const holds = verify(null, signedText(row), key.publicKey, Buffer.from(row.signature, 'base64'))
  return holds ? undefined : "the checkpoint's signature does not match its content"
}
