import { within } from '../deadline.ts'
import type { InvestigationOrder } from '../knowledge/fact.ts'
import type { Anomaly } from '../protocol/investigation.ts'
import type { InvestigationEvent } from '../protocol/investigation-event.ts'
import type { Where } from '../protocol/plan.ts'
import type { TurnNotice } from '../protocol/turn-event.ts'
import { listSeverities, listTypes } from './answer-findings.ts'
import type { Answering } from './answering.ts'
import type { Chosen } from './dataset.ts'
import { plain } from './markdown.ts'
import { wordsOf } from './telling/findings.ts'
import { datasetPage, investigationPage } from './telling/links.ts'
import { filtersOf, periodOf } from './telling/understood.ts'

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

const describeFinding = ({ texts, teller }: Answering, anomaly: Anomaly, place: number): string =>
  `${place}. **${wordsOf(anomaly.anomaly_type, teller.language).title}** (${texts.severities[anomaly.severity]}): ${plain(anomaly.title)}\n`

const describeEnd = (
  answering: Answering,
  { total_anomalies: total, skipped, ...ended }: InvestigationEvent<'complete'>,
): string => {
  const { texts, teller } = answering
  const { format } = teller
  const lines = [
    texts.ended(
      format.number(total),
      format.number(ended.records_processed),
      format.number(ended.risk_score, 1),
    ),
    ...(total > 0
      ? [
          texts.bySeverity(listSeverities(answering, ended.by_severity)),
          texts.byType(listTypes(answering, ended.by_type)),
        ]
      : []),
    ...(skipped.length > 0
      ? [texts.skipped(skipped.map((one) => wordsOf(one.anomaly_type, teller.language).title).join(', '))]
      : []),
    ...(total > 0 ? [texts.caution] : []),
  ]
  return lines.join('\n\n')
}

/** Returns the filters of an investigation for what a question names, and whether they leave something out. */
const filtersFor = (where: Where): { filters: InvestigationOrder['filters']; partly: boolean } => {
  const { buyer, supplier, category, start_date, end_date, min_value, max_value, topic } = where
  const one = (names: readonly string[] | undefined): string | undefined => names?.[0]
  const filters = {
    buyer: one(buyer),
    supplier: one(supplier),
    category: one(category),
    start_date,
    end_date,
    min_value,
    max_value,
  }
  return {
    filters: Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)),
    partly: topic !== undefined || [buyer, supplier, category].some((names) => (names?.length ?? 0) > 1),
  }
}

/**
 * Starts an investigation of what the question names and yields its findings as they come: the first ten each, then
 * the number of further ones, then the sums.
 */
export async function* investigationAnswer(
  answering: Answering,
  { dataset, register }: Chosen,
): AsyncGenerator<string | TurnNotice> {
  const { knowledge, texts, teller, asked, signal } = answering
  const { format } = teller
  if (!knowledge.mayInvestigate) {
    yield texts.mayNotInvestigate
    return
  }
  const { plan, refused } = asked.reading ?? {}
  const where = (plan ?? refused?.nearest)?.where ?? {}
  const unknown = asked.reading?.missing ?? []
  const known = Object.fromEntries(
    Object.entries(where).filter(([field]) => !unknown.includes(field as keyof Where)),
  ) as Where
  const { filters, partly } = filtersFor(known)
  const id = await knowledge.investigate({
    datasetId: dataset.dataset_id,
    query: asked.text,
    filters,
    anomalyTypes: where.anomaly_type ?? (asked.entities.anomalyType && [asked.entities.anomalyType]),
    language: teller.language,
  })
  const url = `/api/v1/investigations/stream/${id}`
  yield { type: 'investigation_started', investigation_id: id, stream_url: url }
  const currency = register.currencies[0]?.currency ?? 'XXX'
  const parts = [
    ...filtersOf({ ...known, topic: undefined } as Where, currency, teller),
    periodOf(known, teller),
  ].filter((part) => part !== undefined)
  const opening = [
    texts.investigating(plain(dataset.name)),
    dataset.synthetic && texts.synthetic,
    ...(asked.reading?.taken ?? []).map((one) =>
      teller.understanding.taken({ asked: plain(one.asked), names: one.for.map(plain) }),
    ),
    refused && teller.understanding.unused({ words: refused.words.map(plain) }),
    ...unknown.flatMap((field) => {
      const texts = where[field]
      return Array.isArray(texts)
        ? texts.map((text) => teller.figures.not_there({ field, text: plain(String(text)), near: [] }))
        : []
    }),
    parts.length > 0 && texts.within(parts.join('; ')),
    partly && texts.wholeInvestigated,
    texts.follow(url),
    `[${investigationPage(id)}](${investigationPage(id)}) · [${plain(dataset.name)}](${datasetPage(dataset.dataset_id)})`,
  ].filter(Boolean)
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
