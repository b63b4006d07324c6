import t from 'tap'
import { turnEventText } from '../../src/protocol/turn-event.ts'
import { chatRoomVocabulary } from '../../src/vocabulary/chat-room.ts'
import {
  cancelled,
  chunks,
  complete,
  failed,
  PIECES,
  published,
  read,
  reset,
  type StoryEvent,
  start,
  story,
} from './story.ts'

const typesOf = (all: readonly StoryEvent[]) => {
  const { events } = chatRoomVocabulary()
  return published(all)
    .slice(1, -1)
    .flatMap((publication) => read(events(publication)))
    .map(({ data }) => {
      const { type, status } = data as { type: string; status?: string }
      return status === undefined ? type : status
    })
}

const status = (name: string, agent_id: string | null, more: object = {}) => ({
  type: 'agent_status',
  stream_id: 's1',
  agent_id,
  status: name,
  ...more,
})

t.test('a room is told of its users, its agents and each piece of an answer', async (t) => {
  const { events } = chatRoomVocabulary()
  const frames = published(story()).map((publication) =>
    read(events(publication)).map(({ data }) => {
      const { offset, epoch, ...rest } = data as Record<string, unknown>
      t.strictSame({ offset, epoch }, { offset: publication.offset, epoch: publication.epoch })
      return rest
    }),
  )
  const { type: _, ...ending } = complete
  t.strictSame(frames, [
    [
      {
        type: 'user_message',
        message_id: 'm0',
        stream_id: 's1',
        user: 'ana',
        content: 'Olá',
        created_at: '2026',
      },
    ],
    [],
    [status('thinking', null, { message: 'Analisando' })],
    [],
    [status('thinking', 'drummond', { agent_name: 'Carlos' })],
    [status('thinking', 'drummond', { message: 'Pensando' })],
    [status('thinking', 'drummond', { message: 'Carregando' })],
    [status('thinking', 'drummond', { message: 'Buscando' })],
    [status('thinking', 'drummond', { message: 'Achou' })],
    [{ type: 'investigation_started', stream_id: 's1', investigation_id: 'i1', stream_url: '/s/i1' }],
    [{ type: 'fallback', stream_id: 's1', from: 'ollama', to: 'xai', reason: 'PROVIDER_UNAVAILABLE' }],
    [],
    [],
    [],
    ...PIECES.map((content, index) => [
      ...(index === 0 ? [status('responding', 'drummond')] : []),
      { type: 'agent_response', stream_id: 's1', content, index },
    ]),
    [],
    [],
    [{ type: 'agent_response_complete', stream_id: 's1', ...ending }, status('idle', 'drummond')],
    [{ type: 'typing', user: 'ana', active: true }],
  ])
})

t.test('a failed and a cancelled turn leave their agent idle', async (t) => {
  t.strictSame(typesOf([...chunks(['a']), failed]), ['responding', 'agent_response', 'error', 'idle'])
  t.strictSame(typesOf([cancelled]), ['cancelled', 'idle'])
})

t.test('after a reset the agent responds anew', async (t) => {
  t.strictSame(typesOf([...chunks(['a']), reset, ...chunks(['b']), complete]), [
    'responding',
    'agent_response',
    'reset',
    'responding',
    'agent_response',
    'agent_response_complete',
    'idle',
  ])
})

t.test('an agent that was named from the start is known before it is selected', async (t) => {
  const { events } = chatRoomVocabulary()
  const named = { ...start, about: { agent_id: 'zumbi' } } as StoryEvent
  const frames = published([named, { type: 'detecting', message: 'Analisando' }]).flatMap(events)
  t.match(read(frames)[1]?.data, { type: 'agent_status', agent_id: 'zumbi', status: 'thinking' })
})

t.test('two turns at once keep their own agents', async (t) => {
  const { events } = chatRoomVocabulary()
  const say = (streamId: string, event: StoryEvent) =>
    read(events({ channel: 'chat:c1', epoch: 'e1', offset: 1, data: turnEventText(streamId, event) })).map(
      ({ data }) => data,
    )
  say('s1', { type: 'agent_selected', agent_id: 'zumbi', agent_name: 'Zumbi' })
  say('s2', { type: 'agent_selected', agent_id: 'anita', agent_name: 'Anita' })
  const chunk: StoryEvent = { type: 'chunk', content: 'a', index: 0 }
  t.match(say('s1', chunk), [{ agent_id: 'zumbi', status: 'responding' }, { stream_id: 's1' }])
  t.match(say('s2', chunk), [{ agent_id: 'anita', status: 'responding' }, { stream_id: 's2' }])
  t.match(say('s1', cancelled), [{ stream_id: 's1' }, { agent_id: 'zumbi', status: 'idle' }])
  t.match(say('s2', { ...chunk, index: 1 }), [{ type: 'agent_response', index: 1 }])
})

t.test('an event sent from the store has its frame without a position', async (t) => {
  const { replayed } = chatRoomVocabulary()
  const frame = JSON.parse(replayed('chat:c1', turnEventText('s1', complete)))
  t.match(frame, { type: 'agent_response_complete', stream_id: 's1', message_id: 'm1' })
  t.notOk('offset' in frame || 'epoch' in frame)
})
