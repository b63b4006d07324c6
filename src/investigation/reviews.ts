import { Problem } from '../errors.ts'
import type { AccessControl } from '../identity/access.ts'
import type { Actor } from '../identity/actor.ts'
import { say } from '../language/sentence.ts'
import type { Review, Verdict } from '../protocol/investigation.ts'
import type { Store } from '../store/database.ts'

/** Returns the channel that has every review of an investigation's findings as it is given or taken back. */
export const reviewsChannel = (investigationId: string): string => `reviews:${investigationId}`

export interface ReviewOptions {
  store: Store
  access: Pick<AccessControl, 'require'>
  hub: { publish(channel: string, data: readonly string[]): Promise<unknown> }
  /** Called when a review is kept, but those who watch could not be told. */
  onError(error: unknown): void
}

/** Keeps what people made of findings: one review a finding, of which the last counts. */
export interface Reviews {
  /**
   * Reviews a finding of an investigation that is the caller's or shared with it, in place of its review before.
   * @param note at most 2,000 characters; may be empty
   * @throws {Problem} `NOT_FOUND` for an investigation that the caller may not read, or a finding that it has not
   */
  review(
    actor: Actor,
    investigationId: string,
    anomalyId: string,
    said: { verdict: Verdict; note: string },
  ): Promise<Review>
  /**
   * Takes the review of a finding back; does nothing when it has none.
   * @throws {Problem} as {@link Reviews.review}
   */
  withdraw(actor: Actor, investigationId: string, anomalyId: string): Promise<void>
}

/** Makes the use cases that review findings. */
export const reviews = ({ store, access, hub, onError }: ReviewOptions): Reviews => {
  /** Refuses a caller without access, and a finding that is not there. */
  const requireFinding = async ({ identity }: Actor, id: string, anomalyId: string): Promise<void> => {
    await access.require(identity, { type: 'investigation', id }, 'shared')
    const found = await store.db
      .selectFrom('anomalies')
      .select('seq')
      .where('investigation_id', '=', id)
      .where('anomaly_id', '=', anomalyId)
      .executeTakeFirst()
    if (!found) throw new Problem('NOT_FOUND', say('investigation.no_such_finding'))
  }
  /** Tells those who watch of a review, null for one that was taken back. */
  const tell = (investigation_id: string, anomaly_id: string, review: Review | null): void => {
    const event = { type: 'review', investigation_id, anomaly_id, review }
    hub.publish(reviewsChannel(investigation_id), [JSON.stringify(event)]).catch(onError)
  }
  const about = (id: string, details: object) => ({
    resource_type: 'investigation',
    resource_id: id,
    details: { ...details },
  })

  return {
    async review(actor, id, anomalyId, { verdict, note }) {
      await requireFinding(actor, id, anomalyId)
      const given = {
        verdict,
        note,
        reviewer: actor.identity.username,
        reviewed_at: new Date().toISOString(),
      }
      await actor.audit.change((record) =>
        store.db.transaction().execute(async (trx) => {
          await trx
            .insertInto('finding_reviews')
            .values({ investigation_id: id, anomaly_id: anomalyId, ...given })
            .onConflict((conflict) => conflict.columns(['investigation_id', 'anomaly_id']).doUpdateSet(given))
            .execute()
          await record(
            trx,
            'investigation.finding_reviewed',
            about(id, { anomaly_id: anomalyId, verdict, note }),
          )
        }),
      )
      tell(id, anomalyId, given)
      return given
    },

    async withdraw(actor, id, anomalyId) {
      await requireFinding(actor, id, anomalyId)
      await actor.audit.change((record) =>
        store.db.transaction().execute(async (trx) => {
          const { numDeletedRows } = await trx
            .deleteFrom('finding_reviews')
            .where('investigation_id', '=', id)
            .where('anomaly_id', '=', anomalyId)
            .executeTakeFirstOrThrow()
          if (numDeletedRows > 0n)
            await record(
              trx,
              'investigation.finding_reviewed',
              about(id, { anomaly_id: anomalyId, verdict: null }),
            )
        }),
      )
      tell(id, anomalyId, null)
    },
  }
}
