// Streams an answer with the AI SDK: once as a model of its own, once over its UI message stream, as `useChat` does.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { DefaultChatTransport, readUIMessageStream, streamText } from 'ai'
import { signedIn } from './signed-in.mjs'

const { url, token } = await signedIn()
const prompt = process.argv[2] ?? 'Who are the largest suppliers?'
const tributary = createOpenAICompatible({ name: 'tributary', baseURL: `${url}/v1`, apiKey: token })
for await (const text of streamText({ model: tributary('tributary'), prompt }).textStream) process.stdout.write(text)

const transport = new DefaultChatTransport({
  api: `${url}/api/v1/chat/ui`,
  headers: { authorization: `Bearer ${token}` },
})
const stream = await transport.sendMessages({
  chatId: crypto.randomUUID(),
  trigger: 'submit-message',
  messageId: undefined,
  messages: [{ id: crypto.randomUUID(), role: 'user', parts: [{ type: 'text', text: prompt }] }],
  abortSignal: undefined,
})
let message
for await (message of readUIMessageStream({ stream }));
console.log(`\n${message.parts.filter(({ type }) => type === 'text').map(({ text }) => text).join('')}`)
