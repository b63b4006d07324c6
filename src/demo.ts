import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createParser } from 'eventsource-parser'
import { buildApp } from './app.ts'
import { loadConfig } from './config.ts'
import { sampleCsv } from './dataset/sample.ts'

/**
 * `npm run demo [-- file.csv]`: starts the service in a folder that is removed afterwards, uploads the file (by
 * default the bundled synthetic sample), investigates it, and prints what arrives. It speaks to the service as any
 * client does.
 */
const password = 'only for this demo'

const printed = (event: Record<string, unknown>): string => {
  const { type } = event
  if (type === 'progress') return `${String(event.progress).padStart(5)} %  ${event.current_phase}`
  if (type === 'anomaly')
    return `  ${String(event.severity).padEnd(8)} ${event.title}\n           ${event.explanation}`
  return JSON.stringify(event, null, 2)
}

const demo = async (file: string | undefined): Promise<void> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tributary-demo-'))
  const app = await buildApp(
    loadConfig({ NODE_ENV: 'test', DATA_DIR: dataDir, ADMIN_PASSWORD: password, LOG_LEVEL: 'warn' }),
  )
  try {
    const url = await app.server.listen({ host: '127.0.0.1', port: 0 })
    const headers: Record<string, string> = {}
    const call = async (
      path: string,
      type: string,
      body: string | Buffer,
    ): Promise<Record<string, unknown>> => {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { ...headers, 'content-type': type },
        body,
      })
      const answer = (await response.json()) as Record<string, unknown>
      if (!response.ok) throw new Error(`${path}: ${answer.detail}`)
      return answer
    }
    const json = (path: string, body: object) => call(path, 'application/json', JSON.stringify(body))

    const { access_token } = await json('/auth/login', { username: 'admin', password })
    headers.authorization = `Bearer ${access_token}`
    const name = file === undefined ? 'sample' : basename(file)
    const body = file === undefined ? sampleCsv() : await readFile(file)
    const dataset = await call(`/api/v1/datasets?name=${encodeURIComponent(name)}`, 'text/csv', body)
    process.stdout.write(
      `${name}: ${dataset.rows} contracts${file === undefined ? ', all of them made up' : ''}\n`,
    )
    const { stream_url } = await json('/api/v1/investigations', {
      query: 'demo',
      dataset_id: dataset.dataset_id,
    })

    const parser = createParser({
      onEvent: ({ data }) => process.stdout.write(`${printed(JSON.parse(data))}\n`),
    })
    const events = await fetch(url + stream_url, { headers })
    const decoder = new TextDecoder()
    for await (const chunk of events.body ?? []) parser.feed(decoder.decode(chunk, { stream: true }))
  } finally {
    await app.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}

await demo(process.argv[2])
