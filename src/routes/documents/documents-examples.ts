import type { RouteExample } from '../../plugins/route-example.ts'

/** Requests and answers of the documents' interfaces, in an order in which they work one after the other. */
export const DOCUMENT_EXAMPLES: readonly RouteExample[] = [
  {
    route: 'GET /api/stream/chat',
    request: { query: { message: 'How many contracts are there?', agent: 'assistant' } },
    answer: {
      status: 200,
      means: 'The answer as it is written; `named=0` leaves the `event:` lines out',
      events: [
        {
          event: 'start',
          id: 2,
          data: {
            type: 'start',
            agent: 'assistant',
            model: null,
            stream_id: 'cb69128a-e55e-407a-b68f-fc3780781b87',
            session_id: 'fdf6c9bd-760b-47d5-bdf7-61956d900e5c',
            message_id: 'a18e336b-d988-4c54-8f3f-aab8aa6512b7',
            timestamp: '2026-11-29T12:54:46.606Z',
          },
          means: 'The turn has begun',
        },
        {
          event: 'token',
          id: 6,
          data: { type: 'token', token: 'You', text_so_far: 'You', token_index: 0 },
          means: 'The next piece, and the text so far',
        },
        {
          event: 'response_complete',
          id: 9,
          data: {
            type: 'response_complete',
            response:
              'You named no dataset; I use the only one there is: **contracts-2024.csv**.\n\n**contracts-2024.csv** i…',
            agent: 'assistant',
            stream_id: 'cb69128a-e55e-407a-b68f-fc3780781b87',
            session_id: 'fdf6c9bd-760b-47d5-bdf7-61956d900e5c',
            message_id: 'a18e336b-d988-4c54-8f3f-aab8aa6512b7',
            provider: 'local',
            model: null,
            total_tokens: 84,
            usage: { prompt_tokens: 5, completion_tokens: 79, cost_usd: 0 },
            finish_reason: 'stop',
            duration_ms: 23,
            ttft_ms: 22,
            suggested_actions: [
              'Which suppliers dominate dataset contracts-2024.csv?',
              'Which are the largest contracts?',
              'Investigate dataset contracts-2024.csv',
            ],
          },
          means: 'The whole answer',
        },
      ],
      mayAlsoCome: 'in place of `response_complete`, `error`',
    },
  },
  {
    route: 'GET /api/stream/incorporate',
    request: { query: { prompt: 'Compare the agencies', agent: 'architect', context: 'contracts of 2024' } },
    answer: {
      status: 200,
      means: 'How the agent joins the session, and its answer',
      events: [
        {
          event: 'start',
          id: 2,
          data: {
            type: 'start',
            agent: 'architect',
            stream_id: '7f993259-3786-478a-ab88-18cd5d91c361',
            session_id: '94575808-751e-4277-bc50-d30ef677491b',
            message_id: 'eb9d7916-ae33-421f-8bc6-e8fe2e8f4965',
            timestamp: '2026-11-29T12:54:46.663Z',
          },
          means: 'The turn has begun',
        },
        {
          event: 'progress',
          id: 3,
          data: {
            type: 'progress',
            stream_id: '7f993259-3786-478a-ab88-18cd5d91c361',
            progress: 10,
            message: 'Request validated for Arquiteto',
          },
          means: 'How far the agent has come, in percent',
        },
        {
          event: 'complete',
          id: 19,
          data: {
            type: 'complete',
            response:
              'Buyers that contract most in **contracts-2024.csv**, by value:\n\n| No. | Name | Contracts | Value | S…',
            agent_name: 'Arquiteto',
            agent: 'architect',
            stream_id: '7f993259-3786-478a-ab88-18cd5d91c361',
            session_id: '94575808-751e-4277-bc50-d30ef677491b',
            message_id: 'eb9d7916-ae33-421f-8bc6-e8fe2e8f4965',
            provider: 'local',
            model: null,
            total_tokens: 82,
            usage: { prompt_tokens: 3, completion_tokens: 79, cost_usd: 0 },
            finish_reason: 'stop',
            duration_ms: 30,
            ttft_ms: 29,
            suggested_actions: [
              'Which suppliers dominate dataset contracts-2024.csv?',
              'Which are the largest contracts?',
              'Investigate dataset contracts-2024.csv',
            ],
          },
          means: 'The whole answer',
        },
      ],
      mayAlsoCome: 'in place of `complete`, `error`',
    },
  },
  {
    route: 'POST /api/stream/execute',
    request: {
      body: {
        action: { type: 'execute_task', description: 'List the largest suppliers' },
        context: { agent: 'architect', priority: 'high' },
      },
    },
    answer: {
      status: 200,
      means: 'How the action goes, and what it came to',
      events: [
        {
          event: 'start',
          id: 2,
          data: {
            type: 'start',
            action: 'execute_task',
            agent: 'architect',
            priority: 'high',
            stream_id: 'c9dc8c92-6322-48d3-8756-8c2b99af87eb',
            session_id: 'c53fcf42-7e41-44ce-b3cb-e22d6f142597',
            message_id: '2b256f1f-4044-4ffb-9a67-c5e73f7e4cf2',
            timestamp: '2026-11-29T12:54:46.748Z',
          },
          means: 'The action has begun',
        },
        {
          event: 'execution_progress',
          id: 3,
          data: {
            type: 'execution_progress',
            stream_id: 'c9dc8c92-6322-48d3-8756-8c2b99af87eb',
            step: 1,
            total: 4,
            message: 'Understanding the task',
          },
          means: 'A step of the action, out of `total`',
        },
        {
          event: 'complete',
          id: 13,
          data: {
            type: 'complete',
            response:
              'You named no dataset; I use the only one there is: **contracts-2024.csv**.\n\nLargest suppliers in **c…',
            agent_name: 'Arquiteto',
            agent: 'architect',
            stream_id: 'c9dc8c92-6322-48d3-8756-8c2b99af87eb',
            session_id: 'c53fcf42-7e41-44ce-b3cb-e22d6f142597',
            message_id: '2b256f1f-4044-4ffb-9a67-c5e73f7e4cf2',
            provider: 'local',
            model: null,
            total_tokens: 93,
            usage: { prompt_tokens: 4, completion_tokens: 89, cost_usd: 0 },
            finish_reason: 'stop',
            duration_ms: 22,
            ttft_ms: 21,
            suggested_actions: [
              'Statistics of dataset contracts-2024.csv',
              'Which are the largest contracts?',
              'Investigate dataset contracts-2024.csv',
            ],
          },
          means: 'What the action came to',
        },
      ],
      mayAlsoCome: 'in place of `complete`, `error`',
    },
  },
  {
    route: 'GET /api/stream/status',
    answer: {
      status: 200,
      means: 'Figures of my streams',
      body: { active_streams: 0, total_streams: 11, avg_duration: 73, total_tokens: 861, errors: 0 },
    },
  },
  {
    route: 'POST /api/stream/cancel/{streamId}',
    request: { params: { streamId: 'dd03f4c0-be04-44ed-aa11-e1268d3a9042' } },
    answer: {
      status: 202,
      means: 'It is told to end; its events end with `error`',
      body: { stream_id: 'dd03f4c0-be04-44ed-aa11-e1268d3a9042', state: 'running' },
    },
  },
  {
    route: 'POST /api/chat/stream',
    request: { body: { chatSessionId: 'budget-text', content: 'How many contracts are there?' } },
    answer: {
      status: 200,
      means:
        'The answer as bare text, as it is written. A failure breaks the connection, so that a cut answer never looks whole',
      contentType: 'text/plain',
      body: 'You named no dataset; I use the only one there is: **contracts-2024.csv**.\n\n**contracts-2024.csv** in figures:\n\n- Rows: 2\n- Contracts: 2\n- Total value: R$ 34,100.00\n- Mean per contract: R$ 17,050.00\n- Median by row: R$ 17,050.00; largest value: R$ 17,200.00\n- Period: 2024-01-10 to 2024-01-15\n- Buyers: 1; suppliers: 1\n\n_Data: **contracts-2024.csv**._\n\n_I am no language model: I answer by rules, only from the data of this service, and every figure comes from a query to it._',
    },
  },
  {
    route: 'POST /stream/chat',
    request: { body: { message: 'How many contracts are there?', metadata: {} } },
    answer: {
      status: 200,
      means: 'The answer as it is written',
      events: [
        {
          event: 'start',
          id: 2,
          data: {
            conversation_id: 'cc7f85a5-6a92-48aa-8c7c-f3eec5509441',
            status: 'processing',
            stream_id: '18b025cd-8fdc-4fad-b30e-a06f1d36f50d',
            message_id: 'd547100e-1a61-422f-ac7e-1334497bd47a',
          },
          means: 'The turn has begun',
        },
        {
          event: 'chunk',
          id: 6,
          data: { type: 'content', content: 'You', chunk_index: 0, is_final: false },
          means: 'The next piece of the answer',
        },
        {
          event: 'chunk',
          data: { type: 'content', content: '', chunk_index: 3, is_final: true },
          means: 'No more pieces come',
        },
        {
          event: 'end',
          id: 9,
          data: {
            conversation_id: 'cc7f85a5-6a92-48aa-8c7c-f3eec5509441',
            status: 'completed',
            message_count: 1,
            stream_id: '18b025cd-8fdc-4fad-b30e-a06f1d36f50d',
            message_id: 'd547100e-1a61-422f-ac7e-1334497bd47a',
            agent_id: 'anita',
            provider: 'local',
            model: null,
            total_tokens: 84,
            usage: { prompt_tokens: 5, completion_tokens: 79, cost_usd: 0 },
          },
          means: 'The answer is whole; an empty chunk with `is_final` stands in front of it',
        },
      ],
      mayAlsoCome: 'in place of `end`, `error`',
    },
  },
]
