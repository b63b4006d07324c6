import t from 'tap'
import { chatSubappVocabulary } from '../../src/vocabulary/chat-subapp.ts'
import { directVocabulary } from '../../src/vocabulary/direct.ts'
import { promptExecuteVocabulary } from '../../src/vocabulary/prompt-execute.ts'
import { streamApiVocabulary } from '../../src/vocabulary/stream-api.ts'
import { streamChatVocabulary } from '../../src/vocabulary/stream-chat.ts'
import { v1 } from '../../src/vocabulary/v1.ts'
import {
  ANSWER,
  cancelled,
  chunks,
  complete,
  dataOf,
  failed,
  PIECES,
  published,
  reset,
  start,
  story,
  told,
} from './story.ts'

const streamApi = (ends: 'response_complete' | 'complete' = 'response_complete', named = true) =>
  streamApiVocabulary({ named, ends })
const streamChat = () => streamChatVocabulary({ conversationId: 'c1' })
const { type: _, ...ending } = complete
const interrupted = 'The answer broke off and began anew'

t.test('v1 says everything, byte for byte as it was published', async (t) => {
  for (const publication of published(story())) t.strictSame(v1(publication), [{ data: publication.data }])
})

t.test('document 000 gets each token with the text so far, and the whole at the end', async (t) => {
  const { type: _start, about, ...begun } = start as { type: 'start'; about: object }
  const { agent_id, ...rest } = ending
  t.strictSame(told(streamApi(), story()), [
    { event: 'start', data: { type: 'start', stream_id: 's1', ...begun, ...about } },
    {
      event: 'progress',
      data: { type: 'progress', stream_id: 's1', progress: 40, message: 'Contexto' },
    },
    {
      event: 'execution_progress',
      data: { type: 'execution_progress', stream_id: 's1', step: 1, total: 3, message: 'Passo' },
    },
    ...PIECES.map((token, index) => ({
      event: 'token',
      data: {
        type: 'token',
        token,
        text_so_far: PIECES.slice(0, index + 1).join(''),
        token_index: index,
      },
    })),
    {
      event: 'response_complete',
      data: { type: 'response_complete', response: ANSWER, stream_id: 's1', agent: agent_id, ...rest },
    },
  ])
})

t.test('document 000 gets the same payloads without names', async (t) => {
  t.strictSame(
    told(streamApi('response_complete', false), story()),
    told(streamApi(), story()).map(({ data }) => ({ data })),
  )
})

t.test('an action of document 000 ends with what it came to', async (t) => {
  const result = { steps: 3, dataset: 'sample' }
  const events = told(streamApi('complete'), [start, ...chunks(), { ...complete, result }])
  t.strictSame(
    events.map(({ event }) => event),
    ['start', 'complete'],
  )
  t.match(events[1]?.data, {
    type: 'complete',
    response: ANSWER,
    stream_id: 's1',
    agent: 'drummond',
    ...result,
  })
})

t.test('document 000 is told of failures and cancellations in one event', async (t) => {
  t.strictSame(told(streamApi(), [failed]), [
    { event: 'error', data: { ...failed, error: failed.message, stream_id: 's1' } },
  ])
  t.match(told(streamApi('complete'), [cancelled]), [{ event: 'error', data: { error_code: 'CANCELLED' } }])
})

t.test(
  'the text so far of document 000 begins anew after a reset, and goes on after a snapshot',
  async (t) => {
    const vocabulary = streamApi()
    t.strictSame(
      told(vocabulary, [...chunks(['a', 'b']), reset, ...chunks(['x', 'y'])]).map(({ data }) => data),
      [
        ['a', 'a', 0],
        ['b', 'ab', 1],
        ['x', 'x', 0],
        ['y', 'xy', 1],
      ].map(([token, text_so_far, token_index]) => ({ type: 'token', token, text_so_far, token_index })),
    )
    t.strictSame(vocabulary.resume('"é\n', 3), [])
    t.match(told(vocabulary, [{ type: 'chunk', content: '!', index: 3 }, complete]), [
      { data: { text_so_far: '"é\n!', token_index: 3 } },
      { data: { response: '"é\n!' } },
    ])
  },
)

t.test('document 001 gets the answer as text, no character in halves', async (t) => {
  t.strictSame(
    published(story()).flatMap(chatSubappVocabulary().events),
    ['Olá, "', 'mundo"\r\n\\', 'a\u2028b', '😀\u0085', '\u0000,"index":7}'].map((data) => ({ data })),
  )
  const torn = published([...chunks(['a\ud83d']), complete]).flatMap(chatSubappVocabulary().events)
  t.strictSame(torn, [{ data: 'a' }, { data: '\ud83d' }])
})

t.test(
  'document 001 is told in a named event that the answer cannot become whole, and nothing after it',
  async (t) => {
    t.notOk(
      published(story())
        .flatMap(chatSubappVocabulary().events)
        .some(({ event }) => event),
    )
    for (const end of [failed, cancelled, reset]) {
      const events = told(chatSubappVocabulary(), [start, ...chunks(['a']), end, ...chunks(['b'])])
      t.match(events, [
        { data: 'a' },
        { event: 'error', data: { type: end === cancelled ? 'cancelled' : 'error' } },
      ])
      t.equal(events.length, end === reset ? 2 : 3)
    }
  },
)

t.test('document 001 gets what it has not been told yet of an answer that it resumes at', async (t) => {
  const vocabulary = chatSubappVocabulary()
  told(vocabulary, [start, ...chunks(['a', 'b'])])
  t.strictSame(vocabulary.resume('ab', 0), [])
  t.strictSame(vocabulary.resume('abc\ud83d', 0), [{ data: 'c' }])
  t.strictSame(told(vocabulary, chunks(['\ude00'])), [{ data: '😀' }])
  t.match(vocabulary.resume('x', 0), [{ event: 'error', data: /INTERRUPTED/ }])
})

t.test('document 002 gets its chunks, an empty final one, and the end', async (t) => {
  const { agent_id, provider, model, total_tokens, usage } = complete
  t.strictSame(told(streamChat(), story()), [
    {
      event: 'start',
      data: { conversation_id: 'c1', status: 'processing', stream_id: 's1', message_id: 'm1' },
    },
    ...[...PIECES, ''].map((content, index) => ({
      event: 'chunk',
      data: { type: 'content', content, chunk_index: index, is_final: index === PIECES.length },
    })),
    {
      event: 'end',
      data: {
        conversation_id: 'c1',
        status: 'completed',
        message_count: 1,
        stream_id: 's1',
        message_id: 'm1',
        agent_id,
        provider,
        model,
        total_tokens,
        usage,
      },
    },
  ])
  const counted = told(streamChat(), [{ ...complete, result: { message_count: 8 } }])
  t.match(counted.at(-1), { event: 'end', data: { message_count: 8 } })
})

t.test('document 002 names the conversation in an error, and counts on where it resumed', async (t) => {
  t.strictSame(told(streamChat(), [failed]), [
    {
      event: 'error',
      data: {
        error: failed.message,
        conversation_id: 'c1',
        status: 'error',
        error_code: 'PROVIDER_TIMEOUT',
        retry_after: 5,
        stream_id: 's1',
      },
    },
  ])
  const resumed = streamChat()
  t.strictSame(resumed.resume('ab', 2), [])
  t.match(told(resumed, [complete])[0], { data: { content: '', chunk_index: 2, is_final: true } })
})

t.test('document 003 gets bare data: what is asked of whom, chunks, done', async (t) => {
  const { provider, model, total_tokens, usage, finish_reason, duration_ms, ttft_ms } = complete
  t.strictSame(dataOf(promptExecuteVocabulary(), story()), [
    {
      type: 'start',
      promptId: 7,
      modelId: 3,
      modelName: 'Llama',
      stream_id: 's1',
      timestamp: '2026-11-21T06:00:00.000Z',
    },
    { type: 'model_loading', stream_id: 's1', message: 'Carregando' },
    ...PIECES.map((content) => ({ type: 'chunk', content })),
    {
      type: 'done',
      stream_id: 's1',
      provider,
      model,
      total_tokens,
      usage,
      finish_reason,
      duration_ms,
      ttft_ms,
    },
  ])
  t.strictSame(dataOf(promptExecuteVocabulary(), [failed]), [{ ...failed, stream_id: 's1' }])
})

t.test('document 004 gets tokens, what they cost, and done', async (t) => {
  t.strictSame(dataOf(directVocabulary(), story()), [
    ...PIECES.map((content) => ({ type: 'token', content })),
    { type: 'usage', tokens: 12, prompt_tokens: 7, completion_tokens: 5, cost: 0.001 },
    {
      type: 'done',
      stream_id: 's1',
      provider: 'xai',
      model: 'grok',
      finish_reason: 'stop',
      duration_ms: 40,
    },
  ])
  t.strictSame(dataOf(directVocabulary(), [failed]), [{ ...failed, stream_id: 's1' }])
})

t.test(
  'an interface that cannot take text back ends at a reset with its error, and says no more',
  async (t) => {
    const events = [start, ...chunks(['a']), reset, ...chunks(['b']), complete]
    t.strictSame(dataOf(directVocabulary(), events).slice(1), [
      {
        type: 'error',
        stream_id: 's1',
        error_code: 'INTERRUPTED',
        message: interrupted,
        fallback_endpoint: null,
        retry_after: null,
      },
    ])
    t.match(dataOf(promptExecuteVocabulary(), events).slice(2), [
      { type: 'error', error_code: 'INTERRUPTED', message: interrupted },
    ])
    t.equal(dataOf(promptExecuteVocabulary(), events).length, 3)
    t.match(told(streamChat(), events).slice(2), [
      { event: 'error', data: { error: interrupted, status: 'error', error_code: 'INTERRUPTED' } },
    ])
    t.equal(told(streamChat(), events).length, 3)
  },
)

t.test('a cancellation is an error where the document knows no other end', async (t) => {
  const isError = { type: 'error', error_code: 'CANCELLED', message: 'The answer was cancelled' }
  t.match(dataOf(directVocabulary(), [cancelled]), [isError])
  t.match(dataOf(promptExecuteVocabulary(), [cancelled]), [isError])
  t.match(told(streamChat(), [cancelled]), [{ event: 'error', data: { error_code: 'CANCELLED' } }])
})
