import { Problem } from '../errors.ts'
import type { Store } from '../store/database.ts'
import type { AuditLog } from './log.ts'

export interface UpkeepOptions {
  /** Days that events are kept; 0 keeps them for ever. */
  retentionDays: number
  /** Events after which the log is signed. */
  checkpointEvents: number
  /** What went wrong in the background. */
  onError(error: unknown): void
  now?: () => number
}

export interface AuditUpkeep {
  /**
   * Does what is due: puts into the chain what was left in the outbox, signs the log, cuts what is too old. Any number
   * of instances may ask at once. Never rejects; one that is asked for during another waits for that one.
   */
  tick(): Promise<void>
  /** Ticks every minute, and whenever so many events were appended here that the log is to be signed. */
  start(): void
  /** Ticks no more; resolves when nothing is under way. */
  stop(): Promise<void>
}

const TICK_MS = 60_000
const DAY_MS = 86_400_000
/** The log is signed this long after the last time, if anything but that came since. */
const CHECKPOINT_AFTER_MS = 3_600_000

/** What the audit log needs from time to time, done once however many instances there are. */
export const auditUpkeep = (store: Store, log: AuditLog, options: UpkeepOptions): AuditUpkeep => {
  const { retentionDays, checkpointEvents, onError, now = Date.now } = options
  const { db } = store

  /** Takes the day's run, if nobody has. */
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
      // Looked at again tomorrow: until then nothing is removed.
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
