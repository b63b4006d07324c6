import { useFormat } from '../parts/format.ts'
import { Bars } from '../parts/parts.tsx'
import { useWords } from '../words/words.tsx'
import { bySupplier, countsOf } from './findings.ts'
import type { Finding } from './shapes.ts'

const MOST_BARS = 8

/** The findings at a glance: how many of each type, and the suppliers with most at stake. */
export const Overview = ({ findings }: { findings: readonly Finding[] }) => {
  const { words } = useWords()
  const { number, money } = useFormat()
  const { investigate: say } = words
  const byType = countsOf(findings, ({ anomaly_type }) => anomaly_type)
  return (
    <details className="overview" open>
      <summary>{say.overview}</summary>
      <div className="columns">
        <Bars
          title={say.byType}
          rows={[...byType].map(([type, value]) => ({ key: type, label: say.types[type] ?? type, value }))}
          format={number}
        />
        <Bars
          title={say.bySupplier}
          rows={bySupplier(findings, MOST_BARS)}
          format={(value) => money(value)}
        />
      </div>
    </details>
  )
}
