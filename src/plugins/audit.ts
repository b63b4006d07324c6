import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { audited, type RecordEvent } from '../audit/audited.ts'
import type { AuditEvent, AuditEventType, NewAuditEvent } from '../audit/events.ts'
import type { AuditLog } from '../audit/log.ts'
import { Problem } from '../errors.ts'
import { RefusedAccess } from '../identity/access.ts'
import type { Actor } from '../identity/actor.ts'
import type { Identity } from '../identity/identity.ts'

/** What a route tells of an event; who, from where and in which request is filled in. */
type RequestEvent = Omit<NewAuditEvent, 'event_type' | 'ip_address' | 'user_agent' | 'request_id'>

declare module 'fastify' {
  interface FastifyInstance {
    auditLog: AuditLog
  }
  interface FastifyRequest {
    /** Appends an event of this request; resolves when it is durable, so await it before answering. */
    audit(type: AuditEventType, event?: RequestEvent): Promise<AuditEvent>
    /**
     * Makes a change whose events are written in its own transaction, so that there is neither without the other;
     * resolves with what the change gives when the events are durable in the log, so await it before answering.
     * @param change is handed what writes an event of this request down in a transaction
     */
    audited<T>(change: (record: RecordEvent) => Promise<T>): Promise<T>
    /**
     * The caller, for a use case, with the events of this request.
     * @param identity of a caller who has shown another token since, on the connection that this request opened
     * @throws {Error} on a public route, where there may be no caller
     */
    actor(identity?: Identity): Actor
    /** Who asks, from where and in which request, for events that a room appends itself. */
    auditContext(): Pick<NewAuditEvent, 'user_id' | 'user_email' | 'ip_address' | 'user_agent' | 'request_id'>
    /**
     * Puts what refused a command of this request's connection into the log, when it is a refusal: what is forbidden,
     * and what is somebody else's.
     */
    auditRefusedCommand(command: string, error: unknown): Promise<void>
    /** The refusal of this request is in the log already. */
    refusalAudited: boolean
  }
}

const MAX_PATH = 512

const pathOf = (request: FastifyRequest): string =>
  (request.url.split('?', 1)[0] as string).slice(0, MAX_PATH)

const refusal = (request: FastifyRequest): RequestEvent => {
  const { problem } = request
  const resource = problem?.cause instanceof RefusedAccess ? problem.cause.resource : undefined
  const path = pathOf(request)
  return {
    success: false,
    message: `${request.method} ${path} refused`,
    error_code: problem?.code ?? null,
    resource_type: resource?.type ?? null,
    resource_id: resource?.id ?? null,
    details: { method: request.method, path, detail: problem?.message ?? null },
  }
}

const WINDOW_MS = 60_000

/** Says once a minute and key that a limit was reached, however often it was. */
const oncePerWindow = (now: () => number = Date.now) => {
  let since = now()
  const told = new Set<string>()
  return (key: string): boolean => {
    if (now() - since >= WINDOW_MS) {
      told.clear()
      since = now()
    }
    if (told.has(key)) return false
    told.add(key)
    return true
  }
}

/**
 * `request.audit`, `request.audited`, and an event for every request that was refused: 401, 403, 404 on what is
 * somebody else's, and limits that were reached, of which one a minute, caller and limit is told.
 */
export const auditPlugin = fp(
  async (app: FastifyInstance, { log }: { log: AuditLog }) => {
    app.decorate('auditLog', log)
    app.decorateRequest('refusalAudited', false)
    app.decorateRequest('auditContext', function (this: FastifyRequest) {
      return {
        user_id: this.maybeIdentity?.id ?? null,
        user_email: this.maybeIdentity?.email ?? null,
        ip_address: this.ip,
        user_agent: this.headers['user-agent'] ?? null,
        request_id: this.id,
      }
    })
    app.decorateRequest('audit', function (this: FastifyRequest, type, event = {}) {
      if (event.success === false) this.refusalAudited = true
      return log.append({ ...this.auditContext(), ...event, event_type: type })
    })
    app.decorateRequest('audited', function (this: FastifyRequest, change) {
      return audited(log, () => this.auditContext(), change)
    })
    app.decorateRequest('actor', function (this: FastifyRequest, identity = this.identity) {
      return {
        identity,
        language: this.language,
        audit: {
          append: (type, event) => this.audit(type, event),
          change: (change) => this.audited(change),
        },
      }
    })
    app.decorateRequest('auditRefusedCommand', async function (this: FastifyRequest, command, error) {
      if (!(error instanceof Problem)) return
      const resource = error.cause instanceof RefusedAccess ? error.cause.resource : undefined
      if (error.code !== 'FORBIDDEN' && resource === undefined) return
      await this.audit('security.refused', {
        success: false,
        message: `${command} over WebSocket refused`,
        error_code: error.code,
        resource_type: resource?.type ?? null,
        resource_id: resource?.id ?? null,
        details: { command, path: pathOf(this), detail: error.message },
      })
    })

    const isFirst = oncePerWindow()
    const refusedWith = ({ problem, maybeIdentity, ip }: FastifyRequest, status: number) => {
      if (status === 401 || status === 403 || problem?.cause instanceof RefusedAccess)
        return 'security.refused'
      // What the rate limits count is told by them, once a minute for each of their keys.
      if (!problem || problem.code === 'RATE_LIMITED') return undefined
      // Event-streams are turned away with a 200.
      const isLimit = problem.status === 429 || problem.code === 'OVERLOADED'
      return isLimit && isFirst(`${problem.code} ${maybeIdentity?.id ?? ip}`)
        ? 'security.rate_limited'
        : undefined
    }
    app.addHook('onSend', async (request, reply) => {
      if (request.refusalAudited) return
      const type = refusedWith(request, reply.statusCode)
      if (type === undefined) return
      await request
        .audit(type, refusal(request))
        .catch((error) =>
          request.log.error({ err: error }, 'a refusal could not be written to the audit log'),
        )
    })
  },
  { name: 'audit', fastify: '5.x' },
)
