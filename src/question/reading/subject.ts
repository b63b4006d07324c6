import type { Group, Subject } from '../../protocol/plan.ts'
import type { Register } from '../register.ts'
import { may } from './concepts.ts'
import type { Token } from './draft.ts'
import { isLeftOut } from './exclusion.ts'
import type { Hearing } from './hearing.ts'
import type { Mention } from './mention.ts'
import type { Parts } from './parts.ts'
import { subjectsOf } from './wishes.ts'

export const PARTIES: readonly Subject[] = ['suppliers', 'buyers', 'units', 'categories']

/** Is a word one for one thing in these languages, not for several? */
export const isOne = (word: string): boolean => !/s$/.test(word) || /(?:ss|us|business)$/.test(word)

/** Returns the party that a noun names, as the dataset has it: departments are units where there are several. */
export const partyOf = (token: Token, register: Register): Subject => {
  const subjects = subjectsOf(token)
  const found = subjects.find((subject) => PARTIES.includes(subject)) ?? 'contracts'
  if (found === 'units' && !register.names.some(({ kind }) => kind === 'unit')) return 'buyers'
  return found
}

/** Returns a group as contracts have it: types are those of purchase, and units are bodies where there are none. */
export const asGroup = (group: Group, register: Register): Group =>
  group === 'anomaly_type'
    ? 'category'
    : group === 'unit' && !register.names.some(({ kind }) => kind === 'unit')
      ? 'buyer'
      : group

export const groupOf = (of: Subject): Group =>
  of === 'suppliers' ? 'supplier' : of === 'units' ? 'unit' : of === 'categories' ? 'category' : 'buyer'

/** Returns the party that a group is of; undefined for other groups. */
export const subjectOfGroup = (group: Group): Subject | undefined =>
  PARTIES.find((of) => groupOf(of) === group)

/** Returns the subject whose profile a single name asks for. */
export const subjectOfMention = ({ kind }: Mention): Subject =>
  kind === 'supplier'
    ? 'suppliers'
    : kind === 'buyer'
      ? 'buyers'
      : kind === 'unit'
        ? 'units'
        : kind === 'category'
          ? 'categories'
          : 'contracts'

/** Is a noun beside a word like "largest"? */
export const isRanked = ({ at }: Token, free: readonly Token[]): boolean =>
  free.some((one) => Math.abs(one.at - at) <= 2 && may(one.word, 'largest', 'smallest', 'most', 'least'))

const BOUGHT_MOST =
  /\b(?:(?:o|lo) que (?:mais |mas )?(?:\p{L}+ ){0,5}(?:se )?(?:compr|gast|contrat|adquir)\p{L}*|(?:em|com|en|con) (?:o )?que (?:e |es |se |mais |mas |a |o |la |el |\p{L}+ ){0,5}(?:gast|investi|invirt)\p{L}*|what (?:do|does|did|is|are|was|were) (?:\p{L}+ ){0,5}(?:buy|bought|purchased?|spen[dt] (?:\p{L}+ ){0,4}on)\b|(?:where|onde|adonde|donde|para onde|em que) (?:\p{L}+ ){0,4}(?:money|dinheiro|dinero|gasto|spending)\b)/u
const PAID =
  /\b(?:vai|vao|va|van|foi|foram|fue|fueron) (?:para|pra|a) (?:quem|quien(?:es)?)\b|\b(?:a|para|pra) (?:quem|quien(?:es)?) (?:vai|vao|va|van|foi|foram|fue|fueron)\b|\b(?:who|whom) (?:was|were|is|are|got|gets|has been) (?:\p{L}+ )?paid\b|\b(?:quem|quien(?:es)?) (?:foi|foram|e|eh|fue|fueron) (?:\p{L}+ )?(?:pag|contrat|escolhid|selecionad|elegid)[\p{L}]*|\b(?:who|which \p{L}+) (?:was|were|got|has been) (?:\p{L}+ )?(?:hired|contracted|chosen|picked)\b|\b(?:a|para|pra) (?:quem|quien(?:es)?) (?:\p{L}+ ){0,3}(?:pag|transfer)\p{L}*|\b(?:quem|quien(?:es)?) (?:\p{L}+ ){0,3}(?:pagamos|contratamos)\b|\bwhom? (?:do|did|have) (?:we|they) (?:\p{L}+ )?(?:pay|paid|hired?|contract|contracted)\b/u
/** Is "who" whom a body contracted, rather than who contracted: "quem a Secretaria de Obras contratou"? */
const isObject = ({ draft, mentions, exclusions }: Parts, who: number): boolean => {
  const body = mentions.find((one) => one.field === 'buyer' && one.from > who && !isLeftOut(one, exclusions))
  if (!body) return false
  const verb = draft.tokens.find(({ at, word }) => at > who && draft.isFree(at) && may(word, 'spent'))
  return verb !== undefined && verb.at >= body.to && body.from <= who + 3
}

/** Words by which somebody's profile is asked for. */
export const WHOSE_STORY =
  /\b(?:(?<!\b(?:para|pra|a|com|de) )quem (?:e|eh|sao|foi)|quien (?:es|son)|who (?:is|are)|fale|conte|historia|perfil|profile|ficha|resum\p{L}+|summar\p{L}+|overview|panorama|story|tell me about|cuentame|hablame|estatistic\p{L}+|estadistic\p{L}+|statistic\p{L}*|visao geral|vision general|detalh\p{L}+|detalle\p{L}*|detail\p{L}*|dados (?:d[aeo]s?|sobre)|informac\p{L}+|sobre (?:a|o|la|el) (?:empresa|fornecedor\p{L}*|orgao|secretaria|proveedor\p{L}*|organismo))\b/u

/** One contract that is the largest or the smallest of all. */
export const LARGEST_CONTRACT =
  /\b(?:maior|menor|mayor|largest|biggest|smallest|highest|dearest|cheapest|most expensive|least expensive|priciest) (?:contrato|compra|contract|purchase|deal|licitacao|dispensa)\b|\b(?:contrato|compra) (?:mais|mas) (?:caro|cara|barato|barata|alto|alta)\b/

/** Returns what a message asks about, where it is more than what it names; the first noun says it, or "who". */
export const subjectAsked = (heard: Hearing): Subject | undefined => {
  const { parts, register, words, nouns, several, verbs, text, most, least, compared } = heard
  const who = words.at('who')
  const first = nouns[0]
  const isOfParty = (one: Token) => subjectsOf(one).some((subject) => PARTIES.includes(subject))
  // "Quem mais recebeu dinheiro da prefeitura?"
  const isPayer = (one: Token) =>
    verbs.received &&
    partyOf(one, register) !== 'suppliers' &&
    /\b(?:d[aeo]s?|del|from|by|pel[ao])(?: (?:the|el|la|my|our))?$/.test(
      `${parts.draft.word(one.at - 2)} ${parts.draft.word(one.at - 1)}`,
    )
  let of: Subject | undefined
  if (
    BOUGHT_MOST.test(text) &&
    !parts.group &&
    !compared &&
    (most || least || !several.some(({ field }) => field === 'buyer' || field === 'supplier')) &&
    !nouns.some(isOfParty)
  )
    of = 'categories'
  else if (who !== Number.POSITIVE_INFINITY && who <= Math.min(who, first?.at ?? who)) {
    const noun = nouns.find((one) => isOfParty(one) && !isPayer(one))
    of = noun
      ? partyOf(noun, register)
      : verbs.spent && !verbs.received && !PAID.test(text) && !isObject(parts, who)
        ? 'buyers'
        : 'suppliers'
    if (WHOSE_STORY.test(text) && several.length === 1 && !noun) of = undefined
  } else if (first) of = isOfParty(first) ? partyOf(first, register) : 'contracts'
  // "Em qual secretaria está o maior contrato": the contract tells whose it is.
  if (of !== undefined && of !== 'contracts' && !heard.byCount && LARGEST_CONTRACT.test(text))
    return 'contracts'
  // "Which contracts does each supplier …" and "how much did the largest supplier get" ask about the party all the same.
  const rankedParty = nouns.find((one) => isOfParty(one) && isRanked(one, words.free))
  return (of === undefined || of === 'contracts') && rankedParty ? partyOf(rankedParty, register) : of
}
