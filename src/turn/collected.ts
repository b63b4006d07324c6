import type { ToolCall } from '../llm/provider.ts'
import type { TurnRequest, TurnWriter } from './turn.ts'

/** A function that makes an answer, and the reasoning and tool calls of the answer, for clients that get it whole. */
export interface CollectedAnswer {
  answer: TurnRequest['answer']
  /** Returns the reasoning and the tool calls so far. */
  collected(): { reasoning: string; toolCalls: ToolCall[] }
}

/** Wraps a function that makes an answer, to collect the reasoning and the tool calls. */
export const collecting = (answer: TurnRequest['answer']): CollectedAnswer => {
  let reasoning = ''
  let calls: (ToolCall | undefined)[] = []
  const watch = (turn: TurnWriter): TurnWriter => ({
    ...turn,
    get content() {
      return turn.content
    },
    emit(event) {
      if (event.type === 'reasoning') reasoning += event.content
      if (event.type === 'tool_call') {
        const { index, id = '', name = '', arguments: piece } = event
        const call = calls[index]
        calls[index] = call ? { ...call, arguments: call.arguments + piece } : { id, name, arguments: piece }
      }
      turn.emit(event)
    },
    reset(reason) {
      reasoning = ''
      calls = []
      turn.reset(reason)
    },
  })
  return {
    answer: (turn) => answer(watch(turn)),
    collected: () => ({ reasoning, toolCalls: calls.filter((call) => call !== undefined) }),
  }
}
