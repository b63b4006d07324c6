import type { Answer } from './vendor.ts'

export type Dialect = 'openai' | 'anthropic' | 'gemini'

export const dialectOf = (path: string): Dialect =>
  path.endsWith('/v1/messages') ? 'anthropic' : /:(stream)?generateContent$/i.test(path) ? 'gemini' : 'openai'

/** The text of an answer's events: what comes at once, what comes token by token, what ends it. */
export interface AnswerWire {
  opening: string
  tokens: readonly string[]
  ending: string
}

const DEFAULT_TOKENS = ['Hello', ' world']

const plain = (event: unknown): string => `data: ${JSON.stringify(event)}\n\n`
const named = (type: string, event: object = {}): string => `event: ${type}\n${plain({ type, ...event })}`

const tokensOf = ({ tokens, toolCalls }: Answer): readonly string[] =>
  tokens ?? (toolCalls ? [] : DEFAULT_TOKENS)

const usageOf = (answer: Answer): { promptTokens: number; completionTokens: number } | undefined =>
  answer.usage === false
    ? undefined
    : (answer.usage ?? { promptTokens: 7, completionTokens: tokensOf(answer).length })

const finishOf = ({ finish, toolCalls }: Answer) => finish ?? (toolCalls?.length ? 'tool_calls' : 'stop')

const halves = (text: string): string[] => {
  const middle = Math.floor(text.length / 2)
  return [text.slice(0, middle), text.slice(middle)]
}

const openAiUsage = (answer: Answer) => {
  const usage = usageOf(answer)
  if (!usage) return undefined
  const { promptTokens, completionTokens } = usage
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  }
}

const openAi = (answer: Answer): AnswerWire => {
  const chunk = (delta: unknown, finish: string | null = null) =>
    plain({
      id: 'chatcmpl-7',
      object: 'chat.completion.chunk',
      created: 1763700000,
      model: 'loopback-1',
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    })
  const calls = (answer.toolCalls ?? []).flatMap(({ id, name, arguments: input }, index) => {
    const [first = '', second = ''] = halves(input)
    return [
      chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: first } }] }),
      chunk({ tool_calls: [{ index, function: { arguments: second } }] }),
    ]
  })
  const usage = openAiUsage(answer)
  return {
    opening: [
      chunk({ role: 'assistant', content: '', refusal: null }),
      ...(answer.reasoning ?? []).map((text) => chunk({ reasoning_content: text })),
    ].join(''),
    tokens: tokensOf(answer).map((content) => chunk({ content })),
    ending: answer.errorInside
      ? plain({ error: answer.errorInside })
      : answer.unterminated
        ? ''
        : [
            ...calls,
            chunk({}, finishOf(answer)),
            ...(usage
              ? [plain({ id: 'chatcmpl-7', object: 'chat.completion.chunk', choices: [], usage })]
              : []),
            'data: [DONE]\n\n',
          ].join(''),
  }
}

const ANTHROPIC_REASON = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
}

const anthropic = (answer: Answer): AnswerWire => {
  const usage = usageOf(answer)
  let index = 0
  const block = (content: Record<string, unknown>, deltas: readonly Record<string, unknown>[]) => {
    const at = index++
    return [
      named('content_block_start', { index: at, content_block: content }),
      ...deltas.map((delta) => named('content_block_delta', { index: at, delta })),
      named('content_block_stop', { index: at }),
    ].join('')
  }
  const thinking = (answer.reasoning ?? []).map((text) => ({ type: 'thinking_delta', thinking: text }))
  const opening = [
    named('message_start', {
      message: {
        id: 'msg_7',
        type: 'message',
        role: 'assistant',
        content: [],
        stop_reason: null,
        usage: { input_tokens: usage?.promptTokens ?? 0, output_tokens: 1 },
      },
    }),
    named('ping'),
    ...(thinking.length > 0 ? [block({ type: 'thinking', thinking: '', signature: '' }, thinking)] : []),
  ]
  const at = index++
  opening.push(named('content_block_start', { index: at, content_block: { type: 'text', text: '' } }))
  const calls = (answer.toolCalls ?? []).map(({ id, name, arguments: input }) =>
    block(
      { type: 'tool_use', id, name, input: {} },
      halves(input).map((partial_json) => ({ type: 'input_json_delta', partial_json })),
    ),
  )
  return {
    opening: opening.join(''),
    tokens: tokensOf(answer).map((text) =>
      named('content_block_delta', { index: at, delta: { type: 'text_delta', text } }),
    ),
    ending: answer.errorInside
      ? named('error', { error: answer.errorInside })
      : answer.unterminated
        ? ''
        : [
            named('content_block_stop', { index: at }),
            ...calls,
            named('message_delta', {
              delta: { stop_reason: ANTHROPIC_REASON[finishOf(answer)], stop_sequence: null },
              ...(usage && { usage: { output_tokens: usage.completionTokens } }),
            }),
            named('message_stop'),
          ].join(''),
  }
}

const GEMINI_REASON = { stop: 'STOP', length: 'MAX_TOKENS', tool_calls: 'STOP', content_filter: 'SAFETY' }

const geminiUsage = (answer: Answer) => {
  const usage = usageOf(answer)
  return usage && { promptTokenCount: usage.promptTokens, candidatesTokenCount: usage.completionTokens }
}

const geminiCalls = (answer: Answer) =>
  (answer.toolCalls ?? []).map(({ id, name, arguments: input }) => ({
    functionCall: { id, name, args: JSON.parse(input) },
  }))

const gemini = (answer: Answer): AnswerWire => {
  const event = (parts: unknown[], more: object = {}, end: object = {}) =>
    plain({
      candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }],
      responseId: 'r7',
      ...end,
    })
  return {
    opening: (answer.reasoning ?? []).map((text) => event([{ text, thought: true }])).join(''),
    tokens: tokensOf(answer).map((text) => event([{ text }])),
    ending: answer.errorInside
      ? plain({ error: answer.errorInside })
      : answer.unterminated
        ? ''
        : event(
            [...geminiCalls(answer), { text: '' }],
            { finishReason: GEMINI_REASON[finishOf(answer)] },
            { usageMetadata: geminiUsage(answer) },
          ),
  }
}

const WIRES = { openai: openAi, anthropic, gemini }

/** A streamed answer as a vendor sends it. */
export const answerWire = (dialect: Dialect, answer: Answer): AnswerWire => WIRES[dialect](answer)

/** The same answer asked for without streaming. */
export const wholeAnswer = (dialect: Dialect, answer: Answer): unknown => {
  const text = tokensOf(answer).join('')
  const usage = usageOf(answer)
  const calls = answer.toolCalls ?? []
  if (dialect === 'anthropic') {
    return {
      id: 'msg_7',
      type: 'message',
      role: 'assistant',
      content: [
        { type: 'text', text },
        ...calls.map(({ id, name, arguments: input }) => ({
          type: 'tool_use',
          id,
          name,
          input: JSON.parse(input),
        })),
      ],
      stop_reason: ANTHROPIC_REASON[finishOf(answer)],
      usage: { input_tokens: usage?.promptTokens ?? 0, output_tokens: usage?.completionTokens ?? 0 },
    }
  }
  if (dialect === 'gemini') {
    return {
      candidates: [
        {
          content: { parts: [{ text }, ...geminiCalls(answer)], role: 'model' },
          finishReason: GEMINI_REASON[finishOf(answer)],
        },
      ],
      usageMetadata: geminiUsage(answer),
    }
  }
  return {
    id: 'chatcmpl-7',
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text,
          ...(calls.length > 0 && {
            tool_calls: calls.map(({ id, ...call }) => ({ id, type: 'function', function: call })),
          }),
        },
        finish_reason: finishOf(answer),
      },
    ],
    usage: openAiUsage(answer),
  }
}
