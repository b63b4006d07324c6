import { understand } from '../intent/intent.ts'
import { type Agent, agentFor, agent as agentOf } from '../intent/roster.ts'
import type { Understood } from '../intent/understanding.ts'
import type { Knowledge } from '../knowledge/fact.ts'
import { TOOLS } from '../knowledge/tools.ts'
import type { Language } from '../language/language.ts'
import type { ChatMessage, ChatRequest, Provider, ToolCall } from '../llm/provider.ts'
import type { Router } from '../llm/router.ts'
import type { TurnNotice } from '../protocol/turn-event.ts'
import { type LlmObserver, relay } from '../turn/relay.ts'
import type { AnswerOutcome, TurnWriter } from '../turn/turn.ts'

/** The providers, data and limits with which an answer is made for one caller. */
export interface AnswerContext {
  router: Router
  /** Answers from the service's data, within what this caller may see. */
  local: Provider
  knowledge: Knowledge
  /** The language of a message whose words do not tell one. */
  language: Language
  contextFor(knowledge: Knowledge, understood: Understood, within: { signal: AbortSignal }): Promise<string>
  suggestedActions(understood: Understood, answered: string): string[]
  observer?: LlmObserver
  maxTokens?: number | undefined
}

export interface Question {
  /** Earlier messages, oldest first. */
  recalled: readonly ChatMessage[]
  message: string
  /** The client's own context, which the model gets as a message of the user. */
  context?: string | undefined
  agentId?: string | undefined
  provider?: string | undefined
  model?: string | undefined
  /** Whether another provider may start over after the first token. */
  mayReset: boolean
  temperature?: number | undefined
  maxTokens?: number | undefined
  /** Messages after the question: calls of the client's own tools, and their results. */
  followed?: readonly ChatMessage[] | undefined
  /**
   * Further fields of the request. With `tools` the client runs the tools, and those of the service are not
   * offered.
   */
  further?:
    | Pick<ChatRequest, 'topP' | 'stop' | 'seed' | 'tools' | 'toolChoice' | 'responseFormat'>
    | undefined
}

/** Rounds of tool calls in one turn, and calls in one round. */
const MAX_TOOL_ROUNDS = 4
const MAX_TOOL_CALLS = 8
const OFFERED = TOOLS.map(({ description }) => description)

const DETECTING = {
  pt: 'Analisando sua mensagem...',
  es: 'Analizando su mensaje...',
  en: 'Reading your message...',
} as const

/** Intents for which no facts are sent along: a model calls tools for the facts that it needs. */
const NO_FACTS: ReadonlySet<string> = new Set(['greeting', 'thanks', 'goodbye', 'about', 'help', 'question'])
/** Milliseconds after which a model is asked without the facts. */
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

const factsFor = async (
  turn: TurnWriter,
  context: AnswerContext,
  understood: Understood,
): Promise<string> => {
  const late = AbortSignal.timeout(FACTS_MS)
  try {
    return await context.contextFor(context.knowledge, understood, {
      signal: AbortSignal.any([turn.signal, late]),
    })
  } catch (error) {
    turn.signal.throwIfAborted()
    if (late.aborted) return ''
    throw error
  }
}

/** Runs the tools that the model called, one after another, and returns a message with the result of each. */
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
 * Wraps a provider that reads the data itself: it is asked without facts, which it would take for the user's words,
 * and without results of tools.
 */
const askedPlainly = (provider: Provider, messages: readonly ChatMessage[]): Provider => ({
  ...provider,
  answer: (request, taking) => provider.answer({ ...request, messages }, taking),
})

/**
 * Makes the answer to a message of a conversation: recognises the intent, chooses the agent, then asks the
 * providers in their order, with the data as context and as tools.
 * @throws {Problem} the last provider's when none could answer
 */
export const answer =
  (context: AnswerContext, question: Question) =>
  async (turn: TurnWriter): Promise<AnswerOutcome> => {
    const understood = understand(question.message, context.language)
    const agent =
      (question.agentId === undefined ? undefined : agentOf(question.agentId)) ?? agentFor(understood.intent)
    turn.emit({ type: 'detecting', message: DETECTING[understood.language] })
    turn.emit({ type: 'intent', intent: understood.intent, confidence: understood.confidence })
    turn.emit({ type: 'agent_selected', agent_id: agent.id, agent_name: agent.name })
    turn.answeredBy({ agentId: agent.id })

    const { router, local, knowledge } = context
    const isLocal = (question.provider ?? router.order[0]) === local.name
    const facts = isLocal || NO_FACTS.has(understood.intent) ? '' : await factsFor(turn, context, understood)
    const messages = asked(agent, question, facts)
    const { temperature, mayReset, further } = question
    const theirs = further?.tools?.length ? further.tools : undefined
    const maxTokens = question.maxTokens ?? context.maxTokens
    let { provider, model } = question
    let first: string | undefined
    const extra = [askedPlainly(local, asked(agent, question, ''))]
    const notify = (notice: TurnNotice): void => {
      // The rule answers read no results of tools: they would start a second investigation.
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
        { observer: context.observer ?? {}, forwardTools: theirs !== undefined },
      )
      if (relayed.finishReason !== 'tool_calls' || relayed.toolCalls.length === 0 || !offered)
        return {
          agentId: agent.id,
          provider: relayed.provider,
          model: relayed.model,
          finishReason: relayed.finishReason,
          cached: relayed.cached,
          suggestedActions: context.suggestedActions(understood, turn.content),
        }
      // The provider that called the tools gets their results first; where its text cannot be taken back, it alone.
      first = relayed.provider ?? undefined
      model = relayed.model ?? model
      if (!mayReset && turn.content !== '') provider = first
      const content = turn.content.startsWith(before) ? turn.content.slice(before.length) : turn.content
      messages.push({ role: 'assistant', content, toolCalls: relayed.toolCalls })
      messages.push(...(await runTools(turn, knowledge, relayed.toolCalls, notify)))
    }
  }
