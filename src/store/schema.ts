import type { Generated } from 'kysely'
import type { Language } from '../language/language.ts'

/**
 * The tables, as both SQLite and PostgreSQL have them. Times are milliseconds since the Unix epoch; flags are 0 or 1;
 * columns that end in `_json` hold JSON text.
 */
export interface Schema {
  users: UserTable
  refresh_tokens: RefreshTokenTable
  tickets: TicketTable
  login_failures: LoginFailureTable
  shares: ShareTable
  datasets: DatasetTable
  dataset_chunks: DatasetChunkTable
  streams: StreamTable
  investigations: InvestigationTable
  anomalies: AnomalyTable
  finding_reviews: FindingReviewTable
  chat_sessions: ChatSessionTable
  chat_messages: ChatMessageTable
  token_usage: TokenUsageTable
  models: ModelTable
  prompts: PromptTable
  audit_events: AuditEventTable
  audit_checkpoints: AuditCheckpointTable
  audit_head: AuditHeadTable
  audit_outbox: AuditOutboxTable
  audit_upkeep: AuditUpkeepTable
}

export interface UserTable {
  id: string
  username: string
  email: string | null
  role: string
  password_hash: string
  disabled: number
  /**
   * Tokens issued before this moment are refused; it is set by a new password or role and when the user is disabled.
   */
  tokens_valid_from: number
  created_at: number
}

export interface RefreshTokenTable {
  /** SHA-256 of the token, hex. */
  hash: string
  family: string
  user_id: string
  expires_at: number
  used_at: number | null
  revoked_at: number | null
}

export interface TicketTable {
  /** SHA-256 of the ticket, hex. */
  hash: string
  user_id: string
  expires_at: number
  /** The path that the ticket opened first and is bound to from then on. */
  path: string | null
  /** The session of the credentials that it was issued for: their end ends the ticket's identity. */
  session: string | null
  generation: number
  token_expires_at: number | null
}

export interface LoginFailureTable {
  id: Generated<number>
  username: string
  address: string
  at: number
}

export interface ShareTable {
  resource_type: string
  resource_id: string
  /** User id; `*` stands for every signed-in user. */
  user_id: string
  created_at: number
}

export interface DatasetTable {
  id: string
  name: string
  /** User id; null for the bundled sample, which every signed-in user reads. */
  owner: string | null
  /** `uploading` rows are hidden, and are removed when their upload is gone. */
  state: 'uploading' | 'ready'
  synthetic: number
  lines: Generated<number>
  rows: number
  merged: Generated<number>
  rejected: number
  bytes: number
  currencies_json: Generated<string>
  source_json: Generated<string>
  unmapped_json: Generated<string>
  columns_json: string
  warnings_json: string
  rejects_json: string
  created_at: number
}

/** Chunks of Parquet files: the bytes of part `part` are its chunks joined by `seq`. */
export interface DatasetChunkTable {
  dataset_id: string
  part: number
  seq: number
  bytes: Buffer
}

export interface StreamTable {
  id: string
  kind: string
  channel: string
  owner: string
  state: 'running' | 'completed' | 'failed' | 'cancelled'
  /** Instance that runs it, or ran it last; null while it waits for one. */
  instance: string | null
  lease_until: number
  /** Grows each time another instance takes the stream; older holders are refused. */
  fence: number
  on_disconnect: 'continue' | 'cancel'
  /** Language of the user who started it, in which its end is described. */
  language: Generated<Language>
  /** The trace of the request that asked for it, as `traceparent` has it; null where there are no traces. */
  traceparent: string | null
  cancel_requested: number
  /** Position in its channel before its first publication: epoch and offset. */
  epoch: string | null
  start_offset: number | null
  /** Progress of a download; null for other kinds. */
  progress_json: string | null
  /** The one terminal event, as published; stored before it is published. */
  terminal_json: string | null
  end_epoch: string | null
  end_offset: number | null
  started_at: number
  ended_at: number | null
}

export interface InvestigationTable {
  id: string
  stream_id: string
  owner: string
  query: string
  request_json: string
  status: 'pending' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled'
  dataset_id: string | null
  progress: number
  phase: string | null
  records_processed: number
  records_total: number
  anomalies_detected: number
  /** Progress of a run, for the instance that takes it over. */
  checkpoint_json: string
  /** Result of a completed run: totals, skipped detectors, warnings, risk score. */
  summary_json: string | null
  created_at: number
  started_at: number | null
  ended_at: number | null
}

export interface AnomalyTable {
  investigation_id: string
  anomaly_id: string
  /** Order of discovery, from 1. */
  seq: number
  anomaly_type: string
  severity: string
  /** 1 once it is known to be in the channel. */
  published: number
  body_json: string
  /** Parameters of its sentences; null for findings older than the column. */
  facts_json: string | null
}

/** The review of a finding by a person; a finding has one review at most. */
export interface FindingReviewTable {
  investigation_id: string
  anomaly_id: string
  verdict: 'to_check' | 'confirmed' | 'dismissed'
  note: string
  /** Name of the user who reviewed it last. */
  reviewer: string
  /** ISO 8601, UTC. */
  reviewed_at: string
}

export interface ChatSessionTable {
  id: string
  owner: string
  /** Its channel; a different one each time that the same id is created anew. */
  channel: string
  /** The beginning of its first message. */
  title: string
  created_at: number
  updated_at: number
}

export type MessageState = 'pending' | 'streaming' | 'complete' | 'error' | 'cancelled'

export interface ChatMessageTable {
  /** Order of a session's messages. */
  seq: Generated<number>
  /** Unique in its conversation; a user's client may give it. */
  id: string
  /** Id of its conversation; null for answers outside of any. */
  session_id: string | null
  /** The turn that the message starts, or that writes it. */
  stream_id: string | null
  /** User id of the author; null for an answer. */
  author: string | null
  role: 'user' | 'assistant' | 'system' | 'tool'
  content: string
  /** Position of the channel, `<epoch>:<offset>`, up to which `content` is complete while it is being written. */
  content_at: string | null
  state: MessageState
  agent_id: string | null
  provider: string | null
  model: string | null
  usage_json: string | null
  created_at: number
  /**
   * `seq` of the first message that this answer replaces once it is whole; until then, and where it fails, it is no part
   * of the conversation. Null of all others.
   */
  replaces_seq: number | null
}

/** Number of tokens that a user spent on one day (UTC, `YYYY-MM-DD`). */
export interface TokenUsageTable {
  user_id: string
  day: string
  provider: string
  model: string
  prompt_tokens: number
  completion_tokens: number
  cost_usd: number
}

export interface ModelTable {
  id: Generated<number>
  owner: string
  name: string
  /** Name of a configured provider. */
  provider: string
  /** Name of the model at that provider. */
  model_id: string
  created_at: number
}

export interface PromptTable {
  id: Generated<number>
  owner: string
  title: string
  /** Text with `{{name}}` placeholders. */
  content: string
  /** Id of a model; null leaves the choice to the routing. */
  model_id: number | null
  temperature: number | null
  max_tokens: number | null
  created_at: number
}

export interface AuditEventTable {
  /** Place in the chain, from 1, without a hole. */
  seq: number
  id: string
  timestamp: number
  event_type: string
  severity: string
  message: string
  user_id: string | null
  user_email: string | null
  success: number
  error_code: string | null
  resource_type: string | null
  resource_id: string | null
  ip_address: string | null
  user_agent: string | null
  request_id: string | null
  details_json: string | null
  prev_hash: string
  hash: string
}

/** Signed checkpoints of the audit log; a row is never changed and never removed. */
export interface AuditCheckpointTable {
  id: string
  /** Place of the last event that it covers, which is the number of events up to it. */
  seq: number
  event_id: string
  hash: string
  at: number
  /** 1 when the events up to here may be removed. */
  cut: number
  /** Hex SHA-256 of the public key, as DER. */
  key_id: string
  /** Ed25519, base64. */
  signature: string
}

/** The one row that holds the end of the audit log; an appender holds its lock. */
export interface AuditHeadTable {
  one: number
  seq: number
  event_id: string
  hash: string
}

/** Events of changes, written in each change's own transaction, until they have their place in the chain. */
export interface AuditOutboxTable {
  /** Id of the event. */
  id: string
  /** Time of the event. */
  at: number
  event_json: string
}

/** Times of the upkeep that one instance does for all. */
export interface AuditUpkeepTable {
  task: 'retention'
  /** Time of its last start; 0 for never. */
  ran_at: number
}
