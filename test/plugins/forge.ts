import { createHmac, type KeyObject, sign } from 'node:crypto'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

type Signer = (input: string) => Buffer

export const hmac =
  (hash: string, key: string | Buffer): Signer =>
  (input) =>
    createHmac(hash, key).update(input).digest()
export const asymmetric =
  (key: KeyObject, hash: string | null = 'sha256'): Signer =>
  (input) =>
    sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })

/** A token of any header and claims, signed in any way. */
export const forge = (header: unknown, claims: unknown, signer: Signer) => {
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${signer(input).toString('base64url')}`
}

/** What a token says, unverified. */
export const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString())
