import { may } from './concepts.ts'
import type { Draft } from './draft.ts'
import { rolesOf } from './operators.ts'

/** Words behind "no" that make it a negation: in Portuguese it is "in the". */
const NEGATED_BY_NO =
  /^(?:mas|menos|more|less|fewer|over|higher|larger|greater|es|son|sea|sean|fue|fueron|esta|estan|hay|hubo|tienen?|tuvieron|cuestan?|costaron|costo|valen?|en|con|durante|trabaj\w+|aparec\w+|usaron|usan|usa|hicieron|hizo|hacen|ha|han|tuvo|tuvieron|suministr\w+|factur\w+|cobr\w+|contrataron|contratan|adjudic\w+|super\w+|sobrepas\w+|exced\w+|lleg\w+|alcanz\w+|pas[ae]n?|pasaron|recib\w+|gan\w+|vend\w+|compr\w+|gast(?:a|an|aron|aba|en)|pag\w+|firm\w+|venc\w+|incluy\w+|se|contracts?|purchases?|suppliers?|tender\w*|bid\w*|matter)$/

/** Tells whether a word of a message negates what follows it. */
export const negates = (draft: Draft, at: number): boolean => {
  const word = draft.word(at)
  return word === 'no' ? NEGATED_BY_NO.test(draft.word(at + 1)) : rolesOf(word).includes('negation')
}

/** Tells whether a word of a message leaves out what follows it. */
export const excludes = (draft: Draft, at: number): boolean => {
  const word = draft.word(at)
  const next = draft.word(at + 1)
  // "Fora do padrão" is no exception, nor is "but" before a clause of its own.
  if (word === 'fora')
    return (
      !/^(?:d[oae]s?)$/.test(next) ||
      !/^(?:padr|normal|prazo|pais|estado|municip|cidade)/.test(draft.word(at + 2))
    )
  if (word === 'but')
    return (
      /^(?:all|everything|everyone|anything|none|nothing|any|each|every)$/.test(draft.word(at - 1)) ||
      /^(?:for|not)$/.test(next)
    )
  if (word === 'alem' || word === 'ademas')
    return /^(?:d[oae]s?|del)$/.test(next) && draft.word(at + 2) !== 'isso'
  if (word === 'menos' && /^(?:tudo|todo|todos|todas|toda)$/.test(draft.word(at - 1))) return true
  if (word === 'excecao' || word === 'excepcion' || word === 'exception')
    return /^(?:d[aoe]s?|del|of)$/.test(next)
  // "2024 menos o de 2023" takes one from the other.
  if (word === 'menos' && /^(?:o|a|el|la)$/.test(next) && /^\d{4}$/.test(draft.word(at + 3))) return false
  // "Quem recebeu menos em 2024?"
  if (word === 'menos' && may(draft.word(at - 1), 'received', 'spent')) return false
  if (word === 'menos')
    return /^(?:(?:19|20)\d\d|a|o|as|os|em|na|no|nas|nos|la|el|las|los|en|com|con)$/.test(next)
  if (word === 'other') return next === 'than'
  if (word === 'apart' || word === 'aparte') return /^(?:from|de)$/.test(next)
  if (word === 'minus' || word === 'bar' || word === 'drop') return draft.isFree(at + 1)
  return rolesOf(word).includes('exception')
}
