import { createServer } from 'node:http'
import { createParser } from 'eventsource-parser'
import { Pool } from 'undici'

/**
 * The peer: `relay.ts <port> <upstream's port>` parses each event of the vendor, reads its JSON, writes it again, and
 * sends it on. No store, no channel, no limits, no recovery.
 */
const [port, upstream] = process.argv.slice(2)
const pool = new Pool(`http://127.0.0.1:${upstream}`, { connections: 2000, pipelining: 1 })

createServer(async (request, response) => {
  try {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const answer = await pool.request({
      path: '/v1/chat/completions',
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer bench' },
      body: Buffer.concat(parts),
      signal: gone.signal,
    })
    response.writeHead(answer.statusCode, { 'content-type': 'text/event-stream' })
    let flowing = true
    const parser = createParser({
      onEvent({ data }) {
        const text = data === '[DONE]' ? data : JSON.stringify(JSON.parse(data))
        flowing = response.write(`data: ${text}\n\n`)
      },
    })
    const decoder = new TextDecoder()
    for await (const bytes of answer.body) {
      parser.feed(decoder.decode(bytes, { stream: true }))
      if (!flowing) await new Promise((resolve) => response.once('drain', resolve))
    }
    response.end()
  } catch {
    response.destroy()
  }
}).listen(Number(port), '127.0.0.1', () => process.send?.('ready'))
