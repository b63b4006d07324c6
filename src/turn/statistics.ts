import { sql } from 'kysely'
import type { Store } from '../store/database.ts'
import { type StreamFigures, streamFigures } from '../stream/stream-rows.ts'
import { TURN_KINDS } from './turn.ts'

/** Figures about turns. */
export interface TurnStatistics extends StreamFigures {
  /** Tokens of all answers, those of prompts and of the rules included. */
  tokens: number
}

/** Reads the statistics of turns. @param owner null for those of all users */
export const turnStatistics = async ({ db }: Store, owner: string | null): Promise<TurnStatistics> => {
  const used = db
    .selectFrom('token_usage')
    .select(({ fn }) => fn.sum(sql`prompt_tokens + completion_tokens`).as('tokens'))
    .$if(owner !== null, (query) => query.where('user_id', '=', owner as string))
  const [figures, { tokens }] = await Promise.all([
    streamFigures(db, TURN_KINDS, owner),
    used.executeTakeFirstOrThrow(),
  ])
  return { ...figures, tokens: Number(tokens ?? 0) }
}
