import { ANOMALY_RULES } from '../investigation/detectors.ts'
import type { KnownInvestigation } from '../knowledge/fact.ts'
import { say, tell } from '../language/sentence.ts'
import type { AnomalyType, Severity } from '../protocol/investigation.ts'
import type { Answering } from './answering.ts'
import { paragraphs, plain, table } from './markdown.ts'
import { explainFinding, wordsOf } from './telling/findings.ts'
import { datasetPage, investigationPage } from './telling/links.ts'

const LISTED_INVESTIGATIONS = 8
const COUNTABLE = 100

/** Lists counts by severity, the gravest first: `critical: 2, high: 1`. */
export const listSeverities = (
  { texts, teller: { format } }: Answering,
  counts: Partial<Record<Severity, number>>,
): string =>
  (['critical', 'high', 'medium', 'low'] as const)
    .flatMap((one) => (counts[one] ? [`${texts.severities[one]}: ${format.number(counts[one])}`] : []))
    .join(', ')

export const listTypes = (
  { teller: { format, language } }: Answering,
  counts: Partial<Record<AnomalyType, number>>,
): string =>
  (Object.entries(counts) as [AnomalyType, number][])
    .map(([type, count]) => `${wordsOf(type, language).title}: ${format.number(count)}`)
    .join(', ')

/** Explains a rule in words: what it looks at, what it rests on, what it cannot see. */
export const ruleAnswer = ({ teller: { language } }: Answering, type: AnomalyType): string => {
  const { title, rule } = ANOMALY_RULES[type].words[language]
  return paragraphs(
    `**${title}**`,
    `${tell(say('report.rule'), language)}: ${rule}`,
    '`GET /api/v1/anomaly-types`',
  )
}

/** Explains the finding that a message names by its id; undefined where it names none that the caller may see. */
export const namedFindingAnswer = async (answering: Answering): Promise<string | undefined> => {
  const { knowledge, asked, texts, teller } = answering
  const { anomaly } = asked.entities
  if (anomaly === undefined) return undefined
  try {
    return explainFinding(await knowledge.anomaly(anomaly, undefined, teller.language), teller, texts)
  } catch (error) {
    if ((error as { code?: string }).code !== 'NOT_FOUND') throw error
    return texts.anomalyNotFound(plain(anomaly))
  }
}

const newestFinished = async ({ knowledge, asked }: Answering): Promise<KnownInvestigation | undefined> => {
  const { investigation } = asked.entities
  if (investigation !== undefined) return knowledge.investigation(investigation)
  const finished = (await knowledge.investigations(COUNTABLE)).filter((one) => one.status === 'completed')
  const { chosen } = asked
  const id = chosen && 'dataset' in chosen ? chosen.dataset.dataset_id : undefined
  return finished.find((one) => one.dataset_id === id) ?? finished[0]
}

/** Answers with the status of the caller's investigations. */
export const statusAnswer = async ({
  knowledge,
  texts,
  teller: { format },
  asked,
}: Answering): Promise<string> => {
  const { investigation } = asked.entities
  const all =
    investigation === undefined
      ? await knowledge.investigations(LISTED_INVESTIGATIONS)
      : [await knowledge.investigation(investigation)]
  if (all.length === 0) return texts.noInvestigations
  const names = new Map((await knowledge.datasets()).map((one) => [one.dataset_id, one.name]))
  const rows = all.map((one) => [
    `[${plain(one.query)}](${investigationPage(one.investigation_id)})`,
    plain(one.dataset_id === null ? '—' : (names.get(one.dataset_id) ?? one.dataset_id)),
    `${texts.states[one.status]}${one.status === 'running' ? ` (${format.number(one.progress)}%)` : ''}`,
    format.number(one.anomalies_detected),
    one.risk_score === null ? '—' : format.number(one.risk_score, 1),
  ])
  return table(texts.statusHead, rows)
}

/** Answers with the link of the newest report and its figures. */
export const reportAnswer = async (answering: Answering): Promise<string> => {
  const { knowledge, texts, teller } = answering
  const { format } = teller
  const one = await newestFinished(answering)
  if (one === undefined) return paragraphs(teller.flags.not_yet)
  const found = Object.values(one.by_type).reduce((sum, count) => sum + count, 0)
  const dataset = (await knowledge.datasets()).find(({ dataset_id }) => dataset_id === one.dataset_id)
  const page = investigationPage(one.investigation_id)
  return paragraphs(
    texts.reportOf(plain(one.query), plain(dataset?.name ?? one.dataset_id ?? '—')),
    texts.ended(
      format.number(found),
      format.number(one.records_processed),
      format.number(one.risk_score ?? 0, 1),
    ),
    found > 0 && texts.bySeverity(listSeverities(answering, one.by_severity)),
    found > 0 && texts.byType(listTypes(answering, one.by_type)),
    texts.reportAt(`/api/v1/investigations/${one.investigation_id}/report?format=md`),
    `[${page}](${page})${dataset ? ` · [${plain(dataset.name)}](${datasetPage(dataset.dataset_id)})` : ''}`,
  )
}

/** Stops the caller's running or paused investigation; asks which where there are several. */
export const stopAnswer = async ({ knowledge, texts, asked }: Answering): Promise<string> => {
  if (!knowledge.mayInvestigate) return texts.mayNotStop
  const live = (await knowledge.investigations(COUNTABLE)).filter(
    (one) => one.own && (one.status === 'running' || one.status === 'paused' || one.status === 'pending'),
  )
  const { investigation } = asked.entities
  const meant =
    investigation === undefined ? live : live.filter((one) => one.investigation_id === investigation)
  const [one, other] = meant
  if (!one) return texts.nothingToStop
  if (other)
    return texts.stopWhich(
      meant
        .map(({ investigation_id: id, query }) => `- \`${id}\`: [${plain(query)}](${investigationPage(id)})`)
        .join('\n'),
    )
  await knowledge.stop(one.investigation_id)
  return paragraphs(
    texts.stopped(plain(one.query)),
    `[${investigationPage(one.investigation_id)}](${investigationPage(one.investigation_id)})`,
  )
}
