import { randomUUID, sign, verify } from 'node:crypto'
import { type Static, Type } from 'typebox'
import type { AuditCheckpointTable } from '../store/schema.ts'
import { canonicalJson } from './canonical-json.ts'
import type { SigningKey } from './signing-key.ts'

/** A signed place of the log, as it is on the wire. */
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

/** Signs a place of the log and returns the new checkpoint's row. */
export const signCheckpoint = (
  place: Pick<AuditCheckpointTable, 'seq' | 'event_id' | 'hash' | 'at' | 'cut'>,
  key: SigningKey,
): AuditCheckpointTable => {
  const row = { ...place, id: randomUUID(), key_id: key.id }
  return { ...row, signature: sign(null, signedText(row), key.privateKey).toString('base64') }
}

/** Checks a checkpoint's signature. @returns the reason why it does not hold; undefined when it does */
export const reasonAgainstCheckpoint = (row: AuditCheckpointTable, key: SigningKey): string | undefined => {
  if (row.key_id !== key.id) return 'the checkpoint is signed with a key that is not the one of this service'
  const holds = verify(null, signedText(row), key.publicKey, Buffer.from(row.signature, 'base64'))
  return holds ? undefined : "the checkpoint's signature does not match its content"
}
