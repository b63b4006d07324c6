import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { Checkpoint } from '../../audit/checkpoint.ts'
import { AuditEvent } from '../../audit/events.ts'
import { parseAuditFilter, parseTime } from '../../audit/filter.ts'
import type { AuditLog } from '../../audit/log.ts'
import { verifyLog } from '../../audit/verify-log.ts'
import { badField } from '../../errors.ts'
import { say } from '../../language/sentence.ts'
import { problemResponses } from '../problem-schema.ts'
import { FilterQuery } from '../query-fields.ts'

const Values = Type.Array(Type.String({ maxLength: 1024 }), { maxItems: 100 })

/** The query parameters of a filter; several values are repeated or comma-separated. */
export const AuditFilterQuery = {
  start_date: Type.Optional(Type.String({ maxLength: 40, description: 'day or time, UTC, inclusive' })),
  end_date: Type.Optional(Type.String({ maxLength: 40, description: 'day or time, UTC, inclusive' })),
  severity: Type.Optional(Values),
  event_type: Type.Optional(Values),
  user_id: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
}

const EventsQuery = FilterQuery({
  ...AuditFilterQuery,
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  after: Type.Optional(
    Type.String({ minLength: 1, maxLength: 64, description: 'id of the last event seen' }),
  ),
  order: Type.Optional(Type.Union([Type.Literal('asc'), Type.Literal('desc')])),
})

export interface AuditRoutesOptions {
  audit: AuditLog
}

/** Serves the audit log to auditors. */
export const auditRoutes: FastifyPluginAsyncTypebox<AuditRoutesOptions> = async (app, { audit: log }) => {
  const tags = ['audit']
  const config = { access: 'audit' } as const

  app.get(
    '/api/v1/audit/verify',
    {
      config,
      schema: {
        tags,
        summary: 'Recomputes the chain of the audit log, from its beginning or from a checkpoint',
        querystring: Type.Object({
          since: Type.Optional(
            Type.String({ minLength: 1, maxLength: 64, description: 'id of a checkpoint' }),
          ),
        }),
        response: {
          200: Type.Object({
            valid: Type.Boolean(),
            checked: Type.Integer({ description: 'events that hold, from where it began' }),
            first_broken: Type.Union([
              Type.Object({ id: Type.String(), reason: Type.String() }),
              Type.Null(),
            ]),
          }),
          ...problemResponses(400, 401, 403),
        },
      },
    },
    async (request) => verifyLog(log, request.actor().audit, { since: request.query.since }),
  )

  app.get(
    '/api/v1/audit/events',
    {
      config,
      schema: {
        tags,
        summary: 'Lists audit events in chain order, or the newest first',
        querystring: EventsQuery,
        response: {
          200: Type.Object({ items: Type.Array(AuditEvent), next: Type.Union([Type.String(), Type.Null()]) }),
          ...problemResponses(400, 401, 403),
        },
      },
    },
    async (request) => {
      const { limit, after, order } = request.query
      await log.collect()
      const found = await log.events(parseAuditFilter(request.query), {
        limit: limit + 1,
        newestFirst: order === 'desc',
        ...(after === undefined ? {} : { after }),
      })
      const items = found.slice(0, limit)
      return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null }
    },
  )

  app.get(
    '/api/v1/audit/checkpoints',
    {
      config,
      schema: {
        tags,
        summary: 'Lists the signed checkpoints, the newest first',
        querystring: Type.Object({
          limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
          after: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
        }),
        response: {
          200: Type.Object({ items: Type.Array(Checkpoint), next: Type.Union([Type.String(), Type.Null()]) }),
          ...problemResponses(400, 401, 403),
        },
      },
    },
    async ({ query: { limit, after } }) => {
      const found = await log.checkpoints({ limit: limit + 1, ...(after === undefined ? {} : { after }) })
      const items = found.slice(0, limit)
      return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null }
    },
  )

  app.post(
    '/api/v1/audit/checkpoints',
    {
      config: { access: 'administer' },
      schema: {
        tags,
        summary: 'Signs where the audit log ends now',
        response: { 201: Checkpoint, ...problemResponses(401, 403) },
      },
    },
    async (request, reply) => reply.code(201).send(await log.checkpoint(request.auditContext())),
  )

  app.post(
    '/api/v1/audit/retention',
    {
      config: { access: 'administer' },
      schema: {
        tags,
        summary: 'Removes audit events older than a day or time, behind a signed checkpoint',
        description:
          'Nothing is removed when what is to go does not hold. What is left is verified from that checkpoint. ' +
          'AUDIT_RETENTION_DAYS has the same done every day.',
        body: Type.Object({
          before: Type.String({ maxLength: 40, description: 'day or time, UTC; what is older goes' }),
        }),
        response: {
          200: Type.Object({
            removed: Type.Integer({ description: 'events' }),
            checkpoint: Type.Union([Checkpoint, Type.Null()]),
          }),
          ...problemResponses(400, 401, 403, 409),
        },
      },
    },
    async (request) => {
      const { at } = parseTime('/before', request.body.before)
      if (at > Date.now()) throw badField('/before', say('field.in_the_future'))
      return (await log.cut(at, request.auditContext())) ?? { removed: 0, checkpoint: null }
    },
  )
}
