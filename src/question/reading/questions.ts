import { fold } from '../../language/folding.ts'

/** Words that open a question or an order for figures. */
const ASKS =
  /\b(?:quanto|quantos|quantas|quem|qual|quais|cuanto|cuantos|cuantas|quien|quienes|cual|cuales|how (?:much|many)|who|whom|which|what|liste|mostre|compare|list|show|muestra|muestrame|compara|total|media|gasto|gastos|valor|contratos|contracts|spending|average)\b/
/** "And how much", "e quem": a second question in one sentence. */
const AND_ASKS =
  /(?:,\s*)?\b(?:e|y|and|e tambem|y tambien|and also)\s+(?=(?:(?:em|de|para|com|a|por|in|to|from|with|con|what about)\s+)?(?:quanto|quantos|quantas|quem|qual|quais|cuanto|cuantos|cuantas|quien|quienes|cual|cuales|how much|how many|who|which|what)\b)/g
/** Only words that ask again for what an answer to the first question tells anyway: "e quanto?", "and when". */
const ALONE =
  /^\W*(?:(?:por|de|a|com|em|para|for|from|with|to|in|y|e|and|o|que|foi|foram|fue|fueron|was|were|is|it|isso|eso|deu|ao|todo|no|total|em) ?)*(?:quanto|qto|qnto|quando|quem|qm|qual|cuanto|cuando|quien|how much|when|who|quantos|cuantos|how many)(?: (?:foi|foram|fue|fueron|was|it|were|deu|isso|eso|e|es|no|total|ao|todo|em|they|did|do|does|get|got|receive|received|earn|earned|make|made|spend|spent|se|lo|la|le|ele|ela|eles|elas|ja|receb\p{L}+|ganh\p{L}+|lev\p{L}+|llev\p{L}+|fatur\p{L}+|factur\p{L}+|embols\p{L}+|cobr\p{L}+|recib\p{L}+|gan[oa]\p{L}*|gast\p{L}+|custou|custaram|costo|costaron|cost|did it cost|vale|valem|valor|o|they|paid))*\W*$/u
/** Questions of one message that are answered. */
const MOST_QUESTIONS = 4
/** Characters of a message in which several questions are looked for. */
const MOST_CHARACTERS = 1000
/** Words of a question that has none of its own to say what it is about: "how many contracts and how much did X …". */
const LEAST_WORDS = 4

/**
 * Returns the questions of a message, one by one, where it has several: sentences that ask, and what "and how much" or
 * "e quem" joins to one. One for any other message.
 */
export const questionsIn = (message: string): string[] => {
  if (message.length > MOST_CHARACTERS) return [message]
  const found: string[] = []
  for (const sentence of message.split(/(?<=[?!;\n])|(?<=\p{L}{4}(?<!ltda|Ltda)\.)(?=\s+[\p{Lu}¿¡])/u)) {
    const folded = fold(sentence.normalize('NFC'))
    let begins = 0
    for (const cut of folded.matchAll(AND_ASKS)) {
      const before = folded.slice(begins, cut.index)
      if (!ASKS.test(before) || before.trim().split(/\s+/).length < LEAST_WORDS) continue
      found.push(sentence.slice(begins, cut.index))
      begins = cut.index
    }
    found.push(sentence.slice(begins))
  }
  const asking = found.filter((one) => {
    const folded = fold(one.normalize('NFC'))
    return (ASKS.test(folded) || /\?\s*$/.test(one)) && !ALONE.test(folded)
  })
  return asking.length > 1 && asking.length <= MOST_QUESTIONS ? asking : [message]
}
