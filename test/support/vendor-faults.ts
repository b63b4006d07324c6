import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Answer } from './vendor.ts'

/** When something befalls an answer. */
export const MOMENTS = ['before the first token', 'between tokens', 'after the last token'] as const
export type Moment = (typeof MOMENTS)[number]

/** An answer in OpenAI's wire, with characters of two, three, four and eight bytes to break. */
export const TOKENS = ['ã – 😀', ' é 🇧🇷'] as const
export const TEXT = TOKENS.join('')

const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`
const delta = (content: string): string => event({ choices: [{ delta: { content } }] })
const EVENTS = [
  ...TOKENS.map(delta),
  event({ choices: [{ delta: {}, finish_reason: 'stop' }] }),
  'data: [DONE]\n\n',
].map((text) => Buffer.from(text))

/** The whole answer. */
const BYTES = Buffer.concat(EVENTS)
const endOf = (events: number): number =>
  EVENTS.slice(0, events).reduce((bytes, { length }) => bytes + length, 0)
/** Bytes that have left the vendor at a moment; {@link REASON_END}: its reason to stop as well. */
const MOMENT_BYTES: Record<Moment, number> = {
  'before the first token': 0,
  'between tokens': endOf(1),
  'after the last token': endOf(2),
}
const REASON_END = endOf(3)

/** The text that had come at a moment. */
export const textAt = (moment: Moment): string => TOKENS.slice(0, MOMENTS.indexOf(moment)).join('')

/** Resolves once the bytes have left, or their client has. */
const send = async (response: ServerResponse, bytes: Uint8Array | string): Promise<void> => {
  if (bytes.length === 0 || response.destroyed) return
  const gone = new AbortController()
  const sent = new Promise<void>((resolve) => void response.write(bytes, () => resolve()))
  await Promise.race([sent, once(response, 'close', { signal: gone.signal }).catch(() => undefined)])
  gone.abort()
}

/** What a vendor does once part of its answer has left it. */
export type Fault = (response: ServerResponse) => Promise<void>

/** Nothing comes any more, and the connection stays. */
export const silence: Fault = async () => undefined

/** Signs of life and nothing else, until the client has left. */
export const comments: Fault = async (response) => {
  while (!response.destroyed) {
    await send(response, ': still here\n\n')
    await pause(100)
  }
}

export const end: Fault = async (response) => void response.end()

/** A real RST, as of a process that was killed with data unread. */
export const reset: Fault = async (response) => void response.socket?.resetAndDestroy()

/** @param bytes may be no event */
export const sends =
  (bytes: string): Fault =>
  async (response) => {
    await send(response, bytes)
    response.end()
  }

const BLOCK = 'x'.repeat(256 * 1024)

/**
 * A line of so many bytes, then its end and the answer's.
 * @param onClosed told how many bytes of it had left when the client closed the connection
 */
export const line =
  (bytes: number, onClosed: (sent: number) => void): Fault =>
  async (response) => {
    await send(response, 'data: {"choices":[{"delta":{"content":"')
    let sent = 0
    for (; sent < bytes && !response.destroyed; sent += BLOCK.length) await send(response, BLOCK)
    if (response.destroyed) onClosed(sent)
    else response.end(`"}}]}\n\n${BYTES.subarray(endOf(2))}`)
  }

/** The answer as far as a moment, then the fault. */
export const brokenAt = (moment: Moment, fault: Fault): Answer => cutAt(MOMENT_BYTES[moment], fault)

/** The answer up to its reason to stop, then the fault in place of the terminator. */
export const brokenBehindReason = (fault: Fault): Answer => cutAt(REASON_END, fault)

/** So many bytes of the answer, then the fault. */
export const cutAt = (bytes: number, fault: Fault): Answer => ({
  write: async (response) => {
    await send(response, BYTES.subarray(0, bytes))
    await fault(response)
  },
})

/** The whole answer in pieces that end at these bytes, each sent by itself. */
export const splitAt = (ends: readonly number[]): Answer => ({
  write: async (response) => {
    for (const [place, from] of [0, ...ends].entries()) {
      await send(response, BYTES.subarray(from, ends[place]))
      // Long enough that the other side reads the pieces one by one.
      await pause(1)
    }
    response.end()
  },
})

/** Every place inside what follows a moment: the first token's event, the second one's, or all that is behind them. */
export const placesOf = (moment: Moment): number[] => {
  const from = MOMENT_BYTES[moment]
  const next = MOMENTS[MOMENTS.indexOf(moment) + 1]
  const to = next === undefined ? BYTES.length : MOMENT_BYTES[next]
  return Array.from({ length: to - from }, (_, place) => from + place)
}

/**
 * What comes of an answer that stops at a byte: its text, and the code of its error, or none where it is whole.
 * @param isBroken the connection breaks; else its body ends properly, and an event needs no blank line behind it
 */
export const heardOf = (bytes: number, isBroken: boolean): { text: string; code?: string } => {
  const blankLine = isBroken ? 0 : 2
  const has = (events: number): boolean => bytes >= endOf(events) - blankLine
  const text = TOKENS.filter((_, place) => has(place + 1)).join('')
  if (isBroken) return { text, code: 'PROVIDER_PROTOCOL_ERROR' }
  if (bytes === 0) return { text, code: 'PROVIDER_ERROR' }
  const isBetweenEvents = EVENTS.some((_, place) => has(place + 1) && bytes <= endOf(place + 1))
  return isBetweenEvents || has(3) ? { text } : { text, code: 'PROVIDER_PROTOCOL_ERROR' }
}

/** Text up to a moment and a call of a tool that there is not, so that the vendor is asked once more. */
export const askingAgainAt = (moment: Moment): Answer => ({
  tokens: TOKENS.slice(0, MOMENTS.indexOf(moment)),
  toolCalls: [{ id: 'call_1', name: 'nothing_of_the_kind', arguments: '{}' }],
})
