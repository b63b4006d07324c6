import { sql } from 'kysely'
import type { Store } from '../store/database.ts'
import { TURN_KINDS } from './turn.ts'

/** Figures about turns. */
export interface TurnStatistics {
  active: number
  total: number
  failed: number
  /** Average duration in milliseconds of the turns that have ended, whatever their end; 0 while there is none. */
  averageMs: number
  /** Tokens of all answers, those of prompts and of the rules included. */
  tokens: number
}

const whole = (value: unknown): number => Math.round(Number(value ?? 0))

/** Reads the statistics of turns. @param owner null for those of all users */
export const turnStatistics = async ({ db }: Store, owner: string | null): Promise<TurnStatistics> => {
  let turns = db
    .selectFrom('streams')
    .select(({ fn }) => [
      fn.countAll().as('total'),
      fn.sum(sql`case when state = 'running' then 1 else 0 end`).as('active'),
      fn.sum(sql`case when state = 'failed' then 1 else 0 end`).as('failed'),
      fn.avg(sql`ended_at - started_at`).as('average'),
    ])
    .where('kind', 'in', TURN_KINDS)
  let used = db
    .selectFrom('token_usage')
    .select(({ fn }) => fn.sum(sql`prompt_tokens + completion_tokens`).as('tokens'))
  if (owner !== null) {
    turns = turns.where('owner', '=', owner)
    used = used.where('user_id', '=', owner)
  }
  const [{ total, active, failed, average }, { tokens }] = await Promise.all([
    turns.executeTakeFirstOrThrow(),
    used.executeTakeFirstOrThrow(),
  ])
  return {
    active: whole(active),
    total: whole(total),
    failed: whole(failed),
    averageMs: whole(average),
    tokens: whole(tokens),
  }
}
