import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { EXPORT_FORMATS } from '../../audit/export-lines.ts'
import { incorporate } from '../../chat/action/incorporation.ts'
import { ACTIONS, type ActionOrder, type PlanAction } from '../../chat/action/order.ts'
import type { ChatMessageInput } from '../../chat/chat.ts'
import { Filters } from '../../protocol/investigation.ts'
import { CHAT_INTERFACES, mayRestart } from '../../vocabulary/interfaces.ts'
import {
  contextText,
  MAX_CONTEXT_CHARS,
  type MessageOptions,
  OnDisconnect,
  SessionId,
} from '../chat/message-routes.ts'
import { KEPT, MessageText, Name } from '../text.ts'
import { present, resumedStream, serveStream, startServed } from '../turn-stream.ts'
import { streamQuery } from './stream-api-routes.ts'

export interface StreamActionRoutesOptions extends MessageOptions {
  planAction: PlanAction
}

const tags = ['stream']
const interfaces = { incorporate: CHAT_INTERFACES.incorporate, execute: CHAT_INTERFACES.execute }
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

/** Serves document 000: actions of several steps, with an event for each. */
export const streamActionRoutes: FastifyPluginAsyncTypebox<StreamActionRoutesOptions> = async (
  app,
  options,
) => {
  const { chat, planAction, feed } = options
  const { turns, streams } = feed

  app.get(
    interfaces.incorporate.endpoint,
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
      const shown = present(interfaces.incorporate, { named: named !== '0', ends: 'complete' })
      const resumed = await resumedStream(request, streams, 'action', (found) => turns.asked(found, message))
      if (resumed) return serveStream(request, reply, resumed, shown, options)
      chat.checkNames({ agentId }, { agentId: '?agent', provider: '?provider' })
      const start = () =>
        chat.say(request.actor(), {
          action: 'incorporate',
          message,
          sessionId,
          agentId,
          context,
          onDisconnect: on_disconnect as ChatMessageInput['onDisconnect'],
          about: { agent: agentId ?? null },
          answering: incorporate,
          mayReset: mayRestart(interfaces.incorporate),
        })
      return startServed(request, reply, start, shown, options)
    },
  )

  app.post(
    interfaces.execute.endpoint,
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
      const given = contextText('/context', context)
      const order = { ...action, context } as ActionOrder
      const answering = await planAction(request.actor(), order)
      const start = () =>
        chat.say(request.actor(), {
          action: action.type,
          message: action.description,
          sessionId,
          agentId,
          context: given,
          onDisconnect: on_disconnect as ChatMessageInput['onDisconnect'],
          about: { action: action.type, agent: agentId ?? null, priority: priority ?? null },
          answering,
          mayReset: mayRestart(interfaces.execute),
        })
      return startServed(
        request,
        reply,
        start,
        present(interfaces.execute, { named: true, ends: 'complete' }),
        options,
      )
    },
  )
}
