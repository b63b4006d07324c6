import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type AuditTrail, audited, type RecordEvent } from '../audit/audited.ts'
import type { AuditEvent, AuditEventType, NewAuditEvent } from '../audit/events.ts'
import type { AuditLog } from '../audit/log.ts'
import { Problem } from '../errors.ts'
import { RefusedAccess } from '../identity/access.ts'
import type { Actor } from '../identity/actor.ts'
import type { Identity } from '../identity/identity.ts'

/** An audit event as a route gives it; the caller, the address and the request's id are filled in. */
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
     * resolves with the result of `change` when the events are durable in the log, so await it before answering.
     * @param change takes the function that records an event of this request in a transaction
     * @param waits see {@link audited}
     */
    audited<T>(change: (record: RecordEvent) => Promise<T>, waits?: boolean): Promise<T>
    /** Returns the record of this request for a use case, where there may be no caller. */
    auditTrail(): AuditTrail
    /**
     * Returns the caller for a use case, with the audit events of this request.
     * @param identity of a caller that has shown another token since, on the connection that this request opened
     * @throws {Error} on a public route, where there may be no caller
     */
    actor(identity?: Identity): Actor
    /** Returns the caller, the address and the request's id, for events that a use case appends itself. */
    auditContext(): Pick<NewAuditEvent, 'user_id' | 'user_email' | 'ip_address' | 'user_agent' | 'request_id'>
    /**
     * Records a refused command of this request's connection in the log: one that was forbidden, or about another
     * user's resource. Other errors are not recorded.
     */
    auditRefusedCommand(command: string, error: unknown): Promise<void>
    /** True once the refusal of this request is in the log. */
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

/**
 * Makes a test that is true once a minute for each key, so that a limit is recorded once, however often it was
 * reached.
 */
const oncePerWindow = (now: () => number = Date.now) => {
  let since = now()
  const recorded = new Set<string>()
  return (key: string): boolean => {
    if (now() - since >= WINDOW_MS) {
      recorded.clear()
      since = now()
    }
    if (recorded.has(key)) return false
    recorded.add(key)
    return true
  }
}

/**
 * Adds `request.audit` and `request.audited`, and records an event for every refused request: 401, 403, 404 on
 * another user's resource, and limits that were reached, of which one a minute, caller and limit is recorded.
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
    app.decorateRequest('audited', function (this: FastifyRequest, change, waits) {
      return audited(log, () => this.auditContext(), change, waits)
    })
    app.decorateRequest('auditTrail', function (this: FastifyRequest) {
      return {
        append: (type, event) => this.audit(type, event),
        change: (change, waits) => this.audited(change, waits),
      }
    })
    app.decorateRequest('actor', function (this: FastifyRequest, identity = this.identity) {
      return {
        identity,
        language: this.language,
        audit: this.auditTrail(),
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
      // The rate limits record their refusals themselves, once a minute for each of their keys.
      if (!problem || problem.code === 'RATE_LIMITED') return undefined
      // A refused event-stream gets a 200.
      const isLimit = problem.status === 429 || problem.code === 'OVERLOADED'
      return isLimit && isFirst(`${problem.code} ${maybeIdentity?.id ?? ip}`)
        ? 'security.rate_limited'
        : undefined
    }
    app.addHook('onSend', (request, reply, _payload, done) => {
      const type = request.refusalAudited ? undefined : refusedWith(request, reply.statusCode)
      if (type === undefined) {
        done()
        return
      }
      request
        .audit(type, refusal(request))
        .catch((error) =>
          request.log.error({ err: error }, 'a refusal could not be written to the audit log'),
        )
        .then(() => done())
    })
  },
  { name: 'audit', fastify: '5.x' },
)
