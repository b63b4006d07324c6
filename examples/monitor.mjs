// Shows what the service does, in a terminal, without Grafana: streams, connections, answers, times to the first token.
// usage: monitor.mjs [seconds between two looks] [how many looks]
import { createClient } from '@tributary/client'
import { signedIn } from './signed-in.mjs'

const [, , seconds = '2', looks = 'Infinity'] = process.argv
const client = createClient(await signedIn())

/** Sums a metric over its labels; `where` picks by label text. */
const sum = (text, name, where = '') =>
  text
    .split('\n')
    .filter((line) => line.startsWith(name) && /[{ ]/.test(line[name.length] ?? '') && line.includes(where))
    .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0)

for (let look = 0; look < Number(looks); look++) {
  if (look > 0) await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000))
  const [health, { items }, metrics] = await Promise.all([
    client.api.get('/health/ready').catch(({ detail }) => ({ status: detail, checks: {} })),
    client.api.get('/api/v1/streams?limit=10'),
    client.api.get('/metrics'),
  ])
  const text = String(metrics)
  const answers = sum(text, 'llm_time_to_first_token_seconds_count')
  const first = answers > 0 ? (sum(text, 'llm_time_to_first_token_seconds_sum') / answers) * 1000 : 0
  if (process.stdout.isTTY) console.clear()
  console.log(`${new Date().toISOString()}  ${health.status}  ${Object.entries(health.checks).flat().join(' ')}`)
  console.log(
    `event-streams ${sum(text, 'sse_connections_active')}  sockets ${sum(text, 'websocket_connections_active')}  ` +
      `chats ${sum(text, 'stream_chat_completed_total')}/${sum(text, 'stream_chat_started_total')}  ` +
      `errors ${sum(text, 'streaming_errors_total')}  first token ${first.toFixed(0)} ms`,
  )
  for (const { kind, state, owner, started_at, subscribers } of items)
    console.log(`${started_at}  ${kind.padEnd(14)} ${state.padEnd(10)} ${String(subscribers).padStart(3)}  ${owner}`)
}
client.close()
