import type { Register } from '../register.ts'
import { stem } from '../stem.ts'
import { ONLY_ONES } from './bodies.ts'
import { isKnown, isWhole } from './concepts.ts'
import type { Draft, Token } from './draft.ts'
import { rolesOf } from './operators.ts'
import { isPhrased } from './phrases.ts'
import { speller } from './spelling.ts'

/** Shortest word, in letters, that is taken for a misspelt word of a question rather than for a thing. */
const LEAST_MENDED = 7
/** Reads misspelt words of questions as what they are a slip away from. */
export const mendWords = (reading: Draft, register: Register): void => {
  const respelt = speller()
  for (const token of reading.tokens) {
    const { word } = token
    // "The council's spending".
    const owner = /['’]s$/.test(token.written) ? word.slice(0, -1) : ''
    // "Todo mundo que vendeu": everybody.
    if (
      word === 'mundo' &&
      /^(?:todo|el|o)$/.test(reading.word(token.at - 1)) &&
      reading.word(token.at + 1) === 'que'
    ) {
      reading.mend(token, 'quem')
      continue
    }
    if (ONLY_ONES.has(owner)) {
      reading.mend(token, owner)
      continue
    }
    if (
      word.length < LEAST_MENDED ||
      isKnown(word) ||
      rolesOf(word).length > 0 ||
      isPhrased(word) ||
      register.words.has(word) ||
      register.namesByStem.has(stem(word))
    )
      continue
    const plainForm = word.replace(/(?:z?inh|[cz]?it)([oa]s?)$/, '$1')
    if (plainForm !== word && isWhole(plainForm)) {
      reading.mend(token, plainForm)
      continue
    }
    const right = respelt(word, (other) => (isWhole(other) ? 1 : 0))
    if (right !== undefined) reading.mend(token, right)
  }
}

/** Reads two years of two digits beside one another, "de 22 pra 23", as those of this century. */
export const mendYears = (reading: Draft, today: string): void => {
  const isYear = (word: string) => /^[12]\d$/.test(word) && Number(word) <= Number(today.slice(2, 4))
  for (const { at, word } of reading.tokens) {
    const second = reading.tokens[at + 2]
    if (
      !second ||
      !isYear(word) ||
      !isYear(second.word) ||
      !/^(?:pra|para|a|to|e|and|y|vs|ate)$/.test(reading.word(at + 1))
    )
      continue
    if (
      !/^(?:de|from|em|in|en|entre|between)$/.test(reading.word(at - 1)) ||
      reading.tokens[at + 3]?.word.match(/^(?:mil|milh|million|contrat|contract|reais|%|dias|days|anos)/)
    )
      continue
    if (/^\s*%/.test(reading.gap(at + 3))) continue
    for (const token of [reading.tokens[at] as Token, second]) reading.mend(token, `20${token.word}`)
  }
}
