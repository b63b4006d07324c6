import { Problem } from '../errors.ts'
import type { AccessControl } from '../identity/access.ts'
import type { Actor } from '../identity/actor.ts'
import type { StreamState } from './stream.ts'
import type { Streams } from './streams.ts'

export interface CancellationOptions {
  access: AccessControl
  streams: Pick<Streams, 'cancel' | 'get'>
}

/**
 * Cancels a stream that the caller owns, on whichever instance it runs; its terminal event follows.
 * @returns its state right afterwards
 * @throws {Problem} `NOT_FOUND`, `FORBIDDEN`; `INVALID_STATE` when it has ended
 */
export type CancelStream = (actor: Actor, streamId: string) => Promise<StreamState>

/** Makes the use case that cancels streams. */
export const streamCancellation =
  ({ access, streams }: CancellationOptions): CancelStream =>
  async ({ identity, audit }, id) => {
    await access.require(identity, { type: 'stream', id }, 'own')
    await audit.change((record) =>
      streams.cancel(id, (trx) =>
        record(trx, 'stream.cancelled', { resource_type: 'stream', resource_id: id }),
      ),
    )
    return (await streams.get(id))?.state as StreamState
  }

/** Ignores the error of a cancellation that came after the stream's end; for its `catch`. */
export const ignoreEnded = (error: unknown): void => {
  if (!(error instanceof Problem && error.code === 'INVALID_STATE')) throw error
}
