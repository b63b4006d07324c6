import { ANOMALY_RULES } from '../../investigation/detectors.ts'
import type { Answered, FoundFindings } from '../../knowledge/fact.ts'
import type { Language } from '../../language/language.ts'
import { say, tell } from '../../language/sentence.ts'
import type { Anomaly, AnomalyType } from '../../protocol/investigation.ts'
import { paragraphs, plain, table } from '../markdown.ts'
import type { Texts } from '../texts.ts'
import { findingPage } from './links.ts'
import type { Teller } from './teller.ts'

const LISTED_CONTRACTS = 8
const NONE = '—'

/** Returns the words of an anomaly type. */
export const wordsOf = (type: AnomalyType, language: Language) => ANOMALY_RULES[type].words[language]

type Found = Anomaly & { investigation_id: string }

const impactOf = ({ financial_impact, evidence }: Anomaly, { format }: Teller): string | undefined =>
  financial_impact === null ? undefined : format.money(financial_impact, evidence.currency ?? 'BRL')

/** Explains one finding with its rule and the contracts that it rests on. */
export const explainFinding = (anomaly: Found, teller: Teller, texts: Texts): string => {
  const { anomaly_type: type, severity, evidence, confidence } = anomaly
  const { title, rule } = wordsOf(type, teller.language)
  const { table: heads, format } = teller
  const impact = impactOf(anomaly, teller)
  const contracts = evidence.contracts ?? []
  const shown = contracts.slice(0, LISTED_CONTRACTS)
  const page = findingPage(anomaly.investigation_id, anomaly.anomaly_id)
  return paragraphs(
    `**${title}** (${texts.severities[severity]})`,
    plain(anomaly.title),
    anomaly.explanation !== null && plain(anomaly.explanation),
    `${tell(say('report.rule'), teller.language)}: ${rule}`,
    shown.length > 0 &&
      paragraphs(
        texts.evidenceHead,
        table(
          [heads.contract, heads.date, heads.object, heads.total],
          shown.map((one) => [
            plain(one.contract_number ?? one.contract_id),
            one.date ? format.day(one.date) : NONE,
            plain(one.object ?? NONE),
            one.value === null ? NONE : format.money(one.value, evidence.currency ?? 'BRL'),
          ]),
        ),
      ),
    shown.length < contracts.length && teller.figures.shown({ shown: shown.length, of: contracts.length }),
    [
      impact !== undefined && texts.impact(impact),
      texts.confidence(format.percent(confidence)),
      texts.id(anomaly.anomaly_id),
    ]
      .filter(Boolean)
      .join(' '),
    teller.figures.links({ page, api: `/api/v1/investigations/${anomaly.investigation_id}/anomalies` }),
    texts.caution,
  )
}

/** Returns the asked rules that the investigation was not told to run. */
const leftOut = (
  { ran, skipped }: FoundFindings,
  asked: readonly AnomalyType[] = Object.values(ANOMALY_RULES).map(({ type }) => type),
): AnomalyType[] =>
  asked.filter((type) => !ran.includes(type) && !skipped.some((one) => one.anomaly_type === type))

/** Tells which rules looked at the data and which could not, with their reasons. */
const rulesParts = (
  findings: FoundFindings,
  asked: readonly AnomalyType[] | undefined,
  teller: Teller,
): string => {
  const of = (type: AnomalyType) => asked === undefined || asked.includes(type)
  const title = (type: AnomalyType) => wordsOf(type, teller.language).title
  const skipped = findings.skipped.filter(({ anomaly_type }) => of(anomaly_type))
  const ran = findings.ran.filter(of)
  const left = leftOut(findings, asked)
  return paragraphs(
    left.length > 0 && teller.flags.not_asked({ types: left.map(title) }),
    teller.flags.ran({ types: (ran.length > 0 || left.length === 0 ? ran : findings.ran).map(title) }),
    skipped.length > 0 &&
      teller.flags.could_not({
        rules: skipped.map(({ anomaly_type, reason }) => ({
          title: title(anomaly_type),
          reason,
        })),
      }),
  )
}

/** Tells what a plan about findings gave; of nothing found, which rules looked and which could not. */
export const findingsParts = (
  { plan, figures, findings }: Answered,
  teller: Teller,
  texts: Texts,
): string => {
  const { flags, table: heads, format } = teller
  if (!findings?.investigation) return flags.not_yet
  const { investigation, items, of } = findings
  const valued = figures.amounts.reduce((sum, one) => sum + one.contracts, 0)
  const part = Object.keys(investigation.filters).length > 0 && flags.limited
  if (of === 0)
    return paragraphs(
      leftOut(findings, plan.where.anomaly_type).length !== plan.where.anomaly_type?.length &&
        flags.none({ examined: investigation.records_processed, valued }),
      part,
      rulesParts(findings, plan.where.anomaly_type, teller),
    )
  const head = flags.found({ count: of, all: of, query: plain(investigation.query) })
  const stakes = findings.at_stake
    .map(({ currency, total, findings: count }) => flags.at_stake({ amount: total, currency, count }))
    .join('\n')
  if (
    plan.group === 'severity' ||
    plan.group === 'anomaly_type' ||
    plan.measure === 'count' ||
    plan.measure === 'sum'
  ) {
    const bySeverity = (['critical', 'high', 'medium', 'low'] as const).flatMap((one) =>
      findings.by_severity[one] ? [[texts.severities[one], format.number(findings.by_severity[one])]] : [],
    )
    const byType = (Object.entries(findings.by_type) as [AnomalyType, number][])
      .sort(([, a], [, b]) => b - a)
      .map(([type, count]) => [wordsOf(type, teller.language).title, format.number(count)])
    return paragraphs(
      head,
      plan.measure === 'sum' && stakes,
      plan.group !== 'anomaly_type' && table([heads.severity, heads.number], bySeverity),
      plan.group !== 'severity' && table([heads.type, heads.number], byType),
      part,
      texts.caution,
    )
  }
  if (items.length === 0) return paragraphs(head, teller.figures.end_of_list)
  const before = plan.skip ?? 0
  return paragraphs(
    head,
    stakes,
    table(
      [heads.place, heads.severity, heads.type, heads.finding, heads.at_stake],
      items.map((anomaly, at) => [
        String(before + at + 1),
        texts.severities[anomaly.severity],
        wordsOf(anomaly.anomaly_type, teller.language).title,
        `[${plain(anomaly.title)}](${findingPage(anomaly.investigation_id, anomaly.anomaly_id)})`,
        impactOf(anomaly, teller) ?? NONE,
      ]),
    ),
    before + items.length < of && teller.figures.shown({ shown: before + items.length, of }),
    part,
    findings.skipped.length > 0 && rulesParts(findings, undefined, teller),
    texts.caution,
  )
}
