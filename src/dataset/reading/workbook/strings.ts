/** The strings that the cells of a workbook share, kept outside the JavaScript heap. */
export interface SharedStrings {
  add(text: string): void
  get(index: number): string
}

const FIRST_BYTES = 64 * 1024

/** Makes a store of strings: UTF-8 in one growing buffer, with the end of each. */
export function sharedStrings(): SharedStrings {
  let bytes = Buffer.allocUnsafe(FIRST_BYTES)
  let ends = new Uint32Array(1024)
  let count = 0
  let used = 0
  return {
    add: (text) => {
      const size = Buffer.byteLength(text)
      if (used + size > bytes.length) {
        const larger = Buffer.allocUnsafe(Math.max(bytes.length * 1.5, used + size) | 0)
        bytes.copy(larger, 0, 0, used)
        bytes = larger
      }
      if (count === ends.length) {
        const larger = new Uint32Array(ends.length * 2)
        larger.set(ends)
        ends = larger
      }
      used += bytes.write(text, used)
      ends[count++] = used
    },
    get: (index) =>
      index >= 0 && index < count
        ? bytes.toString('utf8', index === 0 ? 0 : ends[index - 1], ends[index])
        : '',
  }
}
