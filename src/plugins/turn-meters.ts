import { Counter, Histogram, type Registry } from 'prom-client'

const GAP_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const TURN_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600]

/** The outcome of a turn. */
interface TurnEnd {
  kind: string
  state: 'completed' | 'failed' | 'cancelled'
  durationMs: number
  ttftMs: number | null
  errorCode: string | null
}

/** Makes the metrics of turns and of the providers that they ask; providers' names come from the settings. */
export const turnMeters = (registry: Registry) => {
  const registers = [registry]
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name, help, labelNames, registers })
  const chatStarted = counter('stream_chat_started_total', 'Turns begun', ['kind'])
  const chatCompleted = counter('stream_chat_completed_total', 'Turns that came to their end', ['kind'])
  const chatErrors = counter('stream_chat_error_total', 'Turns that failed', ['kind', 'code'])
  const chatCancelled = counter('stream_chat_cancelled_total', 'Turns that were cancelled', ['kind'])
  const chatDuration = new Histogram({
    name: 'stream_chat_duration_seconds',
    help: 'From the start of a turn to its terminal event',
    labelNames: ['kind'],
    buckets: TURN_SECONDS,
    registers,
  })
  const chatTtfb = new Histogram({
    name: 'stream_chat_ttfb_seconds',
    help: 'From the start of a turn to the first text of its answer',
    labelNames: ['kind'],
    buckets: TURN_SECONDS,
    registers,
  })
  const firstToken = new Histogram({
    name: 'llm_time_to_first_token_seconds',
    help: 'From asking a provider to the first token of its answer',
    labelNames: ['provider'],
    buckets: TURN_SECONDS,
    registers,
  })
  const betweenTokens = new Histogram({
    name: 'llm_time_between_tokens_seconds',
    help: 'From one piece of an answer to the next one',
    labelNames: ['provider'],
    buckets: GAP_SECONDS,
    registers,
  })
  const tokensPerSecond = new Histogram({
    name: 'llm_tokens_per_second',
    help: 'Tokens of an answer by the time from its first to its last',
    labelNames: ['provider'],
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000],
    registers,
  })
  const tokens = counter('llm_tokens_total', 'Tokens, as the providers count them or estimated', [
    'provider',
    'kind',
  ])

  const cost = counter('llm_cost_dollars_total', 'Cost of tokens, where a price is known', ['provider'])
  const attempts = counter('llm_attempts_total', 'Requests to providers by their outcome', [
    'provider',
    'outcome',
  ])
  const skippedLines = counter(
    'llm_skipped_lines_total',
    "Lines of providers' answers that were no JSON and were skipped",
    ['provider'],
  )

  for (const kind of ['chat', 'prompt', 'completion', 'action']) {
    for (const count of [chatStarted, chatCompleted, chatCancelled]) count.inc({ kind }, 0)
    for (const histogram of [chatDuration, chatTtfb]) histogram.zero({ kind })
  }
  return {
    /** Counts events of turns. */
    turns: {
      started: (kind: string): void => chatStarted.inc({ kind }),
      ended({ kind, state, durationMs, ttftMs, errorCode }: TurnEnd): void {
        if (state === 'completed') chatCompleted.inc({ kind })
        else if (state === 'cancelled') chatCancelled.inc({ kind })
        else chatErrors.inc({ kind, code: errorCode ?? 'INTERNAL' })
        chatDuration.observe({ kind }, durationMs / 1000)
        if (ttftMs !== null) chatTtfb.observe({ kind }, ttftMs / 1000)
      },
    },
    /** Counts events of providers; their names come from the settings. */
    llm: {
      /** Begins the series of a provider, so that its first answer is an increase. */
      known(provider: string): void {
        for (const histogram of [firstToken, betweenTokens, tokensPerSecond]) histogram.zero({ provider })
        for (const kind of ['prompt', 'completion']) tokens.inc({ provider, kind }, 0)
        attempts.inc({ provider, outcome: 'ok' }, 0)
        cost.inc({ provider }, 0)
      },
      firstToken: (provider: string, seconds: number): void => firstToken.observe({ provider }, seconds),
      gap: (provider: string, seconds: number): void => betweenTokens.observe({ provider }, seconds),
      tokens(provider: string, usage: { promptTokens: number; completionTokens: number }): void {
        tokens.inc({ provider, kind: 'prompt' }, usage.promptTokens)
        tokens.inc({ provider, kind: 'completion' }, usage.completionTokens)
      },
      pace(provider: string, completionTokens: number, seconds: number): void {
        if (seconds > 0) tokensPerSecond.observe({ provider }, completionTokens / seconds)
      },
      cost: (provider: string, dollars: number): void => cost.inc({ provider }, dollars),
      /** @param outcome `ok` or an error code */
      attempted: (provider: string, outcome: string): void => attempts.inc({ provider, outcome }),
      skippedLine: (provider: string): void => skippedLines.inc({ provider }),
    },
  }
}
