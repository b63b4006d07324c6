import { Problem } from '../errors.ts'
import type { Intent } from '../intent/understanding.ts'
import type { Knowledge } from '../knowledge/fact.ts'
import { TERMS } from '../language/answer/terms.ts'
import type { Language } from '../language/language.ts'
import { say } from '../language/sentence.ts'
import type { ChatRequest, Part, Provider } from '../llm/provider.ts'
import type { TurnNotice } from '../protocol/turn-event.ts'
import { dataAnswer, readingAnswer } from './answer-data.ts'
import { datasetsAnswer } from './answer-datasets.ts'
import { namedFindingAnswer, reportAnswer, ruleAnswer, statusAnswer, stopAnswer } from './answer-findings.ts'
import { investigationAnswer } from './answer-investigation.ts'
import type { Answering } from './answering.ts'
import type { Chosen, Unknown } from './dataset.ts'
import { readDialogue } from './dialogue.ts'
import { paragraphs, plain } from './markdown.ts'
import { contractsPath, datasetPage } from './telling/links.ts'
import { tellerOf } from './telling/teller.ts'
import type { ExampleData, Topic } from './texts.ts'
import { textsOf } from './texts-of.ts'

/** Words of an answer that are yielded together. */
const BATCH = 16
/** Datasets and words that are named in an answer. */
const NAMED = 5

const HELP: readonly Topic[] = ['datasets', 'suppliers', 'supplier', 'investigate', 'anomalies', 'status']
const GREETING: readonly Topic[] = ['suppliers', 'investigate', 'anomalies']

const isChosen = (chosen: Chosen | Unknown | undefined): chosen is Chosen =>
  chosen !== undefined && 'dataset' in chosen

/** Returns examples of questions that the caller's data can answer. */
const examples = async (
  { knowledge, texts, asked, signal }: Answering,
  topics: readonly Topic[],
): Promise<string> => {
  if (!isChosen(asked.chosen)) return noDataset({ texts, asked })
  const { dataset_id, name } = asked.chosen.dataset
  const [suppliers, buyers] = [
    await knowledge.ranking(dataset_id, 'supplier', {}, 1, { signal }),
    await knowledge.ranking(dataset_id, 'buyer', {}, 1, { signal }),
  ]
  const [supplier, buyer] = [suppliers.items[0]?.name, buyers.items[0]?.name]
  const at: ExampleData = {
    dataset: plain(name),
    supplier: supplier && plain(supplier),
    buyer: buyer && plain(buyer),
  }
  return paragraphs(
    `${texts.examplesHead}\n\n${topics.map((topic) => `- ${texts.example(topic, at)}`).join('\n')}`,
    `[${plain(name)}](${datasetPage(dataset_id)})`,
  )
}

/** Tells that the dataset of a question is not there, or that there is none at all. */
const noDataset = ({ texts, asked: { chosen, failure } }: Pick<Answering, 'texts' | 'asked'>): string => {
  if (failure) throw failure
  if (chosen === undefined || isChosen(chosen)) return texts.noDatasets
  const others = chosen.others.slice(0, NAMED).map((one) => `**${plain(one.name)}**`)
  return texts.datasetNotFound(plain(chosen.asked), others.join(', ') || '—')
}

/** Links the rows of the question before as files. */
const exportAnswer = (answering: Answering, { dataset }: Chosen): string => {
  const { asked, texts, teller } = answering
  const where = asked.before?.where ?? {}
  const path = (more: Readonly<Record<string, string>>) =>
    contractsPath(dataset.dataset_id, { where }, { ...more, ...(more.for ? { lang: teller.language } : {}) })
  return paragraphs(
    texts.exportAt(path({ format: 'csv' }), path({ format: 'csv', for: 'excel' }), path({})),
    `[${plain(dataset.name)}](${datasetPage(dataset.dataset_id)})`,
  )
}

/** Tells what of a message was not understood, and what can be asked. */
const notUnderstood = async (answering: Answering): Promise<string> => {
  const { asked, texts } = answering
  const strange = asked.reading?.unused ?? []
  return paragraphs(
    strange.length > 0 &&
      texts.notUnderstood(
        strange
          .slice(0, NAMED)
          .map((word) => `“${plain(word)}”`)
          .join(', '),
      ),
    texts.unknown,
    // The list of abilities comes in the first answer only; later it would hide the examples.
    asked.first && texts.canDo,
    await examples(answering, asked.first ? HELP : GREETING),
  )
}

/** Answers that need nothing of the data, by intent. */
const TALK: Partial<Record<Intent, (answering: Answering) => string | Promise<string>>> = {
  about: ({ texts }) => paragraphs(texts.about, texts.canDo),
  thanks: ({ texts }) => texts.thanks,
  goodbye: ({ texts }) => texts.goodbye,
  law: ({ texts }) => texts.law,
  status: statusAnswer,
  report: reportAnswer,
  list_datasets: datasetsAnswer,
  greeting: async (answering) =>
    paragraphs(answering.texts.greeting, answering.texts.canDo, await examples(answering, GREETING)),
  help: async (answering) => paragraphs(answering.texts.canDo, await examples(answering, HELP)),
}

const WRITTEN_ORDERS = {
  wrongdoing: ({ texts }) => texts.wrongdoing,
  upload: ({ texts }) => texts.howUpload,
  map: ({ texts }) => texts.howMap,
  share: ({ texts }) => texts.howShare,
  provenance: datasetsAnswer,
  stop: stopAnswer,
} as const satisfies Record<string, (answering: Answering) => string | Promise<string>>

async function* answer(answering: Answering): AsyncGenerator<string | TurnNotice> {
  const { texts, asked } = answering
  const { talk, chosen, reading, before } = asked
  if (talk !== undefined && talk !== 'why' && talk !== 'export') {
    yield await WRITTEN_ORDERS[talk](answering)
    return
  }
  if (asked.terms.length > 0) {
    yield paragraphs(...asked.terms.map((term) => TERMS[term][asked.language]))
    return
  }
  if (asked.rule !== undefined) {
    yield ruleAnswer(answering, asked.rule)
    return
  }
  if (talk === 'export' && asked.intent !== 'report') {
    yield isChosen(chosen) ? exportAnswer(answering, chosen) : noDataset(answering)
    return
  }
  if (talk === 'why' && before && isChosen(chosen)) {
    yield before.of === 'findings'
      ? await dataAnswer(answering, chosen, { ...before, measure: 'summary', place: before.place ?? 1 })
      : paragraphs(
          texts.noReasons,
          `[${plain(chosen.dataset.name)}](${datasetPage(chosen.dataset.dataset_id)})`,
        )
    return
  }
  if (asked.isData && reading && isChosen(chosen)) {
    const finding = reading.plan?.of === 'findings' ? await namedFindingAnswer(answering) : undefined
    if (finding !== undefined) yield finding
    else
      for (const [place, one] of [reading, ...(reading.further ?? [])].entries()) {
        if (place > 0) yield '\n\n---\n\n'
        if (one.plan) yield { type: 'plan', plan: { ...one.plan, dataset: chosen.dataset.dataset_id } }
        yield await readingAnswer(answering, chosen, one)
      }
    return
  }
  if (asked.intent === 'fraud' && isChosen(chosen)) {
    yield `${texts.notFraud}\n\n`
    yield await dataAnswer(answering, chosen, { measure: 'list', of: 'findings', where: {} })
    return
  }
  if (asked.intent === 'investigate') {
    if (isChosen(chosen)) yield* investigationAnswer(answering, chosen)
    else yield noDataset(answering)
    return
  }
  const talks = TALK[asked.intent]
  if (talks) yield await talks(answering)
  else {
    const finding = await namedFindingAnswer(answering)
    yield finding ?? (isChosen(chosen) ? await notUnderstood(answering) : noDataset(answering))
  }
}

/** Errors that become an answer in words; any other is a failure of the provider. */
const ANSWERED_PROBLEMS: readonly string[] = [
  'FORBIDDEN',
  'NOT_FOUND',
  'TOO_MANY_STREAMS',
  'DRAINING',
  'OVERLOADED',
]

async function* answerOrProblem(answering: Answering): AsyncGenerator<string | TurnNotice> {
  try {
    yield* answer(answering)
  } catch (error) {
    answering.signal.throwIfAborted()
    if (!(error instanceof Problem)) throw error
    if (!ANSWERED_PROBLEMS.includes(error.code))
      throw new Problem('PROVIDER_UNAVAILABLE', say('chat.data_unreadable'), { cause: error })
    const { texts } = answering
    yield error.code === 'FORBIDDEN' ? texts.mayNotInvestigate : texts.refused(error.code)
  }
}

/** The rooms and settings that an answer needs beside the conversation and the data. */
interface Setting {
  /** `YYYY-MM-DD`. */
  today: string
  language: Language
}

const INTRODUCES_ITSELF = ['about', 'help']

/** Reads the conversation, and chooses the language of the answer. */
const prepared = async (
  knowledge: Knowledge,
  messages: ChatRequest['messages'],
  signal: AbortSignal,
  { today, language }: Setting,
): Promise<Answering> => {
  const asked = await readDialogue({ knowledge, messages, today, language, signal })
  return { knowledge, asked, texts: textsOf(asked.language), teller: tellerOf(asked.language), signal }
}

const wordsOf = (text: string): string[] => text.match(/\s*\S+(?:\s+$)?/g) ?? []

async function* parts(
  knowledge: Knowledge,
  { messages }: ChatRequest,
  signal: AbortSignal,
  setting: Setting,
): AsyncGenerator<readonly Part[]> {
  signal.throwIfAborted()
  const isFirst = !messages.some(({ role }) => role === 'assistant')
  let completionTokens = 0
  const batches = function* (text: string): Generator<readonly Part[]> {
    const words = wordsOf(text)
    completionTokens += words.length
    for (let at = 0; at < words.length; at += BATCH)
      yield words.slice(at, at + BATCH).map((word) => ({ type: 'text-delta', text: word }))
  }
  const answering = await prepared(knowledge, messages, signal, setting)
  const { asked, texts } = answering
  for await (const piece of answerOrProblem(answering)) {
    signal.throwIfAborted()
    if (typeof piece === 'string') yield* batches(piece)
    else yield [{ type: 'notice', event: piece }]
  }
  signal.throwIfAborted()
  if (isFirst || INTRODUCES_ITSELF.includes(asked.intent)) yield* batches(`\n\n${texts.notAModel}`)
  const promptTokens = wordsOf(asked.text).length
  yield [
    { type: 'usage', promptTokens, completionTokens },
    { type: 'finish', reason: 'stop' },
  ]
}

/**
 * Makes the provider that answers from what the caller may see, by rules and queries instead of a language model,
 * and states that in the first answer of a conversation. Every figure of an answer comes from a query. The last
 * user message is answered, in its language; earlier ones complete questions like "the second one" or "and in
 * 2023?". Tokens are words.
 *
 * The intent `investigate` starts an investigation, and its answer lasts as long as the run; the notices in between
 * keep the stream alive.
 * @param language the language of a conversation whose words do not tell one
 */
export const local = (knowledge: Knowledge, language: Language, now = () => new Date()): Provider => ({
  name: 'local',
  model: null,
  async answer(request, { signal, take }) {
    const today = now().toISOString().slice(0, 10)
    for await (const batch of parts(knowledge, request, signal, { today, language })) await take(batch)
  },
})
