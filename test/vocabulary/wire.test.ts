import { EventSource } from 'eventsource'
import { createParser } from 'eventsource-parser'
import fc from 'fast-check'
import t from 'tap'
import { chunkOf } from '../../src/protocol/chunk-text.ts'
import type { EventVocabulary } from '../../src/protocol/frame.ts'
import { chatRoomVocabulary } from '../../src/vocabulary/chat-room.ts'
import { chatSubappVocabulary } from '../../src/vocabulary/chat-subapp.ts'
import { directVocabulary } from '../../src/vocabulary/direct.ts'
import { openAiVocabulary } from '../../src/vocabulary/openai.ts'
import { promptExecuteVocabulary } from '../../src/vocabulary/prompt-execute.ts'
import { streamApiVocabulary } from '../../src/vocabulary/stream-api.ts'
import { streamChatVocabulary } from '../../src/vocabulary/stream-chat.ts'
import { uiMessageVocabulary } from '../../src/vocabulary/ui-message-stream.ts'
import { v1 } from '../../src/vocabulary/v1.ts'
import { readEvents, readText, runHook } from '../support/document-clients.ts'
import {
  ANSWER,
  bytesOf,
  chunks,
  complete,
  failed,
  published,
  type StoryEvent,
  serve,
  start,
  story,
} from './story.ts'

const streamApi = (named = true) => streamApiVocabulary({ named, ends: 'response_complete' })
const streamChat = () => streamChatVocabulary({ conversationId: 'c1' })
const openAi = () => openAiVocabulary({ streamId: 's1', model: 'm', created: 1, includeUsage: true })

interface Frame {
  type?: string
  content?: string
  token?: string
  delta?: string
  choices?: { delta: { content?: string } }[]
}

/** The vocabularies on SSE, and where each has a piece of the answer. */
const vocabularies: Record<
  string,
  { make(): { events: EventVocabulary }; piece(frame: Frame): string | undefined }
> = {
  v1: { make: () => ({ events: v1 }), piece: ({ type, content }) => (type === 'chunk' ? content : '') },
  'stream-api': { make: streamApi, piece: ({ token }) => token },
  'stream-chat': { make: streamChat, piece: ({ content }) => content },
  'prompt-execute': { make: promptExecuteVocabulary, piece: ({ content }) => content },
  direct: { make: directVocabulary, piece: ({ content }) => content },
  openai: { make: openAi, piece: ({ choices }) => choices?.[0]?.delta.content },
  'ui-message-stream': {
    make: uiMessageVocabulary,
    piece: ({ type, delta }) => (type === 'text-delta' ? delta : ''),
  },
  'chat-room': {
    make: chatRoomVocabulary,
    piece: ({ type, content }) => (type === 'agent_response' ? content : ''),
  },
}

/** Any text at all: halves of characters, line ends, quotes, escapes and what looks like JSON. */
const anything = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    fc.constantFrom('"', '\\', '\n', '\r\n', '\u2028', '\ud83d', '\ude00', '","index":', '\\u0041', 'data: '),
  ),
  maxLength: 20,
})
const turn = fc
  .array(anything, { maxLength: 12 })
  .map((pieces): { answer: string; events: StoryEvent[] } => ({
    answer: pieces.join(''),
    events: [start, ...chunks(pieces), complete],
  }))

for (const [name, { make, piece }] of Object.entries(vocabularies)) {
  t.test(`the pieces of any answer, joined as ${name} has them on the wire, are the answer`, async (t) => {
    fc.assert(
      fc.property(turn, ({ answer, events }) => {
        let text = ''
        const parser = createParser({
          onEvent: ({ data }) => {
            if (data !== '[DONE]') text += piece(JSON.parse(data)) ?? ''
          },
          onError: (error) => {
            throw error
          },
        })
        parser.feed(Buffer.concat(bytesOf(make(), events)).toString())
        t.equal(text, answer)
      }),
    )
  })
}

t.test('the pieces of any answer as bare text, joined, are the bytes of the answer', async (t) => {
  fc.assert(
    fc.property(turn, ({ answer, events }) => {
      const bytes = published(events)
        .flatMap(chatSubappVocabulary().events)
        .map(({ data }) => Buffer.from(data))
      t.ok(Buffer.concat(bytes).equals(Buffer.from(answer)))
    }),
  )
})

t.test('a chunk is the same, cut out or parsed', async (t) => {
  fc.assert(
    fc.property(anything, fc.nat(), (content, index) => {
      const head = { type: 'chunk', stream_id: 's1' }
      const expected = { streamId: 's1', json: JSON.stringify(content), index }
      t.strictSame(chunkOf(JSON.stringify({ ...head, content, index })), expected)
      t.strictSame(chunkOf(JSON.stringify({ ...head, index, content })), expected)
      t.strictSame(chunkOf(JSON.stringify({ ...head, content, index, more: 1 })), expected)
      t.equal(chunkOf(JSON.stringify({ ...head, type: 'reasoning', content, index })), undefined)
    }),
  )
})

t.test('what the publication escapes stays escaped, for clients that split lines at U+2028', async (t) => {
  const data = '{"type":"chunk","stream_id":"s1","content":"a\\u2028\\u0085b","index":0}'
  const publication = { channel: 'chat:c1', epoch: 'e1', offset: 1, data }
  for (const [name, { make }] of Object.entries(vocabularies)) {
    const text = make()
      .events(publication)
      .map((event) => event.data)
      .join('')
    t.match(text, 'a\\u2028\\u0085b', name)
  }
})

/** A response whose reader gets one frame with each read. */
const respond = (frames: readonly Uint8Array[]): Response =>
  new Response(
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const frame of frames) controller.enqueue(new Uint8Array(frame))
        controller.close()
      },
    }),
  )

t.test("document 000's onmessage shows the text so far", async (t) => {
  const eventSource = new EventSource(await serve(t, bytesOf(streamApi(false), story())))
  t.teardown(() => eventSource.close())
  let shown = ''
  await new Promise<void>((resolve) => {
    eventSource.onmessage = (event) => {
      const data = JSON.parse(event.data)
      if (data.token) shown = data.text_so_far
      if (data.type === 'response_complete') resolve()
    }
  })
  t.equal(shown, ANSWER)
})

t.test("document 000's listeners get progress, tokens and the response by name", async (t) => {
  const eventSource = new EventSource(await serve(t, bytesOf(streamApi(), story())))
  t.teardown(() => eventSource.close())
  const bars: unknown[] = []
  let tokens = ''
  eventSource.addEventListener('progress', (event) => {
    const data = JSON.parse(event.data)
    bars.push([data.progress, data.message])
  })
  eventSource.addEventListener('token', (event) => {
    tokens += JSON.parse(event.data).token
  })
  const response = await new Promise<string>((resolve) => {
    eventSource.addEventListener('response_complete', (event) => resolve(JSON.parse(event.data).response))
  })
  t.strictSame(bars, [[40, 'Contexto']])
  t.equal(tokens, ANSWER)
  t.equal(response, ANSWER)
})

t.test("document 001's hook joins the text", async (t) => {
  const text = published(story()).flatMap(chatSubappVocabulary().events)
  const response = respond(text.map(({ data }) => Buffer.from(data)))
  t.equal(await readText(response), ANSWER)
})

t.test("document 002's loop reads the conversation to its end", async (t) => {
  let content = ''
  const statuses: unknown[] = []
  for (const data of await readEvents(respond(bytesOf(streamChat(), story()))))
    if (data.type === 'content') content += data.content
    else statuses.push(data.status)
  t.equal(content, ANSWER)
  t.strictSame(statuses, ['processing', 'completed'])
})

t.test("document 003's hook executes a prompt, and shows its error", async (t) => {
  const execute = async (events: readonly StoryEvent[]) =>
    runHook(await serve(t, bytesOf(promptExecuteVocabulary(), events)))
  t.match(await execute(story()), { content: ANSWER, error: null, metadata: { modelName: 'Llama' } })
  t.match(await execute(story(failed)), { content: ANSWER, error: failed.message })
})

t.test("document 004's loop reads a chat and a direct stream", async (t) => {
  const direct = await readEvents(respond(bytesOf(directVocabulary(), story())))
  t.equal(direct.map(({ content = '' }) => content).join(''), ANSWER)
  t.strictSame(
    direct.slice(-2).map(({ type }) => type),
    ['usage', 'done'],
  )

  const chat = await readEvents(respond(bytesOf({ events: v1 }, story())))
  t.equal(chat.map(({ type, content }) => (type === 'chunk' ? content : '')).join(''), ANSWER)
})
