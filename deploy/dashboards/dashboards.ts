import { audit } from './audit.ts'
import { chat } from './chat.ts'
import { instances } from './instances.ts'
import { investigations } from './investigations.ts'
import { overview } from './overview.ts'
import type { DashboardSpec } from './panel.ts'
import { streams } from './streams.ts'

/** The dashboards, by the names of their files. */
export const DASHBOARDS: Readonly<Record<string, DashboardSpec>> = {
  overview,
  streams,
  chat,
  investigations,
  audit,
  instances,
}
