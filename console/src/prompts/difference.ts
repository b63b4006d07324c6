/** A stretch of a text: words with the space behind them, and whether the other text lacks them. */
export interface Stretch {
  text: string
  isOwn: boolean
}

/** Cells of the table that is filled at most, about 2,000 words on each side; more would hold the page up. */
const MOST_CELLS = 4_000_000

const wordsOf = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? []

/** Joins neighbours of one kind. */
const stretchesOf = (words: readonly string[], isOwn: (index: number) => boolean): Stretch[] => {
  const stretches: Stretch[] = []
  for (const [index, text] of words.entries()) {
    const last = stretches.at(-1)
    if (last?.isOwn === isOwn(index)) last.text += text
    else stretches.push({ text, isOwn: isOwn(index) })
  }
  return stretches
}

/**
 * Marks the words in which two texts differ: those outside of their longest common subsequence. Spaces do not count.
 * @returns both texts in stretches, and how many words each has alone; undefined where too many words lie between
 * their common beginning and end
 */
export const differenceOf = (left: string, right: string) => {
  const [a, b] = [wordsOf(left), wordsOf(right)]
  const [x, y] = [a.map((word) => word.trim()), b.map((word) => word.trim())]
  let from = 0
  while (from < x.length && from < y.length && x[from] === y[from]) from++
  let [endA, endB] = [x.length, y.length]
  while (endA > from && endB > from && x[endA - 1] === y[endB - 1]) {
    endA--
    endB--
  }
  const width = endB - from + 1
  if ((endA - from) * (endB - from) > MOST_CELLS) return undefined
  // lengths[i][j]: of the longest common subsequence of what follows word i of the left and word j of the right.
  const lengths = new Uint16Array((endA - from + 1) * width)
  const lengthAt = (i: number, j: number): number => lengths[(i - from) * width + j - from] ?? 0
  for (let i = endA - 1; i >= from; i--)
    for (let j = endB - 1; j >= from; j--)
      lengths[(i - from) * width + j - from] =
        x[i] === y[j] ? lengthAt(i + 1, j + 1) + 1 : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1))
  const [ownA, ownB] = [new Set<number>(), new Set<number>()]
  for (let i = from, j = from; i < endA || j < endB; ) {
    if (i < endA && j < endB && x[i] === y[j]) {
      i++
      j++
    } else if (j === endB || (i < endA && lengthAt(i + 1, j) >= lengthAt(i, j + 1))) ownA.add(i++)
    else ownB.add(j++)
  }
  return {
    left: { stretches: stretchesOf(a, (index) => ownA.has(index)), own: ownA.size },
    right: { stretches: stretchesOf(b, (index) => ownB.has(index)), own: ownB.size },
  }
}
