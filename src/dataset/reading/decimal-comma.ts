const WHOLE = /^\s*(?:R\$\s*)?-?(?:\d+|\d{1,3}(?:\.\d{3})+)$/
const HUNDREDTHS = /^\d{2}\s*$/

/**
 * Joins amounts that a decimal comma has split in a comma-separated file: `1,ACME,1.234,56` under three names. It
 * does so only where every surplus cell comes from such a comma, and no other cell could.
 * @param width number of cells of the header
 * @returns the given cells where that is not so
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
