const filled = (cells: readonly string[]): { name: string; at: number }[] =>
  cells.flatMap((cell, at) => {
    const name = cell.replace(/\s+/g, ' ').trim()
    return name === '' ? [] : [{ name, at }]
  })

/**
 * Tells whether a row has the names of a header in their order, at whatever places: a printed report repeats its
 * header on each page, not always with the same empty columns between.
 */
export function isHeaderOf(header: readonly string[], cells: readonly string[]): boolean {
  const own = filled(header)
  let at = 0
  for (const cell of cells) {
    const name = cell.trim()
    if (name === '') continue
    if (own[at]?.name !== name.replace(/\s+/g, ' ')) return false
    at++
  }
  return own.length > 1 && at === own.length
}

/**
 * Makes a function that puts the cells of each record where the file's header has their names, by the header of the
 * record's own page. A column without a name keeps its distance from the named one to its right.
 */
export function pageMover(header: readonly string[], width: number): (cells: string[]) => string[] {
  const own = filled(header)
  const first = own[0]?.name
  let places: (number | undefined)[] | undefined

  /** Returns the place of each of the file's columns on a page; undefined where all are at their own. */
  const placesOn = (cells: readonly string[]): typeof places => {
    const page = filled(cells)
    if (page.every(({ at }, index) => at === own[index]?.at)) return undefined
    return Array.from({ length: width }, (_, column) => {
      const right = own.findIndex(({ at }) => at >= column)
      const named = right < 0 ? own.length - 1 : right
      const place = (page[named]?.at ?? 0) + column - (own[named]?.at ?? 0)
      return place > (page[named - 1]?.at ?? -1) || right < 0 ? place : undefined
    })
  }

  return (cells) => {
    const start = cells.find((cell) => cell.trim() !== '')?.trim()
    if (start === first && isHeaderOf(header, cells)) places = placesOn(cells)
    if (!places) return cells
    const known = new Set(places)
    if (cells.some((cell, at) => !known.has(at) && cell.trim() !== '')) return cells
    return places.map((place) => (place === undefined ? '' : (cells[place] ?? '')))
  }
}
