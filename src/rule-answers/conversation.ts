import type { Entities, Intent, Language, Understood } from '../intent/understanding.ts'
import { type Cues, readCues } from './cues.ts'
import { FIELD_OF } from './field.ts'
import { understandMessage } from './message.ts'

/** The question of the last message, completed from the ones before it. */
export interface Asked {
  readonly intent: Intent
  readonly language: Language
  readonly entities: Entities
  /** The text of the last message. */
  readonly text: string
  /** Whether the list of the earlier answer, to which an ordinal refers, was in the order of discovery. */
  readonly listedByDiscovery: boolean
  /**
   * The entities of the question whose list an ordinal refers to; the question itself may have been narrowed since.
   */
  readonly counted: Entities | undefined
  /** Whether an earlier message asked about the data. */
  readonly continues: boolean
  readonly cues: Cues
  /** The number of further pages of a list that were asked for. */
  readonly page: number
  /** Whether only the partners of a supplier or buyer are asked for. */
  readonly partners: boolean
  /** The entities of each message, newest first: a dataset that was mentioned stays the one in question. */
  readonly messages: readonly Mention[]
}

interface Mention {
  readonly text: string
  /** The dataset that the message names. */
  readonly dataset: string | undefined
  /** The supplier, the buyer or the field that the message names. */
  readonly party: string | undefined
}

/** Earlier messages that are read. */
const LOOK_BACK = 12
/** Most words of a message for which a word that all languages share is not enough to decide on one. */
const FEW_WORDS = 4

const COURTESIES: readonly Intent[] = ['greeting', 'thanks', 'goodbye', 'about', 'help', 'question', 'law']

/** The intent of "the second one" or "explain it" after each intent. */
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

/** Intents that are answered by a list, whose further pages can be asked for. */
const LISTS: readonly Intent[] = [
  'top_suppliers',
  'top_buyers',
  'search_contract',
  'search_supplier',
  'search_buyer',
  'list_anomalies',
]

/**
 * Intents that inherit the buyer, the supplier and the period of the question before, where the message continues
 * it.
 */
const OF_ROWS: readonly Intent[] = [
  'statistics',
  'chart',
  'top_suppliers',
  'top_buyers',
  'search_supplier',
  'search_buyer',
  'search_contract',
]

/** Entities that take each other's place: a new one removes the others. */
const NAMES = ['buyer', 'supplier', 'cnpj', 'area', 'terms', 'contract', 'ordinal', 'anomaly'] as const

/** The question of a conversation without a message. */
const NOTHING: Asked = {
  intent: 'help',
  language: 'pt',
  entities: {},
  text: '',
  listedByDiscovery: false,
  counted: undefined,
  continues: false,
  cues: readCues(''),
  page: 0,
  partners: false,
  messages: [],
}

const without = (entities: Entities, keys: readonly (keyof Entities)[]): Entities =>
  Object.fromEntries(Object.entries(entities).filter(([key]) => !keys.includes(key as keyof Entities)))

/** Returns the question of a message that only makes sense after the one before; undefined for other messages. */
const followUpOf = (before: Asked, next: Understood, cues: Cues): Partial<Asked> | undefined => {
  const { intent, entities } = before
  const explained = ONE_OF[intent] === 'explain_anomaly'
  const listed = intent === 'investigate' || intent === 'fraud' ? 'list_anomalies' : intent
  if (cues.more && LISTS.includes(listed))
    return {
      intent: listed,
      entities,
      page: before.page + 1,
      counted: before.counted,
      partners: before.partners,
      cues: { ...cues, least: before.cues.least, modality: before.cues.modality },
    }
  const { ordinal: explainedAt = 1 } = entities
  // "More" after a finding asks for the next one.
  if (cues.more && intent === 'explain_anomaly' && explainedAt > 0)
    return { intent, entities: { ...without(entities, ['anomaly', 'contract']), ordinal: explainedAt + 1 } }
  if (cues.who && intent === 'search_contract' && (entities.contract ?? entities.ordinal) !== undefined)
    return { intent, entities, counted: before.counted }
  if (cues.least && next.intent === 'question' && intent === 'search_contract')
    return { intent, entities: without(entities, ['ordinal', 'contract']) }
  if (cues.whom) {
    if (intent === 'search_supplier' || intent === 'search_buyer')
      return { intent, entities, partners: true, counted: before.counted }
    if (intent === 'top_suppliers' || intent === 'search_contract') return { intent: 'top_buyers', entities }
    if (intent === 'top_buyers') return { intent: 'top_suppliers', entities }
  }
  if (cues.why)
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
  // Only a message that asks for an investigation starts one, not a follow-up of an earlier one.
  const names = NAMES.some((key) => next.entities[key] !== undefined) || startDate !== undefined
  if (next.intent === 'follow_up' && intent === 'investigate' && !pointsBack && !names)
    return { intent: 'list_anomalies', entities }
  return undefined
}

/** Returns the entities of the question before that a new one inherits. */
const kept = (before: Entities, next: Entities): Entities =>
  NAMES.some((key) => next[key] !== undefined) ? without(before, NAMES) : before

const onto = (before: Asked, next: Understood, asked: Asked): Asked => {
  const { cues } = asked
  const { intent, entities } = next
  const continued = { ...asked, listedByDiscovery: before.listedByDiscovery, continues: true }
  const followUp = followUpOf(before, next, cues)
  if (followUp) return { ...continued, ...followUp }
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
            ...continued,
            intent: one,
            entities: { ...before.entities, ...period },
            counted: counted ?? before.entities,
          }
        : {
            ...continued,
            intent: one,
            entities: { ...without(before.entities, ['anomaly']), ...period, ordinal: place },
            counted: counted ?? before.entities,
          }
    }
    const named = without(entities, ['pointsBack'])
    // "Compare it with 2022" asks for both periods.
    const both = cues.compared.length > 0 && cues.years.length < 2
    const { startDate, endDate } = before.entities
    const period =
      both && startDate && endDate && named.startDate && named.endDate
        ? {
            startDate: startDate < named.startDate ? startDate : named.startDate,
            endDate: endDate > named.endDate ? endDate : named.endDate,
          }
        : {}
    const inherited = without(kept(before.entities, named), cues.year ? ['startDate', 'endDate'] : [])
    return { ...continued, intent: before.intent, entities: { ...inherited, ...named, ...period }, counted }
  }
  // "Why is this suspicious?" asks about the finding or the contract that was described last.
  const { ordinal, contract } = before.entities
  const pointed =
    intent === 'explain_anomaly' && entities.pointsBack && entities.contract === undefined
      ? { ...(one === 'explain_anomaly' && ordinal ? { ordinal } : {}), ...(contract ? { contract } : {}) }
      : {}
  const leadsOn =
    (cues.leads || cues.both || cues.year || entities.pointsBack) &&
    OF_ROWS.includes(intent) &&
    OF_ROWS.includes(before.intent)
  const inherited = leadsOn
    ? without(kept(before.entities, entities), [
        ...(['ordinal', 'contract', 'count', 'terms'] as const),
        ...(cues.year ? (['startDate', 'endDate'] as const) : []),
      ])
    : {}
  return { ...continued, intent, entities: { ...inherited, ...pointed, ...entities } }
}

/** Completes "which of the two?" with the two parties that were named last. */
const withBoth = (cues: Cues, messages: readonly Mention[]): Cues => {
  if (!cues.both || cues.compared.length > 1) return cues
  const named = messages.flatMap(({ party }) => (party === undefined ? [] : [party]))
  return { ...cues, compared: [...new Set(named)].slice(0, 2) }
}

const languageOf = (cues: Cues, understood: Understood, before: Asked | undefined): Language => {
  if (!before || cues.words > FEW_WORDS) return understood.language
  if (understood.intent === 'greeting') return understood.language
  return cues.language ?? before.language
}

/** Reads the user's messages of a conversation, oldest first; the last one is the question. */
export const conversation = (texts: readonly string[]): Asked => {
  let subject: Asked | undefined
  let asked = NOTHING
  let last: Asked | undefined
  for (const text of texts.slice(-LOOK_BACK)) {
    const cues = readCues(text)
    const next = understandMessage(text, cues)
    const { intent, entities } = next
    const language = languageOf(cues, next, last)
    const party = entities.buyer ?? entities.supplier ?? (entities.area && FIELD_OF[entities.area])
    const messages = [{ text, dataset: entities.dataset, party }, ...asked.messages]
    const alone: Asked = {
      ...NOTHING,
      intent,
      language,
      entities,
      text,
      cues: withBoth(cues, messages),
      messages,
    }
    if (subject) asked = onto(subject, next, alone)
    else {
      const compares = intent === 'follow_up' && cues.compared.length > 1 && cues.years.length > 1
      asked = compares ? { ...alone, intent: 'statistics' } : alone
    }
    if (asked.intent === 'investigate') asked = { ...asked, listedByDiscovery: true }
    // Later pages of an investigation's list go on in the order in which its findings came.
    else if (asked.intent === 'fraud' || (asked.intent === 'list_anomalies' && asked.page === 0))
      asked = { ...asked, listedByDiscovery: false }
    // Questions about the source of the data, or which of two is more, do not change the subject.
    if (!COURTESIES.includes(asked.intent) && asked.intent !== 'follow_up' && !cues.provenance && !cues.both)
      subject = asked
    last = asked
  }
  return asked
}
