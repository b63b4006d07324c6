import type { ChannelObserver } from './channel/channel-observer.ts'
import type { OpenAttemptSpan } from './llm/attempt-span.ts'
import type { Meters } from './plugins/meters.ts'
import type { Runner } from './stream/stream.ts'

/** The parts of the traces that rooms take part in. */
export interface RoomTracing {
  attempt: OpenAttemptSpan
  /** Returns the trace of the current request, as `traceparent` has it; undefined outside of requests. */
  current(): string | undefined
  /** Notes publications that were handed to subscribers. */
  delivered: NonNullable<ChannelObserver['delivered']>
}

/** Wraps a runner so that the start and the end of each of its streams are logged. */
export const logged = (runner: Runner, log: (fields: object, message: string) => void): Runner => ({
  ...runner,
  run(execution) {
    const { id: stream_id, kind } = execution.stream
    log({ stream_id, kind }, 'a stream starts')
    return runner.run(execution)
  },
  async ended(stream, ending) {
    const duration_ms = Date.now() - stream.started_at
    log({ stream_id: stream.id, outcome: ending.state, duration_ms, tokens: 0 }, 'a stream has ended')
    await runner.ended(stream, ending)
  },
})

/** Wraps the records of attempts so that their outcomes are counted. */
export const counted =
  ({ llm }: Meters, open: OpenAttemptSpan | undefined): OpenAttemptSpan =>
  (provider, model) => {
    const span = open?.(provider, model)
    return {
      firstToken: () => span?.firstToken(),
      used: (usage) => span?.used(usage),
      finished: (reason) => span?.finished(reason),
      end(errorCode) {
        llm.attempted(provider, errorCode ?? 'ok')
        span?.end(errorCode)
      },
    }
  }

/** Joins the observers of deliveries; without traces it is the one that counts, and nothing is called beside it. */
export const observed = (count: Meters['channel'], tracing: RoomTracing | undefined): ChannelObserver =>
  tracing === undefined
    ? count
    : {
        ...count,
        delivered(deliveries, publications) {
          count.delivered(deliveries)
          tracing.delivered(deliveries, publications)
        },
      }
