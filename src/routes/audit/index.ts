import type { FastifyPluginAsync } from 'fastify'
import { type AuditExportRoutesOptions, auditExportRoutes } from './audit-export-routes.ts'
import { type AuditRoutesOptions, auditRoutes } from './audit-routes.ts'

export interface AuditInterfaceOptions extends AuditRoutesOptions, AuditExportRoutesOptions {}

/** Serves the audit log: list, verify, sign, cut, export and watch. */
export const auditInterface: FastifyPluginAsync<AuditInterfaceOptions> = async (app, options) => {
  await app.register(auditRoutes, options)
  await app.register(auditExportRoutes, options)
}
