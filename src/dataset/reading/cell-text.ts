/** Characters nobody sees, as of a regular expression's class: joiners, byte order marks, directions of writing. */
export const INVISIBLE = '\\u200b-\\u200f\\u202a-\\u202e\\u2060\\u2066-\\u2069\\ufeff'
const AROUND = new RegExp(`^[\\s${INVISIBLE}]+|[\\s${INVISIBLE}]+$`, 'g')

/**
 * Returns a cell's text without white and invisible characters around it, and without `="…"`, which protects text
 * from spreadsheets.
 */
export function trimmed(text: string): string {
  if (text === '') return text
  const first = text.charCodeAt(0)
  const last = text.charCodeAt(text.length - 1)
  if (first <= 32 || first >= 128 || last <= 32 || last >= 128) {
    const bare = text.replace(AROUND, '')
    return bare === text ? bare : trimmed(bare)
  }
  return first === 61 && last === 34 && text.charCodeAt(1) === 34 && text.length > 2
    ? text.slice(2, -1)
    : text
}
