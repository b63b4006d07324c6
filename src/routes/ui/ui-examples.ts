import type { EventExample, RouteExample } from '../../plugins/route-example.ts'

const ANSWER: readonly EventExample[] = [
  {
    data: {
      type: 'start',
      messageId: 'ffd4300e-dd5f-487d-9d6c-794bcadedc38',
      messageMetadata: { stream_id: '975d422c-81dc-42be-96a1-8f13a57b833c', session_id: 'ui-budget' },
    },
    means: 'The answer has begun; `messageId` is the one it is kept under',
  },
  { id: 2, data: { type: 'start-step' }, means: 'A step of the answer begins' },
  {
    id: 3,
    data: { type: 'data-detecting', transient: true, data: { message: 'Reading your message...' } },
    means: 'The message is being read; it is not kept in the message',
  },
  {
    id: 4,
    data: { type: 'data-intent', data: { intent: 'statistics', confidence: 0.85 } },
    means: 'What the message was understood as',
  },
  {
    id: 5,
    data: { type: 'data-agent', data: { agent_id: 'anita', agent_name: 'Anita Garibaldi' } },
    means: 'Which agent answers',
  },
  {
    id: 6,
    data: {
      type: 'data-plan',
      data: {
        plan: {
          of: 'contracts',
          measure: 'count',
          where: {},
          dataset: '1f0c1d52-7ad4-4a55-9d39-2a3b9c1c4c58',
        },
      },
    },
    means: 'How the question about data was understood, where no language model answers',
  },
  { data: { type: 'text-start', id: 'text-1' }, means: 'A text begins' },
  { id: 7, data: { type: 'text-delta', id: 'text-1', delta: 'I' }, means: 'Its next piece' },
  { data: { type: 'text-end', id: 'text-1' }, means: 'It is whole' },
  { data: { type: 'finish-step' }, means: 'The step is over' },
  {
    data: {
      type: 'finish',
      finishReason: 'stop',
      messageMetadata: {
        agent_id: 'anita',
        provider: 'local',
        model: null,
        total_tokens: 84,
        usage: { prompt_tokens: 5, completion_tokens: 79, cost_usd: 0 },
        duration_ms: 24,
        suggested_actions: [
          'Which suppliers dominate dataset contracts-2024.csv?',
          'Which are the largest contracts?',
          'Investigate dataset contracts-2024.csv',
        ],
      },
    },
    means: 'The answer is whole: who gave it, its tokens and time',
  },
  { id: 9, data: '[DONE]', means: 'No more events come' },
]

/** Requests and answers of the AI SDK's interface, in an order in which they work one after the other. */
export const UI_EXAMPLES: readonly RouteExample[] = [
  {
    route: 'POST /api/v1/chat/ui',
    request: {
      body: {
        id: 'ui-budget',
        messages: [
          {
            id: 'question-1',
            role: 'user',
            parts: [{ type: 'text', text: 'How many contracts are there?' }],
          },
        ],
      },
    },
    answer: {
      status: 200,
      means: "The AI SDK's UI message stream (`x-vercel-ai-ui-message-stream: v1`)",
      events: ANSWER,
      mayAlsoCome:
        '`reasoning-start`, `reasoning-delta`, `reasoning-end`, parts of tools; in place of `finish`, `error` or `abort`',
    },
  },
  {
    route: 'GET /api/v1/chat/ui/{chatId}/stream',
    request: { params: { chatId: 'ui-budget' } },
    answer: {
      status: 200,
      means: 'The answer under way, from its beginning; `204` when there is none',
      events: ANSWER.slice(0, 5),
      mayAlsoCome: 'what `POST /api/v1/chat/ui` lists',
    },
  },
]
