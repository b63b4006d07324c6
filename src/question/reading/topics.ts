import { otherWordsFor } from '../purchases.ts'
import type { Register } from '../register.ts'
import { stem } from '../stem.ts'
import { formsOf } from '../topic.ts'
import { isFiller, isKnown, isVerbal, isWhole, may, sensesOf } from './concepts.ts'
import { excludes, negates } from './denial.ts'
import type { Draft, Token } from './draft.ts'
import { isNumber } from './number.ts'
import { rolesOf } from './operators.ts'
import { speller } from './spelling.ts'

/** A thing bought, as a message names it. */
export interface Topic {
  /** Folded words of which all stand in one contract. */
  readonly phrase: string
  /** As the person wrote it. */
  readonly asked: string
  /** Place of its first word, and of the one after its last. */
  readonly from: number
  readonly to: number
  /** Whether the dataset has none of its words. */
  readonly unknown: boolean
  /** Whether other words stand in the place of those that were asked for: a synonym, a slip mended. */
  readonly differs: boolean
}

/** Words inside a phrase that bind its parts. */
const BINDS: ReadonlySet<string> = new Set(
  'de da do das dos del of para for em no na nos nas in a ao aos la el los las the o as os con com with'.split(
    ' ',
  ),
)
/** Words between things of which any may be meant. */
const JOINS: ReadonlySet<string> = new Set('e ou y o u and or nem ni nor x'.split(' '))
/** Words that put two things beside one another where a message compares. */
const WITH: ReadonlySet<string> = new Set(['com', 'con', 'with', 'a', 'ao'])
/** Words after which a thing is named. */
const LEADS: ReadonlySet<string> = new Set(
  'de da do das dos del of com con with sobre about para for em en in on no na nos nas regarding concerning d por'.split(
    ' ',
  ),
)
/** Words so general that a contract for a thing need not have them. */
const GENERAL: ReadonlySet<string> = new Set(
  'servico servicos servicio servicios service services produto produtos producto productos fornecimento suministro supply supplies prestacao compra aquisicao contratacao purchase'.split(
    ' ',
  ),
)

/** Does a word between two places make what they name alternatives, two sides, or leave one of them out? */
const joins = (draft: Draft, from: number, to: number): boolean =>
  draft.tokens
    .slice(from, to)
    .some(
      ({ at, word }) => JOINS.has(word) || may(word, 'compare') || negates(draft, at) || excludes(draft, at),
    ) ||
  /[,;/&?.]/.test(draft.text.slice((draft.tokens[from - 1] as Token).end, (draft.tokens[to] as Token).start))

/** Behind "than" the thing that was named before, of another kind: "a limpeza de escolas … que a de postos". */
export const ELLIPSIS =
  /\b(?:que|than|quanto) (?:a|o|la|el|las|los|os|as|that|those) (?:de|do|da|dos|das|del|of|for|in)\b/

/** Returns the first word of the thing before, where only its kind is named again behind "than". */
const understoodHead = (draft: Draft, previous: Topic | undefined, from: number): string | undefined =>
  previous &&
  !previous.unknown &&
  ELLIPSIS.test([draft.word(from - 3), draft.word(from - 2), draft.word(from - 1)].join(' '))
    ? previous.phrase.split(' ')[0]
    : undefined

/** Words of Portuguese and Spanish before a thing. */
const BEFORE_FOREIGN =
  /^(?:com|con|o|os|el|los|um|un|dos|del|pagar|pagou|contratar|contratou|comprar|comprou)$/

/** Reads the things bought that a message names, out of the words that nobody has claimed, and claims them. */
export const readTopics = (draft: Draft, register: Register, beside: boolean): Topic[] => {
  const { tokens } = draft
  const topics: Topic[] = []
  const respelt = speller()
  const inText = (word: string): boolean => formsOf(register, word).length > 0
  // "Com show": a word of another language in the place of a thing is a thing.
  const isForeign = ({ at, word }: Token): boolean =>
    BEFORE_FOREIGN.test(tokens[at - 1]?.word ?? '') &&
    inText(word) &&
    sensesOf(word).every(([language]) => language === 'en')
  const isThing = (token: Token): boolean =>
    !draft.isClaimed(token) &&
    (!isKnown(token.word) || isForeign(token)) &&
    ((!/^\d/.test(token.word) && !isNumber(token.word)) ||
      (/^\d{4,}|[a-z]/.test(token.word) && inText(token.word)))

  for (let from = 0; from < tokens.length; from++) {
    if (!isThing(tokens[from] as Token)) continue
    const phrase: Token[] = [tokens[from] as Token]
    let to = from + 1
    for (let at = from + 1; at < tokens.length; at++) {
      const token = tokens[at] as Token
      if (/[,;:!?.\n"”»]/.test(draft.text.slice((tokens[at - 1] as Token).end, token.start))) break
      if (isThing(token) || (/\d/.test(token.word) && !draft.isClaimed(token) && inText(token.word))) {
        phrase.push(token)
        to = at + 1
      } else if (!BINDS.has(token.word) || (beside && WITH.has(token.word))) break
    }
    const topic = phraseOf(phrase, { draft, register, inText, respelt, before: tokens[from - 1] })
    const previous = topics.at(-1)
    // Two things that nothing joins are two sides of one: "the cleaning that schools paid".
    if (
      topic &&
      previous &&
      !topic.unknown &&
      !previous.unknown &&
      !beside &&
      !joins(draft, previous.to, from)
    )
      topics[topics.length - 1] = {
        ...previous,
        phrase: `${previous.phrase} ${topic.phrase}`,
        to,
        differs: previous.differs || topic.differs,
      }
    else if (topic) {
      const head = topic.unknown ? undefined : understoodHead(draft, previous, from)
      topics.push({
        ...topic,
        phrase: head === undefined ? topic.phrase : `${head} ${topic.phrase}`,
        to,
        asked: draft.text.slice((phrase[0] as Token).start, (tokens[to - 1] as Token).end),
        from,
      })
    }
    from = to - 1
  }
  return topics
}

interface Surroundings {
  draft: Draft
  register: Register
  inText(word: string): boolean
  respelt: ReturnType<typeof speller>
  before: Token | undefined
}

/** Words that begin the object of a verb, so that what stands before is one. */
const IS_OBJECT = /^(?:a|o|as|os|el|la|los|las|the|mais|mas|menos|most|more|less|least)$/
const BUYS = /^(?:compr|adquir|contrat|vend|fornec|bought|buy|purchas|sold|sell|suppl|hire)/
const SOME =
  /^(?:algum|alguma|alguns|algumas|algun|alguna|algunos|algunas|any|some|um|uma|un|una|o|a|os|as|el|la|los|las|the|an)$/

/** Is a place right behind a verb of buying or selling, so that what follows is bought: "comprou algum helicóptero"? */
const isBought = (draft: Draft, at: number): boolean => {
  const verb = SOME.test(draft.word(at)) ? at - 1 : at
  return BUYS.test(draft.word(verb)) && may(draft.word(verb), 'spent', 'received')
}

/** Finds the words of a phrase in the dataset, or other words for the same thing, and claims those that count. */
const phraseOf = (
  phrase: readonly Token[],
  { draft, register, inText, respelt, before }: Surroundings,
): Omit<Topic, 'asked' | 'from' | 'to'> | undefined => {
  const used: string[] = []
  const strange: Token[] = []
  let differs = false
  const all = (words: string): boolean => words.split(' ').every(inText)
  for (let at = 0; at < phrase.length; ) {
    const [token, next, third] = phrase.slice(at, at + 3) as [Token, Token?, Token?]
    // Two or three words together may be in the dataset under another name: "school bus".
    const together = [[token, next, third], [token, next], [token]].find((some) => {
      if (some.some((one) => one === undefined)) return false
      const words = some.map((one) => (one as Token).word)
      return !words.every(inText) && otherWordsFor(words).some(all)
    }) as Token[] | undefined
    if (inText(token.word) && !(together && together.length > 1)) {
      used.push(token.word)
      draft.claim(token)
      at += 1
    } else if (together) {
      used.push(otherWordsFor(together.map(({ word }) => word)).find(all) as string)
      for (const one of together) draft.claim(one)
      differs = true
      at += together.length
    } else {
      const right = respelt(token.word, (word) => (isWhole(word) ? 0 : (register.words.get(word) ?? 0)))
      if (right !== undefined) {
        used.push(right)
        draft.claim(token)
        differs = true
      } else strange.push(token)
      at += 1
    }
  }
  if (used.length > 0) {
    const particular = used.filter((word) => !GENERAL.has(word))
    const words = particular.length > 0 ? particular : used
    return {
      phrase: [...new Map(words.map((word) => [stem(word), word])).values()].join(' '),
      unknown: false,
      differs,
    }
  }
  const [first] = strange
  const isAsked =
    before !== undefined &&
    (LEADS.has(before.word) ||
      ((may(before.word, 'contracts', 'suppliers', 'buyers', 'units', 'categories') ||
        isBought(draft, before.at)) &&
        !isVerbal(first?.word ?? '') &&
        !IS_OBJECT.test(draft.word((strange.at(-1)?.at ?? 0) + 1))))
  // A word like "inhabitant" is no thing that was not found: it asks for what the data does not have.
  if (!first || !isAsked || strange.every(({ word }) => isFiller(word) || rolesOf(word).length > 0))
    return undefined
  for (const token of strange) draft.claim(token)
  return { phrase: strange.map(({ word }) => word).join(' '), unknown: true, differs: false }
}
