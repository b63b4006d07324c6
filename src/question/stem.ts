import { folded } from '../language/folding.ts'

/** Endings that only tell number, gender or a derived form, by what takes their place; the longest comes first. */
const ENDINGS: readonly (readonly [ending: string, instead: string])[] = [
  ['coes', 'cao'],
  ['ciones', 'cao'],
  ['cion', 'cao'],
  ['tions', 'cao'],
  ['tion', 'cao'],
  ['soes', 'sao'],
  ['siones', 'sao'],
  ['oes', 'ao'],
  ['aes', 'ao'],
  ['ais', 'al'],
  ['eis', 'el'],
  ['ois', 'ol'],
  ['uis', 'ul'],
  ['ies', 'y'],
  ['ns', 'm'],
  ['res', 'r'],
  ['zes', 'z'],
  ['ses', 's'],
  ['es', 'e'],
  ['s', ''],
]
/** Words shorter than this are left as they are. */
const LEAST_LETTERS = 4

const singular = (word: string): string => {
  for (const [ending, instead] of ENDINGS)
    if (word.endsWith(ending) && word.length - ending.length >= 2)
      return word.slice(0, word.length - ending.length) + instead
  return word
}

/**
 * Returns what the forms of a word in Portuguese, Spanish and English have in common: without the endings of number and
 * gender. It is no word, and only compared.
 * @param word folded
 */
export const stem = (word: string): string => {
  if (word.length < LEAST_LETTERS || /\d/.test(word)) return word
  const one = singular(word)
  return one.length >= LEAST_LETTERS && !one.endsWith('ao') ? one.replace(/[aeo]$/, '') : one
}

/** Words that distinguish no thing and no name from another, folded, in the three languages. */
const FILLERS: ReadonlySet<string> = new Set(
  'a o as os um uma de da do das dos e em no na nos nas com por para ao aos y el la los las del al con un una the of and for in on to an or ou'.split(
    ' ',
  ),
)

/** Returns the words of a text that mean something, folded; all of them where none does. */
export const wordsOf = (text: string): string[] => {
  const words = folded(text)
    .split(' ')
    .filter((word) => word !== '')
  const meaning = words.filter((word) => !FILLERS.has(word))
  return meaning.length > 0 ? meaning : words
}
