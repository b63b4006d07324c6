// Streams an answer with OpenAI's own package: only its address is another.
import OpenAI from 'openai'
import { signedIn } from './signed-in.mjs'

const { url, token } = await signedIn()
const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: token })
const answer = await openai.chat.completions.create({
  model: 'tributary',
  messages: [{ role: 'user', content: process.argv[2] ?? 'Who are the largest suppliers?' }],
  stream: true,
  stream_options: { include_usage: true },
})
for await (const { choices, usage } of answer) {
  process.stdout.write(choices[0]?.delta.content ?? '')
  if (usage) console.error(`\n${usage.total_tokens} tokens`)
}
