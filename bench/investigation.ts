import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { ingest } from '../src/dataset/ingest.ts'
import { investigateParts, writeParquet } from '../test/support/contract-rows.ts'
import { type PlantedFile, plantedFile } from '../test/support/planted/file.ts'
import { listedCsv } from '../test/support/planted/forms.ts'

const ROWS = 1_000_000
const PART_ROWS = 50_000
const THREADS = 2
const MEMORY_LIMIT = '128MB'
const RUNS = ['first', 'second']
const MEMORY_EVERY_MS = 50

/** A planted file whose contracts, processes and buyers have numbers and names of their own. */
const planted = (seed: number): PlantedFile => {
  const file = plantedFile(seed, PART_ROWS)
  return {
    ...file,
    contracts: file.contracts.map((row) => ({
      ...row,
      contract_id: `${seed}-${row.contract_id}`,
      contract_number: row.contract_number && `${seed}-${row.contract_number}`,
      process_number: row.process_number && `${seed}${row.process_number}`,
      buyer_id: `${seed}${row.buyer_id}`,
      buyer_name: `${row.buyer_name} (${seed})`,
    })),
  }
}

/** Writes one planted file as Parquet, and returns the paths. */
type Write = (file: PlantedFile, directory: string, seed: number) => Promise<string[]>

const asTheyAre: Write = async ({ contracts }, directory, seed) => {
  const path = join(directory, `${seed}.parquet`)
  await writeParquet(contracts, path)
  return [path]
}

/** Has the contracts read from a file that lists amendments as rows. */
const fromAmendments: Write = async (file, directory) => {
  const path = join(directory, 'listed.csv')
  await writeFile(path, listedCsv(file, 'amendments', 'pt'))
  const { parts } = await ingest(
    {
      path,
      contentType: 'text/csv',
      gzip: false,
      workDir: directory,
      maxInflatedBytes: 2 ** 30,
      threads: 1,
      memoryLimit: MEMORY_LIMIT,
    },
    { signal: new AbortController().signal },
  )
  return parts
}

const FORMS: readonly (readonly [string, Write])[] = [
  ['without joins', asTheyAre],
  ['with joins', fromAmendments],
]

/**
 * One million contracts through every detector, as they are and as they are joined from a file's rows, twice each: seconds,
 * CPU, memory, and how long the event loop waited.
 */
export default async (log: (line: string) => void): Promise<void> => {
  for (const [form, write] of FORMS) {
    const directory = await mkdtemp(join(tmpdir(), 'bench-investigation-'))
    try {
      const parts: string[] = []
      for (let seed = 1; seed <= ROWS / PART_ROWS; seed++)
        parts.push(...(await write(planted(seed), directory, seed)))
      for (const run of RUNS) log(`${form}, ${run} run: ${await measure(parts, directory)}`)
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  }
}

const measure = async (parts: readonly string[], directory: string): Promise<string> => {
  const before = process.memoryUsage.rss()
  let peak = before
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, MEMORY_EVERY_MS)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  const cpu = process.cpuUsage()
  const since = performance.now()
  delay.enable()
  const { findings, rows } = await investigateParts(parts, {
    threads: THREADS,
    memoryLimit: MEMORY_LIMIT,
    tempDirectory: directory,
  })
  delay.disable()
  clearInterval(watch)
  const seconds = (performance.now() - since) / 1000
  const used = process.cpuUsage(cpu)
  const mebibytes = (bytes: number) => Math.round(bytes / 1_048_576)
  return (
    `${rows} contracts, ${THREADS} threads, ${MEMORY_LIMIT} for DuckDB: ${findings.length} findings, ` +
    `${((used.user + used.system) / 1e6).toFixed(1)} CPU-seconds, ${seconds.toFixed(1)} s, ` +
    `RSS +${mebibytes(peak - before)} MiB (from ${mebibytes(before)}), ` +
    `event-loop delay p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, max ${(delay.max / 1e6).toFixed(1)} ms`
  )
}
