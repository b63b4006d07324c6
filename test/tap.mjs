/**
 * `node test/tap.mjs [--fast] [test/… or tap's options]` compiles the tree and runs the tests named, or all of them,
 * under tap and plain Node. `--fast` leaves out those that need another process, and the suites on PostgreSQL.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildIfStale, compileTree } from '../build.mjs'

/** Whoever imports one of these, or another file that does, starts processes. */
const PROCESSES = [
  'node:child_process',
  'playwright-core',
  'test/support/process.ts',
  'test/support/redis.ts',
]
/** Imports one of them, but starts its server only for those tests that `--fast` leaves out. */
const ONLY_WHEN_ASKED = ['test/support/store.ts']

/** @returns the test files that start no process, from the imports of every file */
const fastTests = (imports) => {
  const startsProcesses = (file, seen = new Set()) => {
    if (PROCESSES.includes(file)) return true
    if (ONLY_WHEN_ASKED.includes(file) || seen.has(file)) return false
    seen.add(file)
    return (imports[file] ?? []).some((imported) => startsProcesses(imported, seen))
  }
  return Object.keys(imports).filter((file) => file.endsWith('.test.ts') && !startsProcesses(file))
}

const built = (file) => (file.endsWith('.ts') ? join('built', file.replace(/\.ts$/, '.js')) : file)

const isFast = process.argv.includes('--fast')
const args = process.argv.slice(2).filter((argument) => argument !== '--fast')
const imports = await compileTree()
if (!isFast) await buildIfStale()
const tap = spawn('npx', ['tap', ...(isFast ? fastTests(imports) : []).map(built), ...args.map(built)], {
  stdio: 'inherit',
  env: { ...process.env, ...(isFast && { FAST_TESTS: '1' }) },
})
tap.on('exit', (code) => {
  process.exitCode = code ?? 1
})
