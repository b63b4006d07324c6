import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildApp } from '../src/app.ts'
import { loadConfig } from '../src/config.ts'

const RUNS = 9
const PASSWORD = 'only for this bench'

/** From the POST of an investigation of a real file of 1,546 rows to its first finding on the wire, in ms. */
export default async (log: (line: string) => void): Promise<void> => {
  const file = join(process.env.SHARED_DIR ?? '../shared', 'data', 'ifms-contratos.csv')
  const body = await readFile(file).catch(() => undefined)
  if (body === undefined) {
    log(`left out: ${file} is not there`)
    return
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'tributary-bench-'))
  const app = await buildApp(
    loadConfig({ NODE_ENV: 'test', DATA_DIR: dataDir, ADMIN_PASSWORD: PASSWORD, LOG_LEVEL: 'warn' }),
  )
  try {
    const url = await app.server.listen({ host: '127.0.0.1', port: 0 })
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    const post = async (path: string, body: string | Buffer, type = 'application/json') => {
      const answer = await fetch(url + path, {
        method: 'POST',
        headers: { ...headers, 'content-type': type },
        body,
      })
      return (await answer.json()) as Record<string, string>
    }
    const { access_token } = await post(
      '/auth/login',
      JSON.stringify({ username: 'admin', password: PASSWORD }),
    )
    headers.authorization = `Bearer ${access_token}`
    const { dataset_id } = await post('/api/v1/datasets', body, 'text/csv')
    const times: number[] = []
    for (let run = 0; run < RUNS; run += 1) {
      const from = performance.now()
      const { stream_url } = await post(
        '/api/v1/investigations',
        JSON.stringify({ query: 'bench', dataset_id }),
      )
      const events = await fetch(url + stream_url, { headers })
      const decoder = new TextDecoder()
      let text = ''
      for await (const chunk of events.body ?? []) {
        const before = text.includes('"type":"anomaly"')
        text += decoder.decode(chunk, { stream: true })
        if (!before && text.includes('"type":"anomaly"')) times.push(performance.now() - from)
      }
    }
    times.sort((a, b) => a - b)
    const at = (share: number) => times[Math.floor(share * (times.length - 1))]?.toFixed(0)
    log(
      `first anomaly of 1,546 contracts on the wire: ${at(0)} / ${at(0.5)} / ${at(1)} ms (min / median / max of ${RUNS})`,
    )
  } finally {
    await app.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}
