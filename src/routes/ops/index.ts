import type { FastifyPluginAsync } from 'fastify'
import { type HealthRoutesOptions, healthRoutes } from './health.ts'
import { type MetricsRoutesOptions, metricsRoutes } from './metrics.ts'
import { type ObservabilityRoutesOptions, observabilityRoutes } from './observability.ts'

export interface OperationInterfaceOptions
  extends HealthRoutesOptions,
    MetricsRoutesOptions,
    ObservabilityRoutesOptions {}

/** Serves the service's health, metrics and current work. */
export const operationInterface: FastifyPluginAsync<OperationInterfaceOptions> = async (app, options) => {
  await app.register(healthRoutes, options)
  await app.register(metricsRoutes, options)
  await app.register(observabilityRoutes, options)
}
