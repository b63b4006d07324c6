import { LANGUAGES, type Language } from '../../language/language.ts'
import { sensesOf } from './concepts.ts'
import type { Parts } from './parts.ts'

/** Spelling that only one of the languages has. */
const MARKS: readonly (readonly [RegExp, Language, number])[] = [
  [/[ãõ]|ç(?:ão|ões)|\b(?:você|não|são|é|à|às)\b/i, 'pt', 2],
  [/[ñ¿¡]|\b(?:el|los|y|del|muy|cuál|cuáles|cómo|qué|quién|cuánto|cuántos|cuántas|más)\b/i, 'es', 2],
  [/\b(?:the|is|are|what|which|how|who|did|does)\b|'(?:s|t|re|m)\b/i, 'en', 2],
]

/** Tells the language that the words of a message are in, those of names left out; undefined where they do not tell. */
export const languageSpoken = ({ draft, mentions }: Parts): Language | undefined => {
  const named = new Set<number>()
  for (const { from, to } of mentions) for (let at = from; at < to; at++) named.add(at)
  const score: Record<Language, number> = { en: 0, pt: 0, es: 0 }
  let own = ''
  for (const token of draft.tokens.slice(0, 120)) {
    if (named.has(token.at) || token.capital) continue
    own += ` ${token.written}`
    const languages = new Set(sensesOf(token.word).map(([language]) => language))
    for (const language of languages)
      score[language] += languages.size === 1 ? 1.5 : languages.size === 2 ? 0.4 : 0
  }
  if (/[¿¡]/.test(draft.text)) score.es += 2
  for (const [mark, language, weight] of MARKS) if (mark.test(own)) score[language] += weight
  const [best, second] = [...LANGUAGES].sort((a, b) => score[b] - score[a]) as [Language, Language]
  return score[best] > score[second] ? best : undefined
}
