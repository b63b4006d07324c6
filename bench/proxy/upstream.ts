import { createServer, type Socket } from 'node:net'

/** How the vendor answers from now on; its parent tells it by message. */
export interface Answers {
  tokens: number
  /** Tokens a second; 0: as fast as the socket takes them. */
  rate: number
}

/**
 * A vendor that speaks OpenAI's event-stream: `upstream.ts <port> <tokens per answer> <tokens a second>`. Each token is
 * one write, and its text carries the monotonic time at which it was written (`@t@` and 18 digits, ns), so that
 * a client of whatever stands between can tell how long it took.
 */
const [port, ...given] = process.argv.slice(2).map(Number) as [number, number, number]
let [tokens, rate] = given
let toldAt = Number.NEGATIVE_INFINITY
process.on('message', (answers: Answers) => {
  ;({ tokens, rate } = answers)
  toldAt = performance.now()
})

/** The first answers at a pace are parts of one, so that answers neither begin nor end in step. */
const lengthOf = (stepMs: number): number => {
  const isFirst = stepMs > 0 && stepMs <= 1000 && performance.now() - toldAt < 1000
  return isFirst ? Math.ceil(tokens * Math.random()) : tokens
}

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
const event = (choice: string, more = ''): string =>
  chunk(
    `data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1763629525,"model":"bench","choices":[${choice}]${more}}\n\n`,
  )
const end = (count: number): string =>
  event('{"index":0,"delta":{},"finish_reason":"stop"}') +
  event('', `,"usage":{"prompt_tokens":9,"completion_tokens":${count},"total_tokens":${count + 9}}`) +
  chunk('data: [DONE]\n\n') +
  '0\r\n\r\n'
const stamp = (): string => process.hrtime.bigint().toString().padStart(18, '0')
const token = (): string =>
  event(`{"index":0,"delta":{"content":" @t@${stamp()}"},"logprobs":null,"finish_reason":null}`)

interface Answering {
  socket: Socket
  tokens: number
  left: number
  stepMs: number
  dueMs: number
}
const paced = new Set<Answering>()

const flat = (answering: Answering): void => {
  const { socket } = answering
  while (answering.left > 0) {
    answering.left--
    if (!socket.write(token())) {
      socket.once('drain', () => flat(answering))
      return
    }
  }
  socket.write(end(answering.tokens))
}

setInterval(() => {
  const now = performance.now()
  for (const answering of paced) {
    while (answering.left > 0 && answering.dueMs <= now) {
      answering.left--
      answering.dueMs += answering.stepMs
      answering.socket.write(token())
    }
    if (answering.left > 0) continue
    paced.delete(answering)
    answering.socket.write(end(answering.tokens))
  }
}, 1)

const complete = /\r\n\r\n/
createServer({ noDelay: true }, (socket) => {
  let received = ''
  socket.setEncoding('latin1').on('error', () => socket.destroy())
  socket.on('data', (text: string) => {
    received += text
    const head = complete.exec(received)
    if (!head) return
    const length = Number(/content-length: *(\d+)/i.exec(received)?.[1] ?? 0)
    if (received.length < head.index + 4 + length) return
    received = ''
    socket.write(HEAD)
    const stepMs = rate > 0 ? 1000 / rate : 0
    // Many answers are not in step; a slow one begins at once.
    const dueMs = performance.now() + (stepMs > 1000 ? 0 : Math.random() * stepMs)
    const share = lengthOf(stepMs)
    const answering = { socket, tokens: share, left: share, stepMs, dueMs }
    if (stepMs > 0) paced.add(answering)
    else flat(answering)
  })
  socket.on('close', () => {
    for (const answering of paced) if (answering.socket === socket) paced.delete(answering)
  })
}).listen(port, '127.0.0.1', () => process.send?.('ready'))
