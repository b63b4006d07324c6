import { constants, crc32, deflateRawSync } from 'node:zlib'

/** The checksum's polynomial, bits reversed. @see https://www.rfc-editor.org/rfc/rfc1952#section-8 */
const POLYNOMIAL = 0xedb88320
const HIGHEST = 0x80000000
/** The last block of a deflate stream, which is empty. */
const END = [0x03, 0x00]

/** Multiplies two polynomials modulo the checksum's one. */
const multiply = (one: number, other: number): number => {
  let product = 0
  let factor = other
  for (let bit = HIGHEST; bit !== 0; bit >>>= 1) {
    if ((one & bit) !== 0) product ^= factor
    factor = (factor & 1) !== 0 ? (factor >>> 1) ^ POLYNOMIAL : factor >>> 1
  }
  return product >>> 0
}

/** Returns x to the power of `8 * length`, by which a checksum moves on over that many bytes. */
const powerOf = (length: number): number => {
  let power = HIGHEST
  // x to the power of 8, squared again for each bit of the length.
  let square = 0x00800000
  for (let left = length; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power = multiply(square, power)
    square = multiply(square, square)
  }
  return power
}

/** The first bytes of a gzip body. */
export const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])

/** Compressed text that refers to nothing before it, so that it may stand in any gzip body. */
export interface GzipPiece {
  bytes: Buffer
  /** Checksum and number of the bytes before compression. */
  checksum: number
  length: number
  /** The power of x by which a checksum moves on over them. */
  power: number
}

/** Compresses bytes by themselves, at a level of 1 to 9. */
export const gzipPiece = (bytes: Buffer, level: number): GzipPiece => ({
  bytes: deflateRawSync(bytes, { level, finishFlush: constants.Z_FULL_FLUSH }),
  checksum: crc32(bytes),
  length: bytes.length,
  power: powerOf(bytes.length),
})

/** A place in a sequence of pieces: the checksum and the number of all bytes before it. */
type GzipPlace = Pick<GzipPiece, 'checksum' | 'length'>

/** Counts the pieces of one gzip body, whose end tells what they were. */
export class GzipCount {
  #checksum = 0
  #length = 0

  add({ checksum, length, power }: Omit<GzipPiece, 'bytes'>): void {
    this.#checksum = (multiply(power, this.#checksum) ^ checksum) >>> 0
    this.#length += length
  }

  get place(): GzipPlace {
    return { checksum: this.#checksum, length: this.#length }
  }

  /** Adds all pieces that another count has had since it was at a place, as if each had been added here as well. */
  addSince(place: GzipPlace, other: GzipCount): void {
    const length = other.#length - place.length
    const power = powerOf(length)
    this.add({ length, power, checksum: (other.#checksum ^ multiply(power, place.checksum)) >>> 0 })
  }

  /** Returns the last bytes of the body. */
  end(): Buffer {
    const bytes = Buffer.from([...END, 0, 0, 0, 0, 0, 0, 0, 0])
    bytes.writeUInt32LE(this.#checksum, END.length)
    bytes.writeUInt32LE(this.#length % 2 ** 32, END.length + 4)
    return bytes
  }
}
