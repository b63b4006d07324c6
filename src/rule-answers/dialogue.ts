import { Problem } from '../errors.ts'
import { understand } from '../intent/intent.ts'
import type { Entities, Intent } from '../intent/understanding.ts'
import type { Knowledge, KnownDataset } from '../knowledge/fact.ts'
import type { Term } from '../language/answer/terms.ts'
import { fold } from '../language/folding.ts'
import type { Language } from '../language/language.ts'
import type { ChatMessage } from '../llm/provider.ts'
import type { AnomalyType } from '../protocol/investigation.ts'
import type { Plan, Where } from '../protocol/plan.ts'
import { type Reading, readQuestion } from '../question/reading.ts'
import { asksData, restricts } from './asking.ts'
import { type Chosen, datasetFor, type Unknown } from './dataset.ts'
import { itemAt } from './place.ts'
import { ruleAsked, type Talk, talkOf } from './talk.ts'
import { termsAsked } from './terms.ts'

/** The last message of a conversation, with what is known from those before it. */
export interface Asked {
  readonly text: string
  readonly language: Language
  readonly intent: Intent
  readonly entities: Entities
  /** Its wish beside answers from the data. */
  readonly talk: Talk | undefined
  /** The terms of purchasing whose meaning it asks for. */
  readonly terms: readonly Term[]
  /** The rule whose meaning it asks for. */
  readonly rule: AnomalyType | undefined
  readonly chosen: Chosen | Unknown | undefined
  /** Why no dataset could be chosen, where reading failed; talk that needs no data is answered all the same. */
  readonly failure: Problem | undefined
  readonly reading: Reading | undefined
  /** Whether it asks about the data: it is answered by {@link Reading.plan}, or {@link Reading.refused}. */
  readonly isData: boolean
  /** The plan of the message before, where that asked about the data. */
  readonly before: Plan | undefined
  /** Whether it is the first message of the conversation. */
  readonly first: boolean
}

/** The subject of a conversation before a message. */
interface Subject {
  /** The parties that were asked about one by one, the last first. */
  parties: Where[]
  dataset: string | undefined
  plan: Plan | undefined
  /** The list that an ordinal refers to. */
  list: Plan | undefined
  /** Words of the message before that were not taken in, so that what leads on from it has no figure either. */
  open: readonly string[]
  language: Language | undefined
}

export interface Dialogue {
  readonly knowledge: Knowledge
  readonly messages: readonly ChatMessage[]
  /** `YYYY-MM-DD`. */
  readonly today: string
  /** The language of a conversation whose words do not tell one. */
  readonly language: Language
  readonly signal: AbortSignal
}

/** Messages of the user that are read again to know what the last one leads on from. */
const LOOK_BACK = 12
/** Most words of a message whose language is that of the conversation where its words do not tell. */
const FEW_WORDS = 6

/** "Informe" as an order, rather than the noun: "me informe os …", "informe quanto …", "favor informar". */
const TELLS =
  /^\W*(?:informar|favor informar|solicito|requeiro)\b|^\W*informe[mn]?\b(?! (?:de|do|da|dos|das|del|sobre)\b)|(?<!\b(?:o|um|el|un|su|seu|do|no|del|al|este|ese|esse|meu|the|a) )\binforme[mn]?(?:[ -](?:me|nos))? (?:[oa]s?|l[oa]s|el|la|quant\w+|qt\w+|quai?s|qual|quem|cuant\w+|cual\w*|quien\w*|tod[oa]s?|se)\b/
const ASKS = /^\W*(?:que|qual|quais|quem|quant\w+|cual\w*|quien\w*|cuant\w+|who|which|what|how)\b/
/** Least confidence of an order for a report that says so in a word that is spelt rightly. */
const SURE_OF_REPORT = 0.85
const LISTED_DISCOVERED: Plan = {
  measure: 'list',
  of: 'findings',
  where: {},
  order: { by: 'date', direction: 'asc' },
}
const ALL_FINDINGS: Plan = { measure: 'list', of: 'findings', where: {} }

const isChosen = (chosen: Chosen | Unknown | undefined): chosen is Chosen =>
  chosen !== undefined && 'dataset' in chosen

const BOTH =
  /\b(?:(?:d|n)?[oa]s (?:dois|duas)|amb[oa]s|l[oa]s dos|de l[oa]s dos|the two|both(?: of them)?)\b(?! (?:maior|primeir|ultim|mayor|primer|largest|biggest|first|last|top|ano|year|fornecedor|empresa|contrato|orgao|proveedor|organismo|supplier|compan|contract|buyer))/

/** "Juntas dá quanto?", "what's that together?": of the two that were spoken of. */
const TOGETHER =
  /^\W*(?:(?:e|and|y) )?(?:(?:what(?:s| is)?|quanto|cuanto|how much)(?: (?:is|da|deu|e|es|that|it|do they|foi))* )?(?:junt[oa]s|together|somad[oa]s|combined)(?: (?:da|deu|dao|is|quanto|it|que|e|son|suman|cuanto|gastaram|gastaron))*\W*$/
const saysBoth = (text: string): boolean => BOTH.test(text) || TOGETHER.test(text.replaceAll(/['’]/g, ''))

/** Returns the plan that puts the two parties that were asked about last side by side; undefined without two. */
const bothParties = ({ parties, plan }: Subject): Plan | undefined => {
  const [one, other] = parties
  if (!one || !other) return undefined
  const { start_date, end_date } = plan?.where ?? {}
  return {
    measure: 'sum',
    of: 'contracts',
    where: { ...(start_date ? { start_date } : {}), ...(end_date ? { end_date } : {}) },
    compare: [one, other],
  }
}

/** Returns the plan with the one thing of its list in the place of the list. */
const resolved = async (
  plan: Plan,
  dataset: KnownDataset,
  { knowledge, signal }: Dialogue,
  language: Language,
): Promise<Plan> => {
  if (plan.place === undefined || plan.of === 'findings') return plan
  const found = await itemAt(plan, dataset.dataset_id, { knowledge, signal, language })
  return found ?? plan
}

const LINKED = /\]\(\/datasets\/([\w-]{1,64})\)/g

/** Returns the id of the dataset that an answer was about. */
const spokenOf = (messages: readonly ChatMessage[], before: number): string | undefined => {
  for (let at = before - 1; at >= 0; at--) {
    const message = messages[at]
    if (message?.role !== 'assistant') continue
    const ids = [...new Set([...message.content.matchAll(LINKED)].map(([, id]) => id))]
    // An answer that lists datasets is about none of them.
    if (ids.length === 1) return ids[0]
  }
  return undefined
}

/** Reads one message in the light of those before it. */
const readMessage = async (
  text: string,
  subject: Subject,
  first: boolean,
  dialogue: Dialogue,
): Promise<Asked> => {
  const { knowledge, today, signal } = dialogue
  let { intent, confidence, entities, language: guessed } = understand(text, dialogue.language)
  const talk = talkOf(text)
  const terms = termsAsked(text)
  const rule = ruleAsked(text)
  let failure: Problem | undefined
  let chosen: Chosen | Unknown | undefined
  try {
    chosen = await datasetFor(
      knowledge,
      { text, name: entities.dataset, spoken: subject.dataset },
      { signal },
    )
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof Problem)) throw error
    failure = error
  }
  let reading: Reading | undefined
  if (isChosen(chosen)) {
    const context = { register: chosen.register, today, datasets: chosen.words }
    reading = readQuestion(text, { ...context, before: subject.plan })
    if (
      reading.continues &&
      reading.plan?.place !== undefined &&
      subject.list &&
      subject.plan?.place === undefined
    )
      reading = readQuestion(text, { ...context, before: subject.list })
  }
  if (reading?.continues && subject.open.length > 0 && reading.plan)
    reading = { ...reading, plan: undefined, refused: { words: subject.open, nearest: reading.plan } }
  // What people say of themselves is no wish.
  if (reading?.introduction) {
    const rest = understand(reading.introduction.rest, dialogue.language)
    intent = rest.intent
    confidence = rest.confidence
    entities = rest.entities
  }
  if (saysBoth(fold(text)) && reading)
    reading = { ...reading, plan: bothParties(subject), unused: [], continues: true }
  // "Informe" is a report in Spanish and an order in Portuguese.
  const told = fold(text)
  if (
    intent === 'report' &&
    ((TELLS.test(told) && (reading?.plan ?? reading?.refused)) ||
      (ASKS.test(told) && confidence < SURE_OF_REPORT) ||
      (reading?.plan && reading.plan.of !== 'findings' && restricts(reading.plan)))
  )
    intent = 'question'
  const words = text.split(/\s+/).length
  const language =
    reading?.language ??
    (words <= FEW_WORDS && subject.language !== undefined && intent !== 'greeting'
      ? subject.language
      : reading?.namesOnly
        ? dialogue.language
        : guessed)
  const isData =
    talk === undefined &&
    terms.length === 0 &&
    rule === undefined &&
    reading !== undefined &&
    asksData(intent, confidence, reading)
  return {
    text,
    language,
    intent,
    entities,
    talk,
    terms,
    rule,
    chosen,
    failure,
    reading,
    isData,
    before: subject.plan,
    first,
  }
}

/** Remembers what a message was about, for the one after it. */
const remembered = async (subject: Subject, asked: Asked, dialogue: Dialogue): Promise<void> => {
  subject.language = asked.language
  if (!isChosen(asked.chosen)) return
  const { dataset } = asked.chosen
  subject.open = asked.isData ? (asked.reading?.refused?.words ?? []) : subject.open
  if (asked.isData && asked.reading?.refused) {
    subject.dataset = dataset.dataset_id
    subject.plan = asked.reading.refused.nearest
    return
  }
  if (asked.isData && asked.reading?.plan) {
    const { plan } = asked.reading.further?.findLast((one) => one.plan) ?? asked.reading
    if (!plan) return
    subject.dataset = dataset.dataset_id
    // Which of two is more does not change what is spoken of.
    if (saysBoth(fold(asked.text)) && plan.compare) return
    if (plan.place === undefined && plan.measure !== 'summary') subject.list = plan
    subject.plan = await resolved(plan, dataset, dialogue, asked.language)
    const { buyer, supplier } = subject.plan.where
    const party: Where | undefined = supplier ? { supplier } : buyer ? { buyer } : undefined
    const said = JSON.stringify(party)
    if (party)
      subject.parties = [party, ...subject.parties.filter((one) => JSON.stringify(one) !== said)].slice(0, 2)
    return
  }
  if (asked.talk === 'why' && subject.plan?.of === 'findings')
    subject.plan = { ...subject.plan, place: subject.plan.place ?? 1 }
  if (asked.talk !== undefined || asked.terms.length > 0) return
  if (asked.intent === 'investigate' || asked.intent === 'fraud' || asked.intent === 'report') {
    subject.dataset = dataset.dataset_id
    subject.plan = asked.intent === 'investigate' ? LISTED_DISCOVERED : ALL_FINDINGS
    subject.list = subject.plan
  }
}

/** Reads a conversation up to its last message of the user, which is the question. */
export const readDialogue = async (dialogue: Dialogue): Promise<Asked> => {
  const { messages } = dialogue
  const said = messages.flatMap(({ role }, at) => (role === 'user' ? [at] : [])).slice(-LOOK_BACK)
  const subject: Subject = {
    parties: [],
    dataset: undefined,
    plan: undefined,
    list: undefined,
    open: [],
    language: undefined,
  }
  for (const [place, at] of said.entries()) {
    subject.dataset = spokenOf(messages, at) ?? subject.dataset
    const asked = await readMessage((messages[at] as ChatMessage).content, subject, place === 0, dialogue)
    if (place === said.length - 1) return asked
    await remembered(subject, asked, dialogue)
  }
  throw new Error('a conversation without a message of the user')
}
