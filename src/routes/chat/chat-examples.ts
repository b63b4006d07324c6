import type { EventExample, RouteExample } from '../../plugins/route-example.ts'

/** The events of one answer of a chat, in order. */
export const CHAT_EVENTS: readonly EventExample[] = [
  {
    id: 2,
    data: {
      type: 'start',
      stream_id: '822cf82e-1a05-4234-9e5b-b05baa9ded2b',
      session_id: 'budget-2024',
      message_id: 'fe057715-e3b5-4ef0-b51c-91b12a71d145',
      timestamp: '2026-11-29T12:54:44.920Z',
    },
    means: 'The turn has begun; `stream_id` resumes or cancels it',
  },
  {
    id: 3,
    data: {
      type: 'detecting',
      stream_id: '822cf82e-1a05-4234-9e5b-b05baa9ded2b',
      message: 'Reading your message...',
    },
    means: 'The message is being read',
  },
  {
    id: 4,
    data: {
      type: 'intent',
      stream_id: '822cf82e-1a05-4234-9e5b-b05baa9ded2b',
      intent: 'statistics',
      confidence: 0.85,
    },
    means: 'What the message was understood as, and how surely (0 to 1)',
  },
  {
    id: 5,
    data: {
      type: 'agent_selected',
      stream_id: '822cf82e-1a05-4234-9e5b-b05baa9ded2b',
      agent_id: 'anita',
      agent_name: 'Anita Garibaldi',
    },
    means: 'Which agent answers',
  },
  {
    id: 6,
    data: {
      type: 'plan',
      stream_id: '822cf82e-1a05-4234-9e5b-b05baa9ded2b',
      plan: { of: 'contracts', measure: 'count', where: {}, dataset: '1f0c1d52-7ad4-4a55-9d39-2a3b9c1c4c58' },
    },
    means: 'How the question about data was understood, where no language model answers',
  },
  {
    id: 7,
    data: { type: 'chunk', stream_id: '822cf82e-1a05-4234-9e5b-b05baa9ded2b', content: 'I', index: 0 },
    means: 'The next piece of the answer',
  },
  {
    id: 10,
    data: {
      type: 'complete',
      stream_id: '822cf82e-1a05-4234-9e5b-b05baa9ded2b',
      session_id: 'budget-2024',
      message_id: 'fe057715-e3b5-4ef0-b51c-91b12a71d145',
      agent_id: 'anita',
      provider: 'local',
      model: null,
      total_tokens: 84,
      usage: { prompt_tokens: 5, completion_tokens: 79, cost_usd: 0 },
      finish_reason: 'stop',
      duration_ms: 372,
      ttft_ms: 369,
      suggested_actions: [
        'Which suppliers dominate dataset contracts-2024.csv?',
        'Which are the largest contracts?',
        'Investigate dataset contracts-2024.csv',
      ],
    },
    means: 'The answer is whole and kept: who gave it, its tokens, cost and time',
  },
]

/** Further events that an answer may have. */
export const CHAT_ALSO =
  '`thinking`, `reasoning`, `model_loading`, `tool`, `tool_call`, `plan` (how a question about data was understood), `investigation_started`, `fallback`, `reset` (discard the pieces so far); at the end, in place of `complete`, `error` with `error_code`, `message`, `fallback_endpoint`, `retry_after`, or `cancelled`'

/** Requests and answers of conversations, in an order in which they work one after the other. */
export const CHAT_EXAMPLES: readonly RouteExample[] = [
  {
    route: 'GET /api/v1/agents',
    answer: {
      status: 200,
      means: 'Agents and the intents that each takes',
      body: {
        items: [
          {
            id: 'drummond',
            name: 'Carlos Drummond de Andrade',
            purpose: 'Conversa, acolhe e orienta quem chega',
            intents: ['greeting', 'help', 'thanks'],
          },
        ],
        next: null,
      },
    },
  },
  {
    route: 'GET /api/v1/providers',
    answer: {
      status: 200,
      means: 'Providers in the order in which they are asked, with the state of their circuit',
      body: { items: [{ name: 'local', configured: true, state: 'closed', model: null, adapted: [] }] },
    },
  },
  {
    route: 'POST /api/v1/chat/sessions',
    request: { body: { session_id: 'budget-2024' } },
    answer: { status: 201, means: 'The conversation that was made', body: { session_id: 'budget-2024' } },
  },
  {
    route: 'POST /api/v1/chat/stream',
    request: { body: { message: 'How many contracts are there?', session_id: 'budget-2024' } },
    answer: {
      status: 200,
      means: 'The answer as it is written. The pieces of `chunk` joined are the answer that is kept',
      events: CHAT_EVENTS,
      mayAlsoCome: CHAT_ALSO,
    },
  },
  {
    route: 'GET /api/v1/chat/stream/{stream_id}',
    request: { params: { stream_id: '822cf82e-1a05-4234-9e5b-b05baa9ded2b' } },
    answer: {
      status: 200,
      means: 'The same events as at its start, behind `Last-Event-ID`',
      events: CHAT_EVENTS,
      mayAlsoCome: CHAT_ALSO,
    },
  },
  {
    route: 'POST /api/v1/chat/message',
    request: { body: { message: 'Who are the largest suppliers?', session_id: 'budget-2024' } },
    answer: {
      status: 200,
      means: 'The whole answer, and the fields of `complete`',
      body: {
        content:
          'Largest suppliers in **contracts-2024.csv**, by value:\n\n| No. | Name | Contracts | Value | Share |\n|…',
        stream_id: 'e254dbd7-d639-4512-9a85-9d53b4531d1b',
        session_id: 'budget-2024',
        message_id: 'e56c168b-f060-4e63-a5fe-a2dc3f1f1815',
        agent_id: 'anita',
        provider: 'local',
        model: null,
        total_tokens: 57,
        usage: { prompt_tokens: 5, completion_tokens: 52, cost_usd: 0 },
        finish_reason: 'stop',
        duration_ms: 43,
        ttft_ms: 40,
        suggested_actions: [
          'Statistics of dataset contracts-2024.csv',
          'Which are the largest contracts?',
          'Investigate dataset contracts-2024.csv',
        ],
      },
    },
  },
  {
    route: 'GET /api/v1/chat/sessions',
    request: { query: { limit: 10 } },
    answer: {
      status: 200,
      means: 'A page of conversations, newest first',
      body: {
        items: [
          {
            session_id: 'budget-2024',
            title: 'How many contracts are there?',
            owner: '53e0fedd-2b18-449c-ad0e-0e1a36b154b3',
            created_at: '2026-11-29T12:54:44.814Z',
            updated_at: '2026-11-29T12:54:45.402Z',
          },
        ],
        next: null,
      },
    },
  },
  {
    route: 'GET /api/v1/chat/sessions/{id}',
    request: { params: { id: 'budget-2024' } },
    answer: {
      status: 200,
      means: 'The conversation',
      body: {
        session_id: 'budget-2024',
        title: 'How many contracts are there?',
        owner: '53e0fedd-2b18-449c-ad0e-0e1a36b154b3',
        created_at: '2026-11-29T12:54:44.814Z',
        updated_at: '2026-11-29T12:54:45.402Z',
        active_streams: [],
      },
    },
  },
  {
    route: 'GET /api/v1/chat/sessions/{id}/messages',
    request: { params: { id: 'budget-2024' }, query: { limit: 2 } },
    answer: {
      status: 200,
      means: 'A page of messages, oldest first',
      body: {
        items: [
          {
            message_id: 'fd011cd6-1033-4b2f-8e2d-610075b37a6b',
            session_id: 'budget-2024',
            role: 'user',
            content: 'Who are the largest suppliers?',
            state: 'complete',
            agent_id: null,
            provider: null,
            model: null,
            usage: null,
            stream_id: 'e254dbd7-d639-4512-9a85-9d53b4531d1b',
            created_at: '2026-11-29T12:54:45.402Z',
          },
        ],
        next: 'fd011cd6-1033-4b2f-8e2d-610075b37a6b',
      },
    },
  },
  {
    route: 'POST /api/v1/chat/sessions/{id}/share',
    request: { params: { id: 'budget-2024' }, body: { username: 'ana' } },
    answer: {
      status: 200,
      means: 'The share that holds now',
      body: { session_id: 'budget-2024', shared_with: 'ana' },
    },
  },
  {
    route: 'DELETE /api/v1/chat/sessions/{id}/share',
    request: { params: { id: 'budget-2024' }, body: { username: 'ana' } },
    answer: { status: 204, means: 'The share has ended, and those who were watching by it are cut off' },
  },
  {
    route: 'POST /api/v1/chat/direct/{provider}/stream',
    request: {
      params: { provider: 'local' },
      body: { messages: [{ role: 'user', content: 'Which agencies spend most?' }], stream: true },
    },
    answer: {
      status: 200,
      means: 'The answer of the one provider, without agents and without fallback',
      events: [
        { id: 2, data: { type: 'token', content: 'You' }, means: 'The next piece of the answer' },
        {
          data: { type: 'usage', tokens: 95, prompt_tokens: 4, completion_tokens: 91, cost: 0 },
          means: 'Tokens and what they cost in dollars',
        },
        {
          id: 5,
          data: {
            type: 'done',
            stream_id: 'edae80e7-1944-405e-8c5a-17d1c74f3bce',
            provider: 'local',
            model: null,
            finish_reason: 'stop',
            duration_ms: 81,
          },
          means: 'The answer is whole',
        },
      ],
      mayAlsoCome: 'in place of `done`, `error`',
    },
  },
  {
    route: 'GET /api/v1/limits',
    answer: {
      status: 200,
      means: 'What the caller may still use; `reset` is in seconds',
      body: {
        requests: { limit: 1200, remaining: 1187, reset: 42 },
        streams: { limit: 20, running: 1 },
        tokens: { limit: 50000, used: 41200, reset: 35720 },
        message: { limit: 10000 },
      },
    },
  },
  {
    route: 'DELETE /api/v1/chat/sessions/{id}',
    request: { params: { id: 'budget-2024' } },
    answer: { status: 204, means: 'The conversation is gone' },
  },
]
