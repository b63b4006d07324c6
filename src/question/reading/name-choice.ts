import { type KnownName, NAMED_KINDS, type NamedKind } from '../register.ts'
import { stem } from '../stem.ts'
import { AREAS, ARTICLES, BODIES, CONTRACTIONS, LINKS, ONLY_ONES } from './bodies.ts'
import { isKnown, isVerbal, may } from './concepts.ts'
import type { Draft, Token } from './draft.ts'
import { FIELD_OF, type Mention, type Roles } from './mention.ts'
import { core, coverage, isOnly, type Match, type Reader } from './name-match.ts'
import { isNumber } from './number.ts'

export type Cue = ReturnType<Reader['announced']>

export interface Surroundings {
  draft: Draft
  read: Reader
  cue: Cue
  roles: Roles
  previous: Mention | undefined
}

/** Chooses the kind and the names that a match stands for; undefined where its words are no name here. */
export const choose = (
  match: Match,
  from: number,
  { draft, read, cue, roles, previous }: Surroundings,
): { kind: NamedKind; names: KnownName[] } | undefined => {
  const { tokens } = draft
  const token = tokens[from] as Token
  const span = tokens.slice(from, match.to).filter(({ word }) => !LINKS.has(word))
  const capital = span.some((one) => one.capital)
  const asThings = span.every(({ word }) => read.inText(word))
  const before = tokens[from - 1]
  const after = tokens[match.to]
  const article = before !== undefined && ARTICLES.has(before.word)
  const trailing =
    after && may(after.word, 'units', 'buyers')
      ? 'buyer'
      : after && may(after.word, 'suppliers') && !/s$/.test(after.word)
        ? 'supplier'
        : undefined
  const part =
    after !== undefined &&
    !draft.isClaimed(after) &&
    ((/^(?:de|of|da|do|para|del|for)$/.test(after.word) &&
      tokens[match.to + 1] !== undefined &&
      !isKnown((tokens[match.to + 1] as Token).word) &&
      read.inText((tokens[match.to + 1] as Token).word)) ||
      (!isKnown(after.word) && read.inText(after.word)))

  const isWith = ({ word }: Token) => /^(?:com|con|with)$/.test(word)
  /** "The council with the most contracts" is one of several. */
  const ranksAt = (at: number): boolean =>
    tokens
      .slice(at, at + 2)
      .some(({ word }) => may(word, 'most', 'least', 'largest', 'smallest', 'contracts', 'suppliers'))

  /** Is a body's one word used as its name here, rather than as a thing that is bought? */
  const belongs = (tells: boolean, asThings: boolean): boolean => {
    if (!tells) return capital && !asThings
    if (capital || !asThings) return true
    const preposition = before?.word ?? ''
    // "Em limpeza" is a thing; "em saúde" is what the body for health spends, unless it is a category.
    if (/^(?:com|con|with|em|en|in|for|para|sobre|about|on)$/.test(preposition))
      return AREAS.has(token.word) && !read.inCategory(token.word)
    // "As obras" are what is built; the body is "a de Obras".
    if (/^(?:as|os|das|dos|nas|nos|pelas|pelos|las|los)$/.test(preposition) && /s$/.test(token.word))
      return false
    if (CONTRACTIONS.has(preposition)) return true
    // "Contratos de obras" are of that kind.
    if (preposition === 'de' && read.inCategory(token.word) && previous?.field !== 'buyer') return false
    if (roles.received && preposition === 'from') return true
    // "Venderam para a saúde" names whoever bought.
    if (roles.received && article && /^(?:para|to)$/.test(tokens[from - 2]?.word ?? '')) return true
    if (roles.spent || roles.beside || roles.lonely || previous?.field === 'buyer') return true
    return (preposition === 'de' || preposition === 'of') && !read.inCategory(token.word)
  }

  const fits = (kind: NamedKind): { names: KnownName[]; score: number } | undefined => {
    const all = match.found.filter((name) => name.kind === kind)
    if (all.length === 0) return undefined
    const best = Math.max(...all.map((name) => coverage(name, match.matched)))
    const names = all.filter((name) => coverage(name, match.matched) === best)
    const field = FIELD_OF[kind]
    const body = kind === 'buyer' || kind === 'unit'
    const whole =
      best >= 1 ||
      (body &&
        names.some(
          (name) =>
            core(name).length > 0 &&
            core(name).every((word) => span.some((one) => stem(one.word) === stem(word))),
        ))
    const meant = cue?.kind === field || trailing === field || (kind === 'category' && roles.categories)
    if (body && roles.categories && cue?.kind !== field && match.matched === 1) return undefined
    // "Água e luz": of two things the second is no company either.
    const isBesideThing =
      kind === 'supplier' &&
      !capital &&
      match.matched === 1 &&
      best < 1 &&
      /^(?:e|y|and|ou|o|or)$/.test(before?.word ?? '') &&
      tokens[from - 2] !== undefined &&
      !isKnown((tokens[from - 2] as Token).word) &&
      previous?.to !== from - 1
    if (isBesideThing) return undefined
    let fine: boolean
    // "Que no sean menores": of a way of contracting the adjective alone.
    const isAdjective =
      kind === 'modality' &&
      before !== undefined &&
      /^(?:sean|son|sejam|sao|are|be|ni|nem|nor|fueron|foram)$/.test(before.word) &&
      names.some(({ words }) => words.filter((word) => !may(word, 'contracts')).length === match.matched)
    if (meant || isAdjective) fine = true
    else if (body && span.every(({ word }) => BODIES.has(word)))
      fine =
        span.some(({ word }) => ONLY_ONES.has(word)) &&
        (article ||
          roles.beside ||
          previous?.field === 'buyer' ||
          (after !== undefined && may(after.word, 'value', 'spent', 'contracts'))) &&
        !(after && (/^(?:que|that)$/.test(after.word) || (isWith(after) && ranksAt(after.at + 1))))
    else if ((isKnown(token.word) || isNumber(token.word)) && match.matched < 2) fine = false
    else if (kind === 'modality')
      fine = best >= 1 || match.matched >= 2 || (!asThings && !isKnown(token.word) && !match.respelt)
    else if (kind === 'category') fine = whole && !part && !(article && roles.spent && match.matched === 1)
    else if (body)
      fine =
        span.some(({ word }) => !BODIES.has(word)) &&
        (match.matched >= 2
          ? whole || capital || !asThings || belongs(isOnly(match.found, token, asThings), asThings)
          : belongs(whole || isOnly(match.found, token, asThings), asThings))
    else
      fine =
        (whole && match.matched >= 2) ||
        (whole && (capital || !asThings)) ||
        capital ||
        (match.matched >= 2 ? !asThings || roles.received : !asThings && !part)
    if (!fine) return undefined
    const liking = { buyer: 1.5, unit: 1.6, category: 1.2, supplier: 1, modality: 1, status: 1 }[kind]
    const score =
      (meant ? 8 : 0) +
      (whole ? 4 : 0) +
      5 * best +
      liking +
      (kind === 'supplier' && roles.received ? 2 : 0) +
      (body && roles.spent ? 4 : 0) +
      (body && article ? 3 : 0) +
      (kind === 'category' && article ? -2 : 0) +
      (capital && !body && kind === 'supplier' && !whole ? 1 : 0)
    return { names, score }
  }

  let chosen: { kind: NamedKind; names: KnownName[]; score: number } | undefined
  for (const kind of NAMED_KINDS) {
    const one = fits(kind)
    if (one && (chosen === undefined || one.score > chosen.score)) chosen = { kind, ...one }
  }
  return chosen
}

/** Words that bind others elsewhere and open the name of a body: "Secretaria de meio ambiente". */
export const OPENS_NAME = /^(?:meio|medio|bem)$/

/** Returns the place after a name that is announced but that the dataset does not have; undefined where none is. */
export const unknownName = (
  from: number,
  { draft, read, cue }: Pick<Surroundings, 'draft' | 'read'> & { cue: NonNullable<Cue> },
): number | undefined => {
  const { tokens } = draft
  const token = tokens[from] as Token
  const isBody = cue.kind === 'buyer' && BODIES.has((tokens[cue.at] as Token).word)
  if (cue.kind === 'category' || cue.kind === 'modality') return undefined
  const next = tokens[from + 1]
  const isBegun =
    isBody &&
    OPENS_NAME.test(token.word) &&
    next !== undefined &&
    !draft.isClaimed(next) &&
    !isKnown(next.word) &&
    /^ $/.test(draft.gap(next.at))
  if ((isKnown(token.word) && !isBegun) || (!token.capital && !isBody && read.inText(token.word)))
    return undefined
  if ((!cue.direct && !isBody) || (isVerbal(token.word) && !token.capital)) return undefined
  // "Quais fornecedores empatam": behind several a name has a capital letter.
  const { word: announces } = tokens[cue.at] as Token
  if (!token.capital && !isBody && (isVerbal(token.word) || /(?:es|as|os|rs|ies)$/.test(announces)))
    return undefined
  // "Que concejalía abusa más": what a word of degree follows is a verb.
  if (!token.capital && /^(?:mais|mas|menos|more|less|muito|mucho|pouco|poco)$/.test(draft.word(from + 1)))
    return undefined
  let to = from + 1
  while (to < tokens.length && to - from < 6) {
    const part = tokens[to] as Token
    if (draft.isClaimed(part) || /[,;:!?.]/.test(draft.text.slice((tokens[to - 1] as Token).end, part.start)))
      break
    const links = LINKS.has(part.word) && tokens[to + 1]?.capital === true
    const begun = isBegun && part === next
    if (!links && !begun && (isKnown(part.word) || !(part.capital || cue.direct))) break
    to += 1
  }
  return to
}
