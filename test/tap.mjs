/**
 * `node test/tap.mjs [--fast | --long] [--jobs=N] [--again] [test/… …]` compiles the tree and runs the test files named, or all of them,
 * each as a Node process of its own, `--jobs` at a time. `--fast` leaves out those that start a process or read files in
 * a worker thread, and the suites on PostgreSQL. `--long` repeats faults as often as a long night does, and prints the
 * figures that tests tell. `--again` runs a file that failed once more, alone: what passes then is counted as passed, and
 * told as unsteady, to be mended. It prints a line for each file, what failed in it, and at the end `N passed, N failed`.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Parser } from 'tap-parser'
import { buildIfStale, compileTree } from '../build.mjs'

const BROWSER = 'playwright-core'
/** Modules that start processes or worker threads, for whoever imports them, also through other files. */
const PROCESSES = [
  'node:child_process',
  BROWSER,
  'src/dataset/ingest.ts',
  'test/support/process.ts',
  'test/support/redis.ts',
]
/** Starts a server too, but only for those tests that `--fast` leaves out. */
const STORES = 'test/support/store.ts'
/** A file that takes longer is ended. */
const FILE_SECONDS = 300
const LONG_FILE_SECONDS = 7200

/** True when `file` imports one of `wanted`, itself or through files other than those of `except`. */
const rests = (imports, file, wanted, except = [], seen = new Set()) => {
  if (wanted.includes(file)) return true
  if (except.includes(file) || seen.has(file)) return false
  seen.add(file)
  return (imports[file] ?? []).some((imported) => rests(imports, imported, wanted, except, seen))
}

/** Runs one file. Returns its counts of assertions, and what to print of those that failed. */
const runFile = async (file, env, seconds) => {
  const startedAt = performance.now()
  const outcome = { file, passed: 0, failed: 0, skipped: 0, report: [] }
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', join('built', file.replace(/\.ts$/, '.js'))],
    { env, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const fail = (name, diagnosis) => {
    outcome.failed++
    outcome.report.push(`  not ok ${name}`, ...(diagnosis ? [diagnosis.replace(/^/gm, '    ')] : []))
  }
  const watch = (parser) => {
    parser.on('child', watch)
    if (env.LONG_TESTS)
      parser.on('comment', (text) => {
        if (!/^# (Subtest|time=)/.test(text)) outcome.report.push(`  ${text.trim()}`)
      })
    parser.on('assert', (result) => {
      if (result.skip || result.todo) outcome.skipped++
      else if (result.closingTestPoint) return
      else if (result.ok) outcome.passed++
      else fail(result.fullname, JSON.stringify(result.diag, null, 1)?.slice(0, 2500))
    })
  }
  const parser = new Parser()
  watch(parser)
  child.stdout.pipe(parser)
  const timer = setTimeout(() => child.kill('SIGKILL'), (seconds + 30) * 1000)
  const [[code, signal]] = await Promise.all([once(child, 'exit'), once(parser, 'complete')])
  clearTimeout(timer)
  if (outcome.failed === 0 && (code !== 0 || !parser.results.ok || outcome.passed + outcome.skipped === 0))
    fail(`${file} ended with ${code ?? signal} after ${outcome.passed} assertions`, '')
  outcome.seconds = (performance.now() - startedAt) / 1000
  return outcome
}

/** Starts one PostgreSQL for all files; each makes databases of its own in it. */
const startSharedPostgres = async () => {
  const { startPostgres } = await import('../built/test/support/postgres.js')
  return startPostgres('fsync=off', 'shared_buffers=64MB', 'max_connections=400')
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    fast: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    jobs: { type: 'string' },
    again: { type: 'boolean', default: false },
  },
})
/** One more of the fast tests than there are cores: they wait for timers as much as they work. */
const jobs = Number(values.jobs ?? availableParallelism() + (values.fast ? 1 : 0))
const imports = await compileTree()
if (!values.fast) await buildIfStale()

const startsProcesses = (file) => rests(imports, file, PROCESSES, [STORES])
/** Long files first, so that none is left over at the end: those with a browser, with processes, then the larger ones. */
const weight = (file) =>
  statSync(file).size + (startsProcesses(file) ? 1e9 : 0) + (rests(imports, file, [BROWSER]) ? 1e9 : 0)
const waiting = (positionals.length > 0 ? positionals : Object.keys(imports))
  .filter((file) => file.endsWith('.test.ts') && !(values.fast && startsProcesses(file)))
  .sort((one, other) => weight(other) - weight(one))
const unknown = positionals.find((file) => !(file in imports))
if (unknown !== undefined) throw new Error(`${unknown} is no file of the tree`)

const postgres =
  !values.fast && waiting.some((file) => rests(imports, file, [STORES]))
    ? await startSharedPostgres()
    : undefined
const fileSeconds = values.long ? LONG_FILE_SECONDS : FILE_SECONDS
const env = {
  ...process.env,
  TAP_TIMEOUT: String(fileSeconds),
  ...(values.fast && { FAST_TESTS: '1' }),
  ...(values.long && { LONG_TESTS: '1' }),
  ...(postgres && { TEST_POSTGRES_URL: postgres.url('postgres') }),
}
const runAndTell = async (file, label = '') => {
  const outcome = await runFile(file, env, fileSeconds)
  const { passed, failed, seconds, report } = outcome
  console.log(`${label}${failed ? 'not ok' : 'ok'} ${file} (${passed} assertions, ${seconds.toFixed(1)} s)`)
  for (const line of report) console.log(line)
  return outcome
}
const outcomes = new Map()
const work = async () => {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
    outcomes.set(file, await runAndTell(file))
}
await Promise.all(Array.from({ length: jobs }, work))
if (values.again)
  for (const [file, { failed }] of outcomes) {
    if (!failed) continue
    const second = await runAndTell(file, 'alone: ')
    if (second.failed === 0) console.log(`unsteady: ${file} failed beside others, and passed alone`)
    outcomes.set(file, second)
  }
await postgres?.stop()
const total = (key) => Array.from(outcomes.values(), (outcome) => outcome[key]).reduce((sum, n) => sum + n, 0)
console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`)
process.exitCode = total('failed') > 0 ? 1 : 0
