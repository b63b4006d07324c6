import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { EXPORT_FORMATS, type ExportFormat } from '../../audit/export-lines.ts'
import { EXPORT_TYPES } from '../../audit/export-request.ts'
import type { InvestigationExports } from '../../investigation/investigation-export.ts'
import { FindingFilter } from '../../protocol/finding-filter.ts'
import { compressedDownload, sendExport } from '../download-response.ts'
import { problemResponses } from '../problem-schema.ts'
import { FilterQuery, findingFilterOf, isSpreadsheet, retoldIn, SpreadsheetQuery } from '../query-fields.ts'
import { InvestigationParams as Params } from './investigations-routes.ts'

export interface AnomalyExportRouteOptions {
  investigationExports: InvestigationExports
  /** Level of gzip compression, 1–9. */
  compressionLevel: number
}

/** Serves the findings of an investigation as a file. */
export const anomalyExportRoute: FastifyPluginAsyncTypebox<AnomalyExportRouteOptions> = async (
  app,
  { investigationExports, compressionLevel },
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
        description:
          'Titles, explanations and notes are in the language of the investigation, or in that of lang; ids, codes and numbers are the same in all.',
        produces: Object.values(EXPORT_TYPES),
        params: Params,
        querystring: FilterQuery({
          format: Type.Optional(Type.Enum([...EXPORT_FORMATS], { default: 'csv' })),
          ...FindingFilter.properties,
          after: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 128,
              description:
                'goes on behind this anomaly_id of an export that broke off; CSV then has no header line',
            }),
          ),
          ...SpreadsheetQuery,
        }),
        response: problemResponses(400, 401, 404, 429, 503),
      },
    },
    async (request, reply) => {
      const format = (request.query.format ?? 'csv') as ExportFormat
      const { after } = request.query
      const filter = findingFilterOf(request.query)
      const spreadsheet = isSpreadsheet(request.query.for, format) ? request.language : undefined
      const asked = { format, filter, after, spreadsheet }
      const language = retoldIn(request.query.lang)
      return sendExport(
        request,
        reply,
        await investigationExports.anomalies(request.actor(), request.params.id, asked, language),
      )
    },
  )
}
