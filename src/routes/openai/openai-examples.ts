import type { RouteExample } from '../../plugins/route-example.ts'

/** Requests and answers of OpenAI's interface, in an order in which they work one after the other. */
export const OPENAI_EXAMPLES: readonly RouteExample[] = [
  {
    route: 'GET /v1/models',
    answer: {
      status: 200,
      means: '`tributary`, which is the routed agents, and each provider',
      body: {
        object: 'list',
        data: [{ id: 'tributary', object: 'model', created: 1795956746, owned_by: 'tributary' }],
      },
    },
  },
  {
    route: 'GET /v1/models/{*}',
    request: { params: { '*': 'tributary' } },
    answer: {
      status: 200,
      means: 'The model',
      body: { id: 'tributary', object: 'model', created: 1795956746, owned_by: 'tributary' },
    },
  },
  {
    route: 'POST /v1/chat/completions',
    request: {
      body: {
        model: 'tributary',
        messages: [{ role: 'user', content: 'How many contracts are there?' }],
        stream: true,
        stream_options: { include_usage: true },
      },
    },
    answer: {
      status: 200,
      means: 'With `stream`, chunks and `[DONE]`; without it one `chat.completion`',
      events: [
        {
          id: 5,
          data: {
            id: 'chatcmpl-25069e70-85c1-4216-87cc-84bb023cf695',
            object: 'chat.completion.chunk',
            created: 1795956885,
            model: 'tributary',
            choices: [{ index: 0, delta: { role: 'assistant', content: 'You' }, finish_reason: null }],
            usage: null,
          },
          means: 'The next piece, as `choices[0].delta`; the first names the role',
        },
        {
          data: {
            id: 'chatcmpl-25069e70-85c1-4216-87cc-84bb023cf695',
            object: 'chat.completion.chunk',
            created: 1795956885,
            model: 'tributary',
            choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
            usage: null,
          },
          means: 'Why the answer ended',
        },
        {
          data: {
            id: 'chatcmpl-25069e70-85c1-4216-87cc-84bb023cf695',
            object: 'chat.completion.chunk',
            created: 1795956885,
            model: 'tributary',
            choices: [],
            usage: { prompt_tokens: 5, completion_tokens: 79, total_tokens: 84 },
          },
          means: 'Tokens, where `stream_options.include_usage` asked for them',
        },
        { id: 8, data: '[DONE]', means: 'No more chunks come' },
      ],
      mayAlsoCome:
        '`delta.reasoning_content`, `delta.tool_calls`; in place of `[DONE]`, an object with `error`',
    },
  },
]
