import type { ChatMessage, ChatRequest, Part, Usage } from './provider.ts'

const BYTES_PER_TOKEN = 4

const tokensOf = (bytes: number): number => Math.ceil(bytes / BYTES_PER_TOKEN)

/**
 * Returns the number of tokens of a text by rule of thumb: a quarter of its UTF-8 bytes, rounded up. English is near
 * that; Portuguese and Spanish get a little too many, since their accented letters are two bytes.
 */
export const estimateTokens = (text: string): number => tokensOf(Buffer.byteLength(text))

const bytesOfMessage = ({ content, toolCalls = [] }: ChatMessage): number =>
  toolCalls.reduce(
    (sum, call) => sum + Buffer.byteLength(call.name) + Buffer.byteLength(call.arguments),
    Buffer.byteLength(content),
  )

/** Returns the number of tokens of everything that a request sends to a model, by the same rule. */
export const estimatePromptTokens = ({ messages, tools }: ChatRequest): number =>
  tokensOf(
    messages.reduce((sum, message) => sum + bytesOfMessage(message), 0) +
      (tools ? Buffer.byteLength(JSON.stringify(tools)) : 0),
  )

/** Counts the tokens that an attempt has used so far. */
export interface Tally {
  add(part: Part): void
  /**
   * Returns the usage; undefined where the vendor sent no sign of having begun, so that nothing was paid. The
   * vendor's own count of a whole answer is used as it is; its count before an answer broke is too low, and the
   * higher estimate is used.
   */
  used(isWhole: boolean): { usage: Usage; estimated: boolean } | undefined
}

export const tally = (request: ChatRequest): Tally => {
  let counted: Usage | undefined
  let bytes = 0
  let isBegun = false
  return {
    add(part) {
      if (part.type === 'usage') counted = part
      else if (part.type === 'text-delta' || part.type === 'reasoning-delta') {
        bytes += Buffer.byteLength(part.text)
        isBegun = true
      } else if (part.type === 'tool-call-delta') {
        bytes += Buffer.byteLength(part.arguments) + Buffer.byteLength(part.name ?? '')
        isBegun = true
      } else if (part.type === 'finish') isBegun = true
    },
    used(isWhole) {
      if (counted === undefined) {
        if (!isBegun) return undefined
        return {
          usage: { promptTokens: estimatePromptTokens(request), completionTokens: tokensOf(bytes) },
          estimated: true,
        }
      }
      const { promptTokens, completionTokens } = counted
      const seen = tokensOf(bytes)
      return isWhole || completionTokens >= seen
        ? { usage: { promptTokens, completionTokens }, estimated: false }
        : { usage: { promptTokens, completionTokens: seen }, estimated: true }
    },
  }
}
