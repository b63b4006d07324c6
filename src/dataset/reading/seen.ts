/** Size of the filter: 2²⁶ bits are 8 MiB, whatever the number of texts. */
const BITS = 26

/**
 * Makes a Bloom filter that tells whether a text may have been seen before: no is always right; yes is wrong for
 * about one new text in 70 after a million others.
 */
export function seenBefore(): (text: string) => boolean {
  const bits = new Uint32Array(2 ** (BITS - 5))
  return (text) => {
    let hash = 0x811c9dc5
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    hash ^= hash >>> 13
    const place = hash >>> (32 - BITS)
    const word = bits[place >>> 5] as number
    const bit = 1 << (place & 31)
    bits[place >>> 5] = word | bit
    return (word & bit) !== 0
  }
}
