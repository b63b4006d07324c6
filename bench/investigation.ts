import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { investigateParts, writeParquet } from '../test/support/contract-rows.ts'
import { plantedFile } from '../test/support/planted/file.ts'

const ROWS = 1_000_000
const PART_ROWS = 50_000
const THREADS = 2
const MEMORY_EVERY_MS = 50

/** Files of `PART_ROWS` each, from different seeds, with ids of their own. */
const written = async (directory: string): Promise<string[]> => {
  const parts: string[] = []
  for (let seed = 1; seed <= ROWS / PART_ROWS; seed++) {
    const { contracts } = plantedFile(seed, PART_ROWS)
    const path = join(directory, `${seed}.parquet`)
    await writeParquet(
      contracts.map((row) => ({
        ...row,
        contract_id: `${seed}-${row.contract_id}`,
        buyer_id: `${seed}${row.buyer_id}`,
        buyer_name: `${row.buyer_name} (${seed})`,
      })),
      path,
    )
    parts.push(path)
  }
  return parts
}

/** One million contracts through every detector: seconds, CPU, memory, and how long the event loop waited. */
export default async (log: (line: string) => void): Promise<void> => {
  const directory = await mkdtemp(join(tmpdir(), 'bench-investigation-'))
  try {
    const parts = await written(directory)
    global.gc?.()
    for (const memoryLimit of ['256MB', '128MB']) {
      const before = process.memoryUsage().rss
      let peak = before
      const watch = setInterval(() => {
        peak = Math.max(peak, process.memoryUsage().rss)
      }, MEMORY_EVERY_MS)
      const delay = monitorEventLoopDelay({ resolution: 5 })
      const cpu = process.cpuUsage()
      const since = performance.now()
      delay.enable()
      const { findings, rows } = await investigateParts(parts, { threads: THREADS, memoryLimit })
      delay.disable()
      clearInterval(watch)
      const seconds = (performance.now() - since) / 1000
      const used = process.cpuUsage(cpu)
      const mebibytes = (bytes: number) => Math.round(bytes / 1_048_576)
      log(
        `${rows} contracts, ${THREADS} threads, ${memoryLimit} for DuckDB: ${findings.length} findings, ${seconds.toFixed(1)} s wall, ` +
          `${((used.user + used.system) / 1e6).toFixed(1)} s CPU, RSS peak ${mebibytes(peak)} MiB ` +
          `(+${mebibytes(peak - before)}), event loop p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, ` +
          `max ${(delay.max / 1e6).toFixed(1)} ms`,
      )
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
