import { type Group, MOST_NAMES, PERIODS, type Plan } from '../../protocol/plan.ts'
import { may } from './concepts.ts'
import type { Token } from './draft.ts'
import { insteadAt } from './instead.ts'
import type { Parts } from './parts.ts'
import { type Case, isDated, isParty } from './said.ts'
import { groupOf } from './subject.ts'
import { LENGTH, unsaid } from './unsaid.ts'
import { untold } from './untold.ts'

const OWN: Partial<Record<Plan['of'], string>> = {
  suppliers: 'supplier',
  buyers: 'buyer',
  units: 'buyer',
  categories: 'category',
}

/** Tells whether a side of a comparison is one of the groups by which a message tells figures apart. */
const isOfGroup = (side: Plan['where'], group: Group | undefined): boolean =>
  group !== undefined &&
  (group in PERIODS
    ? (side.start_date ?? side.end_date) !== undefined
    : side[(group === 'unit' ? 'buyer' : group) as 'buyer'] !== undefined)

const MULTIPLE = /^(?:dobr|dupl|doubl|tripl|metade|mitad|half|twice|dobl|ter[cç]|third)/
const EVERY = /^(?:tod[oa]s?|all|cada|every|each)$/
/** Returns the words of a message that a pattern fits, or its first one, so that there is one to name. */
const wordsOf = ({ draft: { tokens } }: Parts, words: RegExp): Token[] => {
  const found = tokens.filter(({ word }) => words.test(word))
  return found.length > 0 ? found : tokens.slice(0, 1)
}

/** Returns the words of names, things and days that were understood and are not in the plan. */
const lost = ({ plan, parts }: Case): Token[] => {
  // Of more names than a plan has room for, those beyond are told as unused.
  if (Math.max(parts.mentions.length, parts.topics.length) > MOST_NAMES) return []
  const { also = [], never = [] } = plan.having ?? {}
  const all = [plan.where, ...(plan.compare ?? []), ...also, ...never].flatMap((one) => [
    one,
    one.except ?? {},
  ])
  const { tokens } = parts.draft
  const missing: Token[] = []
  for (const { from, to, field, texts, unknown } of parts.mentions)
    if (
      !unknown &&
      !(plan.measure === 'largest' && plan.limit === 1 && OWN[plan.of] === field) &&
      !all.some((where) => texts.some((text) => (where as Plan['where'])[field]?.includes(text)))
    )
      missing.push(...tokens.slice(from, to))
  for (const { from, to, phrase, unknown } of parts.topics)
    if (!unknown && !all.some((where) => (where as Plan['where']).topic?.includes(phrase)))
      missing.push(...tokens.slice(from, to))
  const { having, amendment, ranges, without, periods, order } = parts
  if (order && plan.order === undefined) missing.push(...tokens.slice(0, 1))
  const instead = insteadAt(parts.draft)
  if (instead !== undefined) missing.push(...tokens.slice(instead, instead + 2))
  // "By supplier" is said by the groups of a plan, or by what it is about.
  if (
    parts.group &&
    plan.of !== 'findings' &&
    (plan.group ?? plan.per) === undefined &&
    // The one contract tells its month and its way of contracting.
    !(parts.group.one && plan.limit === 1) &&
    !(plan.compare ?? []).some((side) => isOfGroup(side, parts.group?.group)) &&
    (!isParty({ plan, parts, continues: false }) || groupOf(plan.of) !== parts.group.group)
  )
    missing.push(
      ...tokens
        .filter(
          (token) =>
            parts.draft.isClaimed(token) &&
            /^(?:por|by|per|x|cada|each|every|em|in|qual|which)$/.test(token.word),
        )
        .slice(0, 1),
    )
  if (parts.split && plan.split === undefined)
    missing.push(...tokens.filter(({ word }) => may(word, 'each')).slice(-1))
  if (parts.everyPeriod && plan.having?.also === undefined) missing.push(...wordsOf(parts, EVERY))
  if (
    parts.grew &&
    plan.having?.growth === undefined &&
    !(plan.measure === 'change' && plan.of === 'contracts')
  )
    missing.push(...wordsOf(parts, MULTIPLE))
  if (having?.share && plan.having?.share === undefined) missing.push(...wordsOf(parts, MULTIPLE))
  if (parts.lasts && plan.measure !== 'duration') missing.push(...wordsOf(parts, LENGTH))
  if (parts.where.weekday && !all.some((where) => (where as Plan['where']).weekday !== undefined))
    missing.push(...tokens.slice(0, 1))
  if (parts.where.months && !all.some((where) => (where as Plan['where']).months !== undefined))
    missing.push(...wordsOf(parts, LENGTH))
  if (having && !plan.having) missing.push(...tokens.slice(0, 1))
  if (
    amendment &&
    plan.measure !== 'added' &&
    plan.place === undefined &&
    !(plan.measure === 'summary' && plan.where.contract !== undefined) &&
    !all.some((where) => (where as Plan['where']).increase !== undefined)
  )
    missing.push(...tokens.slice(0, 1))
  // "The last quarter of 2021 to 2024" is one of each year.
  if (parts.yearless && plan.where.within !== undefined) missing.push(...datesOf(parts))
  if (periods.length > 0 && also.length === 0 && !isDated({ plan, parts, continues: false }))
    missing.push(...datesOf(parts))
  if (ranges.length > 0 && plan.where.within === undefined) missing.push(...tokens.slice(0, 1))
  if (without.length > 0 && plan.where.except?.within === undefined && never.length === 0)
    missing.push(...datesOf(parts))
  // Of two names a share may be of either.
  const { buyer, supplier, category, modality, status, topic } = plan.where
  if (
    plan.measure === 'share' &&
    plan.of === 'contracts' &&
    plan.whole === undefined &&
    [buyer, supplier, category, modality, status, topic, plan.where.except].filter(Boolean).length > 1
  )
    missing.push(tokens.find(({ word }) => may(word, 'share')) ?? (tokens[0] as Token))
  return missing
}

/** Returns the words of "a single supplier" where no group is held to that. */
const singleParty = ({ plan, parts: { draft } }: Case): Token[] =>
  plan.having
    ? []
    : draft.tokens.filter(
        ({ at, word }) =>
          /^(?:so|unic[oa]|sol[oa]|single|mesm[oa]|same)$/.test(word) &&
          draft.isFree(at) &&
          may(draft.word(at + 1), 'suppliers', 'buyers', 'units') &&
          draft.isFree(at + 1),
      )

const datesOf = ({ periodsAt, draft }: Parts): Token[] =>
  periodsAt.flatMap((at) => draft.tokens.slice(at, at + 1))

const MEAN_OF_PERIODS =
  /\b(?:media|medio|promedio|average|mean) (?:d[eoa]s? (?:gastos?|gasto) )?(?:mensal|mensual|monthly|anual|annual|yearly|diari[oa]|daily|semanal|weekly)\b|\b(?:monthly|annual|yearly|daily|weekly|mensal|anual) (?:average|mean|media)\b/

/** Returns the words of a mean over periods, "média mensal", which is no mean of contracts. */
const meanOfPeriods = ({ plan, parts: { draft } }: Case): Token[] => {
  const found = plan.measure === 'mean' && plan.per === undefined ? MEAN_OF_PERIODS.exec(draft.folded) : null
  return found === null
    ? []
    : draft.tokens.filter(({ start, end }) => start >= found.index && end <= found.index + found[0].length)
}

const NEVER = /\b(?:nunca|jamais|jamas|never)\b/
/**
 * Returns the negations that a list of parties cannot say: suppliers that "are not of health" are not those of contracts
 * that are not of health.
 */
const beyondContracts = ({ plan, parts }: Case): Token[] => {
  const own = OWN[plan.of]
  const ranks = plan.measure === 'largest' || plan.measure === 'smallest'
  if (own === undefined || plan.having?.never || (ranks && !NEVER.test(parts.draft.folded))) return []
  return parts.exclusions
    .filter(
      ({ negates, spans }) =>
        negates && spans.some(({ from }) => parts.mentions.find((one) => one.from === from)?.field !== own),
    )
    .map(({ at }) => parts.draft.tokens[at] as Token)
}

/** Returns the party that is asked for where a plan puts other things side by side: "suppliers that got more in …". */
const droppedParty = ({ plan, parts: { draft } }: Case): Token[] =>
  plan.of !== 'contracts' || plan.compare === undefined
    ? []
    : draft.tokens.filter(
        (token) =>
          draft.isFree(token.at) &&
          /s$/.test(token.word) &&
          may(token.word, 'suppliers', 'units', 'categories') &&
          !may(token.word, 'filler', 'contracts') &&
          !(plan.compare ?? []).some(
            (side) =>
              side[
                may(token.word, 'suppliers') ? 'supplier' : may(token.word, 'units') ? 'buyer' : 'category'
              ],
          ),
      )

const JOINED =
  /\b(?:e|y|and|ou|o|or|a|ate|to|hasta|x|vs|versus|com|con|with|contra|que|than|do|menos)\b|[,;&/-]/
/** Returns the days of two periods between which no word joins them: one of them was misread. */
const unjoinedPeriods = ({ plan, parts }: Case): Token[] => {
  const { draft, periodsAt, periods } = parts
  if (periods.length < 2 || plan.compare !== undefined || parts.always) return []
  return periodsAt.slice(1).flatMap((at, place) => {
    const from = draft.tokens[periodsAt[place] as number] as Token
    const to = draft.tokens[at] as Token
    return JOINED.test(draft.folded.slice(from.end, to.start)) ? [] : [to]
  })
}

/** Returns "also" in a clause about parties, "empresas que também atendem …", where no plan asks for both. */
const alsoHad = ({ plan, parts: { draft } }: Case): Token[] =>
  plan.having?.also === undefined && plan.compare === undefined
    ? draft.tokens.filter(
        ({ at, word }) =>
          draft.isFree(at) &&
          /^(?:tambem|tambien|also)$/.test(word) &&
          /^(?:que|who|that|which)$/.test(draft.word(at - 1)),
      )
    : []

const ADDS = /^(?:soma|somam|somados|somadas|suma|suman|sumados|sum|combined|together|juntos|juntas)$/
/** Returns the word for a sum where the largest of some things are listed, whose sum no plan says. */
const sumOfLargest = ({ plan, parts: { draft } }: Case): Token[] =>
  (plan.measure === 'largest' || plan.measure === 'smallest') && (plan.limit ?? 1) > 1
    ? draft.tokens.filter((token) => draft.isFree(token.at) && ADDS.test(token.word))
    : []

const WHICH_IS_MORE =
  /^\W*(?:(?:e|and|y) )?(?:qual|cual|which)(?: (?:foi|e|fue|es|was|is))? (maior|menor|mayor|bigger|larger|greater|smaller)\W*$/
/** Returns the comparative of a question about what was spoken of before, "which was bigger?", of which a plan keeps one. */
const comparative = ({ continues, plan, parts: { draft } }: Case): Token[] => {
  const found = continues && plan.compare === undefined ? WHICH_IS_MORE.exec(draft.folded) : null
  return found === null ? [] : draft.tokens.filter(({ word }) => word === found[1])
}

/** Returns what figures are to be told apart by beside the group of a plan: "por ano e por secretaria". */
const secondGroup = ({ plan, parts: { draft, group } }: Case): Token[] =>
  group === undefined
    ? []
    : draft.tokens.filter(
        ({ at, word }) =>
          draft.isFree(at) &&
          draft.isFree(at - 1) &&
          /^(?:por|per|by|cada|each)$/.test(draft.word(at - 1)) &&
          may(word, 'suppliers', 'buyers', 'units', 'categories', 'modality', 'year', 'month') &&
          (plan.group ?? plan.per) !== undefined,
      )

/** Returns the words of what was understood, or can be told, but is not in a plan. */
export const omissions = (one: Case): Token[] => [
  ...untold(one),
  ...unsaid(one),
  ...lost(one),
  ...beyondContracts(one),
  ...meanOfPeriods(one),
  ...singleParty(one),
  ...droppedParty(one),
  ...secondGroup(one),
  ...unjoinedPeriods(one),
  ...sumOfLargest(one),
  ...alsoHad(one),
  ...comparative(one),
  ...(one.parts.only && !one.plan.having?.never ? [one.parts.draft.tokens[one.parts.only.at] as Token] : []),
]
