import { type Static, type TSchema, Type } from 'typebox'
import { badField } from '../../errors.ts'
import { say } from '../../language/sentence.ts'
import type { ChatMessage, ChatRequest } from '../../llm/provider.ts'
import { KEPT, Name } from '../text.ts'

/** Makes a field optional and nullable: clients send null for fields that they omit. */
const Maybe = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))

const Part = Type.Object({ type: Type.String(), text: Type.Optional(Type.String()) })

const Message = Type.Object({
  role: Type.Enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: Maybe(Type.Union([Type.String(), Type.Array(Part)])),
  tool_calls: Maybe(
    Type.Array(
      Type.Object({
        id: Type.String(),
        type: Type.Literal('function'),
        function: Type.Object({ name: Type.String(), arguments: Type.String() }),
      }),
    ),
  ),
  tool_call_id: Maybe(Type.String()),
})

const Tool = Type.Object({
  type: Type.Literal('function'),
  function: Type.Object({
    name: Type.String({ pattern: '^[a-zA-Z0-9_-]{1,64}$' }),
    description: Maybe(Type.String()),
    parameters: Maybe(Type.Record(Type.String(), Type.Unknown())),
  }),
})

const Tokens = Maybe(Type.Integer({ minimum: 1 }))

/**
 * The supported fields of the body of `POST /v1/chat/completions`; others are ignored.
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export const CompletionBody = Type.Object({
  model: Type.String({
    minLength: 1,
    maxLength: 300,
    pattern: KEPT,
    description: '`tributary`, a provider, `provider/model`',
  }),
  messages: Type.Array(Message, { minItems: 1, maxItems: 2000 }),
  stream: Maybe(Type.Boolean()),
  stream_options: Maybe(Type.Object({ include_usage: Maybe(Type.Boolean()) })),
  temperature: Maybe(Type.Number({ minimum: 0, maximum: 2 })),
  top_p: Maybe(Type.Number({ minimum: 0, maximum: 1 })),
  max_tokens: Tokens,
  max_completion_tokens: Tokens,
  stop: Maybe(Type.Union([Type.String(), Type.Array(Type.String(), { maxItems: 16 })])),
  seed: Maybe(Type.Integer()),
  tools: Maybe(Type.Array(Tool, { maxItems: 128 })),
  tool_choice: Maybe(
    Type.Union([
      Type.Enum(['auto', 'none', 'required']),
      Type.Object({ type: Type.Literal('function'), function: Type.Object({ name: Name }) }),
    ]),
  ),
  response_format: Maybe(Type.Object({ type: Type.String() })),
  n: Maybe(Type.Integer({ minimum: 1, maximum: 1 })),
})
export type CompletionBody = Static<typeof CompletionBody>

/** Returns the text of a message. @throws {Problem} `VALIDATION_FAILED` naming the part */
const textOf = (content: Static<typeof Message>['content'], field: string): string => {
  if (typeof content === 'string') return content
  return (content ?? [])
    .map(({ type, text }, at) => {
      if (type !== 'text')
        throw badField(`${field}/${at}`, say('field.text_only', { type: type.slice(0, 40) }))
      if (text === undefined) throw badField(`${field}/${at}/text`, say('field.required'))
      return text
    })
    .join('')
}

const messageOf = (message: Static<typeof Message>, at: number): ChatMessage => {
  const { role, content, tool_calls, tool_call_id } = message
  const field = `/messages/${at}`
  if (role === 'tool' && !tool_call_id) throw badField(`${field}/tool_call_id`, say('field.required'))
  if (content == null && !(role === 'assistant' && tool_calls?.length))
    throw badField(`${field}/content`, say('field.required'))
  return {
    role: role === 'developer' ? 'system' : role,
    content: textOf(content, `${field}/content`),
    ...(role === 'assistant' && tool_calls?.length
      ? {
          toolCalls: tool_calls.map(({ id, function: { name, arguments: args } }) => ({
            id,
            name,
            arguments: args,
          })),
        }
      : {}),
    ...(role === 'tool' && tool_call_id ? { toolCallId: tool_call_id } : {}),
  }
}

/**
 * Converts a body into a request to a model; roles stay, except that `developer` becomes `system`, which vendors
 * know.
 * @throws {Problem} `VALIDATION_FAILED` naming the field
 */
export const chatRequestOf = (body: CompletionBody): Omit<ChatRequest, 'model'> => {
  const { tool_choice: choice, stop, tools, response_format } = body
  const named = typeof choice === 'object' ? choice?.function.name : undefined
  if (named !== undefined && !tools?.some((tool) => tool.function.name === named))
    throw badField('/tool_choice', say('field.no_tool'))
  return {
    messages: body.messages.map(messageOf),
    temperature: body.temperature ?? undefined,
    topP: body.top_p ?? undefined,
    maxTokens: body.max_completion_tokens ?? body.max_tokens ?? undefined,
    stop: typeof stop === 'string' ? [stop] : (stop ?? undefined),
    seed: body.seed ?? undefined,
    responseFormat: response_format ?? undefined,
    tools: tools?.map(({ function: { name, description, parameters } }) => ({
      name,
      description: description ?? '',
      parameters: parameters ?? { type: 'object', properties: {} },
    })),
    toolChoice:
      named === undefined
        ? ((choice ?? undefined) as 'auto' | 'none' | 'required' | undefined)
        : { name: named },
  }
}
