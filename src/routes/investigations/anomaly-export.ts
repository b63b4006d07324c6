import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { EXPORT_TYPES } from '../../audit/export.ts'
import { EXPORT_FORMATS, type ExportFormat } from '../../audit/export-lines.ts'
import { requireAccess } from '../../identity/access.ts'
import { openAnomalyFile } from '../../investigation/anomaly-file.ts'
import { AnomalyType, Severity } from '../../protocol/investigation.ts'
import type { Store } from '../../store/database.ts'
import type { Downloads } from '../../stream/downloads.ts'
import { compressedDownload, downloadType, sendAuditedDownload } from '../download.ts'
import { problemResponses } from '../problem-schema.ts'
import { FilterQuery } from '../query.ts'
import { InvestigationParams as Params } from './investigations.ts'

export interface AnomalyExportRouteOptions {
  store: Store
  downloads: Downloads
  /** 1–9. */
  compressionLevel: number
}

/** The findings of an investigation as a file. */
export const anomalyExportRoute: FastifyPluginAsyncTypebox<AnomalyExportRouteOptions> = async (
  app,
  { store, downloads, compressionLevel },
) => {
  app.get(
    '/api/v1/investigations/:id/anomalies/export',
    {
      exposeHeadRoute: false,
      config: { access: 'read' },
      compress: compressedDownload(compressionLevel),
      schema: {
        tags: ['investigations'],
        summary: 'What was found, as a file of any size, in the order of discovery',
        produces: Object.values(EXPORT_TYPES),
        params: Params,
        querystring: FilterQuery({
          format: Type.Optional(Type.Enum([...EXPORT_FORMATS], { default: 'csv' })),
          type: Type.Optional(AnomalyType),
          severity: Type.Optional(Severity),
          after: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 128,
              description:
                'goes on behind this anomaly_id of an export that broke off; CSV then has no header line',
            }),
          ),
        }),
        response: problemResponses(400, 401, 404, 429, 503),
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { type, severity, after } = request.query
      const format = (request.query.format ?? 'csv') as ExportFormat
      await requireAccess(store, request.identity, { type: 'investigation', id }, 'shared')
      const read = await openAnomalyFile(store, id, { format, type, severity, after })
      return sendAuditedDownload(request, reply, await downloads.start(request.identity.id), {
        contentType: downloadType(EXPORT_TYPES[format], after !== undefined && format === 'csv'),
        name: `investigation-${id}-anomalies.${format}`,
        read,
        event: 'investigation.exported',
        resource: { resource_type: 'investigation', resource_id: id },
        details: { format, type: type ?? null, severity: severity ?? null, after: after ?? null },
      })
    },
  )
}
