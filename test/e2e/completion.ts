import OpenAI from 'openai'

export type Params = OpenAI.ChatCompletionCreateParamsNonStreaming

/** OpenAI's own client. */
export const sdk = ({ url }: { url: string }, apiKey: string, maxRetries = 0): OpenAI =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries })

export const ask = (model: string, content = 'Olá', more: Partial<Params> = {}): Params => ({
  model,
  messages: [{ role: 'user', content }],
  ...more,
})

export const read = async (stream: AsyncIterable<OpenAI.ChatCompletionChunk>) => {
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks
}

export const textOf = (chunks: readonly OpenAI.ChatCompletionChunk[]) =>
  chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')

/** @throws what is no error of the API, and when there is none at all */
export const failure = async (
  promise: PromiseLike<unknown>,
): Promise<InstanceType<typeof OpenAI.APIError>> => {
  try {
    await promise
  } catch (error) {
    if (error instanceof OpenAI.APIError) return error
    throw error
  }
  throw new Error('it did not fail')
}

/** What a byte-wise or line-wise reader would break. */
export const PIECES = ['Olá, ', 'mundo\n', '  \u2028 "aspas" ', '🌍']

export const CALLS = [
  { id: 'call_a', name: 'weather', arguments: '{"place":"Recife"}' },
  { id: 'call_b', name: 'clock', arguments: '{}' },
]
/** The same as OpenAI's messages have them. */
export const CALLED = CALLS.map(({ id, name, arguments: args }) => ({
  id,
  type: 'function' as const,
  function: { name, arguments: args },
}))
export const TOOLS: OpenAI.ChatCompletionFunctionTool[] = [
  {
    type: 'function',
    function: {
      name: 'weather',
      description: 'of a place',
      parameters: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] },
    },
  },
  { type: 'function', function: { name: 'clock' } },
]
