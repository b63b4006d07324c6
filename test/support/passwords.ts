import { passwords } from '../../src/identity/passwords.ts'

/** Cheap hashes, for tests in which it does not matter what a password costs. */
export const cheapPasswords = passwords({ cost: 1024, blockSize: 8, parallelization: 1 })
