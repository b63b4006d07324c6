/** `npm run docs` writes docs/metrics.md: every metric of the service. A test holds the page against the code. */
import { writeFileSync } from 'node:fs'
import { createMeters, type Meters } from '../src/plugins/meters.ts'

const PREAMBLE = `# Metrics
Written by \`npm run docs\` from the metrics that the service makes; do not edit. \`GET /metrics\` of each instance has them,
beside those of the process (\`process_*\`, \`nodejs_*\`). No label holds what a caller chose: \`endpoint\` is a route's
pattern, \`provider\` a name from the settings, the others are fixed lists. Counters begin at the start of the process.

| metric | type | labels | what it is |
|---|---|---|---|`

interface Described {
  name: string
  help: string
  type: unknown
  labelNames?: readonly string[]
}

/** Adds the metrics that are read from the parts of a service, of one that has none. */
export const addIdleMeters = (meters: Meters): void => {
  meters.work({
    channels: () => [],
    held: () => ({ running: 0, parked: 0 }),
    oldestWaitingMs: async () => 0,
    providers: () => [],
    lastCheckpoint: async () => undefined,
    leaseLeftMs: () => undefined,
    exports: () => [],
  })
  meters.wire({ sent: {}, unsent: () => ({}) })
}

/** Returns the page of all metrics, in the order of their names. */
export const metricsPage = (): string => {
  const meters = createMeters()
  addIdleMeters(meters)
  const metrics = meters.registry.getMetricsAsArray() as unknown as Described[]
  const rows = metrics
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map(({ name, help, type, labelNames = [] }) => {
      const labels = labelNames.map((label) => `\`${label}\``).join(', ')
      return `| \`${name}\` | ${String(type)} | ${labels} | ${help} |`
    })
  return `${[PREAMBLE, ...rows].join('\n')}\n`
}

if (process.argv[1] === import.meta.filename) writeFileSync('docs/metrics.md', metricsPage())
