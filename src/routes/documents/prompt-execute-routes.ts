import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { badField } from '../../errors.ts'
import { say } from '../../language/sentence.ts'
import type { Executed, ExecutePrompt } from '../../prompt/execution.ts'
import { readVariables, type Variable } from '../../prompt/template.ts'
import { CHAT_INTERFACES, type ChatInterface, mayRestart } from '../../vocabulary/interfaces.ts'
import { OnDisconnect } from '../chat/message-routes.ts'
import { countingFailure } from '../counted-failure.ts'
import { problemResponses } from '../problem-schema.ts'
import {
  clientGone,
  present,
  resumedStream,
  type ShowingOptions,
  serveStream,
  startServed,
} from '../turn-stream.ts'

export interface PromptExecuteRoutesOptions extends ShowingOptions {
  executePrompt: ExecutePrompt
}

const { prompt: streamed, wholePrompt } = CHAT_INTERFACES
const tags = ['prompts']

const NumberText = Type.String({ pattern: '^[1-9][0-9]{0,14}$' })
const Body = Type.Object({
  promptId: Type.Union([Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), NumberText]),
  variables: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Unsafe<Variable>({ description: 'text, a number or a boolean, put in as it is' }),
    ),
  ),
  on_disconnect: Type.Optional(OnDisconnect),
})
const Query = Type.Object({
  promptId: NumberText,
  variables: Type.Optional(Type.String({ description: 'a JSON object' })),
  on_disconnect: Type.Optional(OnDisconnect),
  last_event_id: Type.Optional(Type.String({ maxLength: 200 })),
})

interface Asked {
  promptId: number | string
  variables?: unknown
  on_disconnect?: unknown
}

/** Parses a JSON text of a query. @throws {Problem} `VALIDATION_FAILED` */
const parsed = (text: string | undefined): unknown => {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    throw badField('?variables', say('field.not_json'))
  }
}

/** Serves the execution of prompts: a model is asked, with values for the placeholders. */
export const promptExecuteRoutes: FastifyPluginAsyncTypebox<PromptExecuteRoutesOptions> = async (
  app,
  options,
) => {
  const { executePrompt, feed } = options

  const run = (request: FastifyRequest, asked: Asked, through: ChatInterface): Promise<Executed> =>
    executePrompt(request.actor(), {
      promptId: Number(asked.promptId),
      variables: readVariables(asked.variables),
      onDisconnect: asked.on_disconnect as 'continue' | 'cancel' | undefined,
      mayReset: mayRestart(through),
    })
  const runStreamed = async (request: FastifyRequest, asked: Asked) =>
    (await run(request, asked, streamed)).turn

  app.post(
    streamed.endpoint,
    {
      config: { access: 'anonymous' },
      schema: {
        tags,
        summary: 'Asks a prompt; the answer streams',
        produces: ['text/event-stream'],
        body: Body,
      },
    },
    async (request, reply) =>
      startServed(
        request,
        reply,
        () => runStreamed(request, request.body),
        present(streamed, undefined),
        options,
      ),
  )

  app.get(
    streamed.endpoint,
    {
      exposeHeadRoute: false,
      config: { access: 'anonymous', capability: 'start', eventStream: true },
      schema: {
        tags,
        summary:
          'The same for a browser’s EventSource; with Last-Event-ID it goes on with the stream that it began',
        produces: ['text/event-stream'],
        querystring: Query,
      },
    },
    async (request, reply) => {
      const resumed = await resumedStream(request, feed.streams, 'prompt')
      if (resumed) return serveStream(request, reply, resumed, present(streamed, undefined), options)
      const { variables, ...query } = request.query
      const start = async () => runStreamed(request, { ...query, variables: parsed(variables) })
      return startServed(request, reply, start, present(streamed, undefined), options)
    },
  )

  app.post(
    wholePrompt.endpoint,
    {
      config: { access: 'anonymous' },
      schema: {
        tags,
        summary: 'Asks a prompt; the whole answer at once',
        body: Body,
        response: {
          200: Type.Object({ content: Type.String() }, { additionalProperties: true }),
          ...problemResponses(400, 401, 403, 404, 409, 422, 429, 502, 503, 504),
        },
      },
    },
    async (request, reply) => {
      const { turn, about } = await run(request, request.body, wholePrompt)
      countingFailure(request, turn)
      reply.header('x-stream-id', turn.stream.id)
      const { type: _, ...answered } = await feed.turns.wholeAnswer(turn, clientGone(reply))
      return { ...about, ...answered } as never
    },
  )
}
