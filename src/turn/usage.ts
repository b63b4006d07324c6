import { sql } from 'kysely'
import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import type { Store } from '../store/database.ts'
import type { Db } from '../stream/stream.ts'

/** The tokens and the cost of one attempt at a vendor. */
export interface AttemptUsage {
  provider: string
  model: string | null
  promptTokens: number
  completionTokens: number
  costUsd: number
}

const DAY_MS = 86_400_000
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** Adds to a user's usage of today (UTC); that of answers without a language model has the model ''. */
export const addDailyUsage = async (
  db: Db,
  userId: string,
  spent: readonly AttemptUsage[],
  now = Date.now,
): Promise<void> => {
  for (const { provider, model, promptTokens, completionTokens, costUsd } of spent) {
    if (promptTokens + completionTokens === 0) continue
    await db
      .insertInto('token_usage')
      .values({
        user_id: userId,
        day: dayOf(now()),
        provider,
        model: model ?? '',
        prompt_tokens: promptTokens,
        completion_tokens: completionTokens,
        cost_usd: costUsd,
      })
      .onConflict((conflict) =>
        conflict.columns(['user_id', 'day', 'provider', 'model']).doUpdateSet({
          prompt_tokens: sql`token_usage.prompt_tokens + excluded.prompt_tokens`,
          completion_tokens: sql`token_usage.completion_tokens + excluded.completion_tokens`,
          cost_usd: sql`token_usage.cost_usd + excluded.cost_usd`,
        }),
      )
      .execute()
  }
}

/**
 * Reads the tokens that a user has used today (UTC) with language models; answers without one cost nothing. Running
 * turns are counted when they end.
 * @returns `reset` is the seconds until midnight
 */
export const tokensToday = async (
  { db }: Store,
  userId: string,
  now = Date.now,
): Promise<{ used: number; reset: number }> => {
  const { used } = await db
    .selectFrom('token_usage')
    .select((eb) => eb.fn.sum<number | null>(sql`prompt_tokens + completion_tokens`).as('used'))
    .where('user_id', '=', userId)
    .where('day', '=', dayOf(now()))
    .where('model', '!=', '')
    .executeTakeFirstOrThrow()
  return { used: Number(used ?? 0), reset: Math.ceil((DAY_MS - (now() % DAY_MS)) / 1000) }
}

/**
 * Refuses a user who has used up the tokens of today, as {@link tokensToday} counts them.
 * @param limit tokens a day (UTC); 0 sets no limit
 * @throws {Problem} `BUDGET_EXCEEDED`, until midnight
 */
export const checkBudget = async (
  store: Store,
  userId: string,
  limit: number,
  now = Date.now,
): Promise<void> => {
  if (limit === 0) return
  const { used, reset: retryAfter } = await tokensToday(store, userId, now)
  if (used < limit) return
  throw new Problem('BUDGET_EXCEEDED', say('chat.budget', { limit, seconds: retryAfter }), { retryAfter })
}
