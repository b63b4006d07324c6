import type { EventExample, RouteExample } from '../../plugins/route-example.ts'

const PROMPT_EVENTS: readonly EventExample[] = [
  {
    id: 1,
    data: {
      type: 'start',
      promptId: 1,
      modelId: 1,
      modelName: 'Rules',
      stream_id: '802ab68a-3d52-4a3e-bdb5-77dc0b4e83b0',
      timestamp: '2026-11-29T12:54:46.346Z',
    },
    means: 'Which prompt is asked, and of which model',
  },
  { id: 2, data: { type: 'chunk', content: 'You' }, means: 'The next piece of the answer' },
  {
    id: 5,
    data: {
      type: 'done',
      stream_id: '802ab68a-3d52-4a3e-bdb5-77dc0b4e83b0',
      provider: 'local',
      model: null,
      total_tokens: 66,
      usage: { prompt_tokens: 8, completion_tokens: 58, cost_usd: 0 },
      finish_reason: 'stop',
      duration_ms: 137,
      ttft_ms: 136,
    },
    means: 'The answer is whole',
  },
]

/** Requests and answers of prompts and models, in an order in which they work one after the other. */
export const PROMPT_EXAMPLES: readonly RouteExample[] = [
  {
    route: 'POST /api/models',
    request: { body: { name: 'Rules', provider: 'local', modelId: 'local' } },
    answer: {
      status: 201,
      means: 'The model that was named',
      body: { id: 1, name: 'Rules', provider: 'local', modelId: 'local' },
    },
  },
  {
    route: 'GET /api/models',
    request: { query: { limit: 10 } },
    answer: {
      status: 200,
      means: 'A page of models',
      body: { items: [{ id: 1, name: 'Rules', provider: 'local', modelId: 'local' }], next: null },
    },
  },
  {
    route: 'GET /api/models/{id}',
    request: { params: { id: 1 } },
    answer: {
      status: 200,
      means: 'The model',
      body: { id: 1, name: 'Rules', provider: 'local', modelId: 'local' },
    },
  },
  {
    route: 'PATCH /api/models/{id}',
    request: { params: { id: 1 }, body: { name: 'Rules of the service' } },
    answer: {
      status: 200,
      means: 'The model as it is now',
      body: { id: 1, name: 'Rules of the service', provider: 'local', modelId: 'local' },
    },
  },
  {
    route: 'PUT /api/models/{id}',
    request: { params: { id: 1 }, body: { name: 'Rules', provider: 'local', modelId: 'local' } },
    answer: {
      status: 200,
      means: 'The model as it is now',
      body: { id: 1, name: 'Rules', provider: 'local', modelId: 'local' },
    },
  },
  {
    route: 'POST /api/prompts',
    request: { body: { title: 'Spending of a body', content: 'How much did {{body}} spend?', modelId: 1 } },
    answer: {
      status: 201,
      means: 'The prompt that was kept',
      body: {
        id: 1,
        title: 'Spending of a body',
        content: 'How much did {{body}} spend?',
        modelId: 1,
        temperature: null,
        maxTokens: null,
      },
    },
  },
  {
    route: 'GET /api/prompts',
    request: { query: { limit: 10 } },
    answer: {
      status: 200,
      means: 'A page of prompts',
      body: {
        items: [
          {
            id: 1,
            title: 'Spending of a body',
            content: 'How much did {{body}} spend?',
            modelId: 1,
            temperature: null,
            maxTokens: null,
          },
        ],
        next: null,
      },
    },
  },
  {
    route: 'GET /api/prompts/{id}',
    request: { params: { id: 1 } },
    answer: {
      status: 200,
      means: 'The prompt',
      body: {
        id: 1,
        title: 'Spending of a body',
        content: 'How much did {{body}} spend?',
        modelId: 1,
        temperature: null,
        maxTokens: null,
      },
    },
  },
  {
    route: 'PATCH /api/prompts/{id}',
    request: { params: { id: 1 }, body: { temperature: 0.2 } },
    answer: {
      status: 200,
      means: 'The prompt as it is now',
      body: {
        id: 1,
        title: 'Spending of a body',
        content: 'How much did {{body}} spend?',
        modelId: 1,
        temperature: 0.2,
        maxTokens: null,
      },
    },
  },
  {
    route: 'PUT /api/prompts/{id}',
    request: {
      params: { id: 1 },
      body: { title: 'Spending of a body', content: 'How much did {{body}} spend?', modelId: 1 },
    },
    answer: {
      status: 200,
      means: 'The prompt as it is now; what was left out is unset',
      body: {
        id: 1,
        title: 'Spending of a body',
        content: 'How much did {{body}} spend?',
        modelId: 1,
        temperature: null,
        maxTokens: null,
      },
    },
  },
  {
    route: 'POST /api/prompts/execute/stream',
    request: { body: { promptId: 1, variables: { body: 'the city of Exemplo' } } },
    answer: {
      status: 200,
      means: 'The answer as it is written',
      events: PROMPT_EVENTS,
      mayAlsoCome: '`model_loading`; in place of `done`, `error`',
    },
  },
  {
    route: 'GET /api/prompts/execute/stream',
    request: { query: { promptId: 1, variables: '{"body":"the city of Exemplo"}' } },
    answer: {
      status: 200,
      means: 'The same, for an `EventSource`',
      events: PROMPT_EVENTS,
      mayAlsoCome: '`model_loading`; in place of `done`, `error`',
    },
  },
  {
    route: 'POST /api/prompts/execute',
    request: { body: { promptId: 1, variables: { body: 'the city of Exemplo' } } },
    answer: {
      status: 200,
      means: 'The whole answer',
      body: {
        content:
          'You named no dataset; I use the only one there is: **contracts-2024.csv**.\n\nNo buyer in this data is…',
        promptId: 1,
        modelId: 1,
        modelName: 'Rules',
        stream_id: '17eed0d6-9f95-46b3-86fc-400e2e5133f0',
        session_id: null,
        message_id: '63ef8130-2e47-4ca1-b1dc-41659bbfb893',
        agent_id: null,
        provider: 'local',
        model: null,
        total_tokens: 66,
        usage: { prompt_tokens: 8, completion_tokens: 58, cost_usd: 0 },
        finish_reason: 'stop',
        duration_ms: 12,
        ttft_ms: 10,
        suggested_actions: [],
      },
    },
  },
  {
    route: 'DELETE /api/prompts/{id}',
    request: { params: { id: 1 } },
    answer: { status: 204, means: 'The prompt is gone' },
  },
  {
    route: 'DELETE /api/models/{id}',
    request: { params: { id: 1 } },
    answer: { status: 204, means: 'The model is gone' },
  },
]
