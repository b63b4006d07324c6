import closeWithGrace from 'close-with-grace'
import { buildApp } from './app.ts'
import { ConfigError, processConfig } from './config.ts'
import { Problem } from './errors.ts'

/** Connections that may wait to be accepted, since a crowd comes back at once; the kernel has its own bound. */
const BACKLOG = 4096
/** Seconds after the end of the drain in which the service may close before the process ends by force. */
const CLOSE_MARGIN_SECONDS = 10

const start = async (): Promise<void> => {
  const { config, unknown } = processConfig()
  const app = await buildApp(config)
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
  process.stdout.write(`${lines.join('\n')}\n`)

  closeWithGrace({ delay: (config.DRAIN_SECONDS + CLOSE_MARGIN_SECONDS) * 1000 }, async ({ signal, err }) => {
    if (err) app.server.log.fatal({ err }, 'the process cannot go on')
    await app.drain(signal === 'SIGTERM' ? config.DRAIN_SECONDS : 0)
  })
}

start().catch((error) => {
  const known = error instanceof ConfigError || error instanceof Problem || 'syscall' in error
  process.stderr.write(`${known ? error.message : error.stack}\n`)
  process.exit(1)
})
