import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { AccessControl } from '../../identity/access.ts'
import type { Sharing } from '../../identity/sharing.ts'
import type { AnomalyRules } from '../../investigation/detectors.ts'
import type { Investigations } from '../../investigation/investigations.ts'
import {
  INVESTIGATION_COMMANDS,
  type InvestigationOrder,
  type Steering,
} from '../../investigation/steering.ts'
import { LANGUAGES } from '../../language/language.ts'
import { Filters } from '../../protocol/investigation.ts'
import { cursorOf } from '../../protocol/page.ts'
import { shareRoute } from '../identity/share.ts'
import { limitOf, nextOf, PageQuery } from '../page-query.ts'
import { problemResponses } from '../problem-schema.ts'
import { FilterQuery, LanguageQuery, retoldIn } from '../query-fields.ts'
import { KEPT } from '../text.ts'

export interface InvestigationRoutesOptions {
  access: AccessControl
  investigations: Investigations
  sharing: Sharing
  steering: Steering
}

const tags = ['investigations']
export const InvestigationParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })

/** Makes the schema of an order, which allows the types of the given rules. */
const Create = (rules: AnomalyRules) => {
  const types = Object.keys(rules)
  return Type.Object({
    query: Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S' }),
    dataset_id: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: KEPT })),
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

const urls = (id: string) => ({
  stream_url: `/api/v1/investigations/stream/${id}`,
  ws_url: `/api/v1/ws/investigations/${id}`,
})

/** Serves investigations: start, list, read, steer, remove and share. */
export const investigationRoutes: FastifyPluginAsyncTypebox<InvestigationRoutesOptions> = async (
  app,
  options,
) => {
  const { access, investigations, sharing, steering } = options

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
      const order = { language: request.language, ...request.body } as InvestigationOrder
      const { investigation_id: id, stream_id } = await steering.start(request.actor(), order)
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
      const items = await investigations.list(whose, limit, query.after ?? null, retoldIn(query.lang))
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
      schema: {
        tags,
        summary: 'One investigation',
        description:
          "The reasons of skipped rules and the warnings are in the investigation's language, or in that of lang.",
        params: InvestigationParams,
        querystring: Type.Object(LanguageQuery),
      },
    },
    async ({ identity, params, query }) => {
      await access.require(identity, { type: 'investigation', id: params.id }, 'shared')
      return { ...(await investigations.get(params.id, retoldIn(query.lang))), ...urls(params.id) }
    },
  )

  for (const verb of INVESTIGATION_COMMANDS)
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
        await steering.command(request.actor(), id, verb)
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
      await steering.remove(request.actor(), request.params.id)
      return reply.code(204).send()
    },
  )

  await app.register(shareRoute, {
    sharing,
    tags,
    params: InvestigationParams,
    path: '/api/v1/investigations/:id/share',
    type: 'investigation',
    idName: 'investigation_id',
  })
}
