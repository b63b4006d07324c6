import { ANOMALY_RULES } from '../investigation/detectors.ts'
import type { AnomalyList, KnownInvestigation } from '../knowledge/fact.ts'
import { formatOf as formatIn } from '../language/format.ts'
import type { Language } from '../language/language.ts'
import { say, tell } from '../language/sentence.ts'
import type { Anomaly, AnomalyType, Severity } from '../protocol/investigation.ts'
import { contractCells, moreThan, paragraphs, placeIn } from './answer-data.ts'
import { plain, table } from './format.ts'
import { type Answering, datasetOf } from './scope.ts'

const LISTED = 10
/** Findings that an ordinal may refer to. */
const COUNTABLE = 100
const LISTED_CONTRACTS = 8
const LISTED_INVESTIGATIONS = 8

/** Returns the words of an anomaly type. */
export const wordsOf = (type: AnomalyType, language: Language) => ANOMALY_RULES[type].words[language]

const sentence = (key: 'report.rule', language: Language): string => tell(say(key), language)

/** Writes the amount at stake in the finding's own currency; null where there is none. */
const formatImpact = ({ financial_impact, evidence }: Anomaly, language: Language): string | null =>
  financial_impact === null ? null : formatIn(language).money(financial_impact, evidence.currency ?? 'BRL')

/** `critical: 2, high: 1`, the gravest first. */
export const listSeverities = (
  { texts, format }: Answering,
  counts: Partial<Record<Severity, number>>,
): string =>
  (['critical', 'high', 'medium', 'low'] as const)
    .flatMap((one) => (counts[one] ? [`${texts.severities[one]}: ${format.number(counts[one])}`] : []))
    .join(', ')

export const listTypes = (
  { asked, format }: Answering,
  counts: Partial<Record<AnomalyType, number>>,
): string =>
  (Object.entries(counts) as [AnomalyType, number][])
    .map(([type, count]) => `${wordsOf(type, asked.language).title}: ${format.number(count)}`)
    .join(', ')

/**
 * Finds the finished investigation of the question: of the named dataset, else the newest of all. Returns the
 * answer to give when there is none.
 */
const finishedOne = async (answering: Answering): Promise<KnownInvestigation | string> => {
  const { knowledge, texts, asked } = answering
  const { investigation, dataset: named } = asked.entities
  if (investigation !== undefined) return knowledge.investigation(investigation)
  const chosen = await datasetOf(answering)
  if (typeof chosen === 'string') return chosen
  const { dataset_id, name } = chosen.dataset
  if (named === undefined && chosen.note !== undefined) {
    const newest = (await knowledge.investigations(COUNTABLE)).find((one) => one.status === 'completed')
    if (newest) return newest
  }
  const { investigations } = await knowledge.anomalies({
    datasetId: dataset_id,
    limit: 1,
    order: 'discovery',
  })
  return investigations[0] ?? texts.notInvestigated(plain(name))
}

/** Returns the name of an investigation's dataset, for Markdown. */
const datasetOfOne = async (
  { knowledge }: Answering,
  { dataset_id }: KnownInvestigation,
): Promise<string> => {
  const datasets = await knowledge.datasets()
  return plain(datasets.find((one) => one.dataset_id === dataset_id)?.name ?? dataset_id ?? '—')
}

const listOf = async (
  { knowledge, asked }: Answering,
  { investigation_id: investigationId }: KnownInvestigation,
): Promise<AnomalyList> => {
  const { anomalyType: type, severity } = asked.entities
  const order = asked.listedByDiscovery ? 'discovery' : 'severity'
  const { language } = asked
  return knowledge.anomalies({ investigationId, type, severity, limit: COUNTABLE, order, language })
}

/** Returns the reason with the next steps, for when nothing was investigated yet. */
const withNextSteps = async (answering: Answering, reason: string): Promise<string> => {
  const chosen = await datasetOf(answering)
  if (typeof chosen === 'string') return reason
  const { texts } = answering
  const at = { dataset: plain(chosen.dataset.name), supplier: undefined, buyer: undefined }
  return paragraphs(reason, `${texts.examplesHead} ${texts.example('investigate', at)}`)
}

/** Lists the findings of the newest finished investigation, the gravest first. */
export const anomaliesAnswer = async (answering: Answering): Promise<string> => {
  const { texts, format, asked } = answering
  const investigation = await finishedOne(answering)
  if (typeof investigation === 'string') return withNextSteps(answering, investigation)
  const { items, total } = await listOf(answering, investigation)
  const source = texts.ofInvestigation(
    plain(investigation.query),
    await datasetOfOne(answering, investigation),
  )
  const { startDate, endDate } = asked.entities
  const { start_date, end_date } = investigation.filters
  const period =
    (startDate ?? endDate) && (startDate !== start_date || endDate !== end_date) && texts.notByPeriod
  if (total === 0) return paragraphs(source, period, texts.noAnomalies)
  const before = asked.page * LISTED
  const shown = items.slice(before, before + LISTED)
  if (shown.length === 0) return paragraphs(source, texts.thatIsAll)
  return paragraphs(
    source,
    period,
    texts.anomaliesFound(format.number(total)),
    table(
      texts.anomalyColumns,
      shown.map((anomaly, at) => [
        String(before + at + 1),
        texts.severities[anomaly.severity],
        wordsOf(anomaly.anomaly_type, asked.language).title,
        plain(anomaly.title),
        formatImpact(anomaly, asked.language) ?? '—',
      ]),
    ),
    moreThan(answering, before + shown.length, total),
    texts.caution,
  )
}

/** Explains one finding with its rule and the contracts that it rests on. */
const explainFinding = (answering: Answering, anomaly: Anomaly): string => {
  const { texts, format, asked } = answering
  const { anomaly_type: type, severity, evidence, confidence } = anomaly
  const { title, rule } = wordsOf(type, asked.language)
  const impact = formatImpact(anomaly, asked.language)
  const contracts = evidence.contracts ?? []
  const shown = contracts.slice(0, LISTED_CONTRACTS)
  const [number, day, object, , amount] = texts.contractColumns
  const rows = shown.map((one) => contractCells(answering, one))
  return paragraphs(
    `**${title}** (${texts.severities[severity]})`,
    plain(anomaly.title),
    `${sentence('report.rule', asked.language)}: ${rule}`,
    shown.length > 0 && paragraphs(texts.evidenceHead, table([number, day, object, amount], rows)),
    moreThan(answering, shown.length, contracts.length),
    [
      impact !== null && texts.impact(impact),
      texts.confidence(format.share(confidence)),
      texts.id(anomaly.anomaly_id),
    ]
      .filter(Boolean)
      .join(' '),
    texts.caution,
  )
}

/** Explains one finding, found by id, contract, type or place in the list of an earlier answer. */
export const explanationAnswer = async (answering: Answering): Promise<string> => {
  const { knowledge, texts, format, asked } = answering
  const { anomaly, contract, ordinal, anomalyType } = asked.entities
  const named = anomaly ?? contract
  if (named !== undefined) {
    try {
      return explainFinding(answering, await knowledge.anomaly(named, undefined, asked.language))
    } catch (error) {
      if ((error as { code?: string }).code !== 'NOT_FOUND') throw error
      const missing = anomaly === undefined ? texts.notFlagged : texts.anomalyNotFound
      return paragraphs(missing(plain(named)), await anomaliesAnswer(answering))
    }
  }
  const words = anomalyType && wordsOf(anomalyType, asked.language)
  const rule = words && `**${words.title}**\n\n${sentence('report.rule', asked.language)}: ${words.rule}`
  const investigation = await finishedOne(answering)
  if (typeof investigation === 'string') return rule ?? (await withNextSteps(answering, investigation))
  const { items, total } = await listOf(answering, investigation)
  const dataset = await datasetOfOne(answering, investigation)
  if (total === 0)
    return paragraphs(rule, texts.ofInvestigation(plain(investigation.query), dataset), texts.noAnomalies)
  const at = placeIn(ordinal ?? 1, items.length)
  if (at === undefined) return texts.noSuchPlace(format.number(items.length))
  return paragraphs(
    explainFinding(answering, items[at] as Anomaly),
    texts.source(dataset, investigation.dataset_id === 'sample'),
  )
}

/** Answers with the status of the caller's investigations. */
export const statusAnswer = async ({ knowledge, texts, format, asked }: Answering): Promise<string> => {
  const { investigation } = asked.entities
  const all =
    investigation === undefined
      ? await knowledge.investigations(LISTED_INVESTIGATIONS)
      : [await knowledge.investigation(investigation)]
  if (all.length === 0) return texts.noInvestigations
  const names = new Map((await knowledge.datasets()).map((one) => [one.dataset_id, one.name]))
  const rows = all.map((one) => [
    plain(one.query),
    plain(one.dataset_id === null ? '—' : (names.get(one.dataset_id) ?? one.dataset_id)),
    `${texts.states[one.status]}${one.status === 'running' ? ` (${format.number(one.progress)}%)` : ''}`,
    format.number(one.anomalies_detected),
    one.risk_score === null ? '—' : format.times(one.risk_score),
  ])
  return table(texts.statusHead, rows)
}

/** Answers with the link of the newest report and its figures. */
export const reportAnswer = async (answering: Answering): Promise<string> => {
  const { texts, format } = answering
  const one = await finishedOne(answering)
  if (typeof one === 'string') return withNextSteps(answering, one)
  const found = Object.values(one.by_type).reduce((sum, count) => sum + count, 0)
  return paragraphs(
    texts.reportOf(plain(one.query), await datasetOfOne(answering, one)),
    texts.ended(
      format.number(found),
      format.number(one.records_processed),
      format.times(one.risk_score ?? 0),
    ),
    found > 0 && texts.bySeverity(listSeverities(answering, one.by_severity)),
    found > 0 && texts.byType(listTypes(answering, one.by_type)),
    texts.reportAt(`/api/v1/investigations/${one.investigation_id}/report?format=md`),
  )
}
