import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { start } from '../../deploy/cluster/program.ts'
import { prometheusProgram } from '../../deploy/cluster/prometheus.ts'
import { freePort } from '../support/port.ts'
import { login, startProcess } from '../support/process.ts'
import { fromRoot } from '../support/root.ts'

const service = await startProcess({
  XAI_API_KEY: 'nobody-listens-there',
  XAI_BASE_URL: 'http://127.0.0.1:9/v1',
  PROVIDER_MAX_RETRIES: '0',
  LLM_PROVIDERS: 'local,xai',
})
const admin = await login(service.url)
const folder = await mkdtemp(join(tmpdir(), 'tributary-dashboard-'))
const port = await freePort()
const prometheus = await start(
  await prometheusProgram({ directory: folder, port, instances: [new URL(service.url).host], seconds: 1 }),
)
t.teardown(async () => {
  await prometheus.stop(0)
  await rm(folder, { recursive: true, force: true })
})

/** Every kind of thing that the dashboard counts, once. */
const work = async (): Promise<void> => {
  const started = await admin.post('/api/v1/investigations', { query: 'everything', dataset_id: 'sample' })
  await Promise.all([
    admin.post('/api/v1/chat/stream', { message: 'Who are the largest suppliers?' }),
    admin.post('/api/v1/chat/stream', { message: 'Hello', provider: 'xai' }),
    admin.post('/api/v1/channels/topic:load/publications', { n: 1 }),
    admin.get(`/api/v1/investigations/stream/${started.body.investigation_id}`),
    admin.get('/nowhere'),
  ])
}

interface Panel {
  title: string
  targets?: { expr: string }[]
  fieldConfig?: { defaults: { noValue?: string } }
}

/** @throws {Error} with what Prometheus says, when it does not understand the expression */
const query = async (expression: string): Promise<unknown[]> => {
  const asked = new URLSearchParams({ query: expression })
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/query?${asked}`)
  const { data, error } = (await response.json()) as { data?: { result: unknown[] }; error?: string }
  if (!data) throw new Error(`${expression}: ${error}`)
  return data.result
}

/** Works on until an expression has something to show. */
const shown = async (expression: string): Promise<unknown[]> => {
  for (;;) {
    const result = await query(expression)
    if (result.length > 0) return result
    await work()
    await sleep(500)
  }
}

t.test('every panel shows something of a service under load, streams and failures by endpoint', async (t) => {
  const live = await admin.events('/api/v1/channels/topic:load/events')
  const socket = await admin.socket('/api/v1/ws')
  for (const name of (await readdir(fromRoot('grafana/dashboards'))).filter((one) => one.endsWith('.json'))) {
    const dashboard = JSON.parse(await readFile(fromRoot(`grafana/dashboards/${name}`), 'utf8')) as {
      panels: Panel[]
    }
    for (const { title, targets = [], fieldConfig } of dashboard.panels)
      for (const { expr } of targets) {
        const expression = expr.replaceAll('$__rate_interval', '30s').replaceAll('"$instance"', '".*"')
        // A panel that may be empty says so; it is parsed and run all the same.
        const result = fieldConfig?.defaults.noValue ? await query(expression) : await shown(expression)
        t.ok(fieldConfig?.defaults.noValue || result.length > 0, `${name}: ${title}`)
      }
  }
  const counted =
    'increase(http_request_duration_seconds_count{endpoint="/api/v1/chat/stream",status="200"}[1m]) > 0'
  t.ok((await shown(counted)).length > 0, 'successful streams are counted at their end')
  const failed = 'increase(streaming_errors_total{type="sse",endpoint="/api/v1/chat/stream"}[1m]) > 0'
  t.ok((await shown(failed)).length > 0, 'a stream that fails is counted under the endpoint it was asked at')
  live.close()
  socket.close()
})
