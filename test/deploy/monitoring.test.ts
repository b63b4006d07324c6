import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import t from 'tap'
import { parse } from 'yaml'
import { DASHBOARDS } from '../../deploy/dashboards/dashboards.ts'
import { dashboardOf } from '../../deploy/dashboards/panel.ts'
import { addIdleMeters, metricsPage } from '../../deploy/metrics-page.ts'
import { metricsPlugin } from '../../src/plugins/metrics.ts'
import { program } from '../support/program.ts'
import { fromRoot } from '../support/root.ts'

const PROMTOOL = program('promtool', 'prometheus')

interface Target {
  expr: string
}
interface Panel {
  id: number
  type: string
  title: string
  description?: string
  targets?: Target[]
  fieldConfig?: { defaults: { unit?: string; noValue?: string } }
  gridPos: { x: number; y: number; w: number; h: number }
}
interface Dashboard {
  title: string
  panels: Panel[]
  templating: { list: { name: string; definition: string }[] }
}

const KEYWORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan'])

/** Names of metrics in a PromQL expression: what is neither a label, a function, a keyword nor in quotes. */
const metricsOf = (expr: string): string[] => {
  const bare = expr
    .replace(/"(?:[^"\\]|\\.)*"/g, '')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
  const names = [...bare.matchAll(/(?<![\w$.:])[a-z_][\w:]*(?!\w)(?!\s*\()/gi)].map(([name]) => name)
  return names.filter((name) => !KEYWORDS.has(name.toLowerCase()))
}

/** Every series that an instance shows, and those that Prometheus adds by itself; with the labels of each. */
const knownSeries = async (): Promise<Map<string, ReadonlySet<string>>> => {
  const app = Fastify()
  await app.register(metricsPlugin, {})
  addIdleMeters(app.meters)
  await app.ready()
  const series = new Map<string, ReadonlySet<string>>([['up', new Set(['job', 'instance'])]])
  for (const metric of app.meters.registry.getMetricsAsArray()) {
    const { name, labelNames = [] } = metric as unknown as { name: string; labelNames?: string[] }
    const labels = new Set([...labelNames, 'job', 'instance', 'le', 'quantile'])
    const suffixes = metric.type.toString() === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
    for (const suffix of suffixes) series.set(name + suffix, labels)
  }
  await app.close()
  return series
}

/** Labels that an expression selects or groups by. */
const labelsOf = (expr: string): string[] => [
  ...[...expr.matchAll(/([a-z_]\w*)\s*(?:=~|!~|!=|=)\s*"/gi)].map(([, label]) => label as string),
  ...[...expr.matchAll(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g)].flatMap(([, list]) =>
    (list as string).split(',').map((label) => label.trim()),
  ),
]

const dashboards = async (): Promise<[string, Dashboard][]> => {
  const names = (await readdir(fromRoot('grafana/dashboards'))).filter((name) => name.endsWith('.json'))
  return Promise.all(
    names.map(
      async (name): Promise<[string, Dashboard]> => [
        name,
        JSON.parse(await readFile(fromRoot(`grafana/dashboards/${name}`), 'utf8')),
      ],
    ),
  )
}

t.test('names and labels are found in an expression', async (t) => {
  const expr =
    'sum by (le, job) (rate(a_bucket{x="b_c",y=~"$z"}[5m])) / on (job) b_total offset 5m > 0.5 or vector(1)'
  t.same(metricsOf(expr), ['a_bucket', 'b_total'])
  t.same(labelsOf(expr), ['x', 'y', 'le', 'job', 'job'])
})

t.test('the dashboards are what the code says', async (t) => {
  const files = await dashboards()
  t.same(
    files.map(([name]) => name).sort(),
    Object.keys(DASHBOARDS)
      .map((name) => `${name}.json`)
      .sort(),
  )
  for (const [name, spec] of Object.entries(DASHBOARDS))
    t.equal(
      await readFile(fromRoot(`grafana/dashboards/${name}.json`), 'utf8'),
      `${JSON.stringify(dashboardOf(spec), null, 2)}\n`,
      `npm run dashboards writes ${name} anew`,
    )
})

t.test('the page of metrics is what the code says', async (t) => {
  t.equal(await readFile(fromRoot('docs/metrics.md'), 'utf8'), metricsPage(), 'npm run docs writes it anew')
})

t.test('every panel shows metrics that exist, by labels that they have', async (t) => {
  const series = await knownSeries()
  const all = await dashboards()
  t.ok(all.length > 0)
  for (const [file, { panels, templating }] of all) {
    const queries = [
      ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr }))),
      ...templating.list.map(({ name, definition }) => ({
        title: `variable ${name}`,
        expr: definition.replace(/^label_values\((.*), *\w+\)$/, '$1'),
      })),
    ]
    t.ok(queries.length > 5, `${file} has panels`)
    for (const { title, expr } of queries) {
      const names = metricsOf(expr)
      t.not(names.length, 0, `${title} reads something`)
      const labels = new Set<string>()
      for (const name of names) {
        t.ok(series.has(name), `${title}: ${name} exists`)
        for (const label of series.get(name) ?? []) labels.add(label)
      }
      for (const label of labelsOf(expr)) t.ok(labels.has(label), `${title}: ${label} is a label of ${names}`)
    }
  }
})

t.test('panels say what they show and do not lie over each other', async (t) => {
  for (const [file, { panels }] of await dashboards()) {
    const cells = new Set<string>()
    for (const { title, type, description, gridPos, fieldConfig } of panels) {
      t.ok(title, `${file} names its panels`)
      if (type !== 'row') {
        t.ok(description, `${file}: ${title} is described`)
        t.ok(fieldConfig?.defaults.unit, `${file}: ${title} has a unit`)
      }
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          if (cells.has(`${x} ${y}`) || x > 23) t.fail(`${file}: ${title} lies over another panel`)
          cells.add(`${x} ${y}`)
        }
      }
    }
    t.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
  }
})

t.test('Prometheus takes the settings and the alerts, and the alerts fire', async (t) => {
  const promtool = (...args: string[]) =>
    execFileSync(PROMTOOL, args, { cwd: fromRoot('deploy'), encoding: 'utf8', stdio: 'pipe' })
  t.match(promtool('check', 'config', '--syntax-only', 'prometheus.yml'), 'SUCCESS')
  t.match(promtool('check', 'rules', 'alerts.yml'), /SUCCESS: \d+ rules found/)
  t.match(promtool('test', 'rules', 'alerts.test.yml'), 'SUCCESS')
})

t.test('Prometheus understands every panel', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'panels-'))
  t.teardown(() => rm(folder, { recursive: true }))
  for (const [file, { panels }] of await dashboards()) {
    const exprs = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
    const rules = exprs.map((expr, number) => ({
      record: `panel:${number}`,
      expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*'),
    }))
    const path = join(folder, file)
    await writeFile(path, JSON.stringify({ groups: [{ name: 'panels', rules }] }))
    t.match(
      execFileSync(PROMTOOL, ['check', 'rules', path], { encoding: 'utf8' }),
      `${exprs.length} rules found`,
    )
  }
})

t.test('every alert fires in a case of its own, and has a paragraph of what to do', async (t) => {
  const { groups } = parse(await readFile(fromRoot('deploy/alerts.yml'), 'utf8'))
  const { tests } = parse(await readFile(fromRoot('deploy/alerts.test.yml'), 'utf8'))
  const page = await readFile(fromRoot('docs/troubleshoot.md'), 'utf8')
  interface Case {
    alertname: string
    exp_alerts?: unknown[]
  }
  const fires = new Set(
    (tests as { alert_rule_test: Case[] }[])
      .flatMap(({ alert_rule_test }) => alert_rule_test)
      .filter(({ exp_alerts = [] }) => exp_alerts.length > 0)
      .map(({ alertname }) => alertname),
  )
  const alerts = groups[0].rules as { alert: string; annotations: { runbook: string } }[]
  for (const { alert, annotations } of alerts) {
    t.ok(fires.has(alert), `${alert} fires`)
    t.match(page, new RegExp(`^### ${alert}\\n[^#\\n]{40}`, 'm'), `${alert} has a paragraph`)
    t.equal(annotations.runbook, `docs/troubleshoot.md#${alert.toLowerCase()}`)
  }
  const described = [...page.matchAll(/^### (\w+)$/gm)].map(([, name]) => name)
  t.same(described.sort(), alerts.map(({ alert }) => alert).sort(), 'no paragraph is left of another')
})

t.test('every alert watches metrics that exist', async (t) => {
  const series = await knownSeries()
  const { groups } = parse(await readFile(fromRoot('deploy/alerts.yml'), 'utf8'))
  const exprs = (groups[0].rules as { expr: string }[]).map(({ expr }) => expr)
  for (const expr of exprs) {
    const names = metricsOf(expr)
    t.not(names.length, 0)
    for (const name of names) t.ok(series.has(name), name)
  }
})
