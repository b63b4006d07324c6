import { useMemo } from 'react'
import { useFormat } from '../parts/format.ts'
import { useWords } from '../words/words.tsx'
import { countsOf } from './findings.ts'
import { type Finding, SEVERITIES } from './shapes.ts'
import type { View } from './view.ts'

type Kind = Finding['anomaly_type']

/** The order of the rules, so that counts rise in place while findings arrive. */
const KINDS: readonly Kind[] = [
  'price_deviation',
  'payment_pattern',
  'duplicate_contract',
  'split_purchase',
  'vendor_concentration',
  'temporal_pattern',
  'benford_deviation',
]

/** Shows how many findings there are of each severity and rule; a click leaves only those, another one all. */
export const FindingChips = ({
  findings,
  kinds,
  skipped,
  view,
  onChange,
}: {
  findings: readonly Finding[]
  /** The rules of the run; undefined while it is not known. */
  kinds: readonly Kind[] | undefined
  /** Why rules of the run could not look at the data. */
  skipped: ReadonlyMap<Kind, string>
  view: View
  onChange(fields: Record<string, string>): void
}) => {
  const { words } = useWords()
  const { number } = useFormat()
  const { investigate: say } = words
  const counts = useMemo(
    () => ({
      severity: countsOf<string>(findings, ({ severity }) => severity),
      type: countsOf<string>(findings, ({ anomaly_type }) => anomaly_type),
    }),
    [findings],
  )
  const countOf = (field: 'severity' | 'type', value: string): number => counts[field].get(value) ?? 0
  const toggle = (field: 'severity' | 'type', value: string): void =>
    onChange({ [field]: view[field] === value ? '' : value })
  return (
    <div className="chips">
      <div role="group" aria-label={say.severity}>
        {SEVERITIES.map((severity) => (
          <button
            key={severity}
            type="button"
            className="chip"
            aria-pressed={view.severity === severity}
            data-none={countOf('severity', severity) === 0 || undefined}
            onClick={() => toggle('severity', severity)}
          >
            <span className={`severity-mark ${severity}`}>{say.severities[severity]}</span>{' '}
            <b>{number(countOf('severity', severity))}</b>
          </button>
        ))}
      </div>
      <div role="group" aria-label={say.type}>
        {KINDS.filter((kind) => kinds?.includes(kind) ?? true).map((kind) =>
          skipped.has(kind) ? (
            <span key={kind} className="chip" title={skipped.get(kind)}>
              {say.types[kind]} <b>{words.none}</b>
            </span>
          ) : (
            <button
              key={kind}
              type="button"
              className="chip"
              aria-pressed={view.type === kind}
              data-none={countOf('type', kind) === 0 || undefined}
              onClick={() => toggle('type', kind)}
            >
              {say.types[kind]} <b>{number(countOf('type', kind))}</b>
            </button>
          ),
        )}
      </div>
    </div>
  )
}
