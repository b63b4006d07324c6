import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EventVocabulary, PublicationText, ServerEvent } from '../../src/protocol/frame.ts'
import {
  type TurnEvent,
  type TurnEventOf,
  turnEventText,
  type Unaddressed,
} from '../../src/protocol/turn-event.ts'
import { eventFrames } from '../../src/transport/frames.ts'
import type { StatefulVocabulary } from '../../src/vocabulary/phrases.ts'

export type StoryEvent = Unaddressed<TurnEvent>
export type Ending = Unaddressed<TurnEventOf<'complete' | 'error' | 'cancelled'>>

/** Pieces with all that an encoding could break; the third and the fourth share an emoji. */
export const PIECES = ['Olá, "', 'mundo"\r\n\\', 'a\u2028b\ud83d', '\ude00\u0085', '\u0000,"index":7}']
export const ANSWER = PIECES.join('')

export const start: StoryEvent = {
  type: 'start',
  session_id: 'c1',
  message_id: 'm1',
  timestamp: '2026-11-21T06:00:00.000Z',
  about: { promptId: 7, modelId: 3, modelName: 'Llama' },
}
export const chunks = (pieces: readonly string[] = PIECES): StoryEvent[] =>
  pieces.map((content, index) => ({ type: 'chunk', content, index }))
export const complete: Unaddressed<TurnEventOf<'complete'>> = {
  type: 'complete',
  session_id: 'c1',
  message_id: 'm1',
  agent_id: 'drummond',
  provider: 'xai',
  model: 'grok',
  total_tokens: 12,
  usage: { prompt_tokens: 7, completion_tokens: 5, cost_usd: 0.001 },
  finish_reason: 'stop',
  duration_ms: 40,
  ttft_ms: 9.5,
  suggested_actions: ['Ver contratos'],
}
export const failed: Unaddressed<TurnEventOf<'error'>> = {
  type: 'error',
  error_code: 'PROVIDER_TIMEOUT',
  message: 'The provider did not answer in time',
  fallback_endpoint: '/api/v1/chat/message',
  retry_after: 5,
}
export const cancelled: Ending = { type: 'cancelled', content_chars: 3 }
export const reset: StoryEvent = { type: 'reset', reason: 'PROVIDER_PROTOCOL_ERROR' }
export const toolCalls: StoryEvent[] = [
  { type: 'tool_call', index: 0, id: 'call_1', name: 'search', arguments: '{"q":' },
  { type: 'tool_call', index: 0, arguments: '"x"}' },
]

/** A turn in which everything happens that may happen in one that succeeds. */
export const story = (ending: Ending = complete): StoryEvent[] => [
  start,
  { type: 'detecting', message: 'Analisando' },
  { type: 'intent', intent: 'greeting', confidence: 0.95 },
  { type: 'agent_selected', agent_id: 'drummond', agent_name: 'Carlos' },
  { type: 'thinking', message: 'Pensando' },
  { type: 'model_loading', message: 'Carregando' },
  { type: 'tool', name: 'search', state: 'started', message: 'Buscando' },
  { type: 'tool', name: 'search', state: 'finished', message: 'Achou' },
  { type: 'investigation_started', investigation_id: 'i1', stream_url: '/s/i1' },
  { type: 'fallback', from: 'ollama', to: 'xai', reason: 'PROVIDER_UNAVAILABLE' },
  { type: 'progress', progress: 40, message: 'Contexto' },
  { type: 'execution_progress', step: 1, total: 3, message: 'Passo' },
  { type: 'reasoning', content: 'Hm\n' },
  ...chunks(),
  ...toolCalls,
  ending,
]

/** The events as their channel has them, between events that belong to no turn. */
export const published = (events: readonly StoryEvent[]): PublicationText[] =>
  [
    '{"type":"user_message","message_id":"m0","stream_id":"s1","user":"ana","content":"Olá","created_at":"2026"}',
    ...events.map((event) => turnEventText('s1', event)),
    '{"type":"typing","user":"ana","active":true}',
  ].map((data, index) => ({ channel: 'chat:c1', epoch: 'e1', offset: index + 1, data }))

/** An event of an interface, its data parsed where it is JSON. */
export interface Told {
  event?: string
  data: Record<string, unknown> | string
}

export const read = (events: readonly ServerEvent[]): Told[] =>
  events.map((one) => ({ ...one, data: one.data.startsWith('{') ? JSON.parse(one.data) : one.data }))

export const told = ({ events }: { events: EventVocabulary }, all: readonly StoryEvent[]): Told[] =>
  published(all).flatMap((publication) => read(events(publication)))

/** The data of what is told, for interfaces without `event:` lines. */
export const dataOf = (vocabulary: StatefulVocabulary, all: readonly StoryEvent[]): Told['data'][] =>
  told(vocabulary, all).map(({ data }) => data)

/** What the transport sends. */
export const bytesOf = ({ events }: { events: EventVocabulary }, all: readonly StoryEvent[]): Buffer[] =>
  published(all).flatMap((publication) => eventFrames(publication, events, true) ?? [])

/** Serves the frames, each in its own write, as one event-stream; resolves with its URL. */
export async function serve(
  t: { teardown(run: () => unknown): void },
  frames: readonly Buffer[],
): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    for (const frame of frames) response.write(frame)
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
