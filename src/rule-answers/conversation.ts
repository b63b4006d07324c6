import type { Entities, Intent, Language, Understood } from '../intent/understanding.ts'
import { FIELD_OF } from './field.ts'
import { heard } from './hearing.ts'
import { type Remark, remarkOf } from './remark.ts'

/** What the last message asks, with what the ones before it make clear. */
export interface Asked {
  readonly intent: Intent
  readonly language: Language
  readonly entities: Entities
  /** The last message itself. */
  readonly text: string
  /** The list that an ordinal counts in was told in the order of discovery. */
  readonly listedByDiscovery: boolean
  /** What the list was asked for that an ordinal counts in; the rows may have been narrowed since. */
  readonly counted: Entities | undefined
  /** Something was asked of the data before. */
  readonly continues: boolean
  readonly remark: Remark
  /** How often the rest of a list was asked for. */
  readonly page: number
  /** Whom a supplier or buyer deals with is asked for, and nothing else of it. */
  readonly partners: boolean
  /** What was said, newest first: a dataset that was mentioned stays in question. */
  readonly said: readonly Said[]
}

interface Said {
  readonly text: string
  /** The dataset that it names. */
  readonly dataset: string | undefined
  /** The supplier, the buyer or the field that it names. */
  readonly party: string | undefined
}

/** Messages that are looked back at. */
const LOOK_BACK = 12
/** In messages of so few words one that all three languages share tells no language. */
const FEW_WORDS = 4

const COURTESIES: readonly Intent[] = ['greeting', 'thanks', 'goodbye', 'about', 'help', 'question', 'law']

/** What "the second one", "explain it" mean after an intent. */
const ONE_OF: Partial<Record<Intent, Intent>> = {
  list_anomalies: 'explain_anomaly',
  fraud: 'explain_anomaly',
  explain_anomaly: 'explain_anomaly',
  investigate: 'explain_anomaly',
  report: 'explain_anomaly',
  top_suppliers: 'search_supplier',
  search_supplier: 'search_supplier',
  top_buyers: 'search_buyer',
  search_buyer: 'search_buyer',
  search_contract: 'search_contract',
  list_datasets: 'statistics',
}

/** Intents that a list answers whose rest can be asked for. */
const LISTS: readonly Intent[] = [
  'top_suppliers',
  'top_buyers',
  'search_contract',
  'search_supplier',
  'search_buyer',
  'list_anomalies',
]

/** Questions that keep the buyer, the supplier and the period of the one before when they lead on from it. */
const OF_ROWS: readonly Intent[] = [
  'statistics',
  'chart',
  'top_suppliers',
  'top_buyers',
  'search_supplier',
  'search_buyer',
  'search_contract',
]

/** Names of which a new one takes the others' place. */
const NAMES = ['buyer', 'supplier', 'cnpj', 'area', 'terms', 'contract', 'ordinal', 'anomaly'] as const

/** What a conversation without a question asks. */
const NOTHING: Asked = {
  intent: 'help',
  language: 'pt',
  entities: {},
  text: '',
  listedByDiscovery: false,
  counted: undefined,
  continues: false,
  remark: remarkOf(''),
  page: 0,
  partners: false,
  said: [],
}

const without = (entities: Entities, keys: readonly (keyof Entities)[]): Entities =>
  Object.fromEntries(Object.entries(entities).filter(([key]) => !keys.includes(key as keyof Entities)))

/** What a remark on an answer asks, where it is one. */
const remarked = (before: Asked, next: Understood, remark: Remark): Partial<Asked> | undefined => {
  const { intent, entities } = before
  const explained = ONE_OF[intent] === 'explain_anomaly'
  const listed = intent === 'investigate' || intent === 'fraud' ? 'list_anomalies' : intent
  if (remark.more && LISTS.includes(listed))
    return {
      intent: listed,
      entities,
      page: before.page + 1,
      counted: before.counted,
      partners: before.partners,
      remark: { ...remark, least: before.remark.least, modality: before.remark.modality },
    }
  const { ordinal: told = 1 } = entities
  // After a finding comes the next one.
  if (remark.more && intent === 'explain_anomaly' && told > 0)
    return { intent, entities: { ...without(entities, ['anomaly', 'contract']), ordinal: told + 1 } }
  if (remark.who && intent === 'search_contract' && (entities.contract ?? entities.ordinal) !== undefined)
    return { intent, entities, counted: before.counted }
  if (remark.least && next.intent === 'question' && intent === 'search_contract')
    return { intent, entities: without(entities, ['ordinal', 'contract']) }
  if (remark.whom) {
    if (intent === 'search_supplier' || intent === 'search_buyer')
      return { intent, entities, partners: true, counted: before.counted }
    if (intent === 'top_suppliers' || intent === 'search_contract') return { intent: 'top_buyers', entities }
    if (intent === 'top_buyers') return { intent: 'top_suppliers', entities }
  }
  if (remark.why)
    return explained
      ? { intent: 'explain_anomaly', entities: { ...entities, ordinal: entities.ordinal ?? 1 } }
      : { intent, entities, counted: before.counted }
  const { severity, anomalyType, pointsBack, startDate, ordinal } = next.entities
  const narrows = severity ?? anomalyType
  const vague = next.intent === 'question' || next.intent === 'follow_up'
  if (vague && narrows && explained && ordinal === undefined) {
    const { ordinal: _ordinal, anomaly: _anomaly, contract: _contract, ...kept } = entities
    return { intent: 'list_anomalies', entities: { ...kept, ...next.entities } }
  }
  // An investigation is started by whoever asks for one, not by a word about the one before.
  const names = NAMES.some((key) => next.entities[key] !== undefined) || startDate !== undefined
  if (next.intent === 'follow_up' && intent === 'investigate' && !pointsBack && !names)
    return { intent: 'list_anomalies', entities }
  return undefined
}

/** What the message before was about, as far as a new one leaves it standing. */
const kept = (before: Entities, next: Entities): Entities =>
  NAMES.some((key) => next[key] !== undefined) ? without(before, NAMES) : before

const onto = (before: Asked, next: Understood, asked: Asked): Asked => {
  const { remark } = asked
  const { intent, entities } = next
  const said = { ...asked, listedByDiscovery: before.listedByDiscovery, continues: true }
  const remarkable = remarked(before, next, remark)
  if (remarkable) return { ...said, ...remarkable }
  const refers = entities.pointsBack === true || entities.ordinal !== undefined
  const one = ONE_OF[before.intent]
  const { counted } = before
  if (intent === 'follow_up') {
    if (refers && one !== undefined) {
      const place = entities.ordinal ?? before.entities.ordinal ?? 1
      const same = before.intent === one && entities.ordinal === undefined
      const { startDate, endDate } = entities
      const period = (startDate ?? endDate) ? { startDate, endDate } : {}
      return same
        ? {
            ...said,
            intent: one,
            entities: { ...before.entities, ...period },
            counted: counted ?? before.entities,
          }
        : {
            ...said,
            intent: one,
            entities: { ...without(before.entities, ['anomaly']), ...period, ordinal: place },
            counted: counted ?? before.entities,
          }
    }
    const named = without(entities, ['pointsBack'])
    // "Compare it with 2022" asks for both periods.
    const both = remark.compared.length > 0 && remark.years.length < 2
    const { startDate, endDate } = before.entities
    const period =
      both && startDate && endDate && named.startDate && named.endDate
        ? {
            startDate: startDate < named.startDate ? startDate : named.startDate,
            endDate: endDate > named.endDate ? endDate : named.endDate,
          }
        : {}
    const standing = without(kept(before.entities, named), remark.year ? ['startDate', 'endDate'] : [])
    return { ...said, intent: before.intent, entities: { ...standing, ...named, ...period }, counted }
  }
  // "Why is this suspicious?" asks of the finding or the contract that was told last.
  const { ordinal, contract } = before.entities
  const pointed =
    intent === 'explain_anomaly' && entities.pointsBack && entities.contract === undefined
      ? { ...(one === 'explain_anomaly' && ordinal ? { ordinal } : {}), ...(contract ? { contract } : {}) }
      : {}
  const leadsOn =
    (remark.leads || remark.both || remark.year || entities.pointsBack) &&
    OF_ROWS.includes(intent) &&
    OF_ROWS.includes(before.intent)
  const standing = leadsOn
    ? without(kept(before.entities, entities), [
        ...(['ordinal', 'contract', 'count', 'terms'] as const),
        ...(remark.year ? (['startDate', 'endDate'] as const) : []),
      ])
    : {}
  return { ...said, intent, entities: { ...standing, ...pointed, ...entities } }
}

/** "Which of the two?" means those that were named last. */
const withBoth = (remark: Remark, said: readonly Said[]): Remark => {
  if (!remark.both || remark.compared.length > 1) return remark
  const named = said.flatMap(({ party }) => (party === undefined ? [] : [party]))
  return { ...remark, compared: [...new Set(named)].slice(0, 2) }
}

const languageOf = (remark: Remark, understood: Understood, before: Asked | undefined): Language => {
  if (!before || remark.words > FEW_WORDS) return understood.language
  if (understood.intent === 'greeting') return understood.language
  return remark.language ?? before.language
}

/** Reads a conversation's user messages, oldest first; the last one is what is asked. */
export const conversation = (texts: readonly string[]): Asked => {
  let subject: Asked | undefined
  let asked = NOTHING
  let last: Asked | undefined
  for (const text of texts.slice(-LOOK_BACK)) {
    const remark = remarkOf(text)
    const next = heard(text, remark)
    const { intent, entities } = next
    const language = languageOf(remark, next, last)
    const party = entities.buyer ?? entities.supplier ?? (entities.area && FIELD_OF[entities.area])
    const said = [{ text, dataset: entities.dataset, party }, ...asked.said]
    const alone: Asked = {
      ...NOTHING,
      intent,
      language,
      entities,
      text,
      remark: withBoth(remark, said),
      said,
    }
    if (subject) asked = onto(subject, next, alone)
    else {
      const compares = intent === 'follow_up' && remark.compared.length > 1 && remark.years.length > 1
      asked = compares ? { ...alone, intent: 'statistics' } : alone
    }
    if (asked.intent === 'investigate') asked = { ...asked, listedByDiscovery: true }
    // The list of an investigation goes on in the order in which its findings were told.
    else if (asked.intent === 'fraud' || (asked.intent === 'list_anomalies' && asked.page === 0))
      asked = { ...asked, listedByDiscovery: false }
    // Whether the data is true, or which of two is more, is asked in between and changes no subject.
    if (
      !COURTESIES.includes(asked.intent) &&
      asked.intent !== 'follow_up' &&
      !remark.provenance &&
      !remark.both
    )
      subject = asked
    last = asked
  }
  return asked
}
