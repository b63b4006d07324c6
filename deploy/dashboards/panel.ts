const DATASOURCE = { type: 'prometheus', uid: 'prometheus' } as const
const COLUMNS = 24
const HEIGHT = 8

/** One query of a panel, and what its lines are called. */
export type Query = readonly [expr: string, legend: string]

/** The queries, title and unit of a panel. */
export interface PanelSpec {
  readonly title: string
  readonly description: string
  /** Grafana's name of the unit: `s`, `reqps`, `bytes`. */
  readonly unit: string
  readonly queries: readonly Query[]
  /** Text of the empty state, for a panel that may be empty. */
  readonly empty?: string
  /** One number, not a line over time. */
  readonly isStat?: boolean
}

export interface DashboardSpec {
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly rows: readonly (readonly [title: string, panels: readonly PanelSpec[]])[]
}

const panelOf = (spec: PanelSpec, id: number, gridPos: object) => ({
  id,
  type: spec.isStat ? 'stat' : 'timeseries',
  title: spec.title,
  description: spec.description,
  datasource: DATASOURCE,
  gridPos,
  fieldConfig: {
    defaults: { unit: spec.unit, min: 0, ...(spec.empty !== undefined && { noValue: spec.empty }) },
    overrides: [],
  },
  options: spec.isStat
    ? { colorMode: 'value', reduceOptions: { calcs: ['lastNotNull'] } }
    : { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
  targets: spec.queries.map(([expr, legendFormat], at) => ({
    refId: String.fromCharCode(65 + at),
    datasource: DATASOURCE,
    expr,
    legendFormat,
  })),
})

/** Returns a dashboard as Grafana reads it, its panels side by side under the titles of their rows. */
export const dashboardOf = ({ uid, title, description, rows }: DashboardSpec) => {
  const panels: object[] = []
  let y = 0
  for (const [heading, specs] of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title: heading,
      gridPos: { h: 1, w: COLUMNS, x: 0, y },
      panels: [],
    })
    y++
    const perLine = specs.every(({ isStat }) => isStat) ? 4 : 3
    const w = COLUMNS / perLine
    for (const [at, spec] of specs.entries()) {
      const gridPos = { h: HEIGHT, w, x: (at % perLine) * w, y: y + Math.floor(at / perLine) * HEIGHT }
      panels.push(panelOf(spec, panels.length + 1, gridPos))
    }
    y += Math.ceil(specs.length / perLine) * HEIGHT
  }
  return {
    uid: `tributary-${uid}`,
    title,
    description,
    tags: ['tributary'],
    schemaVersion: 39,
    version: 1,
    editable: false,
    refresh: '15s',
    time: { from: 'now-1h', to: 'now' },
    timezone: 'utc',
    graphTooltip: 1,
    templating: {
      list: [
        {
          name: 'instance',
          label: 'Instance',
          type: 'query',
          datasource: DATASOURCE,
          query: { query: 'label_values(up{job="tributary"}, instance)', refId: 'instances' },
          definition: 'label_values(up{job="tributary"}, instance)',
          refresh: 2,
          includeAll: true,
          multi: true,
          allValue: '.*',
          current: { text: 'All', value: '$__all' },
          sort: 1,
        },
      ],
    },
    annotations: { list: [] },
    links: [
      { type: 'dashboards', tags: ['tributary'], title: 'Tributary', asDropdown: true, keepTime: true },
    ],
    panels,
  }
}

/** Selects the series of the chosen instances. @param more further matchers: `status=~"5.."` */
export const of = (metric: string, more = ''): string =>
  `${metric}{job="tributary",instance=~"$instance"${more === '' ? '' : `,${more}`}}`

/** The rate of a counter, summed. @param by labels that stay */
export const rate = (metric: string, by = '', more = ''): string =>
  `sum${by === '' ? '' : ` by (${by})`} (rate(${of(metric, more)}[$__rate_interval]))`

/** A quantile of a histogram. @param by labels that stay */
export const quantile = (q: number, metric: string, by = '', more = ''): string =>
  `histogram_quantile(${q}, ${rate(`${metric}_bucket`, by === '' ? 'le' : `le, ${by}`, more)})`

/** Three quantiles of a histogram, as queries. */
export const spread = (metric: string, by = '', more = ''): Query[] =>
  [0.5, 0.95, 0.99].map((q) => [quantile(q, metric, by, more), `${by === '' ? '' : `{{${by}}} `}p${q * 100}`])
