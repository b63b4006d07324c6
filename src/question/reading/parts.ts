import { folded } from '../../language/folding.ts'
import type { Severity } from '../../protocol/investigation.ts'
import type { Group, Having, Plan, Slice, Where } from '../../protocol/plan.ts'
import type { Register } from '../register.ts'
import { stem } from '../stem.ts'
import { type Amendment, readAmendment } from './amendment.ts'
import { readAmounts } from './amount.ts'
import { inYear, type Period } from './calendar.ts'
import { isFiller, may } from './concepts.ts'
import { asksParties } from './deed.ts'
import { type Draft, draft } from './draft.ts'
import { readDuration, readMeanDuration } from './duration.ts'
import { eachYear, readEveryPeriod } from './every-period.ts'
import { type Exclusion, isLeftOut, type Placed, readExclusions } from './exclusion.ts'
import { readHaving } from './having.ts'
import { readContract, readSupplierNumbers } from './identifier.ts'
import { readIdioms } from './idioms.ts'
import { readInstead } from './instead.ts'
import { type Introduction, readIntroduction } from './introduction.ts'
import { readLack } from './lack.ts'
import { mendWords, mendYears } from './mending.ts'
import type { Mention, NameField } from './mention.ts'
import { readModalities } from './modality.ts'
import { readMultiple } from './multiple.ts'
import { readNames } from './names.ts'
import { naming } from './naming.ts'
import { type Only, readOnly } from './only.ts'
import { type OrderAsked, readOrder } from './order.ts'
import { readPartOfAll } from './part-of-all.ts'
import { type Named, readPeriods } from './period.ts'
import { readRelation } from './relation.ts'
import { ELLIPSIS, readTopics, type Topic } from './topics.ts'
import { readWeekdays } from './weekday.ts'
import { readWindow, windowIn } from './window.ts'
import {
  readCount,
  readGroup,
  readPerHundred,
  readPlace,
  readSecondGroup,
  readSeverities,
  readTypes,
} from './wishes.ts'

/** The parts of a message that its words name, before it is known which question they make. */
export interface Parts {
  readonly draft: Draft
  readonly mentions: readonly Mention[]
  readonly topics: readonly Topic[]
  readonly periods: readonly Period[]
  /** Places of the first word of each period. */
  readonly periodsAt: readonly number[]
  /** True when one of the periods is a part of a year that is not said. */
  readonly yearless: boolean
  /** Periods that are left out. */
  readonly without: readonly Period[]
  /** Those of them that a word like "not" leaves out. */
  readonly negated: readonly Period[]
  readonly only: Only | undefined
  /** Ranges of value of which any is meant. */
  readonly ranges: readonly Slice[]
  readonly having: Having | undefined
  /** Restrictions by value, end, number, lack, currency, type and severity. */
  readonly where: Where
  readonly group: ReturnType<typeof readGroup>
  /** What the figures of each group are told apart by. */
  readonly split: Group | undefined
  /** True where parties are asked for that have contracts in each period. */
  readonly everyPeriod: boolean
  /** By how much, in percent, something grew from one period to the next. */
  readonly grew: Having['growth']
  /** True where the mean length of contracts is asked for. */
  readonly lasts: boolean
  readonly place: number | undefined
  readonly count: number | undefined
  /** The words for leaving out, with what they reach. */
  readonly exclusions: readonly Exclusion[]
  /** Names and things that others are to stand in the place of. */
  readonly replaced: Pick<Where, NameField | 'topic'>
  readonly order: OrderAsked | undefined
  /** Whether the contract that was signed first is asked for. */
  readonly first: boolean
  /** Whether all periods are asked for, after one of them was. */
  readonly always: boolean
  /** Whether a part of the whole is asked for by "of every hundred". */
  readonly perHundred: boolean
  /** The question's part about amendments. */
  readonly amendment: Amendment | undefined
  readonly introduction: Introduction | undefined
}

const CURRENCIES: readonly (readonly [RegExp, string])[] = [
  [/\b(?:em|en|in) (?:dolar(?:es)?|us\$|usd|us dollars?|dollars?)(?![\p{L}\d])/u, 'USD'],
  [/\b(?:em|en|in) (?:euros?|eur)\b/, 'EUR'],
  [/\b(?:em|en|in) (?:libras?|pounds?|sterling|gbp)\b/, 'GBP'],
  [/\b(?:em|en|in) (?:reais|real|brl|reales)\b/, 'BRL'],
]
const SHARED =
  /\b(?:em comum|en comun|in common|compartilha(?:m|d[oa]s)|comparten|compartid[oa]s|shared (?:by|between))\b/
const ADDS_UP =
  /\b(?:som(?:a|am|aram|ou)|totaliz(?:a|am|aram|ou)|suman?|sumaron|add(?:s|ed)? up to|amount(?:s|ed)? to)\b(?= (?:a |uns |un )?(?:mais|menos|mas|more|less|over|under|acima|abaixo|above|below|ao menos|al menos|at least|pelo menos)\b)/
/** Beside "who" the parties of most of the money are meant, which come first. */
const MOST_OF = /\b(?:a|la) (?:maior|mayor) parte\b/
const WHEN = /\b(?:quando|cuando|when)\b/
const EVERYTHING =
  /\b(?:(?:em |de |en |in |for )?(?:todos os|todos los|all(?: the)?) (?:anos|years|periodos?|tempos?)|(?:o |todo o |el |the )?(?:periodo|period) (?:todo|inteiro|completo|entero)|whole period|all time|desde sempre|qualquer ano)\b/
/** Behind a month or a part of a year: that of each year. */
const EVERY_YEAR = /\b(?:de|em|en|in|of) (?:cada|each|every) (?:ano|year)\b/
const FIRST =
  /\b(primeir[oa]s?|primer[oa]s?|primer|first) (?:\d+ |\p{L}+ )?(?:contratos?|compras?|contracts?|purchases?|licitac(?:ao|oes)|contratac(?:ao|oes))\b/u
/** Winning a tender and the end of a contract are one word in Portuguese. */
const WINS =
  /\b(?<!\bquando )(?:venceu|vence|venceram|vencem) (?!algum|alguns|nenhum)(?:\p{L}+ ){0,2}(?:licita|preg|concorr|disput|contrat)/u

export interface ReadingContext {
  register: Register
  /** `YYYY-MM-DD`. */
  today: string
  /** Names of datasets, which are no names of parties or things. */
  datasets?: readonly string[] | undefined
}

/** Claims the words that name a dataset. */
const claimDatasets = (reading: Draft, datasets: readonly string[]): void => {
  for (const name of datasets) {
    const words = name.split(' ')
    for (const { at } of reading.tokens)
      if (words.every((word, place) => reading.word(at + place) === word))
        reading.claimWords(at, at + words.length)
  }
}

/** Reads the period, and the days between which contracts end. */
const readDays = (
  reading: Draft,
  { register, today }: ReadingContext,
  before: Plan | undefined,
): { window: Where; named: readonly Named[]; always: boolean; whenEnds: boolean } => {
  const wins = reading.find(WINS) !== undefined
  const { window, endsIn } = wins
    ? { window: {}, endsIn: false }
    : readWindow(reading, today, before?.where.ends_to !== undefined)
  const always = reading.take(EVERYTHING) !== undefined
  const spoken = before?.where.start_date ?? before?.where.end_date
  const latest = Number((spoken ?? register.lastDay ?? today).slice(0, 4))
  const calendar = { today, latest, ...(spoken ? { spoken: Number(spoken.slice(0, 4)) } : {}) }
  const read = readPeriods(reading, calendar)
  // "When do they end?" asks for the days, of which none is said.
  const whenEnds = endsIn && read.length === 0 && WHEN.test(reading.folded)
  const meant = windowIn(whenEnds ? {} : window, endsIn, read, today)
  // Of what was signed, a month to come is that of the year before.
  const named = meant.periods.map((one) =>
    one.yearless && one.period.from !== undefined && one.period.from > today
      ? { ...one, period: inYear(one.period, Number(one.period.from.slice(0, 4)) - 1) }
      : one,
  )
  const everyYear = named.some(({ yearless }) => yearless) && reading.take(EVERY_YEAR) !== undefined
  return { window: meant.window, named, always: always || everyYear, whenEnds }
}

/** Returns a left-out month without a year in the year that is asked about, else in every year of the data. */
const inEveryYear = (
  { period, yearless }: Named,
  kept: readonly Named[],
  { firstDay, lastDay }: Register,
): Period[] => {
  const [first] = kept
  const from = Number((first?.period.from ?? firstDay ?? '').slice(0, 4))
  const to = Number((first?.period.to ?? lastDay ?? '').slice(0, 4))
  if (!(yearless && from && to)) return [period]
  return Array.from({ length: to - from + 1 }, (_, at) => inYear(period, from + at))
}

/** Words between two things of which either is meant. */
const EITHER = /^(?:e|y|and|ou|o|or|de|do|da|dos|das|com|con|with|a|os|as|los|las|the|em|en|in|on)$/

/** Takes a category beside a thing, "festas e shows", for a thing too: contracts of either are meant, not of both. */
const alternatives = (
  reading: Draft,
  mentions: readonly Mention[],
  topics: readonly Topic[],
): Pick<Parts, 'mentions' | 'topics'> => {
  const isBeside = (one: Placed, other: Placed) => {
    const between = reading.tokens.slice(one.to, other.from)
    return (
      other.from > one.to &&
      between.some(({ word }) => /^(?:e|y|and|ou|o|or)$/.test(word)) &&
      between.every(({ word }) => EITHER.test(word))
    )
  }
  const things = mentions.filter(
    (one) =>
      one.field === 'category' &&
      topics.some((topic) => !topic.unknown && (isBeside(one, topic) || isBeside(topic, one))),
  )
  return {
    mentions: mentions.filter((one) => !things.includes(one)),
    topics: [
      ...topics,
      ...things.flatMap(({ texts, asked, from, to, unknown, differs }) =>
        texts.map((phrase) => ({ phrase: folded(phrase), asked, from, to, unknown, differs })),
      ),
    ].sort((a, b) => a.from - b.from),
  }
}

/** Reads what the words of a message say; each word is claimed by the first that understands it. */
export const readParts = (message: string, context: ReadingContext, before: Plan | undefined): Parts => {
  const { register, datasets = [] } = context
  const reading = draft(message)
  const { tokens } = reading
  claimDatasets(reading, datasets)
  for (const token of tokens) if (/^n[º°]$/i.test(token.written)) reading.mend(token, 'numero')
  mendWords(reading, register)
  mendYears(reading, context.today)
  const introduction = readIntroduction(reading, (word) => !isFiller(word) && word.length > 2)
  const lasts = readMeanDuration(reading)
  const months = readDuration(reading)
  const order = readOrder(reading)
  readIdioms(reading)
  const perHundred = readPerHundred(reading)
  const where: Where = {}
  const numbers = readSupplierNumbers(reading, register)
  const contract = readContract(reading)
  if (contract !== undefined) where.contract = contract
  const missing = readLack(reading)
  if (missing !== undefined) where.missing = missing
  if (months) where.months = months
  const weekday = readWeekdays(reading)
  if (weekday) where.weekday = weekday
  const grew = readMultiple(reading)
  const partOfAll = readPartOfAll(reading)
  const amendment = readAmendment(reading)
  if (amendment?.increase) where.increase = amendment.increase
  const beside = readRelation(reading)
  if (beside !== undefined) where.beside = beside
  const modalityNames = register.names.filter(({ kind }) => kind === 'modality')
  const isModality = (phrase: string, next: string) =>
    modalityNames.some(
      ({ stems }) =>
        stems.includes(stem(next)) && phrase.split(' ').some((word) => stems.includes(stem(word))),
    )
  const counted = readHaving(reading, isModality)
  const every = readEveryPeriod(reading)
  const { ranges, ...amounts } = readAmounts(reading)
  // "Do they add up to more than a million?" is answered by what they add up to.
  const adds = reading.find(ADDS_UP)
  if (adds?.[0].startsWith('add')) reading.claimSpan(adds.index, adds.index + adds[0].length)
  if (!ADDS_UP.test(reading.folded) || asksParties(reading, tokens.length)) Object.assign(where, amounts)
  const { window, named: days, always, whenEnds } = readDays(reading, context, before)
  // One contract's story tells when it ends.
  if (contract === undefined) Object.assign(where, window)
  const types = readTypes(reading)
  if (register.currencies.length > 1)
    for (const [words, currency] of CURRENCIES) if (reading.take(words)) where.currency = currency
  const modalities = readModalities(reading, register)
  const group = readGroup(reading, isModality)
  const split = group && !group.one ? readSecondGroup(reading, isModality) : undefined
  const free = tokens.filter((token) => !reading.isClaimed(token))
  const roles = {
    received: free.some(({ word }) => may(word, 'received')),
    spent: free.some(({ word }) => may(word, 'spent') && !/^(?:cust|cost)/.test(word)),
    categories: free.some(({ word }) => may(word, 'categories')),
    beside: free.some(({ word }) => may(word, 'compare', 'change')) || ELLIPSIS.test(reading.folded),
    lonely: tokens.length <= 4,
  }
  // "Que a saúde e a educação têm em comum": said by what both have.
  if (asksParties(reading, tokens.length)) {
    reading.take(SHARED)
    reading.take(MOST_OF)
  }
  const names = readNames(reading, register, roles)
  const about =
    before?.of === 'findings' ||
    types.length > 0 ||
    free.some(
      ({ word }) =>
        may(word, 'findings') || /^(?:gravidade|severidade|gravedad|severidad|severity)$/.test(word),
    )
  const severities: Severity[] = about ? readSeverities(reading, about) : []
  if (types.length > 0) where.anomaly_type = types
  if (severities.length > 0) where.severity = severities
  const first = reading.find(FIRST)
  if (first) reading.claimSpan(first.index, first.index + (first[1] as string).length)
  const count = readCount(reading)
  const place = count === undefined ? readPlace(reading) : undefined
  const things = readTopics(reading, register, roles.beside)
  const named = [...numbers, ...modalities, ...names].sort((a, b) => a.from - b.from)
  const replaced: readonly Placed[] = readInstead(reading, [...named, ...things, ...days])
  const isKept = (one: Placed) => !replaced.includes(one)
  const { mentions, topics } = alternatives(reading, named.filter(isKept), things.filter(isKept))
  const only = readOnly(reading, [...mentions, ...topics, ...days.filter(isKept)])
  const exclusions = readExclusions(reading, [...mentions, ...topics, ...days])
  const kept = days.filter((one) => isKept(one) && !isLeftOut(one, exclusions))
  const left = days.filter((one) => isLeftOut(one, exclusions))
  const negated = left.filter((one) =>
    isLeftOut(
      one,
      exclusions.filter(({ negates }) => negates),
    ),
  )
  const inEach =
    every === 'year'
      ? eachYear(
          kept.map(({ period }) => period),
          register,
        )
      : undefined
  const wanted: Having = {
    ...counted,
    ...(partOfAll ? { share: partOfAll } : {}),
    ...(inEach ? { also: inEach } : {}),
  }
  const having = Object.keys(wanted).length > 0 ? wanted : undefined
  const everyYear = always && kept.length > 0 && kept.every((one) => one.yearless)
  return {
    draft: reading,
    mentions,
    topics,
    periods: kept.flatMap((one) => (everyYear ? inEveryYear(one, [], register) : [one.period])),
    periodsAt: kept.map(({ from }) => from),
    yearless: !everyYear && kept.some((one) => one.yearless),
    without: left.flatMap((one) => inEveryYear(one, kept, register)),
    negated: negated.flatMap((one) => inEveryYear(one, kept, register)),
    only,
    ranges,
    having,
    amendment,
    where,
    group,
    split,
    everyPeriod: every !== undefined,
    grew,
    lasts,
    place,
    count,
    exclusions,
    replaced: naming(
      named.filter((one) => !isKept(one)),
      things.filter((one) => !isKept(one)),
    ),
    order: order ?? (whenEnds && contract === undefined ? { by: 'end', direction: 'asc' } : undefined),
    always: always && !everyYear,
    first: first !== undefined,
    perHundred,
    introduction,
  }
}
