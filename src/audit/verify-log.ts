import type { AuditTrail } from './audited.ts'
import type { AuditLog } from './log.ts'
import type { Verification } from './verification.ts'

/** Rejects with the signal's reason; a verification takes no signal. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })

/**
 * Recomputes the chain of the audit log, and records the outcome in it.
 * @param since id of a checkpoint; from the log's beginning without one
 * @throws {Problem} `VALIDATION_FAILED` when `since` is no checkpoint's id; the signal's reason
 */
export const verifyLog = async (
  log: Pick<AuditLog, 'verify'>,
  audit: AuditTrail,
  { since, signal }: { since?: string | undefined; signal?: AbortSignal },
): Promise<Verification> => {
  const verified = log.verify(since)
  const verification = await (signal ? Promise.race([verified, aborted(signal)]) : verified)
  signal?.throwIfAborted()
  const { valid, checked, first_broken } = verification
  await audit.append(valid ? 'audit.verified' : 'audit.broken', {
    details: { checked, first_broken, since: since ?? null },
  })
  return verification
}
