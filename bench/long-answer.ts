import { once } from 'node:events'
import { freePort } from '../test/support/port.ts'
import { Processes } from './processes.ts'

const TOKENS = 81
const RATE = 0.2
const EVENT = /^data: (.*)$/gm

/**
 * One answer of 400 seconds, a token every five, with the service's own time-outs as they are: it arrives whole, and
 * nothing on its way ends it.
 */
export default async (log: (line: string) => void): Promise<void> => {
  const processes = new Processes()
  try {
    const upstreamPort = await freePort()
    const port = await freePort()
    await once(processes.script('upstream', upstreamPort, TOKENS, RATE), 'message')
    await processes.withVendor(port, upstreamPort)
    const began = performance.now()
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/chat/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'hi', provider: 'bench' }),
    })
    let tokens = 0
    let end = 'none'
    let gapMs = 0
    let text = ''
    let last = began
    const decoder = new TextDecoder()
    for await (const bytes of answer.body as ReadableStream<Uint8Array>) {
      gapMs = Math.max(gapMs, performance.now() - last)
      last = performance.now()
      text += decoder.decode(bytes, { stream: true })
      const whole = text.slice(0, text.lastIndexOf('\n\n') + 1)
      text = text.slice(whole.length)
      for (const [, data = ''] of whole.matchAll(EVENT)) {
        const { type } = JSON.parse(data)
        if (type === 'chunk') tokens++
        if (type === 'complete' || type === 'error' || type === 'cancelled') end = type
      }
    }
    const seconds = (performance.now() - began) / 1000
    log(
      `${tokens} of ${TOKENS} tokens in ${seconds.toFixed(1)} s, at most ${(gapMs / 1000).toFixed(2)} s apart, ended by ${end}`,
    )
    if (tokens !== TOKENS || end !== 'complete') throw new Error('the answer did not come whole')
  } finally {
    await processes.close()
  }
}
