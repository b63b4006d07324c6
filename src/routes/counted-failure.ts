import type { FastifyRequest } from 'fastify'
import type { Turn } from '../turn/turn.ts'

/** Counts a turn that ends with an error, once, for the endpoint where it was started; returns the turn. */
export const countingFailure = ({ server, routeOptions }: FastifyRequest, turn: Turn): Turn => {
  turn.ended.then(
    ({ event }) => {
      if (event.type === 'error') server.meters.streams.failed(routeOptions.url as string)
    },
    // The turn went to another instance, which counts it.
    () => undefined,
  )
  return turn
}
