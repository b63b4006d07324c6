import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerWire, dialectOf, wholeAnswer } from './vendor-wire.ts'

/**
 * A loopback vendor that speaks OpenAI's wire, Anthropic's (`/v1/messages`) or Gemini's (`…:streamGenerateContent`),
 * as the path asks.
 *
 *     const vendor = await startVendor()
 *     t.teardown(vendor.close)
 *     const provider = openAiCompatible({ name: 'openai', baseUrl: `${vendor.url}/v1`, model: 'm' })
 *     vendor.answers({ tokens: ['a', 'b'] }, { status: 429, headers: { 'retry-after': '1' } }) // the next two requests
 *     vendor.always((asked) => ({ tokens: [asked.body.model] })) // every request for which none is queued
 *     await vendor.arrived(0) // the first request is there; vendor.asked[0] has its path, headers and JSON body
 *     await vendor.closed(0) // its client has closed the socket
 *
 * With `stepped: true` no token leaves before `vendor.step()`; its promise resolves once one was written.
 */
export interface Answer {
  /** Each is one event, written by itself; 'Hello' and ' world' when the answer is left empty. */
  tokens?: readonly string[]
  /** Before the tokens. */
  reasoning?: readonly string[]
  /** After the tokens; the JSON text of each is sent in two pieces where the wire can. */
  toolCalls?: readonly { id: string; name: string; arguments: string }[]
  /** In the vendor's last event; 7 and the number of tokens when absent, none when false. */
  usage?: { promptTokens: number; completionTokens: number } | false
  /** OpenAI's word for it, translated for the others; `stop`, or `tool_calls` where there are any. */
  finish?: 'stop' | 'length' | 'tool_calls' | 'content_filter'
  /** Between two tokens. */
  delayMs?: number
  /** Awaited after the headers, before the first event. */
  hold?: Promise<unknown>
  /** Each token waits for `vendor.step()`. */
  stepped?: boolean
  /** `before`: not even headers; `first`: headers and nothing more; `between`: silence after the first token. */
  stall?: 'before' | 'first' | 'between'
  /** Destroys the socket after so many tokens; 0: after the headers, -1: instead of them. */
  dieAfter?: number
  /** Ends properly after the tokens, without reason to stop and terminator. */
  unterminated?: boolean
  /** An error event in place of the end. */
  errorInside?: Readonly<Record<string, unknown>>
  /** One JSON answer, although a stream was asked for; it always is one where none was asked for. */
  whole?: boolean
  /** Other than 200: `body` or an error object in JSON is all that comes. */
  status?: number
  headers?: Readonly<Record<string, string>>
  body?: string
  /** Instead of the events above: these bytes, one write each; `stall: 'first'` or `dieAfter` come behind them. */
  raw?: readonly (Uint8Array | string)[]
  /** Instead of the events above: whatever this does behind the headers. */
  write?: (response: ServerResponse) => Promise<void>
}

export interface Asked {
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  /** Parsed JSON, as loose as tests need it. */
  // biome-ignore lint/suspicious/noExplicitAny: a test knows what it sent
  body: any
}

export interface LoopbackVendor {
  /** `http://127.0.0.1:<port>`; append what the vendor's base URL has (`/v1`, `/api`, nothing). */
  url: string
  asked: readonly Asked[]
  /** How many connections were opened so far. */
  connections(): number
  /** Queues answers for the next requests, in order. */
  answers(...answers: readonly Answer[]): void
  /** Answers every request for which none is queued; `nth` counts from 0. */
  always(answer: Answer | ((asked: Asked, nth: number) => Answer | Promise<Answer>)): void
  /** Lets `count` tokens of stepped answers go, 1 when absent; resolves when they were written. */
  step(count?: number): Promise<void>
  /** Resolves with the n-th request, from 0, once it has arrived. */
  arrived(n: number): Promise<Asked>
  /** Resolves once the socket of the n-th request, from 0, is closed: by the client, unless its answer dies. */
  closed(n: number): Promise<void>
  /** Refuses connections from now on; answers under way go on. */
  refuse(): void
  close(): Promise<void>
}

interface Moment<T> {
  promise: Promise<T>
  resolve: (value: T) => void
}
const moment = <T>(): Moment<T> => {
  let resolve = (_: T): void => {}
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

/** The n-th of things that happen once each, whoever comes first. */
const moments = <T>() => {
  const all: Moment<T>[] = []
  return (n: number): Moment<T> => {
    while (all.length <= n) all.push(moment<T>())
    return all[n] as Moment<T>
  }
}

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  return text === '' ? undefined : JSON.parse(text)
}

export const startVendor = async (): Promise<LoopbackVendor> => {
  const asked: Asked[] = []
  const arrivals = moments<Asked>()
  const closings = moments<void>()
  const queue: Answer[] = []
  let otherwise: (asked: Asked, nth: number) => Answer | Promise<Answer> = () => ({})
  const steps: Moment<void>[] = []
  const waiting: ((step: Moment<void>) => void)[] = []
  const nextStep = (): Promise<Moment<void>> =>
    new Promise((resolve) => {
      const step = steps.shift()
      if (step) resolve(step)
      else waiting.push(resolve)
    })

  const writeTokens = async (answer: Answer, events: readonly string[], response: ServerResponse) => {
    for (const [at, event] of events.entries()) {
      if (at > 0 && answer.delayMs) await new Promise((resolve) => setTimeout(resolve, answer.delayMs))
      const step = answer.stepped ? await nextStep() : undefined
      if (response.destroyed) return
      response.write(event, () => step?.resolve())
      if (answer.dieAfter === at + 1) return
      if (answer.stall === 'between') return
    }
  }

  const respond = async (answer: Answer, entry: Asked, response: ServerResponse): Promise<void> => {
    if (answer.stall === 'before') return
    if (answer.dieAfter === -1) return void response.destroy()
    const { status = 200, headers = {} } = answer
    const json = { 'content-type': 'application/json', ...headers }
    if (status !== 200) {
      response.writeHead(status, json)
      response.flushHeaders()
      if (answer.stall) return
      response.end(answer.body ?? JSON.stringify({ error: { message: `status ${status}`, type: 'test' } }))
      return
    }
    const dialect = dialectOf(entry.path)
    const streamed = dialect === 'gemini' ? /stream/.test(entry.path) : entry.body?.stream === true
    if (answer.whole || answer.body !== undefined || (!streamed && !answer.raw && !answer.write)) {
      response.writeHead(status, json)
      response.end(answer.body ?? JSON.stringify(wholeAnswer(dialect, answer)))
      return
    }
    response.writeHead(status, { 'content-type': 'text/event-stream; charset=utf-8', ...headers })
    response.flushHeaders()
    await answer.hold
    if (answer.write) return answer.write(response)
    if (answer.raw) for (const bytes of answer.raw) response.write(bytes)
    if (answer.stall === 'first') return
    if (answer.raw && answer.dieAfter !== undefined) return void response.write('', () => response.destroy())
    if (answer.raw) return void response.end()
    const { opening, tokens, ending } = answerWire(dialect, answer)
    if (opening !== '') response.write(opening)
    // The socket is destroyed once what was written has left, or the client would miss the last token.
    if (answer.dieAfter === 0) return void response.write(': dying\n\n', () => response.destroy())
    await writeTokens(answer, tokens, response)
    if (answer.dieAfter !== undefined) return void response.write(': dying\n\n', () => response.destroy())
    if (answer.stall === 'between' || response.destroyed) return
    response.end(ending)
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://vendor')
    const run = async () => {
      const body = await bodyOf(request)
      const entry = { path: url.pathname, query: url.searchParams, headers: request.headers, body }
      const nth = asked.push(entry) - 1
      request.socket.once('close', () => closings(nth).resolve())
      arrivals(nth).resolve(entry)
      await respond(queue.shift() ?? (await otherwise(entry, nth)), entry, response)
    }
    // A client that leaves while it sends its request is not this server's business.
    run().catch(() => response.destroy())
  })
  let connections = 0
  server.on('connection', (socket) => {
    connections += 1
    // Every request of a connection waits for its end.
    socket.setMaxListeners(0)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    connections: () => connections,
    answers: (...answers) => void queue.push(...answers),
    always(answer) {
      otherwise = typeof answer === 'function' ? answer : () => answer
    },
    async step(count = 1) {
      for (let n = 0; n < count; n += 1) {
        const step = moment<void>()
        const waiter = waiting.shift()
        if (waiter) waiter(step)
        else steps.push(step)
        await step.promise
      }
    },
    arrived: (n) => arrivals(n).promise,
    closed: (n) => closings(n).promise,
    refuse: () => void server.close(),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
