import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Datasets } from '../../dataset/datasets.ts'
import type { FeedOf } from '../../feed/feeds.ts'
import { requireAccess } from '../../identity/access.ts'
import type { Detector } from '../../investigation/detector.ts'
import { DETECTORS } from '../../investigation/detectors.ts'
import type { Investigation, Investigations } from '../../investigation/investigations.ts'
import { REPORT_MEDIA_TYPES, report } from '../../investigation/report.ts'
import { AnomalyType, Severity } from '../../protocol/investigation.ts'
import type { Store } from '../../store/database.ts'
import { type EventStreamSettings, serveEvents } from '../../transport/sse.ts'
import { limitOf, nextOf, PageLimit } from '../page.ts'
import { FilterQuery } from '../query.ts'
import { viewerOf } from '../viewer.ts'
import { InvestigationParams as Params } from './investigations.ts'

export interface FindingRoutesOptions {
  store: Store
  investigations: Investigations
  datasets: Datasets
  feedOf: FeedOf
  streaming: EventStreamSettings
}

const tags = ['investigations']
const ReportFormats = Type.Enum(['md', 'html', 'json', 'csv'], { default: 'md' })

/** A rule as the documentation shows it, in Markdown. */
const described = ({ type, title, rule, sources, blindSpots, thresholds }: Detector): string =>
  [
    `### \`${type}\`: ${title}`,
    rule,
    ...Object.entries(thresholds).map(
      ([name, { default: value, meaning }]) => `- \`${name}\` ${value}: ${meaning}`,
    ),
    `Sources: ${sources.join('; ')}.`,
    `Blind spots: ${blindSpots.join('; ')}.`,
  ].join('\n\n')

/** What investigations find: the rules, the findings, reports, and the event-stream of a run. */
export const findingRoutes: FastifyPluginAsyncTypebox<FindingRoutesOptions> = async (app, options) => {
  const { store, investigations, datasets, feedOf, streaming } = options

  app.get(
    '/api/v1/anomaly-types',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'What each anomaly type means: rule, thresholds, sources, blind spots',
        description: DETECTORS.map(described).join('\n\n'),
      },
    },
    async () => ({
      items: DETECTORS.map(({ type, title, rule, sources, blindSpots, thresholds }) => ({
        anomaly_type: type,
        title,
        rule,
        sources,
        blind_spots: blindSpots,
        thresholds,
      })),
      next: null,
    }),
  )

  app.get(
    '/api/v1/investigations/:id/anomalies',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'What was found, in the order of discovery',
        params: Params,
        querystring: FilterQuery({
          type: Type.Optional(AnomalyType),
          severity: Type.Optional(Severity),
          limit: PageLimit,
          after: Type.Optional(Type.Integer({ minimum: 0, description: 'next of the page before' })),
        }),
      },
    },
    async ({ identity, params, query }) => {
      await requireAccess(store, identity, { type: 'investigation', id: params.id }, 'shared')
      const limit = limitOf(query)
      const found = await investigations.anomalies(params.id, {
        type: query.type,
        severity: query.severity,
        limit,
        after: query.after ?? 0,
      })
      return {
        items: found.map(({ seq: _, ...anomaly }) => anomaly),
        next: nextOf(found, limit, (last) => String(last.seq)),
      }
    },
  )

  app.get(
    '/api/v1/investigations/:id/report',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'The findings as a report',
        params: Params,
        querystring: Type.Object({ format: Type.Optional(ReportFormats) }),
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const format = (request.query.format ?? 'md') as keyof typeof REPORT_MEDIA_TYPES
      await requireAccess(store, request.identity, { type: 'investigation', id }, 'shared')
      const found = (await investigations.get(id)) as Investigation
      const dataset = found.dataset_id === null ? null : await datasets.get(found.dataset_id)
      await request.audit('investigation.exported', {
        resource_type: 'investigation',
        resource_id: id,
        details: { format },
      })
      const pieces = report(format, {
        investigation: {
          id,
          query: found.query,
          status: found.status,
          dataset: dataset?.name ?? found.data_source,
          synthetic: dataset?.synthetic ?? false,
          created_at: found.created_at,
          ended_at: found.ended_at,
          filters: found.filters,
          thresholds: found.thresholds,
        },
        summary: found.result,
        anomalies: investigations.allAnomalies(id),
      })
      return reply
        .type(REPORT_MEDIA_TYPES[format])
        .header(
          'content-disposition',
          `${format === 'html' ? 'inline' : 'attachment'}; filename="investigation-${id}.${format}"`,
        )
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
        .send(Readable.from(pieces))
    },
  )

  app.get(
    '/api/v1/investigations/stream/:id',
    {
      exposeHeadRoute: false,
      config: { access: 'read', eventStream: true },
      schema: {
        tags,
        summary: 'Progress and findings as an event-stream, the whole story from the start',
        produces: ['text/event-stream'],
        params: Params,
        querystring: Type.Object({ last_event_id: Type.Optional(Type.String()) }),
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const feed = await feedOf(request.identity, `investigation:${id}`)
      return serveEvents(request, reply, {
        ...streaming,
        feeds: [feed],
        viewer: viewerOf(request.identity, request),
        endpoint: '/api/v1/investigations/stream/:id',
        streamId: ((await investigations.get(id)) as Investigation).stream_id,
      })
    },
  )
}
