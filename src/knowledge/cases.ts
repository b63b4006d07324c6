import { existing, noSuch } from '../errors.ts'
import { countFindings, findFinding } from '../investigation/finding-rows.ts'
import type { Investigation, Investigations } from '../investigation/investigations.ts'
import type { Language } from '../language/language.ts'
import { type Anomaly, type AnomalyType, SEVERITIES, type Severity } from '../protocol/investigation.ts'
import type { Plan } from '../protocol/plan.ts'
import type { Store } from '../store/database.ts'
import type { AnomalyFilter, AnomalyList, FoundFindings, KnownInvestigation } from './fact.ts'

interface Reach {
  /** Lists the caller's investigations after the one with the id `after`, newest first. */
  list(limit: number, after: string | null): Promise<Investigation[]>
  /** Checks that the caller may read a resource. @throws {Problem} `NOT_FOUND` */
  allowed(type: 'dataset' | 'investigation', id: string): Promise<unknown>
  fact(investigation: Investigation): KnownInvestigation
}

type Found = Anomaly & { investigation_id: string }

/** Investigations that are read to find the newest finished one, or an anomaly. */
const MOST_INVESTIGATIONS = 1000
const PAGE = 100
/** Findings of an investigation that are read to sort them by severity, or to find a contract. */
const MOST_FINDINGS = 5000

/** Findings that an answer lists unless its plan says how many. */
const LISTED_FINDINGS = 10

/** Returns the ids of the contracts that a finding rests on. */
const restsOn = ({ contract_id, evidence }: Anomaly): string[] => [
  ...(contract_id === null ? [] : [contract_id]),
  ...(evidence.contracts ?? []).map((one) => one.contract_id),
]

const byGravity = (a: Anomaly, b: Anomaly): number =>
  SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
  (b.financial_impact ?? 0) - (a.financial_impact ?? 0) ||
  b.confidence - a.confidence ||
  (a.anomaly_id < b.anomaly_id ? -1 : 1)

/** Reads the findings of the investigations that the caller may see. */
export const findings = ({ db }: Store, investigations: Investigations, { list, allowed, fact }: Reach) => {
  async function* newestFirst(): AsyncGenerator<Investigation> {
    let after: string | null = null
    for (let seen = 0; seen < MOST_INVESTIGATIONS; seen += PAGE) {
      const page = await list(PAGE, after)
      yield* page
      const last = page.at(-1)
      if (!last || page.length < PAGE) return
      after = last.investigation_id
    }
  }

  /** Returns the newest finished investigation of a dataset; of each dataset when none is given. */
  const finished = async (datasetId: string | undefined): Promise<Investigation[]> => {
    const newest = new Map<string, Investigation>()
    for await (const one of newestFirst()) {
      const id = one.dataset_id
      if (one.status !== 'completed' || id === null || newest.has(id)) continue
      if (datasetId === undefined) newest.set(id, one)
      else if (id === datasetId) return [one]
    }
    return [...newest.values()]
  }

  const chosen = async ({ investigationId, datasetId }: AnomalyFilter): Promise<Investigation[]> => {
    if (investigationId !== undefined) {
      await allowed('investigation', investigationId)
      return [existing(await investigations.get(investigationId), 'investigation')]
    }
    if (datasetId !== undefined) await allowed('dataset', datasetId)
    return finished(datasetId)
  }

  const foundBy = async (
    { investigation_id }: Investigation,
    { type, severity, language }: Pick<AnomalyFilter, 'type' | 'severity' | 'language'>,
    limit: number,
  ): Promise<Found[]> => {
    const found = await investigations.anomalies(investigation_id, {
      type,
      severity,
      limit,
      after: 0,
      language,
    })
    return found.map(({ seq: _seq, ...anomaly }) => ({ ...anomaly, investigation_id }))
  }

  const anomalies = async (filter: AnomalyFilter): Promise<AnomalyList> => {
    const from = await chosen(filter)
    const most = filter.order === 'severity' ? MOST_FINDINGS : filter.limit
    const found: Found[] = []
    for (const one of from) found.push(...(await foundBy(one, filter, most)))
    if (filter.order === 'severity') found.sort(byGravity)
    return {
      items: found.slice(0, filter.limit),
      total: await countFindings(
        db,
        from.map((one) => one.investigation_id),
        filter,
      ),
      investigations: from.map(fact),
    }
  }

  /** Returns a contract's number as people write it, without leading zeros. */
  const bare = (number: string | null): string | undefined => number?.trim().toLowerCase().replace(/^0+/, '')

  const standsOn = (anomaly: Anomaly, contract: string): boolean =>
    (anomaly.evidence.contracts ?? []).some((one) =>
      [one.contract_id, one.contract_number].some((number) => bare(number) === bare(contract)),
    )

  /** Finds one finding. @throws {Problem} `NOT_FOUND` */
  const anomaly = async (id: string, datasetId?: string, language?: Language): Promise<Found> => {
    if (datasetId !== undefined) await allowed('dataset', datasetId)
    if (/^[0-9a-f]{6,24}$/.test(id)) {
      const among: string[] = []
      for await (const one of newestFirst()) among.push(one.investigation_id)
      const row = await findFinding(db, among, id)
      if (row) return { ...investigations.inLanguage(row, language), investigation_id: row.investigation_id }
    }
    for (const one of await finished(datasetId)) {
      const found = (await foundBy(one, { language }, MOST_FINDINGS)).sort(byGravity)
      const about =
        found.find((each) => bare(each.contract_id) === bare(id)) ?? found.find((each) => standsOn(each, id))
      if (about) return about
    }
    throw noSuch('anomaly')
  }

  /**
   * Finds what a plan asks for among the findings of a dataset's newest finished investigation.
   * @param among returns those of the contracts that the plan's restriction leaves; not called where it leaves all
   */
  const matching = async (
    datasetId: string,
    plan: Plan,
    language: Language,
    among: ((contracts: readonly string[]) => Promise<ReadonlySet<string>>) | undefined,
  ): Promise<FoundFindings> => {
    const [investigation] = await finished(datasetId)
    if (!investigation)
      return {
        investigation: null,
        ran: [],
        skipped: [],
        items: [],
        of: 0,
        by_type: {},
        by_severity: {},
        at_stake: [],
      }
    const { anomaly_type, severity } = plan.where
    let found = (await foundBy(investigation, { language }, MOST_FINDINGS)).filter(
      (one) =>
        (anomaly_type?.includes(one.anomaly_type) ?? true) && (severity?.includes(one.severity) ?? true),
    )
    if (among) {
      const kept = await among([...new Set(found.flatMap(restsOn))])
      found = found.filter((one) => restsOn(one).some((id) => kept.has(id)))
    }
    if (plan.order?.by === 'value' || plan.measure === 'largest')
      found.sort((a, b) => (b.financial_impact ?? 0) - (a.financial_impact ?? 0) || byGravity(a, b))
    else if (plan.order?.by !== 'date') found.sort(byGravity)
    const isByDate = plan.order?.by === 'date'
    if (plan.order?.direction === (isByDate ? 'desc' : 'asc') || plan.measure === 'smallest') found.reverse()
    const by_type: Partial<Record<AnomalyType, number>> = {}
    const by_severity: Partial<Record<Severity, number>> = {}
    const stakes = new Map<string, { currency: string; findings: number; cents: number }>()
    for (const one of found) {
      by_type[one.anomaly_type] = (by_type[one.anomaly_type] ?? 0) + 1
      by_severity[one.severity] = (by_severity[one.severity] ?? 0) + 1
      if (one.financial_impact === null) continue
      const currency = one.evidence.currency ?? 'BRL'
      const stake = stakes.get(currency) ?? { currency, findings: 0, cents: 0 }
      stake.findings += 1
      stake.cents += Math.round(one.financial_impact * 100)
      stakes.set(currency, stake)
    }
    const { skipped } = await investigations.notices(investigation.investigation_id, language)
    const skip = plan.skip ?? 0
    return {
      investigation: fact(investigation),
      ran: investigation.anomaly_types.filter((type) => !skipped.some((one) => one.anomaly_type === type)),
      skipped,
      items: found.slice(skip, skip + (plan.limit ?? LISTED_FINDINGS)),
      of: found.length,
      by_type,
      by_severity,
      at_stake: [...stakes.values()]
        .sort((a, b) => b.findings - a.findings)
        .map(({ cents, ...one }) => ({ ...one, total: cents / 100 })),
    }
  }

  return { anomalies, anomaly, matching }
}
