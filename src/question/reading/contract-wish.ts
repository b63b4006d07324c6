import { PERIODS } from '../../protocol/plan.ts'
import { may } from './concepts.ts'
import type { Token } from './draft.ts'
import type { Hearing, Wish } from './hearing.ts'
import { asGroup, isOne, isRanked, LARGEST_CONTRACT, subjectOfMention, WHOSE_STORY } from './subject.ts'
import { subjectsOf } from './wishes.ts'

const ORDERS_LIST =
  /^\W*(?:list|show|liste|listar|lista|mostre|mostra|muestra|muestre|muestrame)\b|\b(?:(?:a|the) list of|(?:a|uma) (?:lista|relacao) d[eo]s?|(?:una|la) lista de|el listado de)\b/
/** Verbs of buying: without "how much" they ask what was bought, not for how much. */
const BUYS =
  /\b(?:comprou|compraram|contratou|contrataram|adquiriu|adquiriram|compro|compraron|contrataron|adquirio|bought|buys?|purchased|hired|acquired)\b|\b(?:o que|que|what)\b.*\b(?:vende|vendem|vendeu|venden|vendio|sells?|sold|fornece|forneceu|suministra|suppl(?:y|ies|ied)|provides?)\b|\b(?:vende|vendem|vendeu|fornece|forneceu) o que\b/
const PER = /\b(?:por|per|by|a) (?:contrato|contract|compra|purchase)\b/

/** The mean of contracts, rather than of periods: "valor médio dos contratos". */
const MEAN_OF_CONTRACTS =
  /\b(?:valor(?:es)?|preco|value|price|importe|ticket|contrato|contract|tamanho|size) (?:medi[oa]s?|promedio)\b|\b(?:medi[oa]|promedio|mean|average)(?: value| valor)? (?:d[oea]s? |de l[oa]s |of |per |por )?(?:the |cada )?(?:contrat\w*|contract\w*|compras?|purchases?)\b/

/** Tells whether a way of contracting stands for its contracts beside a rank: "a dispensa mais cara". */
const ranksModality = ({ parts: { draft, mentions } }: Hearing): boolean =>
  mentions.some(
    ({ field, from, to }) =>
      field === 'modality' &&
      [from - 1, to, to + 1].some((at) => draft.isFree(at) && may(draft.word(at), 'largest', 'smallest')),
  )

/** The mean number of contracts, which are named without an article: "média de contratos por fornecedor". */
const MEAN_NUMBER =
  /\b(?:media|promedio|average|mean) (?:de |in )?(?:contratos|contratacoes|contrataciones|compras|licitacoes|licitaciones|contracts|purchases|tenders)\b/

/** Returns what a message asks of contracts that are told apart by a group. */
const groupedWish = (heard: Hearing, noun: Token | undefined): Wish | undefined => {
  const { parts, register, text, words, most, least, rises, byCount, each, finish } = heard
  const { any, free } = words
  const { count, group: grouping } = parts
  if (!grouping) return undefined
  const having = parts.having ? { having: parts.having } : {}
  const { one } = grouping
  // "Em que mês foi assinado o contrato mais caro": the contract tells its month.
  if (one && LARGEST_CONTRACT.test(text) && !byCount)
    return finish({ of: 'contracts', measure: least && !any('largest') ? 'smallest' : 'largest', limit: 1 })
  const countsEach = any('howmany') || (MEAN_NUMBER.test(text) && !any('value', 'howmuch'))
  if (!one && any('mean') && countsEach)
    return finish({ ...having, of: 'contracts', measure: 'count', per: asGroup(grouping.group, register) })
  if (any('mean') && grouping.group in PERIODS && !MEAN_OF_CONTRACTS.test(text))
    return finish({ ...having, of: 'contracts', measure: 'mean', per: grouping.group })
  // "By type" means the type of purchase where it is not about findings.
  const group = asGroup(grouping.group, register)
  const isLeast = least && !any('largest')
  // "O maior contrato de cada secretaria": one of each group.
  if (
    !one &&
    (noun ? isRanked(noun, free) && (isOne(noun.word) || each) : ranksModality(heard) && each) &&
    (most || least) &&
    !byCount &&
    !any('howmuch', 'howmany', 'mean', 'median')
  )
    return finish({ of: 'contracts', measure: isLeast ? 'smallest' : 'largest', group, limit: count })
  const measure = any('mean')
    ? 'mean'
    : any('median')
      ? 'median'
      : rises
        ? 'growth'
        : byCount || any('howmany') || (group === 'weekday' && !any('value', 'howmuch', 'spent'))
          ? 'count'
          : 'sum'
  if (one)
    return finish({
      ...having,
      of: 'contracts',
      measure: measure === 'growth' ? 'sum' : measure,
      group,
      order: { by: measure === 'count' ? 'count' : 'value', direction: isLeast ? 'asc' : 'desc' },
      limit: count ?? 1,
    })
  const split = parts.split && measure !== 'growth' && !count ? { split: asGroup(parts.split, register) } : {}
  return finish({ ...having, of: 'contracts', measure, group, limit: count, ...split })
}

/** Returns what a message asks of contracts. */
export const contractWish = (heard: Hearing): Wish => {
  const { parts, text, words, nouns, several, verbs, most, least, rises, finish } = heard
  const { any, at } = words
  const { topics, count, place } = parts
  const noun = nouns.find(
    (one) =>
      subjectsOf(one).includes('contracts') && !PER.test(text.slice(Math.max(0, one.start - 4), one.end)),
  )
  // "Top 3 dispensas": a way of contracting stands for its contracts.
  const ranked = count !== undefined && several.some(({ field }) => field === 'modality')
  const grouped = groupedWish(heard, noun)
  if (grouped) return grouped
  if (heard.asksShare) return finish({ of: 'contracts', measure: 'share' })
  if (any('mean')) return finish({ of: 'contracts', measure: 'mean' })
  if (any('median')) return finish({ of: 'contracts', measure: 'median' })
  if (rises) return finish({ of: 'contracts', measure: 'growth', group: 'year' })
  // The largest and the smallest stand together in a summary.
  if (any('largest') && any('smallest') && count === undefined && place === undefined)
    return finish({ of: 'contracts', measure: 'summary' })
  if (parts.first && !any('largest', 'smallest', 'most', 'least'))
    return finish({
      of: 'contracts',
      measure: 'list',
      order: { by: 'date', direction: 'asc' },
      limit: count ?? 1,
    })
  const dated =
    at('oldest') < at('newest') ? 'asc' : any('newest') ? 'desc' : any('oldest') ? 'asc' : undefined
  if (noun && dated && !any('largest', 'smallest'))
    return finish({
      of: 'contracts',
      measure: 'list',
      order: { by: 'date', direction: dated },
      limit: count ?? (isOne(noun.word) ? 1 : undefined),
      place,
    })
  if (any('largest') || least || (most && (noun || ranked) && !any('howmuch', 'howmany')))
    return finish({
      of: 'contracts',
      measure: least && !any('largest') ? 'smallest' : 'largest',
      limit: count ?? (noun && isOne(noun.word) && place === undefined ? 1 : undefined),
      place,
    })
  if (any('howmany') && (noun || several.length > 0 || topics.length > 0))
    return finish({ of: 'contracts', measure: 'count' })
  if (
    (BUYS.test(text) || ORDERS_LIST.test(text) || (verbs.spent && noun)) &&
    !any('howmuch', 'value') &&
    (topics.length > 0 || noun || several.length > 0)
  )
    return finish({ of: 'contracts', measure: 'list', limit: count, place })
  if (any('howmuch', 'value') || verbs.received || verbs.spent)
    return finish({ of: 'contracts', measure: 'sum' })
  if (WHOSE_STORY.test(text) || any('summary')) {
    const named = several.length === 1 && topics.length === 0 ? several[0] : undefined
    if (named) return finish({ of: subjectOfMention(named), measure: 'summary' })
    if (!noun || topics.length === 0) return finish({ of: 'contracts', measure: 'summary' })
  }
  if (noun) return finish({ of: 'contracts', measure: 'list', limit: count, place })
  if (any('chart')) return finish({ of: 'contracts', measure: 'sum', group: 'year' })
  if (several.length === 1 && topics.length === 0 && several[0]?.field !== 'modality' && !several[0]?.unknown)
    return finish({ measure: undefined, of: undefined, limit: count, place })
  return finish({ limit: count, place })
}
