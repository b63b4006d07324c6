import type { Register } from './register.ts'
import { stem } from './stem.ts'

/** Returns the forms of a word that stand in the dataset's objects, items and categories. */
export const formsOf = (register: Register, word: string): readonly string[] => {
  const forms = register.wordsByStem.get(stem(word)) ?? []
  return forms.length > 0 ? forms : register.words.has(word) ? [word] : []
}
