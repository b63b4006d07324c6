import { useFormat } from '../parts/format.ts'
import { useWords } from '../words/words.tsx'
import { currencyOf } from './findings.ts'
import type { Finding } from './shapes.ts'

const MONEY = new Set(['observed', 'expected', 'median', 'limit'])
const FIGURES = [
  'observed',
  'expected',
  'median',
  'ratio',
  'share',
  'hhi',
  'limit',
  'law',
  'n',
  'z',
  'mad',
  'year',
  'month',
  'group',
] as const

/** All figures of a finding's evidence, folded away: for whoever computes it again. */
export const FindingFigures = ({ finding, confidence }: { finding: Finding; confidence: string }) => {
  const { words } = useWords()
  const { money, number, percent } = useFormat()
  const { investigate: say } = words
  const { evidence } = finding
  const shown = (name: (typeof FIGURES)[number]): string | undefined => {
    const value = evidence[name]
    if (value === undefined) return undefined
    if (typeof value === 'string') return value
    if (name === 'share') return percent(value)
    if (name === 'year' || name === 'month') return String(value)
    const isMoney =
      MONEY.has(name) &&
      finding.anomaly_type !== 'temporal_pattern' &&
      finding.anomaly_type !== 'benford_deviation'
    return isMoney ? money(value, currencyOf(finding)) : number(value)
  }
  return (
    <details className="figures">
      <summary>{say.figures}</summary>
      <dl className="facts">
        {FIGURES.map((name) => [name, shown(name)] as const)
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{say.evidence[name]}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        <div>
          <dt>{say.confidence}</dt>
          <dd>{confidence}</dd>
        </div>
      </dl>
      <p className="muted">{say.confidenceWhy}</p>
    </details>
  )
}
