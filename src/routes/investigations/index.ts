import type { FastifyPluginAsync } from 'fastify'
import { type AnomalyExportRouteOptions, anomalyExportRoute } from './anomaly-export.ts'
import { type FindingRoutesOptions, findingRoutes } from './findings-routes.ts'
import { type InvestigationRoutesOptions, investigationRoutes } from './investigations-routes.ts'

export interface InvestigationInterfaceOptions
  extends InvestigationRoutesOptions,
    AnomalyExportRouteOptions,
    FindingRoutesOptions {}

/** Serves investigations: orders, findings, reports and exports. */
export const investigationInterface: FastifyPluginAsync<InvestigationInterfaceOptions> = async (
  app,
  options,
) => {
  await app.register(investigationRoutes, options)
  await app.register(anomalyExportRoute, options)
  await app.register(findingRoutes, options)
}
