import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { AuditEventType } from '../../audit/events.ts'
import type { Datasets } from '../../dataset/datasets.ts'
import type { Source } from '../../dataset/sources/source.ts'
import { badField, Problem } from '../../errors.ts'
import { requireAccess } from '../../identity/access.ts'
import type { Identity } from '../../identity/identity.ts'
import type { Shares } from '../../identity/shares.ts'
import type { Users } from '../../identity/users.ts'
import type { AnomalyRules } from '../../investigation/detectors.ts'
import type {
  Investigation,
  InvestigationRequest,
  Investigations,
} from '../../investigation/investigations.ts'
import { LANGUAGES } from '../../language/language.ts'
import { say } from '../../language/sentence.ts'
import { type AnomalyType, Filters } from '../../protocol/investigation.ts'
import type { Alongside } from '../../store/change.ts'
import type { Store } from '../../store/database.ts'
import { cursorOf } from '../../store/keyset.ts'
import type { Streams } from '../../stream/streams.ts'
import type { InvestigationCommand } from '../channels/websocket.ts'
import { shareRoute } from '../identity/share.ts'
import { limitOf, nextOf, PageQuery } from '../page.ts'
import { problemResponses } from '../problem-schema.ts'
import { FilterQuery } from '../query.ts'

export interface InvestigationRoutesOptions {
  store: Store
  streams: Streams
  investigations: Investigations
  datasets: Datasets
  users: Users
  shares: Pick<Shares, 'look'>
  sources: Readonly<Record<'portal' | 'pncp', Pick<Source, 'check'>>>
  command: ReturnType<typeof investigationCommand>
}

const tags = ['investigations']
export const InvestigationParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })

/** What may be asked for: the rules that there are, and nothing that is none. */
const Create = (rules: AnomalyRules) => {
  const types = Object.keys(rules)
  return Type.Object({
    query: Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S' }),
    dataset_id: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    data_source: Type.Optional(Type.Enum(['portal', 'pncp'])),
    filters: Type.Optional(Filters),
    anomaly_types: Type.Optional(
      Type.Array(Type.Enum(types), { minItems: 1, maxItems: types.length, uniqueItems: true }),
    ),
    thresholds: Type.Optional(
      Type.Record(Type.String(), Type.Record(Type.String(), Type.Number()), {
        description: 'by anomaly type and name, as GET /api/v1/anomaly-types lists them',
      }),
    ),
    include_explanations: Type.Optional(Type.Boolean({ default: true })),
    language: Type.Optional(
      Type.Enum([...LANGUAGES], {
        description: 'of what it finds; ?lang=, else Accept-Language, decide where it is left out',
      }),
    ),
    on_disconnect: Type.Optional(Type.Enum(['continue', 'cancel'], { default: 'continue' })),
  })
}

/** @throws {Problem} `VALIDATION_FAILED` naming the threshold */
const checkThresholds = (
  rules: AnomalyRules,
  thresholds: Record<string, Record<string, number>>,
): InvestigationRequest['thresholds'] => {
  for (const [type, values] of Object.entries(thresholds)) {
    const detector = Object.hasOwn(rules, type) ? rules[type as AnomalyType] : undefined
    if (!detector) throw badField(`/thresholds/${type}`, 'is no anomaly type')
    for (const [name, value] of Object.entries(values)) {
      const field = `/thresholds/${type}/${name}`
      const threshold = detector.thresholds[name]
      if (!threshold) throw badField(field, `is none of ${Object.keys(detector.thresholds).join(', ')}`)
      if (threshold.minimum !== undefined && value < threshold.minimum)
        throw badField(field, `must be ${threshold.minimum} or more`)
      if (threshold.maximum !== undefined && value > threshold.maximum)
        throw badField(field, `must be ${threshold.maximum} or less`)
    }
  }
  return thresholds
}

/** @throws {Problem} `VALIDATION_FAILED` naming the filter that contradicts another */
export const checkFilters = (filters: Filters, field = '/filters'): Filters => {
  const { start_date, end_date, min_value, max_value } = filters
  if (start_date && end_date && end_date < start_date)
    throw badField(`${field}/end_date`, 'lies before start_date')
  if (min_value !== undefined && max_value !== undefined && max_value < min_value)
    throw badField(`${field}/max_value`, 'is less than min_value')
  return filters
}

const COMMANDED = {
  cancel: 'investigation.cancelled',
  pause: 'investigation.paused',
  resume: 'investigation.resumed',
} as const satisfies Record<InvestigationCommand, AuditEventType>

const ENDED = ['completed', 'failed', 'cancelled']

/**
 * Cancels, pauses or resumes an investigation for `identity`, who asked by this request or on the connection that it
 * opened; only its owner may.
 * @throws {Problem} `NOT_FOUND`, `FORBIDDEN`, `INVALID_STATE`
 */
export const investigationCommand =
  (store: Store, streams: Streams, investigations: Investigations) =>
  async (request: FastifyRequest, identity: Identity, id: string, command: InvestigationCommand) => {
    await requireAccess(store, identity, { type: 'investigation', id }, 'own')
    const investigation = (await investigations.get(id)) as Investigation
    const { status } = investigation
    if (ENDED.includes(status)) throw new Problem('INVALID_STATE', `The investigation is ${status}`)
    await request.audited(async (record) => {
      const tell: Alongside = (trx) =>
        record(trx, COMMANDED[command], { resource_type: 'investigation', resource_id: id })
      if (command === 'cancel') await streams.cancel(investigation.stream_id, tell)
      else if (!(await investigations[command](id, tell)))
        throw new Problem('INVALID_STATE', `The investigation is ${(await investigations.get(id))?.status}`)
    })
  }

const urls = (id: string) => ({
  stream_url: `/api/v1/investigations/stream/${id}`,
  ws_url: `/api/v1/ws/investigations/${id}`,
})

/** Investigations: start, look at, steer, remove and share. */
export const investigationRoutes: FastifyPluginAsyncTypebox<InvestigationRoutesOptions> = async (
  app,
  options,
) => {
  const { store, investigations, datasets, users, shares, sources, command } = options

  app.post(
    '/api/v1/investigations',
    {
      config: { access: 'start' },
      schema: {
        tags,
        summary: 'Starts an investigation of a dataset, or of what a source has',
        body: Create(investigations.rules),
        response: {
          202: Type.Object({
            investigation_id: Type.String(),
            stream_id: Type.String(),
            status: Type.String(),
            stream_url: Type.String(),
            ws_url: Type.String(),
          }),
          ...problemResponses(400, 401, 403, 404, 429, 503),
        },
      },
    },
    async (request, reply) => {
      const { dataset_id, data_source, on_disconnect = 'continue', ...rest } = request.body
      if (dataset_id !== undefined && data_source !== undefined)
        throw badField('/data_source', 'goes without dataset_id')
      if (dataset_id === undefined && data_source === undefined)
        throw badField('/dataset_id', 'name a dataset, or a data_source')
      const thresholds = checkThresholds(investigations.rules, rest.thresholds ?? {})
      const filters = checkFilters(rest.filters ?? {})
      if (dataset_id !== undefined) {
        await requireAccess(store, request.identity, { type: 'dataset', id: dataset_id }, 'shared')
        if (!(await datasets.get(dataset_id)))
          throw new Problem('NOT_FOUND', say('thing.no_such', { thing: 'dataset' }))
      }
      if (data_source !== undefined) sources[data_source].check({ filters })
      const asked: InvestigationRequest = {
        query: rest.query,
        ...(dataset_id === undefined ? {} : { dataset_id }),
        ...(data_source === undefined ? {} : { data_source }),
        filters,
        anomaly_types: (rest.anomaly_types ?? Object.keys(investigations.rules)) as AnomalyType[],
        thresholds,
        include_explanations: rest.include_explanations ?? true,
        language: rest.language ?? request.language,
      }
      const { investigation_id: id, stream_id } = await request.audited((record) =>
        investigations.start(
          asked,
          request.identity.id,
          on_disconnect as 'continue' | 'cancel',
          (trx, resource_id) =>
            record(trx, 'investigation.created', {
              resource_type: 'investigation',
              resource_id,
              details: { dataset_id: dataset_id ?? null, data_source: data_source ?? null },
            }),
        ),
      )
      return reply
        .code(202)
        .header('location', `/api/v1/investigations/${id}`)
        .send({ investigation_id: id, stream_id, status: 'pending', ...urls(id) })
    },
  )

  app.get(
    '/api/v1/investigations',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'My investigations and those shared with me',
        querystring: FilterQuery(PageQuery),
      },
    },
    async ({ identity, query }) => {
      const limit = limitOf(query)
      const whose = identity.role === 'admin' ? 'everybody' : identity.id
      const items = await investigations.list(whose, limit, query.after ?? null)
      return {
        items,
        next: nextOf(items, limit, (last) => cursorOf(Date.parse(last.created_at), last.investigation_id)),
      }
    },
  )

  app.get(
    '/api/v1/investigations/:id',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'One investigation', params: InvestigationParams },
    },
    async ({ identity, params }) => {
      await requireAccess(store, identity, { type: 'investigation', id: params.id }, 'shared')
      return { ...(await investigations.get(params.id)), ...urls(params.id) }
    },
  )

  for (const verb of ['cancel', 'pause', 'resume'] as const)
    app.post(
      `/api/v1/investigations/:id/${verb}`,
      {
        config: { access: 'start' },
        schema: {
          tags,
          summary: `${verb[0]?.toUpperCase()}${verb.slice(1)}s an investigation of mine`,
          params: InvestigationParams,
          response: {
            202: Type.Object({ investigation_id: Type.String(), status: Type.String() }),
            ...problemResponses(401, 403, 404, 409),
          },
        },
      },
      async (request, reply) => {
        const { id } = request.params
        await command(request, request.identity, id, verb)
        return reply
          .code(202)
          .send({ investigation_id: id, status: (await investigations.get(id))?.status as string })
      },
    )

  app.delete(
    '/api/v1/investigations/:id',
    {
      config: { access: 'start' },
      schema: {
        tags,
        summary: 'Removes an investigation of mine that has ended',
        params: InvestigationParams,
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await requireAccess(store, request.identity, { type: 'investigation', id }, 'own')
      const investigation = (await investigations.get(id)) as Investigation
      if (!ENDED.includes(investigation.status))
        throw new Problem('INVALID_STATE', `The investigation is ${investigation.status}; cancel it first`)
      await request.audited((record) =>
        investigations.remove(investigation, (trx) =>
          record(trx, 'investigation.deleted', { resource_type: 'investigation', resource_id: id }),
        ),
      )
      return reply.code(204).send()
    },
  )

  await app.register(shareRoute, {
    store,
    users,
    shares,
    tags,
    params: InvestigationParams,
    path: '/api/v1/investigations/:id/share',
    type: 'investigation',
    idName: 'investigation_id',
    events: { shared: 'investigation.shared', ended: 'investigation.unshared' },
  })
}
