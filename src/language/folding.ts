/** Returns a text in lower case without accents, so that `LICITAÇÃO` and `licitacao` are one. */
export const unaccented = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')

/** Returns the letters and digits of a text, {@link unaccented}, with one space for whatever stands between them. */
export const folded = (text: string): string =>
  unaccented(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** Returns the DuckDB expression that makes of a column what {@link unaccented} makes of a text. */
export const unaccentedSql = (column: string): string => `strip_accents(lower(${column}))`

/** Returns the DuckDB expression that makes of a column what {@link folded} makes of a text. */
export const foldedSql = (column: string): string =>
  `trim(regexp_replace(${unaccentedSql(column)}, '[^\\p{L}\\p{N}]+', ' ', 'g'))`

/**
 * Returns a text in lower case without accents, one character for each UTF-16 unit of the text, so that places in both agree.
 * Anything that is neither letter nor digit stays.
 */
export const fold = (text: string): string => {
  let same = ''
  for (let at = 0; at < text.length; at++) {
    const unit = text[at] as string
    if (unit < '\u0080') same += unit.toLowerCase()
    else {
      const plain = unaccented(unit)
      same += plain.length === 1 ? plain : unit
    }
  }
  return same
}

/** Splits folded text into words; apostrophes inside a word are left out. */
export const tokens = (folded: string): string[] => folded.replace(/['’]/g, '').match(/[\p{L}\p{N}]+/gu) ?? []

/**
 * Tells whether two words are one slip of the keyboard apart (two, from 9 letters on): a letter too many, too few,
 * another one, or two neighbours swapped.
 * @see https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance (optimal string alignment)
 */
export const nearly = (a: string, b: string): boolean => {
  const most = a.length >= 9 ? 2 : 1
  if (Math.abs(a.length - b.length) > most) return false
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let steps = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + (same ? 0 : 1),
      )
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        steps = Math.min(steps, (before[j - 2] as number) + 1)
      row.push(steps)
      if (steps < least) least = steps
    }
    if (least > most) return false
    before = last
    last = row
  }
  return (last[b.length] as number) <= most
}
