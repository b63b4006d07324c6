import { PERIODS, type Plan } from '../../protocol/plan.ts'
import { unitOf } from './calendar.ts'
import { may, sensesOf } from './concepts.ts'
import { isDeed } from './deed.ts'
import type { Token } from './draft.ts'
import { numeralAt } from './number.ts'
import { type Role, rolesOf } from './operators.ts'
import type { Parts } from './parts.ts'
import { hasRelation } from './relation.ts'
import { says } from './wishes.ts'
import type { Concept } from './words.ts'

/** A plan with the message it was made of. */
export interface Case {
  readonly plan: Plan
  readonly parts: Parts
  /** True where the plan is the one before, edited. */
  readonly continues: boolean
}

type Test = (one: Case, token: Token) => boolean

const PARTIES: readonly Plan['of'][] = ['suppliers', 'buyers', 'units', 'categories']
const LISTS: readonly Plan['measure'][] = ['list', 'largest', 'smallest', 'summary']

const isStory = ({ plan }: Pick<Case, 'plan'>): boolean =>
  plan.where.contract !== undefined && plan.measure === 'summary'
export const isParty = ({ plan }: Case): boolean => PARTIES.includes(plan.of)
const measures =
  (...wanted: readonly Plan['measure'][]): Test =>
  ({ plan }) =>
    wanted.includes(plan.measure)
const compares: Test = ({ plan }) => plan.compare !== undefined
const anyOf =
  (...tests: readonly Test[]): Test =>
  (one, token) =>
    tests.some((test) => test(one, token))
const always: Test = () => true
const never: Test = () => false

export const isDated = ({ plan }: Case): boolean => {
  const { start_date, end_date, ends_from, ends_to, in_force_on } = plan.where
  return (
    (start_date ?? end_date ?? ends_from ?? ends_to ?? in_force_on ?? plan.where.within) !== undefined ||
    plan.where.except?.within !== undefined ||
    plan.compare?.some((one) => (one.start_date ?? one.end_date) !== undefined) === true
  )
}
const byDate: Test = ({ plan }) =>
  plan.order?.by === 'date' ||
  plan.order?.by === 'end' ||
  (plan.group ?? 'none') in PERIODS ||
  (plan.per ?? 'none') in PERIODS

const direction = ({ measure, order }: Plan): 'up' | 'down' | undefined => {
  if (order) return order.direction === 'desc' ? 'up' : 'down'
  return measure === 'largest' ? 'up' : measure === 'smallest' ? 'down' : undefined
}

/** Does a plan put things in the order that a word like "largest", "least" or "menos caro" asks for? */
const ranks: Test = ({ plan, parts }, { at, word }) => {
  const { draft } = parts
  if (plan.compare !== undefined || plan.place !== undefined) return true
  // "Ver mais" goes on in a list.
  if (plan.of === 'findings' || plan.skip !== undefined) return true
  if (
    plan.measure === 'summary' &&
    plan.of === 'contracts' &&
    says(draft).any('largest') &&
    says(draft).any('smallest')
  )
    return true
  const isAdjective = may(word, 'largest', 'smallest')
  const before = draft.word(at - 1)
  const after = draft.word(at + 1)
  const downBefore = isAdjective && may(before, 'least') && !may(before, 'smallest')
  const isUp = may(word, 'largest', 'most')
  // "Mais barato": the adjective says which way.
  if (!isAdjective && may(after, 'largest', 'smallest')) return true
  const wanted = isUp !== downBefore ? 'up' : 'down'
  if (direction(plan) === wanted) return true
  // Groups come in this order anyway.
  if (wanted === 'up' && plan.group !== undefined && !(plan.group in PERIODS)) return true
  if (before === 'how' && plan.measure === 'share') return true
  if (plan.order?.by === 'date' || plan.order?.by === 'end') return may(after, 'newest', 'oldest')
  return (
    wanted === 'up' &&
    (plan.measure === 'share' || plan.measure === 'growth') &&
    (isParty({ plan } as Case) || plan.limit !== undefined)
  )
}

/** Is a word before the name, or the party, by which the figures are told apart, or an agent: "pago por X"? */
const tellsApart: Test = (one, { at, word }) => {
  const { plan, parts } = one
  const { draft } = parts
  if (plan.group !== undefined || plan.per !== undefined || isParty(one) || plan.of === 'findings')
    return true
  if (plan.compare !== undefined && may(word, 'each')) return true
  if (word === 'by' && plan.compare !== undefined) return true
  const next = draft.tokens[at + 1]
  // "Every direct award" is all of them.
  if (word === 'every' && next && (draft.isClaimed(next) || may(next.word, 'contracts'))) return true
  if (word !== 'por' && word !== 'by') return false
  const after = draft.word(at + 1)
  if (/^(?:que|quem|quanto|cuanto|quien|favor|meio|medio|isso|eso|causa|conta)$/.test(after)) return true
  const named = parts.mentions.some(({ from }) => from > at && from <= at + 3)
  const verb = draft.tokens
    .slice(Math.max(0, at - 4), at)
    .some((token) => may(token.word, 'spent', 'received') || /(?:[ai]d[oa]s?|ed)$/.test(token.word))
  const thing = parts.topics.some(({ from, to }) => at + 1 < to && from <= at + 2)
  return (
    named ||
    (verb && thing) ||
    (draft.tokens[at + 1] !== undefined && draft.isClaimed(draft.tokens[at + 1] as Token) && !thing)
  )
}

/** Is the mean number of contracts of some groups told? */
const countsEach = ({ measure, per }: Plan): boolean => measure === 'count' && per !== undefined
/** Are groups put in the order of their means? */
const ranksMeans = ({ measure, group, order }: Plan): boolean =>
  measure === 'mean' && group !== undefined && order !== undefined
/** Words by which a number of things is asked for. */
const NUMBERS = /^(?:numero|numeros|number|numbers|quantidade|cantidad)$/

/** Tests by the meaning of a word: whether the plan says it. Meanings without one never change a figure. */
const BY_CONCEPT: Partial<Record<Concept, Test>> = {
  // The mean and the median are told together.
  mean: (one, token) =>
    (measures('mean', 'median')(one, token) || countsEach(one.plan)) &&
    (ranksMeans(one.plan) || !hasRelation(one.parts.draft)),
  median: (one, token) => measures('median', 'mean')(one, token) && !hasRelation(one.parts.draft),
  // How much a change is in percent is told beside it.
  // A table of groups tells the part of each.
  share: (one, token) =>
    measures('share', 'change', 'growth')(one, token) ||
    (one.plan.measure === 'sum' && one.plan.group !== undefined && !(one.plan.group in PERIODS)),
  growth: anyOf(measures('growth', 'change'), compares, byDate),
  fall: anyOf(measures('growth', 'change'), compares, byDate),
  change: anyOf(measures('growth', 'change'), compares),
  compare: anyOf(compares, ({ plan }) => plan.group !== undefined),
  howmany: ({ plan }, { word }) =>
    plan.measure === 'count' ||
    plan.measure === 'share' ||
    plan.order?.by === 'count' ||
    plan.where.contract !== undefined ||
    !(/^(?:q|cuant|many)/.test(word) || (plan.measure === 'mean' && NUMBERS.test(word))),
  who: (one) => isParty(one) || compares(one, undefined as never) || LISTS.includes(one.plan.measure),
  each: tellsApart,
  largest: ranks,
  smallest: ranks,
  most: ranks,
  least: ranks,
  newest: (one, token) => byDate(one, token) || one.plan.having?.never !== undefined,
  oldest: byDate,
  year: anyOf(isDated, byDate),
  month: anyOf(isDated, byDate),
  findings: ({ plan }) => plan.of === 'findings',
  different: (one) => isParty(one) || one.plan.measure === 'count',
  missing: ({ plan }) => plan.where.missing !== undefined,
  except: never,
  only: ({ plan, continues, parts }, { at }) =>
    continues ||
    plan.limit !== undefined ||
    (Object.keys(plan.where).length > 0 &&
      !(
        PARTIES.includes(plan.of) &&
        (isDeed(parts.draft.word(at + 1)) || isDeed(parts.draft.word(at - 1)))
      )) ||
    /^(?:quero|queria|saber|quiero|want|para|mais)$/.test(parts.draft.word(at + 1)),
  modality: ({ plan }) =>
    plan.group === 'modality' ||
    plan.where.modality !== undefined ||
    plan.measure === 'summary' ||
    plan.where.except?.modality !== undefined,
}

/** Tests of words of closed classes that no reader has claimed. */
const BY_ROLE: Readonly<Record<Role, Test>> = {
  negation: ({ plan, parts: { draft } }, { at, word }) =>
    word === 'no' ||
    (plan.having?.never !== undefined &&
      /^(?:nada|nothing|nenhum\w*|ningun\w*|nunca|never|any)$/.test(word)) ||
    // "Nenhum contrato da cultura foi por pregão?" asks for one.
    (/^(?:nenhum|nenhuma|ningun|ninguna|nenhuns)$/.test(word) &&
      may(draft.word(at + 1), 'contracts') &&
      (plan.measure === 'list' || plan.measure === 'count') &&
      /\?\s*$/.test(draft.text)),
  exception: ({ parts }, { at, word }) =>
    word === 'but' || (word === 'fora' && /^d[oe]$/.test(parts.draft.word(at + 1))),
  bound: ({ parts, plan }, { at, word }) =>
    /^(?:entre|between)$/.test(word) &&
    (plan.compare !== undefined || /^(?:os|as|o|a|los|las|the|todos|todas)$/.test(parts.draft.word(at + 1))),
  time: (one, { at, word }) =>
    // One contract's story tells its days and its first value too.
    isStory(one) ||
    (/^(?:durante|during|periodo|current|atual|atuais|actual|actuales)$/.test(word) && isDated(one)) ||
    (word === 'since' && isDated(one)) ||
    (/^(?:final|finais|finales)$/.test(word) &&
      /^(?:valor|valores|value)$/.test(one.parts.draft.word(at - 1))) ||
    (unitOf(word) !== undefined && (one.plan.group ?? one.plan.per) !== undefined),
  ratio: ({ plan, parts }, { at, word }) =>
    (isStory({ plan }) && /^(?:inicia|inicial|origina|initial)/.test(word)) ||
    (/^(?:vezes|veces|times)$/.test(word) &&
      (plan.compare !== undefined ||
        (plan.measure === 'count' && /^(?:q|cuant|many)/.test(parts.draft.word(at - 1))) ||
        plan.order?.by === 'count')) ||
    (/^(?:razao|proporcao)$/.test(word) && plan.measure === 'share'),
  vague: never,
  each: tellsApart,
  both: anyOf(
    compares,
    ({ plan }) => plan.having?.also !== undefined,
    ({ plan }) => plan.of === 'contracts' && plan.measure !== 'list' && severalNamed(plan),
    ({ plan, parts }, { at, word }) =>
      word === 'tanto' && plan.measure === 'share' && parts.draft.word(at + 1) === 'por',
  ),
  other: ({ plan, continues }) =>
    plan.skip !== undefined || plan.where.except !== undefined || (continues && plan.compare !== undefined),
  same: ({ continues }) => continues,
  either: compares,
  cause: ({ plan }) => plan.of === 'findings' && plan.measure === 'summary',
  beyond: never,
}

const severalNamed = ({ where }: Plan): boolean =>
  [where.buyer, where.supplier, where.category, where.modality, where.topic].some(
    (some) => (some?.length ?? 0) > 1,
  )

/** Numbers that no reader has taken, articles left out. */
const isLooseNumber: Test = ({ plan, parts }, { at, word }) => {
  const number = numeralAt(parts.draft, at)
  if (!number || number.article || (may(word, 'share') && plan.measure === 'share')) return false
  // "Os dois", "the two" of a comparison.
  return !(plan.compare !== undefined && number.value === plan.compare.length && !/^\d/.test(word))
}

const ORDINALS =
  /^(?:primeir[oa]s?|primer[oa]s?|primer|first|terceir[oa]s?|tercer[oa]?s?|fourth|quint[oa]s?|fifth|segund[oa]s?|second|third|sext[oa]|sixth|setim[oa]|oitav[oa]|non[oa]|decim[oa]|tenth|penultim[oa]s?|penultimate)$/
const isLooseOrdinal: Test = ({ plan, parts }, { at, word }) =>
  ORDINALS.test(word) &&
  plan.place === undefined &&
  !parts.first &&
  plan.order?.by !== 'date' &&
  !(/^segundo$/.test(word) && /^(?:o|a|os|as|el|la|los|las)$/.test(parts.draft.word(at + 1)))

/** Tells whether a plan says what a word of the message asks for. */
export const isAccounted = (one: Case, token: Token): boolean => {
  const roles = rolesOf(token.word)
  if (isLooseNumber(one, token) || isLooseOrdinal(one, token)) return false
  const senses = sensesOf(token.word).map(([, concept]) => concept)
  const tests = [
    ...roles.map((role) => BY_ROLE[role]),
    ...senses.flatMap(
      (concept) => BY_CONCEPT[concept] ?? (concept === 'filler' && roles.length > 0 ? [] : [always]),
    ),
  ]
  return tests.length === 0 || tests.some((test) => test(one, token))
}
