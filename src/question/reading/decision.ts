import { type Group, type Having, PERIODS, type Plan, type Subject, type Where } from '../../protocol/plan.ts'
import type { Register } from '../register.ts'
import { isCompared, sides } from './comparison.ts'
import { may } from './concepts.ts'
import { isLeftOut } from './exclusion.ts'
import type { Parts } from './parts.ts'
import { naming, neverOf, restriction } from './restriction.ts'
import { wholeOf } from './share.ts'
import { groupOf, isOne, isRanked, PARTIES, partyOf, subjectOfMention } from './subject.ts'
import { says, subjectsOf } from './wishes.ts'

/** The wish of a message: its figures, slice and order; each is undefined where the message leaves it open. */
export interface Wish {
  measure?: Plan['measure'] | undefined
  of?: Subject | undefined
  group?: Group | undefined
  order?: Plan['order']
  limit?: number | undefined
  place?: number | undefined
  compare?: Where[] | undefined
  having?: Having | undefined
  whole?: Where | undefined
  per?: Group | undefined
  where: Where
}

const MORE_CONTRACTS =
  /\b(?:mais|mas|more|most|menos|fewest|fewer|less|maior(?:es)? (?:numero|quantidade) de|maior volume de|mayor (?:numero|cantidad) de|(?:largest|highest|greatest) number of|menor (?:numero|quantidade|cantidad) de|(?:smallest|lowest) number of) (?:vezes )?(?:contrat\w*|contract\w*|compras|purchases|licita\w*|adjudica\w*|deals|tenders|assin\w+|firm\w+|vezes|veces|times|often)\b|\b(?:em|por|by|in) (?:numero|quantidade|cantidad|number|count) (?:de|of) (?:contratos?|contracts)\b|\bmais contratad[oa]s?\b|\bmost (?:frequent|often)\b/
const BOUGHT_MOST =
  /\b(?:(?:o|lo) que (?:mais |mas )?(?:\p{L}+ ){0,5}(?:se )?(?:compr|gast|contrat|adquir)\p{L}*|(?:em|com|en|con) (?:o )?que (?:e |es |se |mais |mas |a |o |la |el |\p{L}+ ){0,5}(?:gast|investi|invirt)\p{L}*|what (?:do|does|did|is|are|was|were) (?:\p{L}+ ){0,5}(?:buy|bought|purchased?|spen[dt] (?:\p{L}+ ){0,4}on)\b|(?:where|onde|adonde|donde|para onde|em que) (?:\p{L}+ ){0,4}(?:money|dinheiro|dinero|gasto|spending)\b)/u
const AT_STAKE =
  /\b(?:em jogo|en juego|at stake|em risco|at risk|en riesgo|impacto|impact|prejuizo|perjuicio|envolvid[oa]s?|involucrad[oa]s?|involved)\b/
const SUSPECTED = /\b(?:sob suspeita|under suspicion|bajo sospecha)\b/
const EXPLAIN =
  /\b(?:expl[ai]\p{L}+|por ?que|why|porque|detalh\p{L}+|detail\p{L}*|detalle\p{L}*|entend\p{L}+|understand|mais sobre|mas sobre|more about|tell me about|fale sobre|conte)\b/u
const WHOSE_STORY =
  /\b(?:quem (?:e|eh|sao|foi)|quien (?:es|son)|who (?:is|are)|fale|conte|historia|perfil|profile|ficha|resum\p{L}+|summar\p{L}+|overview|panorama|story|tell me about|cuentame|hablame|estatistic\p{L}+|estadistic\p{L}+|statistic\p{L}*|visao geral|vision general|detalh\p{L}+|detalle\p{L}*|detail\p{L}*|dados (?:d[aeo]s?|sobre)|informac\p{L}+|sobre (?:a|o|la|el) (?:empresa|fornecedor\p{L}*|orgao|secretaria|proveedor\p{L}*|organismo))\b/u
const TIMES = /\b(?:q(?:ua)?n?tas vezes|cuantas veces|how many times|how often)\b/
const GOES = /\b(?:go(?:es|ne|ing)?|went) (?:up|down)\b/
const ORDERS_LIST =
  /^\W*(?:list|show|liste|listar|lista|mostre|mostra|muestra|muestre|muestrame)\b|\b(?:(?:a|the) list of|(?:a|uma) (?:lista|relacao) d[eo]s?|(?:una|la) lista de|el listado de)\b/
const SHARES = /%|\b(?:por ?cento|por ciento|percent(?:age)?)\b/
const PAID =
  /\b(?:who|whom) (?:was|were|is|are|got|gets|has been) (?:\p{L}+ )?paid\b|\b(?:quem|quien(?:es)?) (?:foi|foram|e|eh|fue|fueron) (?:\p{L}+ )?(?:pag|contrat|escolhid|selecionad|elegid)[\p{L}]*|\b(?:who|which \p{L}+) (?:was|were|got|has been) (?:\p{L}+ )?(?:hired|contracted|chosen|picked)\b|\b(?:a|para|pra) (?:quem|quien(?:es)?) (?:\p{L}+ ){0,3}(?:pag|transfer)\p{L}*/u
/** Verbs of buying: without "how much" they ask what was bought, not for how much. */
const BUYS =
  /\b(?:comprou|compraram|contratou|contrataram|adquiriu|adquiriram|compro|compraron|contrataron|adquirio|bought|buys?|purchased|hired|acquired)\b/
const EACH = /\b(?:cada|each|every|cada um|cada una?)\b/
const PER = /\b(?:por|per|by|a) (?:contrato|contract|compra|purchase)\b/

/** Returns a group as contracts have it: types are those of purchase, and units are bodies where there are none. */
export const asGroup = (group: Group, register: Register): Group =>
  group === 'anomaly_type'
    ? 'category'
    : group === 'unit' && !register.names.some(({ kind }) => kind === 'unit')
      ? 'buyer'
      : group

/** Is "who" whom a body contracted, rather than who contracted: "quem a Secretaria de Obras contratou"? */
const isObject = ({ draft, mentions, exclusions }: Parts, who: number): boolean => {
  const body = mentions.find((one) => one.field === 'buyer' && one.from > who && !isLeftOut(one, exclusions))
  if (!body) return false
  const verb = draft.tokens.find(({ at, word }) => at > who && draft.isFree(at) && may(word, 'spent'))
  return verb !== undefined && verb.at >= body.to && body.from <= who + 3
}

const BY_VALUE =
  /\b(?:em|por|in|by|en|of) (?:o |the )?(?:valor(?:es)?|value|dinheiro|dinero|reais|reales|money|montante|importe|volume financeiro|gasto)\b/
/** A bound behind contracts is one of theirs, not of what a party has in all: "suppliers with contracts above …". */
const CONTRACTS_BOUND =
  /\b(?:contrat\w*|contract\w*|compras?|purchases?|licita\w*|dispensas?|preg\w+|tenders?|deals?|awards?)(?: [^\s,.;?]+){0,3} (?:acima|abaixo|superior\w*|inferior\w*|mais de|menos de|mas de|above|over|below|under|more than|less than|por mais|por menos|worth|entre|between|a partir|maior\w*|menor\w*|passa\w*|por encima|por debajo|de|of|ate|up to|hasta)\b/
const BOTH =
  /\b(?:both|amb[oa]s|tanto|l[oa]s dos|os dois|as duas|e tambem|y tambien|and also|as well as|ao mesmo tempo)\b/
/** The mean of contracts, rather than of periods: "valor médio dos contratos". */
const MEAN_OF_CONTRACTS =
  /\b(?:valor(?:es)?|preco|value|price|importe|ticket|contrato|contract|tamanho|size) (?:medi[oa]s?|promedio)\b|\b(?:medi[oa]|promedio|mean|average)(?: value| valor)? (?:d[oea]s? |de l[oa]s |of |per |por )?(?:the |cada )?(?:contrat\w*|contract\w*|compras?|purchases?)\b/

/** Decides what a message asks for, out of what its words say. */
export const decide = (parts: Parts, register: Register): Wish => {
  const { draft, mentions, topics, count, place, group: grouping } = parts
  const words = says(draft)
  const text = draft.folded
  const { any, at, free } = words
  const nouns = free.filter((token) => subjectsOf(token).length > 0 && !may(token.word, 'filler'))
  const verbs = { received: any('received'), spent: any('spent') }
  const most = any('largest', 'most')
  const least = any('smallest', 'least')
  const wish: Wish = { where: restriction(parts) }
  const { where } = wish
  const several = mentions.filter((one) => !isLeftOut(one, parts.exclusions))
  const asksShare =
    any('share') ||
    (SHARES.test(text) && where.increase === undefined && !parts.amendment) ||
    parts.perHundred
  const rises = any('growth', 'fall') || GOES.test(text)
  const compared = isCompared(parts, rises)
  const beside = compared ? sides(parts) : undefined

  if (TIMES.test(text) && several.length + topics.length > 0)
    return { ...wish, of: 'contracts', measure: 'count' }

  const finish = (made: Omit<Wish, 'where'>): Wish => {
    const whole = made.measure === 'share' && made.of === 'contracts' ? wholeOf(parts, where) : undefined
    return { ...wish, ...(whole ? { whole } : {}), ...made }
  }

  const { amendment } = parts
  if (amendment?.sum)
    return finish({ of: 'contracts', measure: 'added', ...(grouping ? { group: grouping.group } : {}) })
  if (amendment?.order) {
    const noun = nouns.find((one) => subjectsOf(one).includes('contracts'))
    return finish({
      of: 'contracts',
      measure: 'list',
      order: { by: amendment.order, direction: 'desc' },
      limit: count ?? (noun === undefined || isOne(noun.word) ? 1 : undefined),
      place,
    })
  }

  // Findings
  if (any('findings') || where.anomaly_type || where.severity) {
    const group = grouping?.group
    if (any('howmany') || group)
      return finish({ of: 'findings', measure: 'count', ...(group ? { group } : {}) })
    if (place !== undefined || (EXPLAIN.test(text) && !any('list')))
      return finish({ of: 'findings', measure: 'summary', place: place ?? 1 })
    if ((AT_STAKE.test(text) || SUSPECTED.test(text)) && any('howmuch', 'value'))
      return finish({ of: 'findings', measure: 'sum' })
    const order =
      AT_STAKE.test(text) || (any('value') && most)
        ? ({ by: 'value', direction: 'desc' } as const)
        : undefined
    return finish({ of: 'findings', measure: 'list', limit: count, ...(order ? { order } : {}) })
  }

  if (where.contract !== undefined && !any('howmany')) return finish({ of: 'contracts', measure: 'summary' })

  // The first noun says what is asked about; "who" stands for sellers or buyers.
  const who = at('who')
  const first = nouns[0]
  const subjectAt = Math.min(who, first?.at ?? Number.POSITIVE_INFINITY)
  let of: Subject | undefined
  if (
    BOUGHT_MOST.test(text) &&
    !grouping &&
    !compared &&
    (most || least || !several.some(({ field }) => field === 'buyer' || field === 'supplier')) &&
    !nouns.some((one) => PARTIES.some((party) => subjectsOf(one).includes(party)))
  )
    of = 'categories'
  else if (who <= subjectAt && who !== Number.POSITIVE_INFINITY) {
    const noun = nouns.find((one) => subjectsOf(one).some((subject) => PARTIES.includes(subject)))
    of = noun
      ? partyOf(noun, register)
      : verbs.spent && !verbs.received && !PAID.test(text) && !isObject(parts, who)
        ? 'buyers'
        : 'suppliers'
    if (WHOSE_STORY.test(text) && several.length === 1 && !noun) of = undefined
  } else if (first)
    of = PARTIES.some((party) => subjectsOf(first).includes(party)) ? partyOf(first, register) : 'contracts'
  // "Which contracts does each supplier …" and "how much did the largest supplier get" ask about the party all the same.
  const rankedParty = nouns.find(
    (one) => subjectsOf(one).some((subject) => PARTIES.includes(subject)) && isRanked(one, free),
  )
  if ((of === undefined || of === 'contracts') && rankedParty) of = partyOf(rankedParty, register)
  const isParty = of !== undefined && PARTIES.includes(of)
  const asked = isParty ? (nouns.find((one) => partyOf(one, register) === of) ?? first) : first
  const oneOnly = (most || least) && asked !== undefined && isOne(asked.word) && asked.at !== who
  const limit = count ?? (oneOnly ? 1 : undefined)
  const byCount = MORE_CONTRACTS.test(text) && !BY_VALUE.test(text)
  const order = byCount ? { order: { by: 'count', direction: least && !most ? 'asc' : 'desc' } as const } : {}
  const ranked = { limit, ...order, ...(place === undefined ? {} : { place }) }

  if (beside && !(isParty && rises)) {
    wish.where = restriction({ ...parts, ...beside.rest })
    const measure =
      any('howmany') || byCount
        ? 'count'
        : any('mean')
          ? 'mean'
          : any('median')
            ? 'median'
            : (rises || any('change')) && beside.compare.length === 2
              ? 'change'
              : 'sum'
    const isPeriods = beside.compare.every((one) => one.start_date !== undefined)
    return finish({
      of: 'contracts',
      measure: measure === 'change' && !isPeriods ? 'sum' : measure,
      compare: beside.compare,
      where: wish.where,
    } as Wish)
  }

  if (isParty && of) {
    const own: Partial<Record<Subject, keyof Where>> = {
      suppliers: 'supplier',
      buyers: 'buyer',
      units: 'buyer',
      categories: 'category',
    }
    const field = own[of] as 'supplier' | 'buyer' | 'category'
    const { min_value, max_value } = where
    const having: Having = { ...parts.having }
    if ((min_value ?? max_value) !== undefined && where[field] === undefined && !CONTRACTS_BOUND.test(text)) {
      delete where.min_value
      delete where.max_value
      having.total = {
        ...(min_value === undefined ? {} : { min: min_value }),
        ...(max_value === undefined ? {} : { max: max_value }),
      }
    }
    // Suppliers of both: each of the names that are none of their own.
    const others = several.filter((one) => one.field !== field)
    if (BOTH.test(text) && others.length > 1 && others.every((one) => one.field === others[0]?.field))
      having.also = others.map((one) => naming([one], []))
    // "Did not sell to health": without any contract there, whatever else they have.
    if (!(most || least) && where.except) {
      const never = neverOf(parts, field)
      if (never) {
        const { except: _except, ...rest } = where
        wish.where = rest
        having.never = [never]
      }
    }
    if (Object.keys(having).length > 0) wish.having = having
    if (rises && beside) {
      wish.where = restriction({ ...parts, ...beside.rest })
      return finish({
        of,
        measure: 'growth',
        compare: beside.compare,
        limit: count,
        where: wish.where,
        // "Which cut most?"
        ...(any('fall') && !any('growth') ? { order: { by: 'value', direction: 'asc' } } : {}),
      } as Wish)
    }
    if (asksShare)
      return finish(
        where[field] || (of === 'categories' && where.topic)
          ? { of: 'contracts', measure: 'share' }
          : { of, measure: 'share', limit: count ?? (oneOnly ? 1 : undefined) },
      )
    const counted = at('howmany')
    if (
      counted !== Number.POSITIVE_INFINITY &&
      asked &&
      asked.at > counted &&
      !nouns.some((one) => one.at > counted && one.at < asked.at)
    )
      return finish({ of, measure: 'count' })
    if (where[field] !== undefined && !(most || least)) {
      if (verbs.received || verbs.spent || any('howmuch')) return finish({ of: 'contracts', measure: 'sum' })
      return finish({ of, measure: 'summary' })
    }
    if (grouping && grouping.group in PERIODS)
      return finish({ of: 'contracts', measure: any('howmany') ? 'count' : 'sum', group: grouping.group })
    if (EACH.test(text) && any('howmuch', 'value', 'howmany') && !(most || least))
      return finish({
        of: 'contracts',
        measure: any('howmany') ? 'count' : any('mean') ? 'mean' : 'sum',
        group: groupOf(of),
      })
    // "Quanto essa prefeitura gastou": of the one that the data is of.
    if (
      any('howmuch') &&
      (verbs.spent || verbs.received) &&
      !(most || least) &&
      asked &&
      isOne(asked.word) &&
      !EACH.test(text) &&
      !any('who', 'list')
    )
      return finish({ of: 'contracts', measure: 'sum' })
    if (least && !any('largest')) return finish({ of, measure: 'smallest', ...ranked })
    if (most || byCount || rises) return finish({ of, measure: 'largest', ...ranked })
    return finish({ of, measure: 'list', ...ranked })
  }

  if (parts.having && grouping) wish.having = parts.having
  // Contracts
  const direction = least && !any('largest') ? 'asc' : 'desc'
  if (grouping) {
    // "By type" means the type of purchase where it is not about findings.
    const { one } = grouping
    if (any('mean') && grouping.group in PERIODS && !MEAN_OF_CONTRACTS.test(text))
      return finish({ of: 'contracts', measure: 'mean', per: grouping.group })
    const group = asGroup(grouping.group, register)
    const measure = any('mean')
      ? 'mean'
      : any('median')
        ? 'median'
        : rises
          ? 'growth'
          : byCount || any('howmany')
            ? 'count'
            : 'sum'
    if (one || ((most || least) && group in PERIODS && grouping.one))
      return finish({
        of: 'contracts',
        measure: measure === 'growth' ? 'sum' : measure,
        group,
        order: { by: measure === 'count' ? 'count' : 'value', direction },
        limit: count ?? 1,
      })
    return finish({ of: 'contracts', measure, group, limit: count })
  }
  if (asksShare) return finish({ of: 'contracts', measure: 'share' })
  if (any('mean')) return finish({ of: 'contracts', measure: 'mean' })
  if (any('median')) return finish({ of: 'contracts', measure: 'median' })
  if (rises) return finish({ of: 'contracts', measure: 'growth', group: 'year' })
  // The largest and the smallest stand together in a summary.
  if (any('largest') && any('smallest') && count === undefined && place === undefined)
    return finish({ of: 'contracts', measure: 'summary' })
  const noun = nouns.find(
    (one) =>
      subjectsOf(one).includes('contracts') && !PER.test(text.slice(Math.max(0, one.start - 4), one.end)),
  )
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
  if (any('largest') || least || (most && noun && !any('howmuch', 'howmany')))
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
