import { Problem } from '../errors.ts'
import type { Intent } from '../intent/understanding.ts'
import type { Knowledge } from '../knowledge/fact.ts'
import { say } from '../language/sentence.ts'
import type { ChatRequest, Part, Provider } from '../llm/provider.ts'
import type { TurnNotice } from '../protocol/turn-event.ts'
import { comparisonAnswer } from './answer-comparison.ts'
import { contractsAnswer } from './answer-contracts.ts'
import { chartAnswer, datasetsAnswer, paragraphs, rankingAnswer, statisticsAnswer } from './answer-data.ts'
import { anomaliesAnswer, explanationAnswer, reportAnswer, statusAnswer } from './answer-findings.ts'
import { investigationAnswer } from './answer-investigation.ts'
import { buyerAnswer, supplierAnswer } from './answer-party.ts'
import { conversation } from './conversation.ts'
import { formatOf, plain } from './format.ts'
import { type Answering, datasetOf, sourceOf } from './scope.ts'
import type { ExampleData, Topic } from './texts.ts'
import { textsOf } from './texts-of.ts'

/** Words of an answer that are yielded together. */
const BATCH = 16

const HELP: readonly Topic[] = ['datasets', 'suppliers', 'supplier', 'investigate', 'anomalies', 'status']
const GREETING: readonly Topic[] = ['suppliers', 'investigate', 'anomalies']

/** Returns examples of questions that the caller's data can answer. */
const examples = async (answering: Answering, topics: readonly Topic[]): Promise<string> => {
  const { knowledge, texts, signal } = answering
  // An unknown dataset's name in the conversation must not suppress the examples.
  const messages = answering.asked.messages.map((one) => ({ ...one, dataset: undefined }))
  const chosen = await datasetOf({ ...answering, asked: { ...answering.asked, messages } })
  if (typeof chosen === 'string') return chosen
  const { dataset_id, name } = chosen.dataset
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
  return `${texts.examplesHead}\n\n${topics.map((topic) => `- ${texts.example(topic, at)}`).join('\n')}`
}

/** The intents whose answer comes in one piece. */
const ANSWERS = {
  about: ({ texts }) => `${texts.about}\n\n${texts.canDo}`,
  thanks: ({ texts }) => texts.thanks,
  goodbye: ({ texts }) => texts.goodbye,
  law: ({ texts }) => texts.law,
  status: statusAnswer,
  report: reportAnswer,
  list_anomalies: anomaliesAnswer,
  explain_anomaly: explanationAnswer,
  list_datasets: datasetsAnswer,
  statistics: statisticsAnswer,
  chart: chartAnswer,
  top_suppliers: (answering) => rankingAnswer(answering, 'supplier'),
  top_buyers: (answering) => rankingAnswer(answering, 'buyer'),
  search_supplier: supplierAnswer,
  search_buyer: buyerAnswer,
  search_contract: contractsAnswer,
} as const satisfies Partial<Record<Intent, (answering: Answering) => string | Promise<string>>>

async function* answer(answering: Answering): AsyncGenerator<string | TurnNotice> {
  const { texts, asked } = answering
  if (asked.cues.why && asked.continues && asked.intent !== 'explain_anomaly') {
    const chosen = await datasetOf(answering)
    const source = typeof chosen === 'string' ? '' : sourceOf(answering, chosen.dataset)
    yield paragraphs(texts.noReasons, source)
    return
  }
  const comparison = asked.cues.compared.length > 1 && (await comparisonAnswer(answering))
  if (comparison || asked.cues.both) {
    yield comparison || texts.nothingBefore
    return
  }
  switch (asked.intent) {
    case 'greeting':
      yield `${texts.greeting}\n\n${texts.canDo}\n\n`
      yield await examples(answering, GREETING)
      return
    case 'help':
      yield `${texts.canDo}\n\n`
      yield await examples(answering, HELP)
      return
    case 'follow_up':
    case 'question':
      yield `${asked.intent === 'follow_up' ? texts.nothingBefore : texts.unknown}\n\n`
      // The list of abilities comes in the first answer only; later it would hide the examples.
      if (asked.messages.length === 1) yield `${texts.canDo}\n\n`
      yield await examples(answering, asked.messages.length === 1 ? HELP : GREETING)
      return
    case 'fraud':
      yield `${texts.notFraud}\n\n`
      yield await anomaliesAnswer(answering)
      return
    case 'investigate':
      yield* investigationAnswer(answering)
      return
    default:
      yield await ANSWERS[asked.intent](answering)
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

const INTRODUCES_ITSELF = ['about', 'help']

const wordsOf = (text: string): string[] => text.match(/\s*\S+(?:\s+$)?/g) ?? []

async function* parts(
  knowledge: Knowledge,
  { messages }: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<readonly Part[]> {
  signal.throwIfAborted()
  const asked = conversation(messages.filter(({ role }) => role === 'user').map(({ content }) => content))
  const texts = textsOf(asked.language)
  const answering = { knowledge, asked, texts, format: formatOf(asked.language), signal }
  const isFirst = !messages.some(({ role }) => role === 'assistant')
  let completionTokens = 0
  const batches = function* (text: string): Generator<readonly Part[]> {
    const words = wordsOf(text)
    completionTokens += words.length
    for (let at = 0; at < words.length; at += BATCH)
      yield words.slice(at, at + BATCH).map((word) => ({ type: 'text-delta', text: word }))
  }
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
 */
export const local = (knowledge: Knowledge): Provider => ({
  name: 'local',
  model: null,
  async answer(request, { signal, take }) {
    for await (const batch of parts(knowledge, request, signal)) await take(batch)
  },
})
