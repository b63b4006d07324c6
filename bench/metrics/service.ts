import promClient from 'prom-client'
import { buildApp } from '../../src/app.ts'
import { processConfig } from '../../src/config.ts'
import { createMeters, type Meters } from '../../src/plugins/meters.ts'

/** `service [off]` starts the service, with `off` without anything that counts. */
const isOff = process.argv[2] === 'off'

const nothing = (): undefined => undefined

/** Replaces every function of an object, and of those in it, by one that does nothing. */
const muted = (object: object): object =>
  Object.fromEntries(
    Object.entries(object).map(([name, part]) => [
      name,
      typeof part === 'function' ? nothing : typeof part === 'object' ? muted(part) : part,
    ]),
  )

const silent = (): Meters => {
  Object.assign(promClient, { collectDefaultMetrics: nothing })
  const { registry, ...counting } = createMeters()
  return { ...(muted(counting) as Omit<Meters, 'registry'>), registry }
}

const { config } = processConfig()
const app = await buildApp(config, undefined, isOff ? silent() : createMeters())
await app.server.listen({ host: config.HOST, port: config.PORT })
