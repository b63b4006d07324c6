import type { Limits } from '@tributary/client/react'
import { useFormat } from '../parts/format.ts'
import { useWords } from '../words/words.tsx'

/** The share of a limit below which it is told how little is left. */
const LITTLE = 0.1
/** Streams that may still be started, at or below which their number is told. */
const FEW_STREAMS = 2

/** Says quietly what will soon be used up: tokens of the day, executions at once, requests of the minute. */
export const Remaining = ({ limits }: { limits: Limits | undefined }) => {
  const { words } = useWords()
  const { number, moment } = useFormat()
  if (!limits) return null
  const { tokens, streams, requests } = limits
  const say = words.chat.remaining
  const anew = (seconds: number): string => moment(new Date(Date.now() + seconds * 1000).toISOString())
  const tokensLeft = tokens.limit === null ? undefined : Math.max(0, tokens.limit - tokens.used)
  const streamsLeft = Math.max(0, streams.limit - streams.running)
  const parts = [
    tokens.limit !== null &&
      tokensLeft !== undefined &&
      tokensLeft <= tokens.limit * LITTLE &&
      say.tokens(number(tokensLeft), number(tokens.limit), anew(tokens.reset)),
    streamsLeft <= FEW_STREAMS && say.streams(number(streamsLeft), number(streams.limit)),
    requests.remaining <= requests.limit * LITTLE &&
      say.requests(number(requests.remaining), number(requests.limit), anew(requests.reset)),
  ].filter(Boolean)
  return parts.length === 0 ? null : (
    <p className="muted" role="status">
      {parts.join(' ')}
    </p>
  )
}
