import type { ToolCall } from './provider.ts'

/** Returns the arguments of a tool call as a value; an empty object where a model wrote no JSON. */
export const argumentsOf = ({ arguments: text }: Pick<ToolCall, 'arguments'>): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
