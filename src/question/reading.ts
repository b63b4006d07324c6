import { LRUCache } from 'lru-cache'
import type { Language } from '../language/language.ts'
import { MOST_NAMES, type Plan, type Where } from '../protocol/plan.ts'
import { unaccounted } from './reading/account.ts'
import { isKnown, isVerbal, may } from './reading/concepts.ts'
import { decide } from './reading/decision.ts'
import { asksParties, isDeed } from './reading/deed.ts'
import type { Token } from './reading/draft.ts'
import { edited } from './reading/edit.ts'
import type { Introduction } from './reading/introduction.ts'
import { rolesOf } from './reading/operators.ts'
import { type Parts, type ReadingContext, readParts } from './reading/parts.ts'
import { questionsIn } from './reading/questions.ts'
import { languageSpoken } from './reading/speech.ts'
import { subjectOfMention } from './reading/subject.ts'
import type { Register } from './register.ts'

/** A question as it was understood. */
export interface Reading {
  /** Undefined where the message does not ask about the data, or too little of it was understood. */
  readonly plan: Plan | undefined
  /** The words of a message about the data that could not be taken in, and the plan that leaves them out. */
  readonly refused: Refusal | undefined
  /** Words that went nowhere, as the person wrote them. */
  readonly unused: readonly string[]
  /** The words that people say before they ask, which are no part of the question. */
  readonly introduction: Introduction | undefined
  /** The language that its words are in; undefined where they do not tell. */
  readonly language: Language | undefined
  /** Whether it has no words but names and numbers. */
  readonly namesOnly: boolean
  /** Other questions of the same message, in their order. */
  readonly further?: readonly Reading[]
  /** Whether the plan is the one before, edited. */
  readonly continues: boolean
  /** Fields of the restriction for which the dataset has none of the names or words. */
  readonly missing: readonly (keyof Where)[]
  /** Words that were taken for others: a typo mended, another body of the same name. */
  readonly taken: readonly { asked: string; for: readonly string[] }[]
}

/** Words that change a figure in a way that no plan says, with the nearest plan. */
export interface Refusal {
  readonly words: readonly string[]
  readonly nearest: Plan
}

const DEFINES =
  /^\W*(?:o que (?:e|eh|sao|significa|quer dizer)|que (?:es|son|significa)|what (?:is|are)(?: an?| the)?|what (?:does|do|did) (?=.* mean\b)|como (?:e que )?funcionam?|(?:para|pra) que serve[mn]?|para que sirven?|how (?:do|does)(?= .* works?\b))\b/

/** Returns the names and things of a message for which its plan has no room. */
const beyond = ({ mentions, topics }: Parts, plan: Plan | undefined): string[] => {
  if (plan === undefined || plan.compare || Math.max(mentions.length, topics.length) <= MOST_NAMES) return []
  const { where } = plan
  return [
    ...mentions.filter(({ field, texts }) => !texts.some((text) => where[field]?.includes(text))),
    ...topics.filter(({ phrase }) => !where.topic?.includes(phrase)),
  ].map(({ asked }) => asked)
}

/** Words before a thing. */
const BEFORE_THING =
  /^(?:de|da|do|das|dos|del|of|com|con|with|sobre|about|para|for|em|en|in|no|na|nos|nas|o|os|as|el|la|los|las|the|um|uma|un|una|an|ao|aos|pela|pelo|pelas|pelos)$/

/** Tells whether a strange word may tell some values from others: "valor redondo". */
const isQuality = (word: string): boolean =>
  /[oae]s?$/.test(word) && !isVerbal(word) && rolesOf(word).length === 0

/** Tells whether a strange word is what is done most, "que secretaria mais reparte", or how much of it, "quanto economizou". */
const isMeasure = (draft: Parts['draft'], at: number): boolean => {
  const isFree = (
    place: number,
    ...concepts: Parameters<typeof may> extends [string, ...infer C] ? C : never
  ) => draft.isFree(place) && may(draft.word(place), ...concepts)
  // "A menor variedade de secretarias": what is least is not the value.
  if (isFree(at - 1, 'most', 'least', 'largest', 'smallest') || isFree(at + 1, 'most', 'least')) return true
  if (isVerbal(draft.word(at)) && /^(?:quanto|cuanto)$/.test(draft.word(at - 1))) return true
  return (
    isVerbal(draft.word(at)) &&
    draft.tokens.some(({ at: place, word }) => place < at && /^(?:quanto|cuanto|much)$/.test(word)) &&
    !draft.tokens.some(({ at: place }) => isFree(place, 'spent', 'received', 'value', 'contracts', 'share'))
  )
}

/**
 * Returns the strange verb behind a party that was taken for a thing, "que unidades recortaron": it says what they did, and
 * which verb it is changes the figure.
 */
const strangeDeeds = ({ draft, topics }: Parts): Token[] =>
  topics
    .filter(({ unknown }) => unknown)
    .flatMap(({ from, to }) => draft.tokens.slice(from, to))
    .filter(
      ({ at, word }) =>
        isVerbal(word) &&
        /^(?:que|who|that|which|quem|quien|quienes)$|s$/.test(draft.word(at - 1)) &&
        (may(draft.word(at - 1), 'suppliers', 'buyers', 'units', 'categories', 'who') ||
          may(draft.word(at - 2), 'suppliers', 'buyers', 'units', 'categories')),
    )

/** Returns those strange words that name a thing or tell some contracts from others, so that a figure without them is another's. */
const strangers = ({ draft, mentions, topics }: Parts, stray: readonly Token[]): Token[] =>
  stray.filter(
    ({ at, word, capital }) =>
      !/^\d/.test(word) &&
      word.length > 2 &&
      (capital ||
        isMeasure(draft, at) ||
        // "Quantos alunos usam …": not contracts are counted.
        topics.some(({ from, to }) => to >= at && from < at && may(draft.word(from - 1), 'howmany')) ||
        // "Contratos que a empresa X perdeu": what a name does that nobody knows.
        (isQuality(word) && draft.isFree(at - 1) && may(draft.word(at - 1), 'value')) ||
        (isVerbal(word) && mentions.some(({ to, field }) => to === at && field !== 'modality')) ||
        (!isVerbal(word) && BEFORE_THING.test(draft.word(at - 1))) ||
        may(draft.word(at + 1), 'contracts', 'suppliers', 'buyers') ||
        (may(draft.word(at - 1), 'contracts', 'suppliers', 'buyers') && !isVerbal(word))),
  )

const clean = (plan: Plan): Plan =>
  Object.fromEntries(Object.entries(plan).filter(([, value]) => value !== undefined)) as Plan

/** Returns the plan of a message that stands alone; undefined where its words do not ask about the data. */
const alone = (parts: Parts, { register }: ReadingContext, strange: number): Plan | undefined => {
  const { where, ...wish } = decide(parts, register)
  const { mentions, topics } = parts
  const restricted = Object.keys(where).length > 0
  // "Who will win the match?" names no party of the data.
  const isVague =
    wish.of === 'suppliers' &&
    !parts.draft.tokens.some(({ word }) => may(word, 'suppliers', 'most', 'least', 'largest', 'smallest'))
  if (strange > 0 && isVague && Object.keys(where).every((field) => /^(?:start|end)_date$/.test(field)))
    return undefined
  // "What is an auction?" asks for a meaning.
  if (
    DEFINES.test(parts.draft.folded) &&
    wish.measure === undefined &&
    mentions.every(({ field }) => field === 'modality')
  )
    return undefined
  if (wish.measure !== undefined) {
    // A lone word like "value" among words that nobody knows is no question about the data.
    if (
      !restricted &&
      strange > 0 &&
      wish.measure !== 'count' &&
      wish.of === 'contracts' &&
      strange >= parts.draft.tokens.length / 3
    )
      return undefined
    return clean({ ...wish, measure: wish.measure, of: wish.of ?? 'contracts', where })
  }
  if (!restricted) return undefined
  const [named] = mentions
  const isLonely = mentions.length === 1 && topics.length === 0 && Object.keys(where).length === 1
  if (strange > 0 && strange >= parts.draft.tokens.filter((token) => parts.draft.isClaimed(token)).length)
    return undefined
  if (named && isLonely && named.field !== 'modality' && !named.unknown)
    return clean({ ...wish, measure: 'summary', of: subjectOfMention(named), where })
  return clean({ ...wish, measure: 'list', of: 'contracts', where })
}

type Context = ReadingContext & { before?: Plan | undefined }

/** Reads one question of a message. */
const readOne = (message: string, context: Context): Reading => {
  const { before } = context
  const parts = readParts(message, context, before)
  const { draft, mentions, topics } = parts
  const strange = draft.tokens.filter(
    (token) =>
      !draft.isClaimed(token) &&
      !isKnown(token.word) &&
      !(isDeed(token.word) && asksParties(draft, token.at)),
  )
  const edit = before && edited(before, parts, context.register, strange.length)
  const read = edit ?? alone(parts, context, strange.length)
  // Reading what leads on may take in some more.
  const stray = strange.filter((token) => !draft.isClaimed(token))
  const open = read
    ? [
        ...unaccounted({ plan: read, parts, continues: edit !== undefined }),
        ...strangers(parts, stray),
        ...strangeDeeds(parts),
      ]
    : []
  const refused =
    read && open.length > 0
      ? { words: [...new Set(open.map(({ written }) => written))], nearest: read }
      : undefined
  const plan = refused ? undefined : read
  return {
    plan,
    refused,
    introduction: parts.introduction,
    unused: [
      ...new Set([
        ...stray.map(({ written }) => written),
        ...beyond(parts, plan),
        ...(refused ? [...mentions, ...topics].filter((one) => one.unknown).map(({ asked }) => asked) : []),
      ]),
    ],
    language: languageSpoken(parts),
    namesOnly: draft.tokens.every(
      ({ at, word }) => /^\d/.test(word) || mentions.some(({ from, to }) => at >= from && at < to),
    ),
    continues: edit !== undefined,
    missing: [
      ...new Set<keyof Where>([
        ...mentions.filter((one) => one.unknown).map((one) => one.field),
        ...topics.filter((one) => one.unknown).map(() => 'topic' as const),
      ]),
    ],
    taken: [
      ...mentions
        .filter((one) => one.differs && !one.unknown)
        .map((one) => ({ asked: one.asked, for: one.texts })),
      ...topics.filter((one) => one.differs).map((one) => ({ asked: one.asked, for: [one.phrase] })),
    ],
  }
}

/** Refuses a question whose plan is that of the one before it: its own words were not taken in. */
const withoutRepeats = (one: Reading, question: string, before: Plan | undefined): Reading =>
  one.plan && before && JSON.stringify(one.plan) === JSON.stringify(before)
    ? { ...one, plan: undefined, refused: { words: [question.trim()], nearest: one.plan } }
    : one

/** Reads each question of a message, in the light of the one before it. */
const readAll = (message: string, context: Context): Reading => {
  const questions = questionsIn(message)
  if (questions.length === 1) return readOne(message, context)
  const read: Reading[] = []
  let { before } = context
  for (const question of questions) {
    const one = withoutRepeats(readOne(question, { ...context, before }), question, before)
    if (!(one.plan ?? one.refused)) continue
    read.push(one)
    before = one.plan ?? before
  }
  const [first, ...further] = read
  return first && further.length > 0 ? { ...first, further } : readOne(message, context)
}

/** Characters of messages, and of the plans before them, whose readings over one dataset are kept. */
const MOST_KEPT = 500_000
const KEPT = new WeakMap<Register, LRUCache<string, Reading>>()

/**
 * Reads a message as a plan over a dataset; with a plan before it, a message that leads on edits that one. Of several
 * questions each is read, in the light of the one before it.
 * @example readQuestion('quanto gastou a saúde em 2023?', { register, today: '2025-02-10' }).plan
 */
export const readQuestion = (message: string, context: Context): Reading => {
  const { register, today, datasets, before } = context
  // Each turn of a conversation reads the messages before it again.
  const kept = KEPT.get(register) ?? new LRUCache<string, Reading>({ maxSize: MOST_KEPT })
  KEPT.set(register, kept)
  const key = JSON.stringify([message, today, datasets, before])
  const known = kept.get(key) ?? readAll(message, context)
  kept.set(key, known, { size: key.length })
  return known
}
