import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { EXPORT_TYPES, openExport } from '../../audit/export.ts'
import { EXPORT_FORMATS, type ExportFormat } from '../../audit/export-lines.ts'
import { parseAuditFilter } from '../../audit/filter.ts'
import type { FeedOf } from '../../feed/feeds.ts'
import type { Store } from '../../store/database.ts'
import type { Downloads } from '../../stream/downloads.ts'
import { type EventStreamSettings, serveEvents } from '../../transport/sse.ts'
import { compressedDownload, downloadType, sendAuditedDownload } from '../download.ts'
import { problemResponses } from '../problem-schema.ts'
import { FilterQuery } from '../query.ts'
import { viewerOf } from '../viewer.ts'
import { AuditFilterQuery } from './audit.ts'

export interface AuditExportRoutesOptions {
  store: Store
  downloads: Downloads
  feedOf: FeedOf
  streaming: EventStreamSettings
  /** 1–9. */
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
})

/** The audit log as a file, and as it grows; for auditors. */
export const auditExportRoutes: FastifyPluginAsyncTypebox<AuditExportRoutesOptions> = async (
  app,
  options,
) => {
  const { store, downloads, feedOf, streaming, compressionLevel } = options

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
      const read = await openExport(store, { filter, format, ...(after === undefined ? {} : { after }) })
      const download = await downloads.start(request.identity.id)
      return sendAuditedDownload(request, reply, download, {
        contentType: downloadType(EXPORT_TYPES[format], after !== undefined && format === 'csv'),
        name: `audit-${new Date().toISOString().slice(0, 10)}.${format}`,
        read,
        event: 'audit.exported',
        resource: { resource_type: 'stream', resource_id: download.id },
        details: { format, filter, after: after ?? null },
      })
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
