import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Hub } from '../../channel/hub.ts'
import { badField } from '../../errors.ts'
import { type Executed, type ExecutionMeans, execute } from '../../prompt/execution.ts'
import { readVariables, type Variable } from '../../prompt/template.ts'
import { promptExecuteVocabulary } from '../../vocabulary/prompt-execute.ts'
import { OnDisconnect, recordStart } from '../chat/saying.ts'
import { countingFailure } from '../failure.ts'
import { problemResponses } from '../problem-schema.ts'
import { type ShowingOptions, startServed } from '../turn-start.ts'
import { resumedStream, serveStream, type TurnStreamOptions, wholeAnswer } from '../turn-stream.ts'

export interface PromptExecuteRoutesOptions extends ExecutionMeans, ShowingOptions {
  hub: Hub
}

const STREAM = '/api/prompts/execute/stream'
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

/** @throws {Problem} `VALIDATION_FAILED` */
const parsed = (text: string | undefined): unknown => {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    throw badField('?variables', 'is no JSON')
  }
}

/** Asks a model what a prompt says, with values for its placeholders. */
export const promptExecuteRoutes: FastifyPluginAsyncTypebox<PromptExecuteRoutesOptions> = async (
  app,
  { hub, feed, streaming, ...means },
) => {
  const run = async (request: FastifyRequest, asked: Asked): Promise<Executed> => {
    const variables = readVariables(asked.variables)
    const promptId = Number(asked.promptId)
    const onDisconnect = asked.on_disconnect as 'continue' | 'cancel' | undefined
    const executed = await request.audited((record) =>
      execute(
        means,
        request.identity,
        { promptId, variables, onDisconnect },
        recordStart(record, 'prompt.started', { prompt_id: promptId }),
      ),
    )
    countingFailure(request, executed.turn)
    return executed
  }

  const streamOptions = (): TurnStreamOptions => ({
    feed,
    streaming,
    endpoint: STREAM,
    spoken: { vocabulary: promptExecuteVocabulary() },
  })

  app.post(
    STREAM,
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
      startServed(request, reply, async () => (await run(request, request.body)).turn, streamOptions()),
  )

  app.get(
    STREAM,
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
      if (resumed) return serveStream(request, reply, resumed, streamOptions())
      const { variables, ...query } = request.query
      const start = async () => (await run(request, { ...query, variables: parsed(variables) })).turn
      return startServed(request, reply, start, streamOptions())
    },
  )

  app.post(
    '/api/prompts/execute',
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
      const { turn, about } = await run(request, request.body)
      reply.header('x-stream-id', turn.stream.id)
      const { type: _, ...answered } = await wholeAnswer(reply, hub, turn)
      return { ...about, ...answered } as never
    },
  )
}
