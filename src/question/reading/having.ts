import type { Having } from '../../protocol/plan.ts'
import { may } from './concepts.ts'
import type { Draft } from './draft.ts'
import { countAt, type Numeral, numeralAt } from './number.ts'
import { phraseBook } from './phrases.ts'

type Kind = 'over' | 'from' | 'under' | 'to' | 'exactly'

/** Words before a number of things that each group has. */
const BEFORE = phraseBook<Kind>({
  over: 'mais de, mais que, mais do que, mas de, mas que, more than, over, above, acima de, por encima de, superior a, passam de, passa de, exceed, exceeding, pasan de',
  from: 'pelo menos, no minimo, ao menos, al menos, por lo menos, como minimo, at least, a partir de',
  under: 'menos de, menos que, menos do que, less than, fewer than, under, below, abaixo de, debajo de',
  to: 'ate, no maximo, hasta, como maximo, a lo sumo, at most, up to, no more than, nao mais de',
  exactly:
    'so, somente, apenas, unicamente, solo, solamente, only, just, exatamente, exactamente, exactly, um unico, uma unica, un solo, un unico, una sola, a single, just one, only one, para so, pra so',
})
const AFTER = phraseBook<Kind>({
  from: 'ou mais, or more, o mas, e mais, or above, y mas',
  to: 'ou menos, or less, or fewer, o menos',
})
const ONE = /^(?:unic[oa]|sola?|single)$/
/** Words by which the groups of a list are introduced with what they have: "with", "that signed". */
const HAS =
  /^(?:com|con|with|que|tem|tem|tienen|tiene|have|has|had|having|teve|tiveram|tuvieron|which|who|that|firm\w*|assin\w*|sign\w*|ganh\w*|gan\w*|won|win|venc\w*|fech\w*|receb\w*|recib\w*|got|fez|fizeram|hizo|hicieron|made|vend\w*|sell\w*|sold|contrat\w*|atend\w*|trabalh\w*|trabaj\w*|work\w*|served?|compr\w*|bought|fornec\w*|suppl\w*|for|para|pra|a|de|do|to|from|em|en|in|por)$/
/** The least and the most of a number that a bound means. */
const RANGES: Readonly<Record<Kind, (count: number) => { min?: number; max?: number }>> = {
  over: (count) => ({ min: count + 1 }),
  from: (count) => ({ min: count }),
  under: (count) => ({ max: count - 1 }),
  to: (count) => ({ max: count }),
  exactly: (count) => ({ min: count, max: count }),
}

/** Nouns that are ways of contracting by themselves. */
const MODALITY = /^(?:preg(?:ao|oes)|dispensas?|inexigibilidades?|concorrencias?)$/
const whatOf = (word: string): 'contracts' | 'suppliers' | 'buyers' | undefined =>
  /^(?:vez|vezes|veces|once|times?|contrat\w*|contract\w*|compras?|purchases?|licita\w*|tenders?|preg\w+|dispensas?|inexigibilidades?|concorrencias?|awards?)$/.test(
    word,
  )
    ? 'contracts'
    : may(word, 'buyers', 'units')
      ? 'buyers'
      : may(word, 'suppliers')
        ? 'suppliers'
        : undefined

const isParty = (word: string): boolean => may(word, 'suppliers', 'buyers', 'units', 'categories')

const MOST_BEFORE_TIMES = 4
/** Returns the place of a word like "only" a few words before a place; undefined without one. */
const onlyBefore = (draft: Draft, at: number): number | undefined =>
  draft.tokens
    .slice(Math.max(0, at - MOST_BEFORE_TIMES), at)
    .findLast(
      (one) => draft.isFree(one.at) && /^(?:so|somente|apenas|solo|solamente|only|just)$/.test(one.word),
    )?.at

/** Reads how many contracts, suppliers or buyers each group of an answer has: "suppliers with more than 5 contracts". */
export const readHaving = (
  draft: Draft,
  isModality: (word: string, next: string) => boolean,
): Having | undefined => {
  for (const { at, word } of draft.tokens) {
    if (/^(?:once)$/.test(word) && draft.isFree(at)) {
      const only = onlyBefore(draft, at)
      if (only === undefined) continue
      draft.claimWords(only, only + 1)
      draft.claimWords(at, at + 1)
      return { contracts: RANGES.exactly(1) }
    }
    let count: Numeral | undefined = countAt(draft, at)
    let kind = count && BEFORE.before(draft, at)?.kind
    let from = kind ? (BEFORE.before(draft, at)?.from ?? at) : at
    let to = count?.to ?? at
    if (count && !kind) {
      const after = AFTER.at(draft, count.to)
      kind = after?.kind
      to = after?.to ?? to
    }
    // "Um único contrato", "a single contract".
    if (ONE.test(draft.word(at)) && draft.isFree(at)) {
      count = numeralAt(draft, at - 1)
      if (count?.value !== 1)
        count = { value: 1, from: at, to: at + 1, scale: 1, digits: false, article: true }
      kind = 'exactly'
      from = count.from
      to = at + 1
      if (
        /^(?:so|somente|apenas|solo|only|just|con|com|with)$/.test(draft.word(from - 1)) &&
        /^(?:so|somente|apenas|solo|only|just)$/.test(draft.word(from - 1))
      )
        from -= 1
    }
    // "Solo haya contratado una vez": the word stands before the verb.
    const isTimes = count && /^(?:vez|vezes|veces|times?)$/.test(draft.word(count.to))
    const only = isTimes && !kind ? onlyBefore(draft, at) : undefined
    if (only !== undefined) {
      kind = 'exactly'
      draft.claimWords(only, only + 1)
    }
    if (!count || !kind) continue
    const link = /^(?:de|of)$/.test(draft.word(to)) ? to + 1 : to
    const middle = /^(?:diferentes?|distintos?|distintas?|different|distinct|public|outros?)$/.test(
      draft.word(link),
    )
      ? link + 1
      : link
    // "More than two direct awards": the way of contracting restricts the contracts besides.
    const [noun, next] = [draft.word(middle), draft.word(middle + 1)]
    const named = MODALITY.test(noun) || isModality(noun, next)
    const what = whatOf(noun) ?? (named ? whatOf(next) : undefined)
    if (!what) continue
    // It is a party that has them: "which suppliers have …", "órgãos com …".
    let before = from - 1
    while (before > 0 && HAS.test(draft.word(before)) && before > from - 5) before -= 1
    const party = draft.tokens
      .slice(Math.max(0, before - 8), from)
      .findLast(
        ({ word }) =>
          isParty(word) || may(word, 'who') || /^(?:mes|meses|month|months|ano|anos|years?)$/.test(word),
      )
    if (
      !party ||
      party.at > from - 1 ||
      (what !== 'contracts' && isParty(party.word) && whatOf(party.word) === what)
    )
      continue
    if (party.at === from - 1) continue
    draft.claimWords(from, named ? middle : middle + 1)
    if (named) return { [what]: RANGES[kind](count.value) }
    const past = /^(?:diferentes?|distintos?|distintas?|different|distinct|cada|each)$/.test(
      draft.word(middle + 1),
    )
      ? middle + 2
      : middle + 1
    draft.claimWords(middle, past)
    return { [what]: RANGES[kind](count.value) }
  }
  return undefined
}
