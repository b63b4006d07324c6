import t from 'tap'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { uiMessageVocabulary } from '../../src/vocabulary/ui-message-stream.ts'
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
  type StoryEvent,
  start,
  story,
} from './story.ts'

const strict = (type: string, fields: Parameters<typeof Type.Object>[0] = {}) =>
  Type.Object({ type: Type.Literal(type), ...fields }, { additionalProperties: false })
const id = { id: Type.String() }
const delta = { ...id, delta: Type.String() }

/** What the reader of `ai` 6 takes, of the parts that are told here; it refuses any other field or type. */
const Part = Type.Union([
  strict('start', {
    messageId: Type.Optional(Type.String()),
    messageMetadata: Type.Optional(Type.Unknown()),
  }),
  strict('start-step'),
  ...['text', 'reasoning'].flatMap((kind) => [
    strict(`${kind}-start`, id),
    strict(`${kind}-delta`, delta),
    strict(`${kind}-end`, id),
  ]),
  Type.Object(
    {
      type: Type.String({ pattern: '^data-' }),
      id: Type.Optional(Type.String()),
      data: Type.Unknown(),
      transient: Type.Optional(Type.Boolean()),
    },
    { additionalProperties: false },
  ),
  strict('finish-step'),
  strict('finish', {
    finishReason: Type.Optional(
      Type.Enum(['stop', 'length', 'content-filter', 'tool-calls', 'error', 'other']),
    ),
    messageMetadata: Type.Optional(Type.Unknown()),
  }),
  strict('error', { errorText: Type.String() }),
  strict('abort', { reason: Type.Optional(Type.String()) }),
])

interface Message {
  id: unknown
  text: string
  reasoning: string
  data: Record<string, unknown>
  end: string | undefined
}

/** Reads parts as `ai` does: a delta or an end without its start throws, as does a part that is not in the schema. */
function messageOf(parts: readonly unknown[]): Message {
  const message: Message = { id: undefined, text: '', reasoning: '', data: {}, end: undefined }
  const open = new Map<string, 'text' | 'reasoning'>()
  for (const part of parts) {
    if (part === '[DONE]') continue
    if (!Value.Check(Part, part)) throw new Error(`no part: ${JSON.stringify(part)}`)
    const one = part as { type: string; id: string; delta: string; messageId?: string }
    const [kind, step] = one.type.split('-') as ['text' | 'reasoning', string]
    if (one.type === 'start') message.id = one.messageId
    else if (one.type.startsWith('data-')) message.data[`${one.type} ${one.id ?? ''}`] = part
    else if (step === 'start') open.set(one.id, kind)
    else if (kind === 'text' || kind === 'reasoning') {
      if (open.get(one.id) !== kind) throw new Error(`${one.type} of a part that is not open`)
      if (step === 'end') open.delete(one.id)
      else message[kind] += one.delta
    } else if (['finish', 'error', 'abort'].includes(one.type)) message.end = one.type
  }
  if (open.size > 0) throw new Error('a part was left open')
  return message
}

const parts = (events: readonly StoryEvent[]) => dataOf(uiMessageVocabulary(), events)

t.test('a turn is one message: data, reasoning and text, each begun and ended', async (t) => {
  const transient = true
  t.strictSame(parts(story()), [
    { type: 'start', messageId: 'm1', messageMetadata: { stream_id: 's1', session_id: 'c1' } },
    { type: 'start-step' },
    { type: 'data-detecting', transient, data: { message: 'Analisando' } },
    { type: 'data-intent', data: { intent: 'greeting', confidence: 0.95 } },
    { type: 'data-agent', data: { agent_id: 'drummond', agent_name: 'Carlos' } },
    { type: 'data-thinking', transient, data: { message: 'Pensando' } },
    { type: 'data-model-loading', transient, data: { message: 'Carregando' } },
    { type: 'data-tool', id: 'tool-1', data: { name: 'search', state: 'started', message: 'Buscando' } },
    { type: 'data-tool', id: 'tool-1', data: { name: 'search', state: 'finished', message: 'Achou' } },
    { type: 'data-investigation', data: { investigation_id: 'i1', stream_url: '/s/i1' } },
    { type: 'data-fallback', data: { from: 'ollama', to: 'xai', reason: 'PROVIDER_UNAVAILABLE' } },
    { type: 'data-progress', transient, data: { progress: 40, message: 'Contexto' } },
    { type: 'data-execution-progress', transient, data: { step: 1, total: 3, message: 'Passo' } },
    { type: 'reasoning-start', id: 'reasoning-2' },
    { type: 'reasoning-delta', id: 'reasoning-2', delta: 'Hm\n' },
    { type: 'reasoning-end', id: 'reasoning-2' },
    { type: 'text-start', id: 'text-3' },
    ...PIECES.map((delta) => ({ type: 'text-delta', id: 'text-3', delta })),
    { type: 'text-end', id: 'text-3' },
    { type: 'finish-step' },
    {
      type: 'finish',
      finishReason: 'stop',
      messageMetadata: {
        agent_id: 'drummond',
        provider: 'xai',
        model: 'grok',
        total_tokens: 12,
        usage: complete.usage,
        duration_ms: 40,
        suggested_actions: ['Ver contratos'],
      },
    },
    '[DONE]',
  ])
})

t.test('every ending is read by a reader that refuses what it does not know', async (t) => {
  t.match(messageOf(parts(story())), { id: 'm1', text: ANSWER, reasoning: 'Hm\n', end: 'finish' })
  t.match(messageOf(parts(story(failed))), { text: ANSWER, end: 'error' })
  t.match(messageOf(parts(story(cancelled))), { text: ANSWER, end: 'abort' })
  t.match(messageOf(parts([start, complete])), { text: '', end: 'finish' })
  t.match(messageOf(parts([...chunks(), complete])), { id: undefined, text: ANSWER, end: 'finish' })
  for (const ending of [complete, failed, cancelled]) t.equal(parts(story(ending)).at(-1), '[DONE]')
})

t.test('text after reasoning after text stays in order, each part under its own id', async (t) => {
  const all = parts([
    start,
    ...chunks(['a']),
    { type: 'reasoning', content: 'r' },
    ...chunks(['b']),
    complete,
  ])
  t.match(messageOf(all), { text: 'ab', reasoning: 'r' })
  const started = all.flatMap((part) => {
    const { type, id } = part as { type: string; id: string }
    return type?.endsWith('-start') ? [id] : []
  })
  t.strictSame(started, ['text-1', 'reasoning-2', 'text-3'])
})

t.test('a second call of a tool is another part', async (t) => {
  const call = (state: 'started' | 'progress' | 'finished' | 'failed'): StoryEvent => ({
    type: 'tool',
    name: 'search',
    state,
    message: '',
  })
  const events = [call('started'), call('progress'), call('finished'), call('started'), call('failed')]
  const ids = parts(events).flatMap((part) => (part as { id?: string }).id ?? [])
  t.strictSame(ids, ['tool-1', 'tool-1', 'tool-1', 'tool-2', 'tool-2'])
})

t.test('a replay gives the same parts again', async (t) => {
  t.strictSame(parts(story()), parts(story()))
})

t.test('an answer that broke off and began anew ends as an error', async (t) => {
  const all = parts([start, ...chunks(['a']), reset, ...chunks(['b']), complete])
  t.match(messageOf(all), { text: 'a', end: 'error' })
  t.equal(all.at(-1), '[DONE]')
})

t.test('one who is told the text so far in place of the log gets a whole message', async (t) => {
  const vocabulary = uiMessageVocabulary({ messageId: 'm9' })
  const before = read(vocabulary.resume('Olá, ', 1)).map(({ data }) => data)
  const between = dataOf(vocabulary, [{ type: 'chunk', content: 'mundo', index: 1 }])
  const again = read(vocabulary.resume('Olá, mundo!', 3)).map(({ data }) => data)
  const after = dataOf(vocabulary, [complete])
  t.match(messageOf([...before, ...between, ...again, ...after]), {
    id: 'm9',
    text: 'Olá, mundo!',
    end: 'finish',
  })
})
