import { turnEventOf } from '../../src/protocol/turn-event.ts'
import { until } from './deployment.ts'
import type { ReceivedEvent } from './event-source.ts'
import type { Answer } from './process.ts'
import type { Message } from './socket.ts'

interface Caller {
  call(method: string, path: string, options?: { token?: string; body?: unknown }): Promise<Answer>
}

/** What is stored of a turn's answer, once the turn has ended. */
export const storedAnswer = async (
  caller: Caller,
  sessionId: string,
  streamId: string,
  token?: string,
): Promise<Message> => {
  const path = `/api/v1/chat/sessions/${sessionId}/messages?limit=200`
  const ask = async (): Promise<Message | undefined> => {
    const { body } = await caller.call('GET', path, token === undefined ? {} : { token })
    return body?.items.find((one: Message) => one.stream_id === streamId && one.role === 'assistant')
  }
  const isOver = (message: Message | undefined) => /^(complete|error|cancelled)$/.test(message?.state ?? '')
  return (await until('the end of the answer', ask, isOver)) as Message
}

/** The answer that a viewer of an event-stream is left with: what a snapshot says, and the chunks behind it. */
export const answerSeen = (events: readonly ReceivedEvent[]): string => {
  let text = ''
  for (const { event, data } of events) {
    if (event === 'snapshot') text = JSON.parse(data).state.content
    if (event !== undefined) continue
    const { type, content } = JSON.parse(data)
    if (type === 'chunk') text += content
    else if (type === 'reset') text = ''
  }
  return text
}

/** The same of somebody in a chat room. */
export const answerHeard = (frames: readonly Message[], streamId: string): string => {
  let text = ''
  for (const { type, stream_id, content, state } of frames) {
    if (type === 'snapshot')
      text = state.messages.find(
        (one: Message) => one.stream_id === streamId && one.role === 'assistant',
      ).content
    if (stream_id !== streamId) continue
    if (type === 'agent_response') text += content
    else if (type === 'reset') text = ''
  }
  return text
}

const TERMINAL = /^(complete|error|cancelled|agent_response_complete)$/

/** Types of the events or frames that end a turn, all of them. */
export const endsSeen = (events: readonly ReceivedEvent[]): string[] =>
  events
    .filter(({ event }) => event === undefined)
    .map(({ data }) => turnEventOf(data)?.type ?? '')
    .filter((type) => TERMINAL.test(type))
export const endsHeard = (frames: readonly Message[], streamId: string): Message[] =>
  frames.filter(({ type, stream_id }) => stream_id === streamId && TERMINAL.test(type))

export const isType =
  (type: string) =>
  ({ data, event }: ReceivedEvent): boolean =>
    event === undefined && JSON.parse(data).type === type
