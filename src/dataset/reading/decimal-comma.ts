const WHOLE = /^\s*(?:R\$\s*)?-?(?:\d+|\d{1,3}(?:\.\d{3})+)$/
const HUNDREDTHS = /^\d{2}\s*$/

/**
 * Puts amounts together again whose decimal comma has parted them in a file of commas: `1,ACME,1.234,56` under three
 * names. Only where every surplus cell is such a comma's, and no other cell could be.
 * @param width cells of the header
 * @returns the same cells where that is not so
 */
export function joinDecimals(cells: string[], width: number): string[] {
  if (cells.length <= width) return cells
  const joined: string[] = []
  for (let at = 0; at < cells.length; at++) {
    const cell = cells[at] as string
    const next = cells[at + 1]
    if (next !== undefined && WHOLE.test(cell) && HUNDREDTHS.test(next)) {
      joined.push(`${cell},${next}`)
      at++
    } else joined.push(cell)
  }
  return joined.length === width ? joined : cells
}
