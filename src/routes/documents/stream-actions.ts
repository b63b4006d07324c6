import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { EXPORT_FORMATS } from '../../audit/export-lines.ts'
import { parseAuditFilter } from '../../audit/filter.ts'
import type { AuditLog } from '../../audit/log.ts'
import { exportAudit } from '../../chat/action/audit-export.ts'
import { incorporate } from '../../chat/action/incorporation.ts'
import { datasetFor, investigate } from '../../chat/action/investigation.ts'
import { executeTask } from '../../chat/action/task.ts'
import type { ChatMessageInput } from '../../chat/chat.ts'
import { badField, Problem } from '../../errors.ts'
import { can, type Identity } from '../../identity/identity.ts'
import type { Knowledge } from '../../knowledge/fact.ts'
import { say } from '../../language/sentence.ts'
import { Filters } from '../../protocol/investigation.ts'
import { turnAsked } from '../../turn/asked.ts'
import { streamApiVocabulary } from '../../vocabulary/stream-api.ts'
import {
  contextText,
  MAX_CONTEXT_CHARS,
  OnDisconnect,
  recordStart,
  type SayingOptions,
  SessionId,
} from '../chat/saying.ts'
import { countingFailure } from '../failure.ts'
import { checkFilters } from '../investigations/investigations.ts'
import { startServed } from '../turn-start.ts'
import { resumedStream, serveStream } from '../turn-stream.ts'
import { streamQuery } from './stream-api.ts'
import { KEPT, MessageText, Name } from './text.ts'

export interface StreamActionRoutesOptions extends SayingOptions {
  log: AuditLog
  knowledgeFor(identity: Identity): Knowledge
  /** Ends an investigation for the user who ended the action that started it; one that has ended is left as it is. */
  cancelInvestigation(identity: Identity, investigationId: string): Promise<void>
}

const tags = ['stream']
const ACTIONS = ['execute_task', 'investigate', 'export_audit'] as const
const Values = Type.Union([Type.String({ maxLength: 1024 }), Type.Array(Type.String({ maxLength: 1024 }))])

const Order = Type.Object({
  action: Type.Object({ type: Type.Enum([...ACTIONS]), description: MessageText }),
  context: Type.Optional(
    Type.Object(
      {
        agent: Type.Optional(Name),
        priority: Type.Optional(Type.String({ maxLength: 40 })),
        session_id: Type.Optional(SessionId),
        dataset: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'id or name' })),
        filters: Type.Optional(Filters),
        start_date: Type.Optional(Type.String({ maxLength: 40 })),
        end_date: Type.Optional(Type.String({ maxLength: 40 })),
        severity: Type.Optional(Values),
        event_type: Type.Optional(Values),
        user_id: Type.Optional(Type.String({ minLength: 1, maxLength: 128, pattern: KEPT })),
        format: Type.Optional(Type.Enum([...EXPORT_FORMATS])),
      },
      { description: 'whatever else there is, is told to the agent' },
    ),
  ),
  on_disconnect: Type.Optional(OnDisconnect),
})
type Context = NonNullable<Static<typeof Order>['context']>

/** The filter of an export as an action's context has it. @throws {Problem} `VALIDATION_FAILED` naming the field */
const auditOrder = ({ start_date, end_date, severity, event_type, user_id, format }: Context) => {
  const filters = { start_date, end_date, severity, event_type, user_id }
  const query = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))
  try {
    return {
      filter: parseAuditFilter(query),
      query: { ...query, ...(format === undefined ? {} : { format }) },
    }
  } catch (error) {
    const [first] = error instanceof Problem ? (error.errors ?? []) : []
    throw first ? badField(first.field.replace('?', '/context/'), first.reason) : error
  }
}

/** Document 000: what takes several steps, told as they are made. */
export const streamActionRoutes: FastifyPluginAsyncTypebox<StreamActionRoutesOptions> = async (
  app,
  options,
) => {
  const { chat, log, knowledgeFor, cancelInvestigation, feed, streaming } = options
  const { store, streams } = feed

  const act = async (
    request: FastifyRequest,
    type: string,
    saying: Omit<ChatMessageInput, 'kind' | 'mayReset'>,
  ) => {
    const turn = await request.audited((record) =>
      chat.say(
        request.identity,
        { ...saying, kind: 'action', mayReset: false },
        recordStart(record, 'action.started', { type, session_id: saying.sessionId }),
      ),
    )
    return countingFailure(request, turn)
  }

  app.get(
    '/api/stream/incorporate',
    {
      exposeHeadRoute: false,
      config: { access: 'anonymous', capability: 'start', eventStream: true },
      schema: {
        tags,
        summary: 'An agent enters a session and answers there; streams as start, progress and complete',
        produces: ['text/event-stream'],
        querystring: Type.Object({
          prompt: MessageText,
          context: Type.Optional(Type.String({ maxLength: MAX_CONTEXT_CHARS })),
          ...streamQuery,
        }),
      },
    },
    async (request, reply) => {
      const { prompt: message, context, agent: agentId, named, on_disconnect } = request.query
      const { session_id: sessionId = randomUUID() } = request.query
      const serving = {
        feed,
        streaming,
        endpoint: '/api/stream/incorporate',
        spoken: { vocabulary: streamApiVocabulary({ named: named !== '0', ends: 'complete' }) },
      }
      const resumed = await resumedStream(request, streams, 'action', (found) =>
        turnAsked(store, found, message),
      )
      if (resumed) return serveStream(request, reply, resumed, serving)
      chat.checkNames({ agentId }, { agentId: '?agent', provider: '?provider' })
      const start = () =>
        act(request, 'incorporate', {
          message,
          sessionId,
          agentId,
          context,
          onDisconnect: on_disconnect as ChatMessageInput['onDisconnect'],
          about: { agent: agentId ?? null },
          answering: incorporate,
        })
      return startServed(request, reply, start, serving)
    },
  )

  /** How an action is done. @throws {Problem} `FORBIDDEN`; `VALIDATION_FAILED` naming the field */
  const answeringOf = async (
    request: FastifyRequest,
    { type, description }: Static<typeof Order>['action'],
    context: Context,
  ): Promise<NonNullable<ChatMessageInput['answering']>> => {
    const { identity } = request
    if (type === 'export_audit') {
      if (!can(identity.role, 'audit'))
        throw new Problem('FORBIDDEN', say('identity.role_exports_not', { role: identity.role }))
      return exportAudit(store, log, { ...auditOrder(context), asked: request.auditContext() })
    }
    if (type === 'execute_task') return executeTask
    const filters = checkFilters(context.filters ?? {}, '/context/filters')
    const dataset = await datasetFor(knowledgeFor(identity), context.dataset, description)
    if (!dataset)
      throw badField(
        context.dataset === undefined ? '/action/description' : '/context/dataset',
        'names no dataset of yours',
      )
    return investigate(dataset, filters, (id) => cancelInvestigation(identity, id))
  }

  app.post(
    '/api/stream/execute',
    {
      config: { access: 'anonymous' },
      schema: {
        tags,
        summary: 'Has something done; streams as start, execution_progress and complete',
        description:
          'execute_task: an agent works on the description. investigate: looks for anomalies in the dataset that the ' +
          'context or the description names, else in the sample. export_audit, for auditors: counts and verifies what ' +
          "an export would hold, and names its URL; start_date, end_date, severity, event_type, user_id and format are the context's.",
        produces: ['text/event-stream'],
        body: Order,
      },
    },
    async (request, reply) => {
      const { action, context = {}, on_disconnect } = request.body
      const { agent: agentId, priority, session_id: sessionId = randomUUID() } = context
      chat.checkNames({ agentId }, { agentId: '/context/agent', provider: '' })
      const told = contextText('/context', context)
      const answering = await answeringOf(request, action, context)
      const start = () =>
        act(request, action.type, {
          message: action.description,
          sessionId,
          agentId,
          context: told,
          onDisconnect: on_disconnect as ChatMessageInput['onDisconnect'],
          about: { action: action.type, agent: agentId ?? null, priority: priority ?? null },
          answering,
        })
      return startServed(request, reply, start, {
        feed,
        streaming,
        endpoint: '/api/stream/execute',
        spoken: { vocabulary: streamApiVocabulary({ named: true, ends: 'complete' }) },
      })
    },
  )
}
