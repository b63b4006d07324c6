import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'

const FOLDER = 'bench/results'

/** Writes the figures of a benchmark to `bench/results`, with the commit, the machine and how busy it was. */
export const writeResults = (name: string, results: unknown): void => {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const [load] = loadavg()
  const machine = { node: process.version, processor: cpus()[0]?.model, cores: cpus().length, load }
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(`${FOLDER}/${name}.json`, `${JSON.stringify({ commit, ...machine, results }, null, 2)}\n`)
}
