import { AttemptFailure, LeftAlone } from './attempt-failure.ts'
import type { OpenAttemptSpan } from './attempt-span.ts'
import type { RoutedAnswer } from './cached.ts'

const codeOf = (error: unknown): string =>
  error instanceof AttemptFailure ? error.problem.code : 'CANCELLED'

/** Wraps an attempt in a record of it. One that the breaker did not let through is no attempt. */
export const traced =
  (name: string, model: string | null, answer: RoutedAnswer, open: OpenAttemptSpan): RoutedAnswer =>
  async ({ signal, take }) => {
    const span = open(name, model)
    let hasBegun = false
    try {
      await answer({
        signal,
        take(batch) {
          for (const part of batch) {
            if (part.type === 'attempt-usage') span.used(part.usage)
            else if (part.type === 'finish') span.finished(part.reason)
          }
          if (!hasBegun && batch.some((part) => part.type.endsWith('-delta'))) {
            hasBegun = true
            span.firstToken()
          }
          return take(batch)
        },
      })
      span.end()
    } catch (error) {
      if (!(error instanceof LeftAlone)) span.end(codeOf(error))
      throw error
    }
  }
