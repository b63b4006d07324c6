import type { AuditEventType } from '../audit/events.ts'
import type { Datasets } from '../dataset/datasets.ts'
import type { Source } from '../dataset/sources/source.ts'
import { badField, existing, noSuch, Problem } from '../errors.ts'
import type { AccessControl } from '../identity/access.ts'
import type { Actor } from '../identity/actor.ts'
import type { Language } from '../language/language.ts'
import { say } from '../language/sentence.ts'
import type { AnomalyType, Filters } from '../protocol/investigation.ts'
import type { Alongside } from '../store/change.ts'
import { ignoreEnded } from '../stream/cancellation.ts'
import type { Stream } from '../stream/stream.ts'
import type { Streams } from '../stream/streams.ts'
import type { Investigation, InvestigationRequest, Investigations } from './investigations.ts'
import { checkFilters, checkThresholds } from './request.ts'

export interface SteeringOptions {
  access: AccessControl
  streams: Pick<Streams, 'cancel'>
  investigations: Investigations
  datasets: Pick<Datasets, 'get'>
  sources: Readonly<Record<'portal' | 'pncp', Pick<Source, 'check'>>>
}

/** A caller's order of an investigation, of either a dataset or a source. */
export interface InvestigationOrder {
  query: string
  dataset_id?: string | undefined
  data_source?: 'portal' | 'pncp' | undefined
  filters?: Filters | undefined
  /** Anomaly types to look for; all where none are given. */
  anomaly_types?: readonly AnomalyType[] | undefined
  /** Thresholds by anomaly type and name. */
  thresholds?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined
  /** Language of the findings; English by default. */
  language?: Language | undefined
  /** Whether findings have explanations; true by default. */
  include_explanations?: boolean | undefined
  /** Reaction to the last reader's leaving; `continue` by default. */
  on_disconnect?: Stream['on_disconnect'] | undefined
  /** The place of an order that no request made, such as `a conversation`: the audit event names it in place of the source. */
  asked_in?: string | undefined
}

const COMMANDS = {
  cancel: 'investigation.cancelled',
  pause: 'investigation.paused',
  resume: 'investigation.resumed',
} as const satisfies Record<string, AuditEventType>

export type InvestigationCommand = keyof typeof COMMANDS
export const INVESTIGATION_COMMANDS = Object.keys(COMMANDS) as readonly InvestigationCommand[]

const ENDED: readonly Investigation['status'][] = ['completed', 'failed', 'cancelled']

/** Starts, steers and removes investigations of a caller. */
export interface Steering {
  /**
   * Starts an investigation that is the caller's; it runs as soon as an instance has room.
   * @throws {Problem} `VALIDATION_FAILED` naming the field, `NOT_FOUND` for a dataset that the caller may not read,
   *   `TOO_MANY_STREAMS`, `DRAINING`
   */
  start(actor: Actor, order: InvestigationOrder): Promise<Investigation>
  /**
   * Cancels, pauses or resumes an investigation of the caller's.
   * @throws {Problem} `NOT_FOUND`, `FORBIDDEN`, `INVALID_STATE`
   */
  command(actor: Actor, id: string, command: InvestigationCommand): Promise<void>
  /**
   * Cancels an investigation that an action of the caller's started; does nothing when it was removed or has ended.
   */
  cancelStarted(actor: Actor, id: string): Promise<void>
  /**
   * Removes an investigation of the caller's that has ended, with its findings.
   * @throws {Problem} `NOT_FOUND`, `FORBIDDEN`, `INVALID_STATE` while it runs
   */
  remove(actor: Actor, id: string): Promise<void>
}

/** Makes the use cases that start and steer investigations. */
export const steering = (options: SteeringOptions): Steering => {
  const { access, streams, investigations, datasets, sources } = options

  /** Validates an order. @throws {Problem} `VALIDATION_FAILED`, `NOT_FOUND` */
  const readOrder = async ({ identity }: Actor, order: InvestigationOrder): Promise<InvestigationRequest> => {
    const { query, dataset_id, data_source, include_explanations = true, language = 'en' } = order
    const { rules } = investigations
    if (dataset_id !== undefined && data_source !== undefined)
      throw badField('/data_source', say('field.without_dataset'))
    if (dataset_id === undefined && data_source === undefined)
      throw badField('/dataset_id', say('field.name_dataset'))
    const thresholds = checkThresholds(rules, order.thresholds ?? {})
    const filters = checkFilters(order.filters ?? {})
    if (dataset_id !== undefined) {
      await access.require(identity, { type: 'dataset', id: dataset_id }, 'shared')
      if (!(await datasets.get(dataset_id))) throw noSuch('dataset')
    }
    if (data_source !== undefined) sources[data_source].check({ filters })
    return {
      query,
      ...(dataset_id === undefined ? {} : { dataset_id }),
      ...(data_source === undefined ? {} : { data_source }),
      filters,
      anomaly_types: order.anomaly_types ?? (Object.keys(rules) as AnomalyType[]),
      thresholds,
      include_explanations,
      language,
    }
  }

  const command: Steering['command'] = async ({ identity, audit }, id, command) => {
    await access.require(identity, { type: 'investigation', id }, 'own')
    const { status, stream_id } = existing(await investigations.get(id), 'investigation')
    if (ENDED.includes(status))
      throw new Problem('INVALID_STATE', say('investigation.in_state', { state: status }))
    await audit.change(async (record) => {
      const recordCommand: Alongside = (trx) =>
        record(trx, COMMANDS[command], { resource_type: 'investigation', resource_id: id })
      if (command === 'cancel') await streams.cancel(stream_id, recordCommand)
      else if (!(await investigations[command](id, recordCommand)))
        throw new Problem(
          'INVALID_STATE',
          say('investigation.in_state', { state: (await investigations.get(id))?.status ?? 'cancelled' }),
        )
    })
  }

  return {
    command,

    async start(actor, order) {
      const request = await readOrder(actor, order)
      const { dataset_id = null, data_source = null, on_disconnect = 'continue', asked_in } = order
      const details = { dataset_id, ...(asked_in === undefined ? { data_source } : { asked_in }) }
      return actor.audit.change((record) =>
        investigations.start(request, actor.identity.id, on_disconnect, (trx, resource_id) =>
          record(trx, 'investigation.created', { resource_type: 'investigation', resource_id, details }),
        ),
      )
    },

    async cancelStarted(actor, id) {
      if (await investigations.get(id)) await command(actor, id, 'cancel').catch(ignoreEnded)
    },

    async remove({ identity, audit }, id) {
      await access.require(identity, { type: 'investigation', id }, 'own')
      const investigation = existing(await investigations.get(id), 'investigation')
      if (!ENDED.includes(investigation.status))
        throw new Problem('INVALID_STATE', say('investigation.cancel_first', { state: investigation.status }))
      await audit.change((record) =>
        investigations.remove(investigation, (trx) =>
          record(trx, 'investigation.deleted', { resource_type: 'investigation', resource_id: id }),
        ),
      )
    },
  }
}
