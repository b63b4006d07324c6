/**
 * `npm run bench [-- NAME…]`: runs the benchmarks named, or all but the long ones, one after the other. Each prints ratios to a peer of
 * the same run, or CPU-seconds of the part under test: machines are noisy, and wall time alone says little.
 */
const BENCHES = {
  'first-anomaly': () => import('./first-anomaly.ts'),
  detection: () => import('./detection.ts'),
  investigation: () => import('./investigation.ts'),
  upload: () => import('./upload.ts'),
  hub: () => import('./hub.ts'),
  fanout: () => import('./fanout.ts'),
  publish: () => import('./publish.ts'),
  turns: () => import('./turns.ts'),
  instances: () => import('./instances.ts'),
  bus: () => import('./bus.ts'),
  append: () => import('./append.ts'),
  export: () => import('./export.ts'),
  metrics: () => import('./metrics.ts'),
  proxy: () => import('./proxy.ts'),
  'long-answer': () => import('./long-answer.ts'),
  console: () => import('./console.ts'),
  questions: () => import('./questions.ts'),
}
/** Run only when they are named. */
const LONG: readonly string[] = ['long-answer', 'fanout', 'instances', 'turns', 'console']

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !(name in BENCHES))
if (unknown !== undefined) {
  process.stderr.write(`${unknown} is none of ${Object.keys(BENCHES).join(', ')}\n`)
  process.exit(1)
}
for (const [name, load] of Object.entries(BENCHES)) {
  if (asked.length > 0 ? !asked.includes(name) : LONG.includes(name)) continue
  process.stdout.write(`\n# ${name}\n`)
  const { default: bench } = await load()
  await bench((line) => process.stdout.write(`${line}\n`))
}
