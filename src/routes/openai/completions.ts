import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Hub } from '../../channel/hub.ts'
import { type AnswerContext, answer } from '../../chat/answer.ts'
import { badField, ERRORS, Problem } from '../../errors.ts'
import { say } from '../../language/sentence.ts'
import type { ChatRequest, ToolCall } from '../../llm/provider.ts'
import type { Router } from '../../llm/router.ts'
import { logProblem, sendOwnProblem } from '../../plugins/problem.ts'
import type { TurnEventOf } from '../../protocol/turn.ts'
import type { TurnRequest, TurnWriter } from '../../turn/turn.ts'
import { completionOf, modelList, openAiError, openAiVocabulary } from '../../vocabulary/openai.ts'
import { requirePlace } from '../turn-start.ts'
import { cancelWhenLeft, firstWord, serveTurn, wholeAnswer } from '../turn-stream.ts'
import { CompletionBody, chatRequestOf } from './completion-request.ts'
import { askProvider, type CompletionOptions, startCompletion } from './completion-turn.ts'

export interface CompletionRoutesOptions extends CompletionOptions {
  hub: Hub
  router: Router
}

type Answering = TurnRequest['answer']
type Ended = Pick<TurnEventOf<'complete'>, 'finish_reason' | 'usage'>

/** The routed agents. */
const ROUTED = 'tributary'
/** What is asked for where no model is named, by ourselves too when we are another instance's provider. */
const UNNAMED = 'default'
/** Long prompts, and whole conversations with every request. */
const MAX_BODY_BYTES = 4 * 1_048_576

const tags = ['openai']

/** Asks the agents as a conversation does; the client's last message is what is understood. */
const askAgents = (
  means: AnswerContext,
  { messages, ...request }: Omit<ChatRequest, 'model'>,
  mayReset: boolean,
): Answering => {
  const at = messages.findLastIndex(({ role }) => role === 'user')
  const message = messages[at]?.content ?? ''
  if (message.trim() === '')
    throw badField(at < 0 ? '/messages' : `/messages/${at}/content`, 'must say something as the user')
  const { temperature, maxTokens, ...further } = request
  return answer(means, {
    recalled: messages.slice(0, at),
    message,
    followed: messages.slice(at + 1),
    mayReset,
    temperature,
    maxTokens,
    further,
  })
}

/** What is told of an answer beside its text, for clients that get it whole. */
const collecting = (answering: Answering) => {
  let reasoning = ''
  let calls: (ToolCall | undefined)[] = []
  const watch = (turn: TurnWriter): TurnWriter => ({
    ...turn,
    get content() {
      return turn.content
    },
    emit(event) {
      if (event.type === 'reasoning') reasoning += event.content
      if (event.type === 'tool_call') {
        const { index, id = '', name = '', arguments: piece } = event
        const call = calls[index]
        calls[index] = call ? { ...call, arguments: call.arguments + piece } : { id, name, arguments: piece }
      }
      turn.emit(event)
    },
    reset(reason) {
      reasoning = ''
      calls = []
      turn.reset(reason)
    },
  })
  return {
    answer: (turn: TurnWriter) => answering(watch(turn)),
    collected: () => ({ reasoning, toolCalls: calls.filter((call) => call !== undefined) }),
  }
}

/**
 * Resolves with the first word, or after so long a silence: proxies cut a connection on which nothing moves, so the
 * event-stream begins then, with the heartbeat that all have, and tells of a failure itself.
 * @throws what `word` rejects with before
 */
const wordOrSilence = async (word: Promise<void>, silenceMs: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, silenceMs)
  })
  await Promise.race([word, silence]).finally(() => clearTimeout(timer))
}

/** The SDKs wait as long as `Retry-After` says, and ask again where that is of no use. */
const refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const problem = logProblem(error, request)
  const isWorthIt = ERRORS[problem.code].retryable && problem.code !== 'BUDGET_EXCEEDED'
  if (!isWorthIt) reply.header('x-should-retry', 'false')
  return sendOwnProblem(reply, problem, openAiError(problem).body)
}

/**
 * OpenAI's chat completions; an access token is the API key. Its errors are OpenAI's too, on every path below.
 * @see https://platform.openai.com/docs/api-reference/chat
 */
export const completionRoutes: FastifyPluginAsyncTypebox<CompletionRoutesOptions> = async (app, options) => {
  const { hub, router, meansFor, feed, streaming } = options
  app.setErrorHandler(refuse)
  app.setNotFoundHandler((request, reply) =>
    refuse(new Problem('NOT_FOUND', say('request.nothing_here')), request, reply),
  )

  /**
   * Whom a model's name stands for; no provider for the routed agents.
   * @throws {Problem} `NOT_FOUND`
   */
  const targetOf = (name: string): { provider?: string; model?: string } => {
    if (name === ROUTED || name === UNNAMED) return {}
    const slash = name.indexOf('/')
    const [provider, model] = slash < 0 ? [name] : [name.slice(0, slash), name.slice(slash + 1)]
    const found = router.states().find((state) => state.name === provider)
    if (!found || model === '' || (model !== undefined && found.model === null))
      throw new Problem('NOT_FOUND', `There is no model ${name}`, {
        errors: [{ field: '/model', reason: 'is no model of this service' }],
      })
    return { provider: found.name, ...(model === undefined ? {} : { model }) }
  }

  const startedAt = Math.floor(Date.now() / 1000)
  const models = () => [
    { id: ROUTED, ownedBy: ROUTED },
    ...router
      .states()
      .flatMap(({ name, model }) => [
        { id: name, ownedBy: name },
        ...(model === null ? [] : [{ id: `${name}/${model}`, ownedBy: name }]),
      ]),
  ]

  app.get(
    '/models',
    { config: { access: 'anonymous' }, schema: { tags, summary: 'What may be asked' } },
    async () => modelList(models(), startedAt),
  )

  app.get(
    '/models/*',
    {
      config: { access: 'anonymous' },
      schema: {
        tags,
        summary: 'One of them; a provider takes any name of a model behind its own',
        params: Type.Object({ '*': Type.String({ minLength: 1 }) }),
      },
    },
    async ({ params: { '*': id } }) => {
      const { provider = ROUTED } = targetOf(id)
      return modelList([{ id, ownedBy: provider }], startedAt).data[0]
    },
  )

  app.post(
    '/chat/completions',
    {
      bodyLimit: MAX_BODY_BYTES,
      config: { access: 'anonymous' },
      schema: {
        tags,
        summary: 'A completion, whole or streamed',
        produces: ['application/json', 'text/event-stream'],
        body: CompletionBody,
      },
    },
    async (request, reply) => {
      const { body, identity } = request
      const { model: name } = body
      const { provider, model } = targetOf(name)
      const asked = chatRequestOf(body)
      const isStreamed = body.stream === true
      const means = meansFor(identity)
      const answering =
        provider === undefined
          ? askAgents(means, asked, !isStreamed)
          : askProvider(means, { ...asked, provider, model }, true)
      const whole = isStreamed ? undefined : collecting(answering)
      if (isStreamed) requirePlace(request, streaming)
      const turn = await startCompletion(request, options, { model: name }, whole?.answer ?? answering)
      cancelWhenLeft(reply, feed.streams, turn)
      const { id: streamId, started_at } = turn.stream
      const head = { streamId, model: name, created: Math.floor(started_at / 1000) }
      if (whole) {
        reply.header('x-stream-id', streamId)
        const { content, ...complete } = await wholeAnswer(reply, hub, turn)
        return completionOf(head, { content, ...whole.collected(), complete: complete as Ended })
      }
      await wordOrSilence(firstWord(reply, hub, turn), streaming.keepaliveSeconds * 1000)
      return serveTurn(request, reply, turn, {
        feed,
        streaming,
        endpoint: '/v1/chat/completions',
        spoken: {
          vocabulary: openAiVocabulary({
            ...head,
            includeUsage: body.stream_options?.include_usage === true,
          }),
          wordless: true,
        },
      })
    },
  )
}
