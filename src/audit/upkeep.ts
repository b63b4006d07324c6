import { Problem } from '../errors.ts'
import type { Store } from '../store/database.ts'
import type { AuditLog } from './log.ts'

export interface UpkeepOptions {
  /** Days for which events are kept; 0 keeps them for ever. */
  retentionDays: number
  /** Number of events after which the log is signed. */
  checkpointEvents: number
  /** Called with errors of the work in the background. */
  onError(error: unknown): void
  now?: () => number
}

export interface AuditUpkeep {
  /**
   * Does the work that is due: puts events of the outbox into the chain, signs the log, removes events that are too
   * old. Any number of instances may call it at once. Never rejects; a call during another one waits for that one.
   */
  tick(): Promise<void>
  /**
   * Starts to tick every minute, and whenever this instance has appended so many events that the log is to be
   * signed.
   */
  start(): void
  /** Stops ticking; resolves when no work is under way. */
  stop(): Promise<void>
}

const TICK_MS = 60_000
const DAY_MS = 86_400_000
/** Milliseconds after the last checkpoint at which the log is signed, if any other event came since. */
const CHECKPOINT_AFTER_MS = 3_600_000

/** Makes the periodic work on the audit log, which is done once however many instances there are. */
export const auditUpkeep = (store: Store, log: AuditLog, options: UpkeepOptions): AuditUpkeep => {
  const { retentionDays, checkpointEvents, onError, now = Date.now } = options
  const { db } = store

  /** Claims the day's cut for this instance. @returns false when another one has it */
  const claim = async (at: number): Promise<boolean> => {
    const { numUpdatedRows } = await db
      .updateTable('audit_upkeep')
      .set({ ran_at: at })
      .where('task', '=', 'retention')
      .where('ran_at', '<=', at - DAY_MS)
      .executeTakeFirst()
    return numUpdatedRows === 1n
  }
  const giveBack = (at: number) =>
    db
      .updateTable('audit_upkeep')
      .set({ ran_at: 0 })
      .where('task', '=', 'retention')
      .where('ran_at', '=', at)
      .execute()

  const retain = async (): Promise<void> => {
    const at = now()
    if (retentionDays === 0 || !(await claim(at))) return
    try {
      await log.cut(at - retentionDays * DAY_MS, { details: { retention_days: retentionDays } })
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'INVALID_STATE')) {
        await giveBack(at)
        throw error
      }
      // The next attempt is the next day's; until then nothing is removed.
      await log.append({
        event_type: 'audit.broken',
        success: false,
        error_code: error.code,
        details: { retention_days: retentionDays, detail: error.message },
      })
      onError(error)
    }
  }

  const steps = [
    () => log.collect(),
    () =>
      log.checkpointWhenDue(
        { events: checkpointEvents, afterMs: CHECKPOINT_AFTER_MS },
        { details: { automatic: true } },
      ),
    retain,
  ]
  const work = async (): Promise<void> => {
    for (const step of steps) await step().catch(onError)
  }

  let working: Promise<void> | undefined
  const tick = (): Promise<void> => {
    working ??= work().finally(() => {
      working = undefined
    })
    return working
  }

  let appended = 0
  let timer: NodeJS.Timeout | undefined
  let unlisten = () => {}
  return {
    tick,
    start() {
      timer = setInterval(() => void tick(), TICK_MS).unref()
      unlisten = log.onAppended(({ length }) => {
        appended += length
        if (appended < checkpointEvents) return
        appended = 0
        void tick()
      })
      void tick()
    },
    async stop() {
      clearInterval(timer)
      unlisten()
      await working
    },
  }
}
