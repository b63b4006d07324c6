import { may } from './concepts.ts'
import type { Draft } from './draft.ts'
import { phraseBook } from './phrases.ts'

/** Beginnings of what people say of themselves before they ask. */
const OPENINGS = phraseBook<'introduction'>({
  introduction:
    'sou, eu sou, soy, yo soy, i am a, i am an, i am the, i am from, im a, im an, im the, im from, trabalho, eu trabalho, trabajo, yo trabajo, i work, moro, eu moro, vivo, i live, aqui e, meu nome e, me chamo, senhor servidor, mi nombre es, me llamo, my name is, na qualidade de, falo como, falo em nome, en calidad de, hablo como, speaking as, como jornalista, como vereador, como vereadora, como cidadao, como cidada, como contribuinte, como professor, como professora, como servidor, como servidora, como periodista, como ciudadano, como ciudadana, como concejal, como contribuyente, as a, as an, estudo, estudio, i study, represento, i represent, faco parte, formo parte, sou da, nos somos, somos, estoy haciendo, estamos haciendo, estoy escribiendo, estoy preparando, estou fazendo, estamos fazendo, estou escrevendo, estou preparando, i am writing, i am doing, i am working on, i am preparing, im writing, im doing, im working on, im preparing, im researching, i am researching, pesquiso, investigo para',
})
/** Beginnings of the law that a request for information names. */
const LAWS = phraseBook<'law'>({
  law: 'com base na lei, com base no, com fundamento na lei, nos termos da lei, de acordo com a lei, conforme a lei, com amparo na lei, pela lei de acesso, al amparo de la ley, en virtud de la ley, conforme a la ley, segun la ley, de acuerdo con la ley, under the freedom, under the foi, under foi, under the act, pursuant to, in accordance with, por meio da lei, via lai, pela lai, com base na lai',
})
/** Words that turn from the person to the wish. */
const WISHES =
  /^(?:quero|queria|gostaria|preciso|precisava|desejo|solicito|requeiro|peco|pido|quiero|quisiera|necesito|deseo|i|id|want|need|would|pode|podem|poderia|me|puede|puedes|podria|can|could|please|quanto|quantos|quantas|quem|qual|quais|que|cuanto|cuantos|cuantas|quien|cual|cuales|how|which|what|who|busco|procuro|request)$/
/** Words that open a request wherever they stand. */
const ORDERS = /^(?:solicito|requeiro|peco|pido|please)$/
const AND = /^(?:e|y|and|but|mas|pero)$/
/** Words of a greeting, behind which people may say who they are. */
const GREETS =
  /^(?:oi|ola|hola|hi|hello|hey|there|bom|boa|dia|tarde|noite|buenas|buenos|dias|tardes|prezados|caros|senhores|everyone|e|y|and)$/
/** Longest introduction, in words. */
const MOST_WORDS = 40

/** The words of a message before it asks. */
export interface Introduction {
  /** Its content words, as the person wrote them. */
  readonly words: readonly string[]
  /** The text without it. */
  readonly rest: string
}

/** Is there a question from a place on? */
const asksFrom = (draft: Draft, from: number): boolean =>
  draft.tokens
    .slice(from)
    .some(({ word }) =>
      may(
        word,
        'howmuch',
        'howmany',
        'who',
        'list',
        'contracts',
        'value',
        'spent',
        'received',
        'largest',
        'most',
        'suppliers',
        'compare',
      ),
    )

/** Returns the place where the words before a wish end; undefined where the whole message is such words. */
const endOf = (draft: Draft, from: number, isLaw: boolean): number | undefined => {
  const { tokens } = draft
  let wish: number | undefined
  for (let to = from; to < tokens.length && to - from < MOST_WORDS; to++) {
    // A sentence or a colon ends it for certain, whatever "and I want" comes before.
    if (/[:;!?\n]|\.\s/.test(draft.gap(to)) && draft.word(to - 1).length > 2)
      return asksFrom(draft, to) ? to : wish
    const turns = WISHES.test(draft.word(to))
    if (turns && (/,/.test(draft.gap(to)) || ORDERS.test(draft.word(to)))) wish ??= to
    if (AND.test(draft.word(to)) && WISHES.test(draft.word(to + 1))) wish ??= to
    if (/,/.test(draft.gap(to)) && to > from + (isLaw ? -1 : 1)) wish ??= to
  }
  // "…, quero saber: quanto" is a wish, not more of the person.
  return wish
}

/**
 * Reads what people say of themselves, or of the law they ask by, before they ask: "I am a teacher and …". Claims it, so
 * that its words are no restriction.
 */
export const readIntroduction = (
  draft: Draft,
  isContent: (word: string) => boolean,
): Introduction | undefined => {
  const words: string[] = []
  let rest = draft.text
  for (const { at } of draft.tokens) {
    if (!draft.isFree(at)) continue
    const opens = at === 0 || /[.,;:!?¿¡\n(]/.test(draft.gap(at)) || GREETS.test(draft.word(at - 1))
    const law = LAWS.at(draft, at)
    const found = law ?? (opens ? OPENINGS.at(draft, at) : undefined)
    if (!found) continue
    const end = endOf(draft, found.to, law !== undefined)
    if (end === undefined) continue
    words.push(
      ...draft.tokens
        .slice(found.to, end)
        .filter(({ word }) => isContent(word))
        .map(({ written }) => written),
    )
    const [first, next] = [draft.tokens[at], draft.tokens[end]]
    if (first && next)
      rest = rest.slice(0, first.start) + ' '.repeat(next.start - first.start) + rest.slice(next.start)
    draft.claimWords(at, end)
  }
  return rest === draft.text ? undefined : { words, rest: rest.trim() }
}
