import type { ChatRequest, Part, Provider, Take, Taking } from '../../src/llm/provider.ts'

/** The batches of an answer, the next one given when it is asked for; who leaves takes no more of it. */
export async function* taken<P>(
  answer: (taking: Taking<P>) => Promise<void>,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<readonly P[], void, undefined> {
  let given: { batch: readonly P[]; go: () => void; leave: (reason: Error) => void } | undefined
  let ended: { error?: unknown } | undefined
  let wake = (): void => undefined
  const take: Take<P> = (batch) =>
    new Promise((resolve, reject) => {
      given = { batch, go: resolve, leave: reject }
      wake()
    })
  const over = answer({ signal, take })
    .then(
      () => {
        ended = {}
      },
      (error) => {
        ended = { error }
      },
    )
    .finally(() => wake())
  try {
    for (;;) {
      if (given) {
        const { batch, go } = given
        yield batch
        given = undefined
        go()
      }
      if (ended) {
        if ('error' in ended) throw ended.error
        return
      }
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  } finally {
    given?.leave(new Error('the reader has left'))
    await over
  }
}

/** A provider that gives what a generator yields. */
export const giving =
  (
    batches: (request: ChatRequest, signal: AbortSignal) => AsyncIterable<readonly Part[]>,
  ): Provider['answer'] =>
  async (request, { signal, take }) => {
    for await (const batch of batches(request, signal)) await take(batch)
  }
