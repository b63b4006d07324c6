import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
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

interface Dataset {
  columns: Record<string, string>
  warnings: string[]
}

type Seen = {
  dataset: Dataset
  /** The contracts. */
  items: Record<string, unknown>[]
  /** How many anomalies of each type were found. */
  found(): Promise<Record<string, number>>
}

/** Checks of the notes beside the files, by the beginning of a file's name. */
const IN_WORDS: Record<string, (t: Test, seen: Seen) => unknown> = {
  '02': (t, { dataset }) => t.match(dataset.warnings.join(' '), /2 currencies \(USD, UYU\)/),
  '05': (t, { items }) => {
    const grown = items.find(({ final_value: value }) => value === 9_064_108.91)
    t.match(grown, { initial_value: 7_300_981.64 })
    t.match(grown?.source_lines, { length: 7 })
  },
  '09': (t, { dataset }) => t.match(dataset.warnings.join(' '), /valorcontrato2.*valorcontrato1/),
  '13': (t, { dataset }) => t.same(dataset.warnings, [], 'a NIF is no wrong CNPJ'),
  '14': (t, { dataset }) => t.match(dataset.warnings.join(' '), /2 currencies \(MXN, USD\)/),
  '15': (t, { dataset }) => t.match(dataset.warnings, [/currency/], 'nothing but the currency is unknown'),
  '19': async (t, { dataset, items, found }) => {
    t.equal(dataset.columns.object, 'AccountDescription')
    t.equal(items[0]?.contract_number, '0')
    t.same(new Set(items.map(({ buyer_name: buyer }) => buyer)), new Set(['19-one-body-no-buyer.csv']))
    t.match(dataset.warnings.join(' '), /whole file is taken as one buyer's/)
    t.same(await found(), { duplicate_contract: 1 })
  },
}

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
        await IN_WORDS[name.slice(0, 2)]?.(t, {
          dataset,
          items,
          async found() {
            const { investigation_id, stream_url } = await admin.investigate(dataset.dataset_id)
            await wholeStory(await admin.events(stream_url))
            const answer = await admin.get(`/api/v1/investigations/${investigation_id}/anomalies?limit=500`)
            const counts: Record<string, number> = {}
            for (const { anomaly_type: type } of answer.body.items) counts[type] = (counts[type] ?? 0) + 1
            return counts
          },
        })
        t.notOk(dataset.warnings.some((text: string) => text.includes('absurd')))
      })
    }
  },
)
