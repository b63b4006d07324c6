import { type AuditFilterQuery, parseAuditFilter } from '../../audit/filter.ts'
import type { AuditLog } from '../../audit/log.ts'
import { badField, Problem } from '../../errors.ts'
import type { Actor } from '../../identity/actor.ts'
import { can, type Identity } from '../../identity/identity.ts'
import { checkFilters } from '../../investigation/request.ts'
import type { Steering } from '../../investigation/steering.ts'
import type { Knowledge } from '../../knowledge/fact.ts'
import { say } from '../../language/sentence.ts'
import type { Filters } from '../../protocol/investigation.ts'
import type { Store } from '../../store/database.ts'
import type { ChatMessageInput } from '../chat.ts'
import { exportAudit } from './export-audit.ts'
import { datasetFor, investigate } from './investigate.ts'
import { executeTask } from './task.ts'

export const ACTIONS = ['execute_task', 'investigate', 'export_audit'] as const
export type ActionType = (typeof ACTIONS)[number]

/** A caller's order of an action. */
export interface ActionOrder {
  type: ActionType
  description: string
  context: AuditFilterQuery & {
    /** Id or name of the dataset to investigate. */
    dataset?: string | undefined
    filters?: Filters | undefined
    /** Format of an export. */
    format?: string | undefined
  }
}

export interface ActionOptions {
  store: Store
  log: AuditLog
  knowledgeFor(identity: Identity): Knowledge
  steering: Pick<Steering, 'cancelStarted'>
}

/**
 * Chooses the function that makes the answer of an action.
 * @throws {Problem} `FORBIDDEN`; `VALIDATION_FAILED` naming a field of `/action` or `/context`
 */
export type PlanAction = (
  actor: Actor,
  order: ActionOrder,
) => Promise<NonNullable<ChatMessageInput['answering']>>

/** Reads the filter of an export from an action's context. @throws {Problem} `VALIDATION_FAILED` naming the field */
const exportFilter = ({
  start_date,
  end_date,
  severity,
  event_type,
  user_id,
  format,
}: ActionOrder['context']) => {
  const filters = { start_date, end_date, severity, event_type, user_id }
  const query = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))
  try {
    return {
      filter: parseAuditFilter(query),
      query: { ...query, ...(format === undefined ? {} : { format }) },
    }
  } catch (error) {
    const [first] = error instanceof Problem ? (error.errors ?? []) : []
    throw first ? badField(first.field.replace('?', '/context/'), first.reason) : error
  }
}

/** Makes the use case that plans actions. */
export const actionPlan =
  ({ store, log, knowledgeFor, steering }: ActionOptions): PlanAction =>
  async (actor, { type, description, context }) => {
    const { identity, audit } = actor
    switch (type) {
      case 'execute_task':
        return executeTask
      case 'export_audit': {
        if (!can(identity.role, 'audit'))
          throw new Problem('FORBIDDEN', say('identity.role_exports_not', { role: identity.role }))
        const answer = exportAudit(store, log, { ...exportFilter(context), audit })
        return (_, question) => answer(question)
      }
      case 'investigate': {
        const filters = checkFilters(context.filters ?? {}, '/context/filters')
        const dataset = await datasetFor(knowledgeFor(identity), context.dataset, description)
        if (!dataset)
          throw badField(
            context.dataset === undefined ? '/action/description' : '/context/dataset',
            say('field.no_dataset_of_yours'),
          )
        return investigate(dataset, filters, (id) => steering.cancelStarted(actor, id))
      }
    }
  }
