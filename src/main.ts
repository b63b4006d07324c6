import cluster from 'node:cluster'
import closeWithGrace from 'close-with-grace'
import { buildApp } from './app.ts'
import { workerService } from './bus.ts'
import { type Config, ConfigError, processConfig } from './config.ts'
import { Problem } from './errors.ts'
import type { UnknownSetting } from './setting-names.ts'
import { isDrainMessage, openLine, runWorkers } from './workers.ts'

/** Connections that may wait to be accepted, since a crowd comes back at once; the kernel has its own bound. */
const BACKLOG = 4096
/** Seconds after the end of the drain in which the service may close before the process ends by force. */
const CLOSE_MARGIN_SECONDS = 10

/** Signals that a terminal sends to all processes at once: the one that started a worker tells it what they mean. */
const NOT_FOR_WORKERS: ('SIGINT' | 'SIGHUP')[] = ['SIGINT', 'SIGHUP']

const print = (line: string): void => void process.stdout.write(`${line}\n`)

/** Serves until a signal or, for a worker, a message ends it. */
const serve = async (config: Config, unknown: readonly UnknownSetting[]): Promise<void> => {
  const line = cluster.isWorker && config.REDIS_URL === undefined ? openLine() : undefined
  const app = await buildApp(config, undefined, undefined, line)
  for (const { name, nearest } of unknown)
    app.server.log.warn(
      { setting: name },
      `${name} is no setting and does nothing; the nearest is ${nearest}`,
    )
  const address = await app.server.listen({ host: config.HOST, port: config.PORT, backlog: BACKLOG })
  const url = config.PUBLIC_URL ?? address
  const lines = [`Tributary listens on ${url}`, `console: ${url}/`]
  if (app.madePassword !== null)
    lines.push(`username: ${config.ADMIN_USERNAME}`, `password: ${app.madePassword}`, '(shown this once)')
  if (cluster.isPrimary || cluster.worker?.id === 1) print(lines.join('\n'))

  let told: number | undefined
  const skip = cluster.isWorker ? NOT_FOR_WORKERS : []
  const delay = (config.DRAIN_SECONDS + CLOSE_MARGIN_SECONDS) * 1000
  const closing = closeWithGrace({ delay, skip }, async ({ signal, err }) => {
    if (err) app.server.log.fatal({ err }, 'the process cannot go on')
    await app.drain(signal === 'SIGTERM' ? config.DRAIN_SECONDS : (told ?? 0))
  })
  for (const signal of skip) process.on(signal, () => undefined)
  process.on('message', (message) => {
    if (!isDrainMessage(message)) return
    told = message.drainSeconds
    void closing.close()
  })
}

const start = async (): Promise<void> => {
  const { config, unknown } = processConfig()
  const { WORKERS: count, DRAIN_SECONDS: drainSeconds } = config
  if (count > 1 && cluster.isPrimary) {
    const serveWorker = config.REDIS_URL === undefined ? workerService(config) : undefined
    await runWorkers({ count, drainSeconds, serveWorker, log: print })
  } else await serve(config, unknown)
}

start().catch((error) => {
  const known = error instanceof ConfigError || error instanceof Problem || 'syscall' in error
  process.stderr.write(`${known ? error.message : error.stack}\n`)
  process.exit(1)
})
