import { type Static, type TSchema, Type } from 'typebox'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import { ANOMALY_TYPES, type Anomaly, AnomalyType } from '../protocol/investigation.ts'
import { Plan } from '../protocol/plan.ts'
import type { Ranking } from '../question/outcome.ts'
import { chooseDataset } from './choice.ts'
import type { Knowledge, KnownDataset, Slice } from './fact.ts'
import { type Tool, type ToolContext, tool } from './tool.ts'

/** Findings in the result of an investigation. */
const LISTED = 10
/** Milliseconds for which a model waits for an investigation, which goes on afterwards. */
const FOLLOW_MS = 120_000

const Dataset = Type.Optional(
  Type.String({
    maxLength: 200,
    description: 'id or name; when left out: the newest upload, else the sample',
  }),
)
const Day = (description: string) => Type.Optional(Type.String({ format: 'date', description }))
const Text = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }))
const slice = {
  supplier: Text("part of a supplier's name, or its CNPJ"),
  buyer: Text('part of the name of a buyer or of a unit inside it'),
  start_date: Day('YYYY-MM-DD, inclusive, by signature'),
  end_date: Day('YYYY-MM-DD, inclusive'),
  min_value: Type.Optional(Type.Number({ minimum: 0, description: 'reais' })),
}

type Sliced = Static<Type.TObject<typeof slice>>

const sliceOf = ({ supplier, buyer, start_date, end_date, min_value }: Sliced): Slice => ({
  supplier,
  buyer,
  startDate: start_date,
  endDate: end_date,
  minValue: min_value,
})

const brief = ({ evidence, explanation: _explanation, ...anomaly }: Anomaly) => ({
  ...anomaly,
  ...(evidence.buyer === undefined ? {} : { buyer: evidence.buyer }),
  ...(evidence.supplier_name === undefined ? {} : { supplier_name: evidence.supplier_name }),
})

const object = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })

const chosen = async (knowledge: Knowledge, name: string | undefined): Promise<KnownDataset> => {
  const choice = chooseDataset(await knowledge.datasets(), name)
  if (choice?.dataset) return choice.dataset
  const there = choice?.others.slice(0, 10).map((one) => one.name) ?? []
  throw new Problem('NOT_FOUND', say('chat.datasets_there', { names: there }))
}

const of = ({ dataset_id, name, synthetic }: KnownDataset) => ({ dataset_id, name, synthetic })

/**
 * Waits for an investigation's outcome and publishes its progress meanwhile; returns what has been found when it
 * takes too long.
 */
const followed = async (id: string, { knowledge, signal, notify }: ToolContext) => {
  notify({
    type: 'investigation_started',
    investigation_id: id,
    stream_url: `/api/v1/investigations/stream/${id}`,
  })
  const late = AbortSignal.timeout(FOLLOW_MS)
  const items: unknown[] = []
  let outcome: Readonly<Record<string, unknown>> = {}
  try {
    for await (const event of knowledge.follow(id, AbortSignal.any([signal, late]))) {
      if (event.type === 'anomaly') {
        const { type: _type, investigation_id: _id, ...anomaly } = event
        if (items.length < LISTED) items.push(brief(anomaly))
      } else if (event.type === 'progress')
        notify({
          type: 'tool',
          name: 'start_investigation',
          state: 'progress',
          message: `${Math.round(event.progress)} %, ${event.anomalies_detected} red flags`,
        })
      else if (event.type === 'complete' || event.type === 'error' || event.type === 'cancelled') {
        const { type, investigation_id: _id, timestamp: _timestamp, ...rest } = event
        outcome = { ended: type, ...rest }
      }
    }
  } catch (error) {
    signal.throwIfAborted()
    if (!late.aborted) throw error
    outcome = { ended: 'not yet' }
  }
  return { investigation_id: id, ...outcome, items }
}

/** Returns rankings as one list, of which the end can be left out. */
const groupsOf = (rankings: readonly Ranking[] | undefined) =>
  rankings
    ? {
        rankings: rankings.map(({ items: _items, ...ranking }) => ranking),
        groups: rankings.flatMap(({ currency, items }) => items.map((item) => ({ currency, ...item }))),
      }
    : {}

/** The tools that read what a caller may see. */
export const TOOLS: readonly Tool[] = [
  tool(
    'dataset_overview',
    'The datasets at hand, and one of them in figures: rows, total value in reais, period, buyers, suppliers, years.',
    object({ dataset: Dataset, ...slice }),
    async ({ dataset: name, ...rest }, { knowledge, signal }) => {
      const dataset = await chosen(knowledge, name)
      const overview = await knowledge.overview(dataset.dataset_id, sliceOf(rest), { signal })
      return { ...of(dataset), ...overview, datasets: (await knowledge.datasets()).map(of) }
    },
  ),
  tool(
    'query_contracts',
    'Answers a question about contracts, suppliers, buyers, categories or findings from the data by SQL: counts, sums, means, shares, rankings, lists, growth, comparisons. Fill in the plan; every figure you tell must come from its result. Amounts of different currencies are never added.',
    Plan,
    async ({ dataset: name, place: _place, ...plan }, { knowledge, signal }) => {
      const dataset = await chosen(knowledge, name)
      const within = { signal, language: 'en' as const }
      const { figures, whole, groups, rankings, sides, contracts, unknown, findings } = await knowledge.query(
        dataset.dataset_id,
        { ...plan, limit: plan.limit ?? LISTED },
        within,
      )
      return {
        ...of(dataset),
        figures,
        ...(whole ? { whole: whole.amounts } : {}),
        ...(groups ? { number_of_groups: groups.of, with_contracts: groups.filled } : {}),
        ...(sides ? { sides } : {}),
        ...groupsOf(rankings),
        ...(contracts.length > 0 ? { contracts } : {}),
        ...(findings ? { ...findings, items: findings.items.map(brief) } : {}),
        ...(unknown.length > 0 ? { not_in_the_data: unknown } : {}),
      }
    },
  ),
  tool(
    'explain_anomaly',
    'One red flag with its rule, figures and the contracts it stands on.',
    object({
      anomaly: Type.String({
        minLength: 1,
        maxLength: 100,
        description: "an anomaly's id, or a contract's",
      }),
      dataset: Dataset,
    }),
    async ({ anomaly: id, dataset: name }, { knowledge }) => {
      const dataset = name === undefined ? undefined : await chosen(knowledge, name)
      const { evidence, ...anomaly } = await knowledge.anomaly(id, dataset?.dataset_id)
      const { contracts = [], ...rest } = evidence
      return { ...anomaly, evidence: rest, contracts: contracts.slice(0, 12) }
    },
  ),
  tool(
    'start_investigation',
    'Looks for red flags in a dataset, or in the part that the filters leave, and waits for what it finds.',
    object({
      query: Type.String({
        minLength: 1,
        maxLength: 500,
        description: 'the question, in the words of the user',
      }),
      dataset: Dataset,
      ...slice,
      anomaly_types: Type.Optional(
        Type.Array(AnomalyType, { minItems: 1, maxItems: ANOMALY_TYPES.length, uniqueItems: true }),
      ),
    }),
    async ({ query, dataset: name, anomaly_types, ...filters }, context) => {
      const { knowledge } = context
      const dataset = await chosen(knowledge, name)
      const id = await knowledge.investigate({
        datasetId: dataset.dataset_id,
        query,
        filters: Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)),
        anomalyTypes: anomaly_types,
      })
      return { ...of(dataset), ...(await followed(id, context)) }
    },
  ),
]
