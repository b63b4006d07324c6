import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'

/**
 * Refuses a row for a user who was removed meanwhile as a request of theirs is; for the `catch` of its insertion.
 * @throws {Problem} `UNAUTHENTICATED`; the error itself where it is another
 */
export const refuseRemoved = (error: unknown): never => {
  const { code } = error as { code?: string }
  if (code === '23503' || code === 'SQLITE_CONSTRAINT_FOREIGNKEY')
    throw new Problem('UNAUTHENTICATED', say('identity.revoked'), { cause: error })
  throw error
}
