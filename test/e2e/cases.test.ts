import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { login, startProcess, wholeStory } from '../support/process.ts'

t.setTimeout(300_000)

/** What is right of one small file; names are those of the answers. */
interface Expected {
  content_type: string
  rows: number
  lines?: number
  merged?: number
  sum_value?: number
  values?: (number | null)[]
  columns?: Record<string, string>
  currencies?: string[]
  contracts?: Record<string, unknown>[]
  first?: Record<string, unknown>
  anomalies?: number
  anomalies_of?: Record<string, number>
}

const folder = join(process.env.SHARED_DIR ?? '../shared', 'cases', 'files')
const names = (await readdir(folder).catch(() => [])).filter((name) => !name.endsWith('.expected.json'))

t.test(
  'every small file of the cases comes out right',
  {
    skip: names.length === 0 ? `SHARED_DIR has no cases/files (${folder})` : false,
  },
  async (t) => {
    const { url } = await startProcess({ RATE_LIMIT_PER_USER: '10000' })
    const admin = await login(url)
    for (const name of names) {
      await t.test(name, async (t) => {
        const expected: Expected = JSON.parse(
          await readFile(join(folder, name.replace(/\.[a-z]+$/, '.expected.json')), 'utf8'),
        )
        const body = new Uint8Array(await readFile(join(folder, name)))
        const { status, body: dataset } = await admin.upload(body, { type: expected.content_type, name })
        t.equal(status, 201, dataset?.detail)
        t.equal(dataset.lines, dataset.rows + dataset.merged + dataset.rejected)
        for (const key of ['rows', 'lines', 'merged'] as const)
          if (expected[key] !== undefined) t.equal(dataset[key], expected[key], key)
        for (const [canonical, column] of Object.entries(expected.columns ?? {})) {
          const either = column
            .replace(/\(|\)|,.*$/g, '')
            .split(' or ')
            .flatMap((part) => part.trim().split(' ')[0] ?? [])
          t.ok(
            either.includes(dataset.columns[canonical]),
            `${canonical}: ${dataset.columns[canonical]} of ${column}`,
          )
        }
        if (expected.currencies)
          t.same(Object.keys(dataset.currencies).sort(), [...expected.currencies].sort())
        const { items } = (await admin.get(`/api/v1/datasets/${dataset.dataset_id}/contracts?limit=500`)).body
        const values: (number | null)[] = items.map(({ value }: { value: number | null }) => value)
        if (expected.values) t.same(values, expected.values)
        if (expected.sum_value !== undefined)
          t.equal(
            values.reduce<number>((sum, value) => sum + Math.round((value ?? 0) * 100), 0),
            Math.round(expected.sum_value * 100),
          )
        if (expected.contracts) t.match(items, expected.contracts)
        if (expected.first) t.match(items[0], expected.first)
        if (expected.anomalies !== undefined || expected.anomalies_of) {
          const { investigation_id, stream_url } = await admin.investigate(dataset.dataset_id)
          await wholeStory(await admin.events(stream_url))
          const answer = await admin.get(`/api/v1/investigations/${investigation_id}/anomalies?limit=500`)
          const found: { anomaly_type: string; title: string }[] = answer.body.items
          const seen = found.map(({ anomaly_type, title }) => `${anomaly_type}: ${title}`).join(' | ')
          if (expected.anomalies !== undefined) t.equal(found.length, expected.anomalies, seen)
          for (const [type, count] of Object.entries(expected.anomalies_of ?? {}))
            t.equal(
              found.filter(({ anomaly_type }) => anomaly_type === type).length,
              count,
              `${type} ${seen}`,
            )
        }
        t.notOk(dataset.warnings.some((text: string) => text.includes('absurd')))
      })
    }
  },
)
