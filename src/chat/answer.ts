import { understand } from '../intent/intent.ts'
import { type Agent, agentFor, agent as agentOf } from '../intent/roster.ts'
import type { Understood } from '../intent/understanding.ts'
import type { Knowledge } from '../knowledge/fact.ts'
import { TOOLS } from '../knowledge/tools.ts'
import type { ChatMessage, ChatRequest, Provider, ToolCall } from '../llm/provider.ts'
import type { Router } from '../llm/router.ts'
import type { TurnNotice } from '../protocol/turn.ts'
import { type LlmObserver, relay } from '../turn/relay.ts'
import type { AnswerOutcome, TurnWriter } from '../turn/turn.ts'

/** What an answer is made with, for one caller. */
export interface AnswerContext {
  router: Router
  /** Answers from the data itself, for this caller. */
  local: Provider
  knowledge: Knowledge
  contextFor(knowledge: Knowledge, understood: Understood, within: { signal: AbortSignal }): Promise<string>
  suggestedActions(understood: Understood, answered: string): string[]
  observer?: LlmObserver
  maxTokens?: number | undefined
}

export interface Question {
  /** What was said before, oldest first. */
  recalled: readonly ChatMessage[]
  message: string
  /** What the client gave along; told as the user's words. */
  context?: string | undefined
  agentId?: string | undefined
  provider?: string | undefined
  model?: string | undefined
  /** May another provider start over after the first token? */
  mayReset: boolean
  temperature?: number | undefined
  maxTokens?: number | undefined
  /** What came after the message: calls of the asker's own tools, and what they gave. */
  followed?: readonly ChatMessage[] | undefined
  /** What else is asked for. With `tools`, calls are the asker's to make, and ours are not offered. */
  further?:
    | Pick<ChatRequest, 'topP' | 'stop' | 'seed' | 'tools' | 'toolChoice' | 'responseFormat'>
    | undefined
}

/** Times that a model may ask for tools in one turn, and tools of one time. */
const MAX_TOOL_ROUNDS = 4
const MAX_TOOL_CALLS = 8
const OFFERED = TOOLS.map(({ description }) => description)

const DETECTING = {
  pt: 'Analisando sua mensagem...',
  es: 'Analizando su mensaje...',
  en: 'Reading your message...',
} as const

/** Intents for which the data's facts go along; in other questions a model asks for what it needs. */
const NO_FACTS: ReadonlySet<string> = new Set(['greeting', 'thanks', 'goodbye', 'about', 'help', 'question'])
/** Longest wait for those facts; a model is asked without them then. */
const FACTS_MS = 1500

const asked = (agent: Agent, question: Question, facts: string): ChatMessage[] => [
  { role: 'system', content: agent.prompt },
  ...question.recalled,
  ...[facts, question.context ?? '']
    .filter((content) => content !== '')
    .map((content): ChatMessage => ({ role: 'user', content })),
  { role: 'user', content: question.message },
  ...(question.followed ?? []),
]

const factsFor = async (turn: TurnWriter, means: AnswerContext, understood: Understood): Promise<string> => {
  const late = AbortSignal.timeout(FACTS_MS)
  try {
    return await means.contextFor(means.knowledge, understood, {
      signal: AbortSignal.any([turn.signal, late]),
    })
  } catch (error) {
    turn.signal.throwIfAborted()
    if (late.aborted) return ''
    throw error
  }
}

/** Runs what the model asked for, one after another, and answers each in its own message. */
const runTools = async (
  turn: TurnWriter,
  knowledge: Knowledge,
  calls: readonly ToolCall[],
  notify: (notice: TurnNotice) => void,
): Promise<ChatMessage[]> => {
  const answers: ChatMessage[] = []
  for (const [place, call] of calls.entries()) {
    const tool = TOOLS.find(({ description }) => description.name === call.name)
    const name = tool?.description.name ?? 'unknown'
    let content = JSON.stringify({ error: 'there is no such tool, or too many were asked for at once' })
    if (tool && place < MAX_TOOL_CALLS) {
      turn.emit({ type: 'tool', name, state: 'started', message: call.arguments.slice(0, 500) })
      content = await tool.run(parsed(call.arguments), { knowledge, signal: turn.signal, notify })
      turn.emit({ type: 'tool', name, state: 'finished', message: `${content.length} characters` })
    }
    answers.push({ role: 'tool', toolCallId: call.id, content })
  }
  return answers
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text === '' ? '{}' : text)
  } catch {
    return undefined
  }
}

/**
 * For one that looks at the data itself: it is asked without facts, which it would take for the user's words, and
 * without results of tools.
 */
const askedPlainly = (provider: Provider, messages: readonly ChatMessage[]): Provider => ({
  ...provider,
  answer: (request, taking) => provider.answer({ ...request, messages }, taking),
})

/**
 * Answers one message of a conversation: finds out what is wanted and who takes it, then asks the providers in their
 * order, with the data as context and as tools.
 * @throws {Problem} the last provider's when none could answer
 */
export const answer =
  (means: AnswerContext, question: Question) =>
  async (turn: TurnWriter): Promise<AnswerOutcome> => {
    const understood = understand(question.message)
    const agent =
      (question.agentId === undefined ? undefined : agentOf(question.agentId)) ?? agentFor(understood.intent)
    turn.emit({ type: 'detecting', message: DETECTING[understood.language] })
    turn.emit({ type: 'intent', intent: understood.intent, confidence: understood.confidence })
    turn.emit({ type: 'agent_selected', agent_id: agent.id, agent_name: agent.name })
    turn.answeredBy({ agentId: agent.id })

    const { router, local, knowledge } = means
    const isLocal = (question.provider ?? router.order[0]) === local.name
    const facts = isLocal || NO_FACTS.has(understood.intent) ? '' : await factsFor(turn, means, understood)
    const messages = asked(agent, question, facts)
    const { temperature, mayReset, further } = question
    const theirs = further?.tools?.length ? further.tools : undefined
    const maxTokens = question.maxTokens ?? means.maxTokens
    let { provider, model } = question
    let first: string | undefined
    const extra = [askedPlainly(local, asked(agent, question, ''))]
    const notify = (notice: TurnNotice): void => {
      // `local` reads no results: asked now, it would start a second one.
      if (notice.type === 'investigation_started') extra.length = 0
      turn.emit(notice)
    }
    for (let round = 0; ; round++) {
      const offered = theirs || round >= MAX_TOOL_ROUNDS ? undefined : OFFERED
      const before = turn.content
      const relayed = await relay(
        turn,
        (taking) =>
          router.answer(
            {
              messages,
              provider,
              first,
              model,
              temperature,
              maxTokens,
              mayReset,
              ...further,
              tools: theirs ?? offered,
            },
            { extra, ...taking },
          ),
        { observer: means.observer ?? {}, tellTools: theirs !== undefined },
      )
      if (relayed.finishReason !== 'tool_calls' || relayed.toolCalls.length === 0 || !offered)
        return {
          agentId: agent.id,
          provider: relayed.provider,
          model: relayed.model,
          finishReason: relayed.finishReason,
          cached: relayed.cached,
          suggestedActions: means.suggestedActions(understood, turn.content),
        }
      // Whoever asked for the tools gets their answers first; where what was told stays told, it alone.
      first = relayed.provider ?? undefined
      model = relayed.model ?? model
      if (!mayReset && turn.content !== '') provider = first
      const said = turn.content.startsWith(before) ? turn.content.slice(before.length) : turn.content
      messages.push({ role: 'assistant', content: said, toolCalls: relayed.toolCalls })
      messages.push(...(await runTools(turn, knowledge, relayed.toolCalls, notify)))
    }
  }
