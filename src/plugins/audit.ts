import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { AuditEvent, AuditEventType, NewAuditEvent } from '../audit/events.ts'
import type { AuditLog } from '../audit/log.ts'
import { RefusedAccess } from '../identity/access.ts'

/** What a route tells of an event; who, from where and in which request is filled in. */
export type RequestEvent = Omit<NewAuditEvent, 'event_type' | 'ip_address' | 'user_agent' | 'request_id'>

declare module 'fastify' {
  interface FastifyInstance {
    auditLog: AuditLog
  }
  interface FastifyRequest {
    /** Appends an event of this request; resolves when it is durable, so await it before answering. */
    audit(type: AuditEventType, event?: RequestEvent): Promise<AuditEvent>
    /** The refusal of this request is in the log already. */
    refusalAudited: boolean
  }
}

const MAX_PATH = 512

const refusal = (request: FastifyRequest): RequestEvent => {
  const { problem } = request
  const resource = problem?.cause instanceof RefusedAccess ? problem.cause.resource : undefined
  const path = request.url.split('?', 1)[0]?.slice(0, MAX_PATH)
  return {
    success: false,
    message: `${request.method} ${path} refused`,
    error_code: problem?.code ?? null,
    resource_type: resource?.type ?? null,
    resource_id: resource?.id ?? null,
    details: { method: request.method, path, detail: problem?.message ?? null },
  }
}

/** `request.audit`, and an event for every request that was refused: 401, 403, and 404 on what is somebody else's. */
export const auditPlugin = fp(
  async (app: FastifyInstance, { log }: { log: AuditLog }) => {
    app.decorate('auditLog', log)
    app.decorateRequest('refusalAudited', false)
    app.decorateRequest('audit', function (this: FastifyRequest, type, event = {}) {
      if (event.success === false) this.refusalAudited = true
      return log.append({
        user_id: this.maybeIdentity?.id ?? null,
        user_email: this.maybeIdentity?.email ?? null,
        ...event,
        event_type: type,
        ip_address: this.ip,
        user_agent: this.headers['user-agent'] ?? null,
        request_id: this.id,
      })
    })
    app.addHook('onSend', async (request, reply) => {
      const { statusCode } = reply
      const refused =
        statusCode === 401 || statusCode === 403 || request.problem?.cause instanceof RefusedAccess
      if (!refused || request.refusalAudited) return
      await request
        .audit('security.refused', refusal(request))
        .catch((error) =>
          request.log.error({ err: error }, 'a refusal could not be written to the audit log'),
        )
    })
  },
  { name: 'audit', fastify: '5.x' },
)
