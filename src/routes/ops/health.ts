import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

/** Rejects with what is wrong. */
export type Probe = () => Promise<unknown>

export interface HealthRoutesOptions {
  probes: Readonly<Record<'store' | 'bus' | 'queue', Probe>>
  isDraining(): boolean
}

const tags = ['operation']
const PROBE_TIMEOUT_MS = 2000
const Ready = Type.Object({
  status: Type.Enum(['ok', 'unavailable']),
  checks: Type.Object({ store: Type.String(), bus: Type.String(), queue: Type.String() }),
  draining: Type.Boolean(),
})

const verdict = async (probe: Probe): Promise<string> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer in ${PROBE_TIMEOUT_MS} ms`), PROBE_TIMEOUT_MS)
  })
  const answer = probe().then(
    () => 'ok',
    () => 'unavailable',
  )
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

/** Is the process alive, and may it be sent work? Open to everyone; says nothing about why but which part. */
export const healthRoutes: FastifyPluginAsyncTypebox<HealthRoutesOptions> = async (
  app,
  { probes, isDraining },
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
      const [store, bus, queue] = await Promise.all([
        verdict(probes.store),
        verdict(probes.bus),
        verdict(probes.queue),
      ])
      const draining = isDraining()
      const isReady = !draining && [store, bus, queue].every((answer) => answer === 'ok')
      return reply
        .code(isReady ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({
          status: isReady ? 'ok' : 'unavailable',
          checks: { store, bus, queue },
          draining,
        } as never)
    },
  )
}
