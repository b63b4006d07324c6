const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
/** Shortest and longest word, in letters, of which a misspelling is recognised. */
const LEAST_LETTERS = 5
const MOST_LETTERS = 24
/** Misspelt words that one reader looks up in one message. */
const MOST_RESPELT = 200

/** Yields every word one slip of the keyboard away: a letter too many, too few, another one, or two neighbours swapped. */
function* slips(word: string): Generator<string> {
  for (let at = 0; at < word.length; at++) {
    yield word.slice(0, at) + word.slice(at + 1)
    if (at + 1 < word.length) yield word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2)
  }
  for (let at = 0; at <= word.length; at++)
    for (const letter of LETTERS) {
      if (at < word.length) yield word.slice(0, at) + letter + word.slice(at + 1)
      yield word.slice(0, at) + letter + word.slice(at)
    }
}

/**
 * Returns the known word that a word of five letters or more is one slip away from, the most frequent of several.
 * @param frequency of a word; 0 for an unknown one
 */
const respelt = (word: string, frequency: (word: string) => number): string | undefined => {
  if (word.length < LEAST_LETTERS || word.length > MOST_LETTERS || !/^[a-z]+$/.test(word)) return undefined
  let best: string | undefined
  let most = 0
  for (const other of slips(word)) {
    const often = other.length >= LEAST_LETTERS - 1 ? frequency(other) : 0
    if (often > most) {
      best = other
      most = often
    }
  }
  return best
}

/** Makes a {@link respelt} for one message, which gives up after 200 words: a message of more strange ones says nothing. */
export const speller = (): typeof respelt => {
  let left = MOST_RESPELT
  return (word, frequency) => {
    if (left === 0) return undefined
    left -= 1
    return respelt(word, frequency)
  }
}
