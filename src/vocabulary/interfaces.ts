import type { MessageVocabulary } from '../protocol/frame.ts'
import { chatRoomVocabulary } from './chat-room.ts'
import { chatSubappVocabulary } from './chat-subapp.ts'
import { directVocabulary } from './direct.ts'
import { openAiVocabulary } from './openai.ts'
import type { Restart, StatefulVocabulary } from './phrases.ts'
import { promptExecuteVocabulary } from './prompt-execute.ts'
import { streamApiVocabulary } from './stream-api.ts'
import { streamChatVocabulary } from './stream-chat.ts'
import { uiMessageVocabulary } from './ui-message-stream.ts'

/** The vocabulary of an interface, and its reaction to an answer that restarts; the types make both agree. */
type Words = {
  [R in Restart]: { restart: R; vocabulary(options: never): StatefulVocabulary<R> }
}[Restart]

/**
 * An interface that sends events as they were published, in frames that all readers share; `reset` is one of them.
 */
interface PublishedWords {
  restart: 'announced'
  vocabulary: 'published'
}

interface Streamed {
  /** The route's pattern, which names the interface in metrics. */
  endpoint: string
  /** The pattern of the route that resumes a turn, where it is another one. */
  resumedAt?: string
  /** false where clients cannot resume: the turn is cancelled as soon as its client leaves. */
  resumable: boolean
}

/** An interface that shows a turn in server-sent events. */
export type EventInterface = Streamed & { wire: 'event-stream' } & (Words | PublishedWords)

/** An interface whose response body is the bytes of its vocabulary, up to the end of the answer. */
export type BodyInterface = Streamed & { wire: 'body'; contentType: string } & Words

/** An interface that shows a turn in the frames of a WebSocket. */
export interface SocketInterface {
  wire: 'websocket'
  endpoint: string
  restart: 'announced'
  vocabulary(): MessageVocabulary
}

/** An interface that answers with the whole answer as one JSON document. */
export interface WholeInterface {
  wire: 'json'
  endpoint: string
  /** Whether another provider may begin the answer anew, of which the client notices nothing. */
  mayRestart: boolean
}

/** An interface that streams turns over HTTP. */
export type StreamInterface = EventInterface | BodyInterface

/** An interface by which clients start and read turns. */
export type ChatInterface = StreamInterface | SocketInterface | WholeInterface

/** Tells whether turns that an interface starts may begin their answer anew with another provider. */
export const mayRestart = (chosen: ChatInterface): boolean =>
  chosen.wire === 'json' ? chosen.mayRestart : chosen.restart === 'announced'

/** Every interface of chats, prompts and completions. A new one is an entry here and its routes. */
export const CHAT_INTERFACES = {
  chat: {
    endpoint: '/api/v1/chat/stream',
    resumedAt: '/api/v1/chat/stream/:stream_id',
    wire: 'event-stream',
    restart: 'announced',
    vocabulary: 'published',
    resumable: true,
  },
  chatMessage: { endpoint: '/api/v1/chat/message', wire: 'json', mayRestart: true },
  chatRoom: { endpoint: 'chat', wire: 'websocket', restart: 'announced', vocabulary: chatRoomVocabulary },
  chatUi: {
    endpoint: '/api/v1/chat/ui',
    resumedAt: '/api/v1/chat/ui/:chatId/stream',
    wire: 'event-stream',
    restart: 'fatal',
    vocabulary: uiMessageVocabulary,
    resumable: true,
  },
  direct: {
    endpoint: '/api/v1/chat/direct/:provider/stream',
    wire: 'event-stream',
    restart: 'fatal',
    vocabulary: directVocabulary,
    resumable: false,
  },
  completion: {
    endpoint: '/v1/chat/completions',
    wire: 'event-stream',
    restart: 'fatal',
    vocabulary: openAiVocabulary,
    resumable: false,
  },
  wholeCompletion: { endpoint: '/v1/chat/completions', wire: 'json', mayRestart: true },
  chatSubapp: {
    endpoint: '/api/chat/stream',
    wire: 'body',
    contentType: 'text/plain; charset=utf-8',
    restart: 'fatal',
    vocabulary: chatSubappVocabulary,
    resumable: false,
  },
  streamChat: {
    endpoint: '/stream/chat',
    wire: 'event-stream',
    restart: 'fatal',
    vocabulary: streamChatVocabulary,
    resumable: true,
  },
  streamApiChat: {
    endpoint: '/api/stream/chat',
    wire: 'event-stream',
    restart: 'absorbed',
    vocabulary: streamApiVocabulary,
    resumable: true,
  },
  incorporate: {
    endpoint: '/api/stream/incorporate',
    wire: 'event-stream',
    restart: 'absorbed',
    vocabulary: streamApiVocabulary,
    resumable: true,
  },
  execute: {
    endpoint: '/api/stream/execute',
    wire: 'event-stream',
    restart: 'absorbed',
    vocabulary: streamApiVocabulary,
    resumable: true,
  },
  prompt: {
    endpoint: '/api/prompts/execute/stream',
    wire: 'event-stream',
    restart: 'fatal',
    vocabulary: promptExecuteVocabulary,
    resumable: true,
  },
  // A prompt names its model, so no other one may answer in its place.
  wholePrompt: { endpoint: '/api/prompts/execute', wire: 'json', mayRestart: false },
} as const satisfies Record<string, ChatInterface>
