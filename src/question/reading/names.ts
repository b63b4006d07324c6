import type { KnownName, Register } from '../register.ts'
import { stem } from '../stem.ts'
import { BODIES } from './bodies.ts'
import { isFiller, isKnown, isVerbal } from './concepts.ts'
import type { Draft, Token } from './draft.ts'
import { FIELD_OF, type Mention, type Roles } from './mention.ts'
import { choose, OPENS_NAME, unknownName } from './name-choice.ts'
import { coverage, initialsOf, isParticular, reader } from './name-match.ts'

/** Forms of companies behind their names. */
const LEGAL_FORM = /^(?:ltda|me|epp|eireli|sa|limitada)$/
/** Words behind the name of a body in English. */
const BODY_BEHIND = /^(?:department|dept|ministry|agency|bureau|directorate|secretariat)$/
/** Names that one mention may stand for; of more than that the words themselves are kept. */
export const MOST_MEANT = 12

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
    if (draft.isClaimed(token) || (isFiller(token.word) && !OPENS_NAME.test(token.word))) continue
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
        (next.capital || (!read.inText(next.word) && !isVerbal(next.word))) &&
        chosen.names.every((name) => coverage(name, match.matched) < 1) &&
        chosen.kind === 'supplier'
      // "Papelaria Sol" is not the "Papelaria Lua" of the data.
      let to = stray ? match.to + 1 : match.to
      // "The environment department", "Engemax Ltda".
      const goesOn =
        FIELD_OF[chosen.kind] === 'buyer' ? BODY_BEHIND : chosen.kind === 'supplier' ? LEGAL_FORM : undefined
      if (!stray && goesOn) while (goesOn.test(draft.word(to)) && draft.isFree(to)) to += 1
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
    // "The leisure department", of which the data has none.
    const isBody =
      !match &&
      !cue &&
      !isKnown(token.word) &&
      BODY_BEHIND.test(draft.word(from + 1)) &&
      draft.isFree(from + 1)
    if (isBody && /^(?:the|of|in|by|our|for)$/.test(draft.word(from - 1))) {
      mentions.push({
        field: 'buyer',
        kind: 'buyer',
        texts: [written(from, from + 2)],
        asked: written(from, from + 2),
        from,
        to: from + 2,
        unknown: true,
        differs: false,
      })
      claim(from, from + 2)
      from += 1
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
