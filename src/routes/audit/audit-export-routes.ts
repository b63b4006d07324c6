import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { EXPORT_FORMATS, type ExportFormat } from '../../audit/export-lines.ts'
import { EXPORT_TYPES, type ExportRequest } from '../../audit/export-request.ts'
import { parseAuditFilter } from '../../audit/filter.ts'
import type { FeedOf } from '../../feed/feeds.ts'
import type { Actor } from '../../identity/actor.ts'
import type { Export } from '../../stream/export-start.ts'
import { type EventStreamSettings, serveEvents } from '../../transport/sse.ts'
import { compressedDownload, sendExport } from '../download-response.ts'
import { problemResponses } from '../problem-schema.ts'
import { FilterQuery, isSpreadsheet, SpreadsheetQuery } from '../query-fields.ts'
import { viewerOf } from '../request-viewer.ts'
import { AuditFilterQuery } from './audit-routes.ts'

export interface AuditExportRoutesOptions {
  exportAudit(actor: Actor, request: ExportRequest): Promise<Export>
  feedOf: FeedOf
  streaming: EventStreamSettings
  /** Level of gzip compression, 1–9. */
  compressionLevel: number
}

const tags = ['audit']
const config = { access: 'audit' } as const

const ExportQuery = FilterQuery({
  ...AuditFilterQuery,
  format: Type.Optional(Type.Enum([...EXPORT_FORMATS], { default: 'csv' })),
  after: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'goes on behind this event of an export that broke off; CSV then has no header line',
    }),
  ),
  ...SpreadsheetQuery,
})

/** Serves the audit log as a file, and its new events as they are appended; for auditors. */
export const auditExportRoutes: FastifyPluginAsyncTypebox<AuditExportRoutesOptions> = async (
  app,
  options,
) => {
  const { exportAudit, feedOf, streaming, compressionLevel } = options

  app.get(
    '/api/v1/audit/export',
    {
      exposeHeadRoute: false,
      config,
      compress: compressedDownload(compressionLevel),
      schema: {
        tags,
        summary: 'The audit log as a file of any size',
        produces: Object.values(EXPORT_TYPES),
        querystring: ExportQuery,
        response: problemResponses(400, 401, 403, 429, 503),
      },
    },
    async (request, reply) => {
      const { after } = request.query
      const format = (request.query.format ?? 'csv') as ExportFormat
      const filter = parseAuditFilter(request.query)
      const asked = {
        filter,
        format,
        ...(after === undefined ? {} : { after }),
        ...(isSpreadsheet(request.query.for, format) ? { spreadsheet: request.language } : {}),
      }
      return sendExport(request, reply, await exportAudit(request.actor(), asked))
    },
  )

  app.get(
    '/api/v1/audit/stream',
    {
      exposeHeadRoute: false,
      config: { ...config, eventStream: true },
      schema: {
        tags,
        summary: 'Audit events as they are appended, recoverable',
        produces: ['text/event-stream'],
        querystring: Type.Object({ last_event_id: Type.Optional(Type.String()) }),
      },
    },
    async (request, reply) =>
      serveEvents(request, reply, {
        ...streaming,
        feeds: [await feedOf(request.identity, 'audit')],
        viewer: viewerOf(request.identity, request),
        endpoint: '/api/v1/audit/stream',
      }),
  )
}
