import { understand } from '../agent/intent.ts'
import type { Entities, Intent, Language, Understood } from '../agent/understanding.ts'

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
}

/** Messages that are looked back at. */
const LOOK_BACK = 12
/** Too few words to tell the language from. */
const FEW_WORDS = 2

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

/** What a conversation without a question asks. */
const NOTHING: Asked = {
  intent: 'help',
  language: 'pt',
  entities: {},
  text: '',
  listedByDiscovery: false,
  counted: undefined,
  continues: false,
}

const onto = (before: Asked, next: Understood, text: string): Asked => {
  const { intent, entities } = next
  const refers = entities.pointsBack === true || entities.ordinal !== undefined
  const language =
    text.trim().split(/\s+/).length <= FEW_WORDS && intent !== 'greeting' ? before.language : next.language
  const { listedByDiscovery, counted } = before
  const said = { language, text, listedByDiscovery, counted: undefined, continues: true }
  const one = ONE_OF[before.intent]
  if (intent === 'follow_up') {
    if (refers && one !== undefined) {
      const place = entities.ordinal ?? before.entities.ordinal ?? 1
      const { anomaly: _anomaly, ...kept } = before.entities
      const same = before.intent === one && entities.ordinal === undefined
      return same
        ? { ...said, intent: one, entities: before.entities, counted }
        : { ...said, intent: one, entities: { ...kept, ordinal: place }, counted: counted ?? before.entities }
    }
    const { pointsBack: _points, ...named } = entities
    return { ...said, intent: before.intent, entities: { ...before.entities, ...named }, counted }
  }
  // "Why is this suspicious?" asks of the finding or the contract that was told last.
  const { ordinal, contract, dataset } = before.entities
  const pointed =
    intent === 'explain_anomaly' && entities.pointsBack && entities.contract === undefined
      ? { ...(one === 'explain_anomaly' && ordinal ? { ordinal } : {}), ...(contract ? { contract } : {}) }
      : {}
  return {
    ...said,
    intent,
    // A dataset named before stays in question.
    entities: { ...(dataset === undefined ? {} : { dataset }), ...pointed, ...entities },
  }
}

/** Reads a conversation's user messages, oldest first; the last one is what is asked. */
export const conversation = (texts: readonly string[]): Asked => {
  let subject: Asked | undefined
  let asked = NOTHING
  for (const text of texts.slice(-LOOK_BACK)) {
    const next = understand(text)
    const { intent, language, entities } = next
    asked = subject ? onto(subject, next, text) : { ...NOTHING, intent, language, entities, text }
    if (asked.intent === 'investigate') asked = { ...asked, listedByDiscovery: true }
    if (asked.intent === 'list_anomalies' || asked.intent === 'fraud')
      asked = { ...asked, listedByDiscovery: false }
    if (!COURTESIES.includes(asked.intent) && asked.intent !== 'follow_up') subject = asked
  }
  return asked
}
