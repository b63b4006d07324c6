import { type TSchema, Type } from 'typebox'
import type { RouteExample } from '../plugins/route-example.ts'
import { Anomaly } from '../protocol/investigation.ts'

const Text = Type.String()
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const listOf = <T extends TSchema>(item: T) => Type.Object({ items: Type.Array(item), next: orNull(Text) })
const Count = Type.Integer({ minimum: 0 })

const Dataset = Type.Object({
  dataset_id: Text,
  name: Text,
  synthetic: Type.Boolean(),
  rows: Count,
  rejected: Count,
  columns: Type.Record(Text, Text),
  warnings: Type.Array(Text),
  rejects: Type.Array(Type.Object({ line: Count, reason: Text })),
  created_at: Text,
})

const Contract = Type.Object({
  line: Count,
  source_lines: Type.Array(Count),
  contract_id: Text,
  contract_number: orNull(Text),
  supplier_id: orNull(Text),
  supplier_name: orNull(Text),
  buyer_name: orNull(Text),
  object: orNull(Text),
  category: orNull(Text),
  signed_at: orNull(Text),
  start_at: orNull(Text),
  end_at: orNull(Text),
  value: orNull(Type.Number()),
  currency: Text,
})

const Investigation = Type.Object({
  investigation_id: Text,
  stream_id: Text,
  owner: Text,
  query: Text,
  status: Type.Enum(['pending', 'running', 'paused', 'completed', 'failed', 'cancelled']),
  dataset_id: orNull(Text),
  data_source: orNull(Text),
  filters: Type.Record(Text, Type.Unknown()),
  anomaly_types: Type.Array(Text),
  thresholds: Type.Record(Text, Type.Record(Text, Type.Number())),
  language: Text,
  progress: Type.Number(),
  current_phase: orNull(Text),
  records_processed: Count,
  anomalies_detected: Count,
  created_at: Text,
  started_at: orNull(Text),
  ended_at: orNull(Text),
  result: Type.Unknown(),
  error: Type.Unknown(),
})

const AnomalyType = Type.Object({
  anomaly_type: Text,
  title: Text,
  rule: Text,
  sources: Type.Array(Text),
  blind_spots: Type.Array(Text),
  thresholds: Type.Record(
    Text,
    Type.Object({
      default: Type.Number(),
      minimum: Type.Optional(Type.Number()),
      maximum: Type.Optional(Type.Number()),
      meaning: Text,
    }),
  ),
})

const ChatSession = Type.Object({
  session_id: Text,
  title: Text,
  owner: Text,
  created_at: Text,
  updated_at: Text,
})

const Message = Type.Object({
  message_id: Text,
  session_id: Text,
  role: Type.Enum(['user', 'assistant', 'system', 'tool']),
  content: Text,
  state: Type.Enum(['pending', 'streaming', 'complete', 'error', 'cancelled']),
  agent_id: orNull(Text),
  provider: orNull(Text),
  model: orNull(Text),
  created_at: Text,
})

const Model = Type.Object({
  id: Text,
  object: Type.Literal('model'),
  created: Type.Integer({ description: 'seconds since 1970' }),
  owned_by: Text,
})

/**
 * Answers of routes that write them as text, or as they were stored, and so have no schema of their own: what a caller
 * may rely on. The API's documentation shows them; nothing is checked or left out by them.
 */
export const ANSWERS = {
  'GET /api/v1/datasets': listOf(Dataset),
  'POST /api/v1/datasets': Dataset,
  'GET /api/v1/datasets/{id}': Dataset,
  'GET /api/v1/datasets/{id}/contracts': listOf(Contract),
  'GET /api/v1/investigations': listOf(Investigation),
  'GET /api/v1/investigations/{id}': Investigation,
  'GET /api/v1/investigations/{id}/anomalies': listOf(Anomaly),
  'GET /api/v1/anomaly-types': listOf(AnomalyType),
  'GET /api/v1/agents': listOf(
    Type.Object({ id: Text, name: Text, purpose: Text, intents: Type.Array(Text) }),
  ),
  'GET /api/v1/chat/sessions': listOf(
    Type.Object({ ...ChatSession.properties, excerpt: Type.Optional(orNull(Text)) }),
  ),
  'GET /api/v1/chat/sessions/{id}': ChatSession,
  'GET /api/v1/chat/sessions/{id}/messages': listOf(Message),
  'GET /v1/models': Type.Object({ object: Type.Literal('list'), data: Type.Array(Model) }),
  'GET /v1/models/{*}': Model,
} satisfies Partial<Record<RouteExample['route'], TSchema>>
