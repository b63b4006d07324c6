import type { Knowledge } from '../../src/knowledge/fact.ts'
import type { Language } from '../../src/language/language.ts'
import type { ChatMessage, Part, Take } from '../../src/llm/provider.ts'
import type { TurnNotice } from '../../src/protocol/turn-event.ts'
import { local } from '../../src/rule-answers/rule-answers.ts'

export interface Answer {
  text: string
  parts: Part[]
  batches: number
  notices: TurnNotice[]
}

/** A conversation with `local`, which keeps what was said. */
export const talk = (knowledge: Knowledge, language: Language = 'pt') => {
  const provider = local(knowledge, language)
  const messages: ChatMessage[] = []
  return async (said: string, signal = new AbortController().signal): Promise<Answer> => {
    messages.push({ role: 'user', content: said })
    const answer: Answer = { text: '', parts: [], batches: 0, notices: [] }
    const take: Take<Part> = (batch) => {
      answer.batches += 1
      for (const part of batch) {
        answer.parts.push(part)
        if (part.type === 'text-delta') answer.text += part.text
        if (part.type === 'notice') answer.notices.push(part.event)
      }
      return undefined
    }
    await provider.answer({ messages }, { signal, take })
    messages.push({ role: 'assistant', content: answer.text })
    return answer
  }
}
