import { otherWordsFor } from '../purchases.ts'
import { type KnownName, NAMED_KINDS, type NamedKind, type Register } from '../register.ts'
import { stem } from '../stem.ts'
import { isFiller, isKnown, isWhole, may } from './concepts.ts'
import type { Draft, Token } from './draft.ts'
import { isNumber } from './number.ts'
import { speller } from './spelling.ts'

export type NameField = 'buyer' | 'supplier' | 'category' | 'modality'

/** A name in a message, with what the dataset has for it. */
export interface Mention {
  readonly field: NameField
  readonly kind: NamedKind
  /** Names as the dataset has them; where it has none, what the person wrote. */
  readonly texts: readonly string[]
  /** As the person wrote it. */
  readonly asked: string
  /** Places of the first word and of the one after the last. */
  readonly from: number
  readonly to: number
  /** Whether the dataset has no such name. */
  readonly unknown: boolean
  /** Whether the name that was found differs from the one that was asked for: another kind of body, a slip mended. */
  readonly differs: boolean
}

const FIELD_OF: Readonly<Record<NamedKind, NameField>> = {
  supplier: 'supplier',
  buyer: 'buyer',
  unit: 'buyer',
  category: 'category',
  modality: 'modality',
}

/** Words for kinds of public bodies, which do not tell one from another. */
const BODIES: ReadonlySet<string> = new Set(
  (
    'secretaria ministerio prefeitura camara departamento diretoria governo fundo autarquia orgao unidade instituto fundacao companhia universidade ' +
    'ayuntamiento alcaldia organismo unidad direccion universidad ministry department secretariat municipality council agency office university institute ' +
    'municipal estadual federal nacional estatal state national city town municipio estado concejalia consejeria delegacion gerencia directorate borough sec secr'
  ).split(' '),
)
/** Kinds of bodies of which a place has one, so that the word with its article names it: "the city hall". */
const ONLY_ONES: ReadonlySet<string> = new Set(
  'prefeitura camara governo universidade instituto tribunal hospital ayuntamiento alcaldia universidad municipality council university institute'.split(
    ' ',
  ),
)
const LINKS: ReadonlySet<string> = new Set(
  'de da do das dos del la el los las the of a o as os e y and & chamada chamado called named llamada llamado for para'.split(
    ' ',
  ),
)
/** Prepositions that hold an article: what follows them is one known body rather than a thing. */
const CONTRACTIONS: ReadonlySet<string> = new Set(
  'da do das dos na no nas nos pela pelo pelas pelos pra pro ao aos del by the'.split(' '),
)
const ARTICLES: ReadonlySet<string> = new Set(
  'da do das dos na no nas nos a o as os ao aos pela pelo pelas pelos pra pro la el los las del al the'.split(
    ' ',
  ),
)
/** Names that one mention may stand for; of more than that the words themselves are kept. */
const MOST_MEANT = 12

/** The roles that the other words of a message give to the names in it. */
export interface Roles {
  readonly received: boolean
  readonly spent: boolean
  /** Things are put side by side. */
  readonly beside: boolean
  /** The message has hardly any other words. */
  readonly lonely: boolean
}

interface Match {
  readonly to: number
  readonly found: readonly KnownName[]
  readonly matched: number
  readonly respelt: boolean
  readonly translated: boolean
}

/** Returns those of some names that have one more word, looked for among whichever are fewer. */
const having = (
  found: readonly KnownName[],
  parts: readonly string[],
  named: readonly KnownName[],
  part: string,
): readonly KnownName[] =>
  named.length < found.length
    ? named.filter((name) => parts.every((one) => name.stems.includes(one)))
    : found.filter((name) => name.stems.includes(part))

/** Makes the reader of names in one message. */
const reader = (draft: Draft, register: Register) => {
  const { tokens } = draft
  const respelt = speller()
  const inText = (word: string): boolean => register.words.has(word) || register.wordsByStem.has(stem(word))
  const namedBy = (word: string): readonly KnownName[] => register.namesByStem.get(stem(word)) ?? []

  const candidates = (token: Token): Pick<Match, 'found' | 'respelt' | 'translated'> & { stem: string } => {
    const { word } = token
    const direct = namedBy(word)
    if (direct.length > 0) return { found: direct, stem: stem(word), respelt: false, translated: false }
    if (isKnown(word) || isWhole(word)) return { found: [], stem: '', respelt: false, translated: false }
    const others = inText(word) ? [] : otherWordsFor([word])
    for (const other of others) {
      if (other.includes(' ')) continue
      const found = namedBy(other).filter(({ kind }) => kind !== 'supplier')
      if (found.length > 0) return { found, stem: stem(other), respelt: false, translated: true }
    }
    if (others.length > 0 || inText(word)) return { found: [], stem: '', respelt: false, translated: false }
    const right = respelt(word, (one) =>
      isWhole(one)
        ? Number.MAX_SAFE_INTEGER
        : (register.namesWithWord.get(one) ?? 0) * 2 + (register.words.get(one) ?? 0),
    )
    return right !== undefined && !isWhole(right)
      ? { found: namedBy(right), stem: stem(right), respelt: true, translated: false }
      : { found: [], stem: '', respelt: false, translated: false }
  }

  /** Finds the names that have the most words from one place on, links between them left out. */
  const matchAt = (from: number): Match | undefined => {
    const first = candidates(tokens[from] as Token)
    if (first.found.length === 0) return undefined
    let match: Match = { ...first, to: from + 1, matched: 1 }
    const seen = new Set([first.stem])
    for (let at = from + 1; at < tokens.length; at++) {
      const token = tokens[at] as Token
      if (draft.isClaimed(token)) break
      if (/[,;:!?\n]/.test(draft.text.slice((tokens[at - 1] as Token).end, token.start))) break
      const part = stem(token.word)
      const kept = seen.has(part) ? [] : having(match.found, [...seen], namedBy(token.word), part)
      if (kept.length > 0) {
        seen.add(part)
        match = { ...match, found: kept, to: at + 1, matched: match.matched + 1 }
        continue
      }
      if (LINKS.has(token.word)) continue
      const slip = isKnown(token.word) || token.word.length < 5 ? undefined : candidates(token)
      const mended = slip?.respelt ? match.found.filter((name) => name.stems.includes(slip.stem)) : []
      if (mended.length === 0) break
      match = { ...match, found: mended, to: at + 1, matched: match.matched + 1, respelt: true }
    }
    return match
  }

  /** Returns the kind of name that the word before announces: "the company X". */
  const announced = (from: number): { kind: NameField; direct: boolean; at: number } | undefined => {
    let at = from - 1
    let direct = true
    while (at >= 0 && LINKS.has((tokens[at] as Token).word)) {
      if (/^(?:de|da|do|das|dos|del|of|for|para)$/.test((tokens[at] as Token).word)) direct = false
      at -= 1
    }
    const cue = tokens[at]
    if (!cue || from - at > 4 || draft.isClaimed(cue)) return undefined
    const { word } = cue
    const many = /s$/.test(word) && !/ss$/.test(word)
    if (may(word, 'suppliers'))
      return many && !direct ? undefined : direct ? { kind: 'supplier', direct, at } : undefined
    if (may(word, 'categories')) return { kind: 'category', direct, at }
    if (may(word, 'modality') && !many) return { kind: 'modality', direct, at }
    if (may(word, 'buyers', 'units') || (BODIES.has(word) && word.length > 5))
      return many ? undefined : { kind: 'buyer', direct, at }
    return undefined
  }

  /** Is a word one of a category's, so that contracts "of" it are contracts of that kind? */
  const inCategory = (word: string): boolean => namedBy(word).some(({ kind }) => kind === 'category')

  return { tokens, inText, inCategory, matchAt, announced, draft }
}

const coverage = (name: KnownName, matched: number): number => matched / Math.max(1, name.words.length)

/** Finds the names that have a word's letters as initials; two letters, in capitals, are those of a body only. */
const initialsOf = ({ word, written }: Token, { namesByInitials }: Register): readonly KnownName[] => {
  const names = namesByInitials.get(word) ?? []
  if (word.length > 2) return names
  return written === written.toUpperCase()
    ? names.filter(({ kind }) => kind === 'buyer' || kind === 'unit')
    : []
}

/** Words for bodies of any kind, which are no part of a body's name. */
const ANY_BODY =
  /^(?:orgao|comprador\w*|unidade|unidad|entidade|entidad|organismo|buyer|agency|purchaser|entity|unit|contratante|instituicao|institucion)$/
const isParticular = ({ word }: Token): boolean => !ANY_BODY.test(word)

/** Does only one body have these words, and does its own name begin with the first? */
const isOnly = (names: readonly KnownName[], { word }: Token, asThings: boolean): boolean => {
  const bodies = names.filter(({ kind }) => kind === 'buyer' || kind === 'unit')
  const [name] = bodies
  if (!name || new Set(bodies.map((one) => one.name)).size > 1) return false
  // A word that no contract speaks of can only be the name's, wherever it stands in it.
  if (!asThings) return true
  const [first] = core(name)
  return first !== undefined && stem(first) === stem(word)
}

/** Returns the words of a name that tell it from other bodies. */
const core = (name: KnownName): readonly string[] => name.words.filter((word) => !BODIES.has(word))

/** Reads the names in a message that the dataset has, or that words like "company" announce, and claims them. */
export const readNames = (draft: Draft, register: Register, roles: Roles): Mention[] => {
  const read = reader(draft, register)
  const { tokens } = draft
  const mentions: Mention[] = []
  const written = (from: number, to: number): string =>
    draft.text.slice((tokens[from] as Token).start, (tokens[to - 1] as Token).end)
  const claim = (from: number, to: number): void => {
    for (const token of tokens.slice(from, to)) draft.claim(token)
  }

  for (let from = 0; from < tokens.length; from++) {
    const token = tokens[from] as Token
    if (draft.isClaimed(token) || isFiller(token.word)) continue
    const cue = read.announced(from)
    const initials =
      /^[a-z]{2,8}$/.test(token.word) && !isKnown(token.word) && !read.inText(token.word)
        ? initialsOf(token, register)
        : undefined
    const match = read.matchAt(from)
    const chosen = match && choose(match, from, { draft, read, cue, roles, previous: mentions.at(-1) })
    if (match && chosen) {
      const next = tokens[match.to]
      const stray =
        next !== undefined &&
        !draft.isClaimed(next) &&
        !isKnown(next.word) &&
        /^[ \u00a0]?$/.test(draft.text.slice((tokens[match.to - 1] as Token).end, next.start)) &&
        (next.capital || !read.inText(next.word)) &&
        chosen.names.every((name) => coverage(name, match.matched) < 1) &&
        chosen.kind === 'supplier'
      // "Papelaria Sol" is not the "Papelaria Lua" of the data.
      const to = stray ? match.to + 1 : match.to
      const names = [...new Map(chosen.names.map((name) => [name.key, name])).values()]
      const asked = written(from, to)
      // A name may begin with a number: "Dois Irmãos".
      const numbered =
        draft.isFree(from - 1) && names.some(({ words }) => words.includes(draft.word(from - 1)))
          ? from - 1
          : from
      const begins = cue && BODIES.has((tokens[cue.at] as Token).word) && !stray ? cue.at : numbered
      mentions.push({
        field: FIELD_OF[chosen.kind],
        kind: chosen.kind,
        texts: stray || names.length > MOST_MEANT ? [asked] : names.map(({ name }) => name),
        asked: written(begins, to),
        from: begins,
        to,
        unknown: stray,
        differs:
          match.respelt ||
          (begins < numbered &&
            !names.some(({ stems }) => stems.includes(stem((tokens[begins] as Token).word)))),
      })
      claim(begins, to)
      from = to - 1
      continue
    }
    if (initials && initials.length > 0 && initials.length <= MOST_MEANT) {
      const [{ kind }] = initials as [KnownName]
      const names = initials.filter((name) => FIELD_OF[name.kind] === FIELD_OF[kind])
      mentions.push({
        field: FIELD_OF[kind],
        kind,
        texts: [...new Map(names.map((name) => [name.key, name.name])).values()],
        asked: token.written,
        from,
        to: from + 1,
        unknown: false,
        differs: false,
      })
      claim(from, from + 1)
      continue
    }
    const missing = cue && unknownName(from, { draft, read, cue })
    if (cue && missing) {
      const begins = isParticular(tokens[cue.at] as Token) && cue.kind === 'buyer' ? cue.at : from
      mentions.push({
        field: cue.kind,
        kind: cue.kind,
        texts: [written(begins, missing)],
        asked: written(begins, missing),
        from: begins,
        to: missing,
        unknown: true,
        differs: false,
      })
      claim(begins, missing)
      from = missing - 1
    }
  }
  return mentions
}

type Reader = ReturnType<typeof reader>
type Cue = ReturnType<Reader['announced']>

interface Surroundings {
  draft: Draft
  read: Reader
  cue: Cue
  roles: Roles
  previous: Mention | undefined
}

/** Chooses the kind and the names that a match stands for; undefined where its words are no name here. */
const choose = (
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

  /** Is a body's one word used as its name here, rather than as a thing that is bought? */
  const belongs = (tells: boolean, asThings: boolean): boolean => {
    if (!tells) return capital && !asThings
    if (capital || !asThings) return true
    const preposition = before?.word ?? ''
    if (/^(?:com|con|with|em|en|in|for|para|sobre|about|on)$/.test(preposition)) return false
    if (CONTRACTIONS.has(preposition)) return true
    if (roles.received && preposition === 'from') return true
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
    const meant = cue?.kind === field || trailing === field
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
        !(after && /^(?:que|com|con|with|that)$/.test(after.word))
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
    const liking = { buyer: 1.5, unit: 1.6, category: 1.2, supplier: 1, modality: 1 }[kind]
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

/** Returns the place after a name that is announced but that the dataset does not have; undefined where none is. */
const unknownName = (
  from: number,
  { draft, read, cue }: Pick<Surroundings, 'draft' | 'read'> & { cue: NonNullable<Cue> },
): number | undefined => {
  const { tokens } = draft
  const token = tokens[from] as Token
  const isBody = cue.kind === 'buyer' && BODIES.has((tokens[cue.at] as Token).word)
  if (cue.kind === 'category' || cue.kind === 'modality') return undefined
  if (isKnown(token.word) || (!token.capital && !isBody && read.inText(token.word))) return undefined
  if (!cue.direct && !isBody) return undefined
  let to = from + 1
  while (to < tokens.length && to - from < 6) {
    const next = tokens[to] as Token
    if (draft.isClaimed(next) || /[,;:!?.]/.test(draft.text.slice((tokens[to - 1] as Token).end, next.start)))
      break
    const links = LINKS.has(next.word) && tokens[to + 1]?.capital === true
    if (!links && (isKnown(next.word) || !(next.capital || cue.direct))) break
    to += 1
  }
  return to
}
