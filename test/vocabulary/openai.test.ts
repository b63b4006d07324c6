import t from 'tap'
import { completionOf, modelList, openAiError, openAiVocabulary } from '../../src/vocabulary/openai.ts'
import {
  ANSWER,
  cancelled,
  chunks,
  complete,
  dataOf,
  failed,
  PIECES,
  read,
  reset,
  start,
  story,
  told,
} from './story.ts'

const head = { streamId: 's1', model: 'tributary "x"', created: 1_763_700_000 }
const vocabulary = (includeUsage = false) => openAiVocabulary({ ...head, includeUsage })
const usage = { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 }
const base = {
  id: 'chatcmpl-s1',
  object: 'chat.completion.chunk',
  created: head.created,
  model: head.model,
}
const chunk = (delta: object, finish_reason: string | null = null) => ({
  ...base,
  choices: [{ index: 0, delta, finish_reason }],
})

t.test('a turn is chunks of one completion, the role in the first, then [DONE]', async (t) => {
  t.strictSame(dataOf(vocabulary(), story()), [
    chunk({ role: 'assistant', reasoning_content: 'Hm\n' }),
    ...PIECES.map((content) => chunk({ content })),
    chunk({
      tool_calls: [
        { index: 0, id: 'call_1', type: 'function', function: { name: 'search', arguments: '{"q":' } },
      ],
    }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '"x"}' } }] }),
    chunk({}, 'stop'),
    '[DONE]',
  ])
})

t.test('no frame has a name, since the SDK would take it for a chunk', async (t) => {
  t.ok(told(vocabulary(true), story()).every((one) => !Object.hasOwn(one, 'event')))
})

t.test('usage comes in a chunk of its own, null in the others, and only when asked for', async (t) => {
  const all = dataOf(vocabulary(true), [...chunks(['a', 'b']), { ...complete, finish_reason: 'length' }])
  t.strictSame(all, [
    { ...chunk({ role: 'assistant', content: 'a' }), usage: null },
    { ...chunk({ content: 'b' }), usage: null },
    { ...chunk({}, 'length'), usage: null },
    { ...base, choices: [], usage },
    '[DONE]',
  ])
})

t.test('an answer without a word still names its role', async (t) => {
  t.strictSame(dataOf(vocabulary(), [start, complete]), [chunk({ role: 'assistant' }, 'stop'), '[DONE]'])
})

t.test('an error is what the SDK throws, and no [DONE] follows', async (t) => {
  t.strictSame(dataOf(vocabulary(), [...chunks(['a']), failed]).slice(1), [
    { error: { message: failed.message, type: 'api_error', code: 'PROVIDER_TIMEOUT', param: null } },
  ])
  t.match(dataOf(vocabulary(), [cancelled]), [{ error: { type: 'api_error', code: 'CANCELLED' } }])
  const events = dataOf(vocabulary(), [...chunks(['a']), reset, ...chunks(['b']), complete])
  t.match(events.slice(1), [{ error: { code: 'INTERRUPTED' } }])
  t.equal(events.length, 2)
})

t.test('what a lost connection to the bus swallowed comes as one more chunk', async (t) => {
  const one = vocabulary()
  dataOf(one, chunks(['Olá, ', '"m']))
  t.strictSame(read(one.resume('Olá, "m', 2)), [])
  t.strictSame(read(one.resume('Olá, "mundo\n', 3)), [{ data: chunk({ content: 'undo\n' }) }])
  t.strictSame(read(one.resume('Olá, "mundo\n', 3)), [])
  t.match(read(one.resume('Another', 1)), [{ data: { error: { code: 'INTERRUPTED' } } }])
  t.strictSame(dataOf(one, [...chunks(), complete]), [])
  t.strictSame(read(one.resume('Another answer', 2)), [])
})

t.test('a whole answer is a chat.completion', async (t) => {
  const { finish_reason } = complete
  const collected = { content: ANSWER, reasoning: '', toolCalls: [], complete }
  t.strictSame(completionOf(head, collected), {
    id: 'chatcmpl-s1',
    object: 'chat.completion',
    created: head.created,
    model: head.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: ANSWER, refusal: null },
        logprobs: null,
        finish_reason,
      },
    ],
    usage,
  })
  const call = { id: 'call_1', name: 'search', arguments: '{"q":"x"}' }
  const [choice] = completionOf(head, {
    ...collected,
    content: '',
    reasoning: 'Hm',
    toolCalls: [call],
  }).choices
  t.strictSame(choice?.message, {
    role: 'assistant',
    content: null,
    refusal: null,
    reasoning_content: 'Hm',
    tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'search', arguments: '{"q":"x"}' } }],
  })
})

t.test('models are listed with their owners', async (t) => {
  t.strictSame(modelList([{ id: 'xai/grok', ownedBy: 'xai' }], 5), {
    object: 'list',
    data: [{ id: 'xai/grok', object: 'model', created: 5, owned_by: 'xai' }],
  })
})

t.test('errors have the status and the type that OpenAI gives them', async (t) => {
  const cases = {
    VALIDATION_FAILED: [400, 'invalid_request_error'],
    UNAUTHENTICATED: [401, 'authentication_error'],
    FORBIDDEN: [403, 'permission_error'],
    NOT_FOUND: [404, 'invalid_request_error'],
    CONTENT_FILTERED: [422, 'invalid_request_error'],
    RATE_LIMITED: [429, 'rate_limit_error'],
    BUDGET_EXCEEDED: [429, 'insufficient_quota'],
    INTERNAL: [500, 'api_error'],
    PROVIDER_UNAVAILABLE: [503, 'api_error'],
    constructor: [500, 'api_error'],
  }
  for (const [code, [status, type]] of Object.entries(cases)) {
    t.strictSame(openAiError({ code, message: 'm' }), {
      status,
      body: { error: { message: 'm', type, code, param: null } },
    })
  }
})

t.test('the parameter at fault is named as OpenAI names it', async (t) => {
  const fields = {
    '/messages/0/content': 'messages[0].content',
    '/messages/12': 'messages[12]',
    '/model': 'model',
    '?limit': 'limit',
    '/metadata/2nd': 'metadata.2nd',
  }
  for (const [field, param] of Object.entries(fields)) {
    const errors = [{ field, reason: 'is missing' }]
    t.equal(openAiError({ code: 'VALIDATION_FAILED', message: 'm', errors }).body.error.param, param)
  }
})
