import type { InvestigationState } from '@tributary/client/react'
import { useRef } from 'react'
import { useFormat } from '../parts/format.ts'
import { useWords } from '../words/words.tsx'
import { type Investigation, isEnd } from './shapes.ts'

type Progress = NonNullable<InvestigationState['progress']>

/** The time over which a rate is measured, and the least time that says anything, in milliseconds. */
const OVER_MS = 15_000
const LEAST_MS = 1000

/** Contracts a second, and the seconds that are left, as the newest progress events tell it. */
export const paceOf = (events: readonly Progress[]): { rate?: number; secondsLeft?: number } => {
  const last = events.at(-1)
  if (!last) return {}
  const at = Date.parse(last.timestamp)
  const first = events.find(
    ({ timestamp, current_phase }) =>
      at - Date.parse(timestamp) <= OVER_MS && current_phase === last.current_phase,
  )
  const elapsed = first ? (at - Date.parse(first.timestamp)) / 1000 : 0
  if (!first || elapsed * 1000 < LEAST_MS) return {}
  const rate = (last.records_processed - first.records_processed) / elapsed
  const gained = (last.progress - first.progress) / elapsed
  return {
    ...(rate > 0 && { rate }),
    ...(gained > 0 && { secondsLeft: (100 - last.progress) / gained }),
  }
}

/** How far an investigation is: its phase, its rate, the time left; at the end, what it came to. */
export const RunProgress = ({
  run,
  status,
}: {
  run: InvestigationState
  status: Investigation['status']
}) => {
  const { words } = useWords()
  const { number } = useFormat()
  const { investigate: say } = words
  const { progress, result } = run
  const seen = useRef<Progress[]>([])
  if (progress && seen.current.at(-1) !== progress) seen.current = [...seen.current.slice(-200), progress]
  const isOver = isEnd(status)
  const { rate, secondsLeft } = status === 'running' ? paceOf(seen.current) : {}
  const parts = isOver
    ? result?.type === 'complete'
      ? [
          `${say.processed(number(result.records_processed), number(result.records_processed))} ${say.time(`${number(Number.parseFloat(result.execution_time))} s`)}`,
        ]
      : [result?.type === 'error' ? result.message : undefined]
    : [
        progress?.current_phase ? say.phases[progress.current_phase] : undefined,
        progress && say.processed(number(progress.records_processed), number(progress.records_total)),
        rate === undefined ? undefined : say.rate(number(Math.round(rate))),
        secondsLeft === undefined ? undefined : say.left(Math.ceil(secondsLeft)),
      ]
  return (
    <>
      {!isOver && <progress aria-label={say.progress} value={progress?.progress ?? 0} max={100} />}
      <p className="phase" role="status">
        {parts.filter(Boolean).join(' · ')}
      </p>
    </>
  )
}
