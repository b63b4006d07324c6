import { within } from '../deadline.ts'
import type { InvestigationOrder } from '../knowledge/fact.ts'
import type { Anomaly } from '../protocol/investigation.ts'
import type { InvestigationEvent } from '../protocol/investigation-event.ts'
import type { TurnNotice } from '../protocol/turn-event.ts'
import { listSeverities, listTypes, wordsOf } from './answer-findings.ts'
import { plain } from './format.ts'
import { type Answering, scopeOf } from './scope.ts'

/** Findings that are described one by one; the others are only counted. */
const DETAILED = 10
/** Longest time, in milliseconds, between two notices of a run, so that readers do not take silence for its end. */
const SIGN_OF_LIFE_MS = 10_000

/** Yields events as they come, and null after each `SIGN_OF_LIFE_MS` without one. */
async function* withSignsOfLife(
  follow: (signal: AbortSignal) => AsyncIterable<InvestigationEvent>,
  signal: AbortSignal,
): AsyncGenerator<InvestigationEvent | null> {
  const left = new AbortController()
  const iterator = follow(AbortSignal.any([signal, left.signal]))[Symbol.asyncIterator]()
  let next = iterator.next()
  try {
    for (;;) {
      const first = await within(next, SIGN_OF_LIFE_MS, () => null)
      if (first === null) yield null
      else if (first.done) return
      else {
        yield first.value
        next = iterator.next()
      }
    }
  } finally {
    // A reader that leaves does not wait for the next event, whose failure is then expected.
    next.catch(() => undefined)
    left.abort()
  }
}

const describeFinding = ({ texts, asked }: Answering, anomaly: Anomaly, place: number): string =>
  `${place}. **${wordsOf(anomaly.anomaly_type, asked.language).title}** (${texts.severities[anomaly.severity]}): ${plain(anomaly.title)}\n`

const describeEnd = (
  answering: Answering,
  { total_anomalies: total, skipped, ...ended }: InvestigationEvent<'complete'>,
): string => {
  const { texts, format } = answering
  const lines = [
    texts.ended(format.number(total), format.number(ended.records_processed), format.times(ended.risk_score)),
    ...(total > 0
      ? [
          texts.bySeverity(listSeverities(answering, ended.by_severity)),
          texts.byType(listTypes(answering, ended.by_type)),
        ]
      : []),
    ...(skipped.length > 0
      ? [
          texts.skipped(
            skipped.map((one) => wordsOf(one.anomaly_type, answering.asked.language).title).join(', '),
          ),
        ]
      : []),
    ...(total > 0 ? [texts.caution] : []),
  ]
  return lines.join('\n\n')
}

/**
 * Starts an investigation of what the question names and yields its findings as they come: the first ten each, then
 * the number of further ones, then the sums.
 */
export async function* investigationAnswer(answering: Answering): AsyncGenerator<string | TurnNotice> {
  const { knowledge, texts, format, asked, signal } = answering
  if (!knowledge.mayInvestigate) {
    yield texts.mayNotInvestigate
    return
  }
  const scope = await scopeOf(answering, { buyer: true, supplier: true })
  if (typeof scope === 'string') {
    yield scope
    return
  }
  const { buyer, supplier, startDate, endDate, minValue } = scope.slice
  const filters: InvestigationOrder['filters'] = {
    ...(buyer === undefined ? {} : { buyer }),
    ...(supplier === undefined ? {} : { supplier }),
    ...(startDate === undefined ? {} : { start_date: startDate }),
    ...(endDate === undefined ? {} : { end_date: endDate }),
    ...(minValue === undefined ? {} : { min_value: minValue }),
  }
  const { anomalyType } = asked.entities
  const id = await knowledge.investigate({
    datasetId: scope.dataset.dataset_id,
    query: asked.text,
    filters,
    anomalyTypes: anomalyType && [anomalyType],
    language: asked.language,
  })
  const url = `/api/v1/investigations/stream/${id}`
  yield { type: 'investigation_started', investigation_id: id, stream_url: url }
  const opening = [...scope.notes, texts.investigating(plain(scope.dataset.name)), texts.follow(url)]
  yield `${opening.join('\n\n')}\n\n`

  let found = 0
  let phase: unknown
  let lastProgress = ''
  for await (const event of withSignsOfLife((until) => knowledge.follow(id, until), signal)) {
    if (event === null) {
      yield { type: 'thinking', message: lastProgress }
      continue
    }
    if (event.type === 'progress') {
      const phaseText = texts.phases[String(event.current_phase)] ?? ''
      const percent = `${format.number(event.progress)}%`
      lastProgress = `${percent}: ${phaseText}`
      yield { type: 'thinking', message: lastProgress }
      if (event.current_phase !== phase && phaseText) yield `${texts.progress(percent, phaseText)}\n`
      phase = event.current_phase
    } else if (event.type === 'anomaly') {
      found += 1
      if (found <= DETAILED) yield `${found === 1 ? '\n' : ''}${describeFinding(answering, event, found)}`
    } else if (event.type === 'complete') {
      if (found > DETAILED) yield `\n${texts.furtherFindings(format.number(found - DETAILED))}\n`
      yield `\n${describeEnd(answering, event)}`
    } else if (event.type === 'error' || event.type === 'cancelled') yield `\n${texts.endedBadly(event.type)}`
  }
}
