/** Longest text of the data in an answer, in characters. */
const MOST_TEXT = 160

/** Returns a text of the data for Markdown: one line, with markup escaped, cut at `MOST_TEXT`. */
export const plain = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  const short = line.length > MOST_TEXT ? `${line.slice(0, MOST_TEXT)}…` : line
  return short.replace(/[\\`*_[\]<>|#]/g, '\\$&')
}

/** A number, a share or an amount with its currency, as a whole cell. */
const FIGURE = /^[A-Z]{0,3}[$€£]?\s?[-−]?\d[\d.,\s]*%?\s?[$€£]?$/

/** Returns a Markdown table, its columns of figures to the right; its cells are Markdown already. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const rule = head.map((_, column) =>
    rows.length > 0 && rows.every((cells) => FIGURE.test(cells[column] ?? '')) ? '---:' : '---',
  )
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Returns a bar of at most 20 blocks. @param part of the largest value, 0–1 */
export const bar = (part: number): string => '█'.repeat(Math.max(Math.round(part * 20), part > 0 ? 1 : 0))

/** Joins texts as paragraphs; false and undefined are left out. */
export const paragraphs = (...parts: (string | false | undefined)[]): string =>
  parts.filter((part): part is string => Boolean(part)).join('\n\n')
