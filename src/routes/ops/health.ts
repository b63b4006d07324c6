import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { within } from '../../deadline.ts'
import type { Streams } from '../../stream/streams.ts'
import type { Connections } from '../../transport/connections.ts'

/** A part of the service that can be probed; its call rejects with the reason when the part does not work. */
export interface Probed {
  probe(): Promise<unknown>
}

export interface HealthRoutesOptions {
  store: Probed
  /** The hold on a store that one service may use at a time; left out where several may. */
  soleUse?: { readonly of: 'folder' | 'database'; isShared(): Promise<boolean> } | undefined
  broker: Probed
  streams: Streams
  connections: Connections
}

const tags = ['operation']
const PROBE_TIMEOUT_MS = 2000

const shared = (what: string) =>
  Type.Optional(
    Type.Literal(true, {
      description: `another process uses the same ${what}, and without Redis neither hears of the other`,
    }),
  )
const Ready = Type.Object({
  status: Type.Enum(['ok', 'unavailable']),
  checks: Type.Object({ store: Type.String(), bus: Type.String(), queue: Type.String() }),
  draining: Type.Boolean(),
  shared_folder: shared('DATA_DIR'),
  shared_database: shared('database'),
})

/** Probes a part; returns its state for clients. */
const verdict = (part: Probed): Promise<string> => {
  const answer = part.probe().then(
    () => 'ok',
    () => 'unavailable',
  )
  return within(answer, PROBE_TIMEOUT_MS, () => `no answer in ${PROBE_TIMEOUT_MS} ms`)
}

/** Serves everybody the state of the process, and of the parts it depends on, without reasons. */
export const healthRoutes: FastifyPluginAsyncTypebox<HealthRoutesOptions> = async (
  app,
  { store, soleUse, broker, streams, connections },
) => {
  app.get(
    '/health/live',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'The process runs',
        response: { 200: Type.Object({ status: Type.Literal('ok') }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  )

  app.get(
    '/health/ready',
    {
      config: { access: 'public' },
      schema: { tags, summary: 'Store, bus and queue answer', response: { 200: Ready, 503: Ready } },
    },
    async (_request, reply) => {
      const [ofStore, bus, queue, isShared] = await Promise.all([
        verdict(store),
        verdict(broker),
        verdict(streams),
        within(soleUse?.isShared() ?? Promise.resolve(false), PROBE_TIMEOUT_MS, () => false),
      ])
      const draining = connections.isDraining
      const isReady = !draining && [ofStore, bus, queue].every((answer) => answer === 'ok')
      return reply
        .code(isReady ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({
          status: isReady ? 'ok' : 'unavailable',
          checks: { store: ofStore, bus, queue },
          draining,
          ...(isShared && { [`shared_${soleUse?.of}`]: true }),
        } as never)
    },
  )
}
