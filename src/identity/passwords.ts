import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/** The cost of one hash: `128 · cost · blockSize` bytes of memory, `parallelization` times over. */
export interface PasswordCost {
  cost: number
  blockSize: number
  parallelization: number
}

/**
 * Returns the cost of hashes of `2 ** power`: at 15, what OWASP advises.
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt
 */
export const passwordCost = (power: number): PasswordCost => ({
  cost: 2 ** power,
  blockSize: 8,
  parallelization: 3,
})

const KEY_BYTES = 32
const SALT_BYTES = 16

/** Hashes computed at once: the thread pool has four threads, which file access and DNS need too. */
const MAX_AT_ONCE = 2

let running = 0
const queue: (() => void)[] = []

/** Runs work when one of the few places is free, so that a flood of logins leaves threads to other work. */
const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
  if (running >= MAX_AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve))
  else running++
  try {
    return await work()
  } finally {
    const next = queue.shift()
    if (next) next()
    else running--
  }
}

const derive = ({ cost, blockSize, parallelization }: PasswordCost, password: string, salt: Buffer) => {
  const options: ScryptOptions = { cost, blockSize, parallelization, maxmem: 256 * cost * blockSize }
  return inTurn(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
          error ? reject(error) : resolve(key),
        )
      }),
  )
}

const encode = ({ cost, blockSize, parallelization }: PasswordCost, salt: Buffer, key: Buffer) =>
  ['scrypt', cost, blockSize, parallelization, salt.toString('base64url'), key.toString('base64url')].join(
    '$',
  )

const decode = (hash: string) => {
  const match = /^scrypt\$(\d{1,8})\$(\d{1,2})\$(\d{1,2})\$([\w-]+)\$([\w-]+)$/.exec(hash)
  if (!match) return undefined
  const [, cost, blockSize, parallelization, salt = '', key = ''] = match
  return {
    cost: { cost: Number(cost), blockSize: Number(blockSize), parallelization: Number(parallelization) },
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  }
}

export interface Passwords {
  /** Returns the hash of a password as `scrypt$cost$blockSize$parallelization$salt$key`. */
  hash(password: string): Promise<string>
  /**
   * Compares in constant time. Without a hash, or with an unreadable one, a full hash is computed all the same, so
   * that the time does not reveal whether the user exists.
   */
  verify(password: string, hash: string | undefined): Promise<boolean>
}

/** Makes the hashing of passwords by scrypt on the thread pool; each hash contains its parameters. */
export const passwords = (cost: PasswordCost): Passwords => {
  const dummy = { cost, salt: randomBytes(SALT_BYTES), key: randomBytes(KEY_BYTES) }
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES)
      return encode(cost, salt, await derive(cost, password, salt))
    },
    async verify(password, hash) {
      const known = hash === undefined ? undefined : decode(hash)
      const { cost: used, salt, key } = known ?? dummy
      const derived = await derive(used, password, salt)
      return key.length === derived.length && timingSafeEqual(derived, key) && known !== undefined
    },
  }
}

/** Returns a random password of 20 characters out of 31 that are hard to confuse: 99 bits. */
export const makePassword = (): string => {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
  let password = ''
  while (password.length < 20) {
    // 248 is the largest multiple of 31 in a byte: above it, letters would not be equally likely.
    for (const byte of randomBytes(32)) if (byte < 248) password += alphabet[byte % 31]
  }
  return password.slice(0, 20)
}
