/** `npm run dashboards` writes the dashboards into `grafana/dashboards`; a test holds the files against this code. */
import { writeFileSync } from 'node:fs'
import { DASHBOARDS } from './dashboards.ts'
import { dashboardOf } from './panel.ts'

for (const [name, spec] of Object.entries(DASHBOARDS))
  writeFileSync(`grafana/dashboards/${name}.json`, `${JSON.stringify(dashboardOf(spec), null, 2)}\n`)
