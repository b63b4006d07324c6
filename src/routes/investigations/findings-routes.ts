import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { existing } from '../../errors.ts'
import type { FeedOf } from '../../feed/feeds.ts'
import type { AccessControl } from '../../identity/access.ts'
import type { Detector } from '../../investigation/detector.ts'
import type { InvestigationExports } from '../../investigation/investigation-export.ts'
import type { Investigations } from '../../investigation/investigations.ts'
import { REPORT_MEDIA_TYPES } from '../../investigation/report.ts'
import type { Reviews } from '../../investigation/reviews.ts'
import { chooseLanguage, type Language } from '../../language/language.ts'
import { FindingFilter } from '../../protocol/finding-filter.ts'
import { Review, Verdict } from '../../protocol/investigation.ts'
import { type EventStreamSettings, serveEvents } from '../../transport/sse.ts'
import { limitOf, nextOf, PageLimit } from '../page-query.ts'
import { problemResponses } from '../problem-schema.ts'
import { FilterQuery, findingFilterOf, isSpreadsheet, retoldIn, SpreadsheetQuery } from '../query-fields.ts'
import { viewerOf } from '../request-viewer.ts'
import { InvestigationParams as Params } from './investigations-routes.ts'

export interface FindingRoutesOptions {
  access: AccessControl
  investigations: Investigations
  investigationExports: InvestigationExports
  reviews: Reviews
  feedOf: FeedOf
  streaming: EventStreamSettings
}

const tags = ['investigations']
const FindingParams = Type.Object({
  ...Params.properties,
  anomaly_id: Type.String({ minLength: 1, maxLength: 128 }),
})
const ReportFormats = Type.Enum(['md', 'html', 'json', 'csv'], { default: 'md' })

/** Returns a rule and its settings in a language. */
const shown = ({ type, sources, thresholds, words }: Detector, language: Language) => {
  const { title, rule, blindSpots, thresholds: meanings } = words[language]
  return {
    anomaly_type: type,
    title,
    rule,
    sources,
    blind_spots: blindSpots,
    thresholds: Object.fromEntries(
      Object.entries(thresholds).map(([name, threshold]) => [
        name,
        { ...threshold, meaning: meanings[name] ?? name },
      ]),
    ),
  }
}

/** Describes a rule for the documentation, in Markdown. */
const described = (detector: Detector): string => {
  const { anomaly_type, title, rule, sources, blind_spots, thresholds } = shown(detector, 'en')
  return [
    `### \`${anomaly_type}\`: ${title}`,
    rule,
    ...Object.entries(thresholds).map(
      ([name, { default: value, meaning }]) => `- \`${name}\` ${value}: ${meaning}`,
    ),
    `Sources: ${sources.join('; ')}.`,
    `Blind spots: ${blind_spots.join('; ')}.`,
  ].join('\n\n')
}

/** Serves the results of investigations: the rules, the findings, reports, and the event-stream of a run. */
export const findingRoutes: FastifyPluginAsyncTypebox<FindingRoutesOptions> = async (app, options) => {
  const { access, investigations, investigationExports, reviews, feedOf, streaming } = options
  const rules = Object.values(investigations.rules)

  app.get(
    '/api/v1/anomaly-types',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'What each anomaly type means: rule, thresholds, sources, blind spots',
        description: rules.map(described).join('\n\n'),
        querystring: FilterQuery({}),
      },
    },
    async ({ language }) => ({ items: rules.map((rule) => shown(rule, language)), next: null }),
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
          ...FindingFilter.properties,
          reviewed: Type.Optional(
            Type.Boolean({ description: 'true for those alone that somebody reviewed' }),
          ),
          limit: PageLimit,
          after: Type.Optional(Type.Integer({ minimum: 0, description: 'next of the page before' })),
        }),
      },
    },
    async ({ identity, params, query }) => {
      await access.require(identity, { type: 'investigation', id: params.id }, 'shared')
      const limit = limitOf(query)
      const found = await investigations.anomalies(params.id, {
        ...findingFilterOf(query),
        reviewed: query.reviewed,
        limit,
        after: query.after ?? 0,
        language: retoldIn(query.lang),
      })
      return {
        items: found.map(({ seq: _, ...anomaly }) => anomaly),
        next: nextOf(found, limit, (last) => String(last.seq)),
      }
    },
  )

  app.put(
    '/api/v1/investigations/:id/anomalies/:anomaly_id/review',
    {
      config: { access: 'start' },
      schema: {
        tags,
        summary: 'Reviews a finding of mine, or of an investigation shared with me',
        params: FindingParams,
        body: Type.Object({ verdict: Verdict, note: Type.Optional(Type.String({ maxLength: 2000 })) }),
        response: { 200: Review, ...problemResponses(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const { id, anomaly_id } = request.params
      const { verdict, note = '' } = request.body
      return reviews.review(request.actor(), id, anomaly_id, { verdict, note })
    },
  )

  app.delete(
    '/api/v1/investigations/:id/anomalies/:anomaly_id/review',
    {
      config: { access: 'start' },
      schema: { tags, summary: 'Takes the review of a finding back', params: FindingParams },
    },
    async (request, reply) => {
      const { id, anomaly_id } = request.params
      await reviews.withdraw(request.actor(), id, anomaly_id)
      return reply.code(204).send()
    },
  )

  app.get(
    '/api/v1/investigations/:id/report',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'The findings, or those of a filter, as a report that names their number',
        params: Params,
        querystring: FilterQuery({
          format: Type.Optional(ReportFormats),
          ...FindingFilter.properties,
          ...SpreadsheetQuery,
        }),
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const format = (request.query.format ?? 'md') as keyof typeof REPORT_MEDIA_TYPES
      const { lang: asked } = request.query
      const acceptLanguage = request.headers['accept-language']
      const pieces = await investigationExports.report(
        request.actor(),
        id,
        {
          format,
          filter: findingFilterOf(request.query),
          spreadsheet: isSpreadsheet(request.query.for, format),
        },
        (fallback) => chooseLanguage({ asked, acceptLanguage, fallback }),
      )
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
        streamId: existing(await investigations.get(id), 'investigation').stream_id,
      })
    },
  )
}
