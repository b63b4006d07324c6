import type { InvestigationEnd } from '@tributary/client'
import { RISK_WEIGHT, riskWeight } from '../../../src/protocol/risk-score.ts'
import { useFormat } from '../parts/format.ts'
import { useWords } from '../words/words.tsx'
import { SEVERITIES } from './shapes.ts'

type Complete = Extract<InvestigationEnd, { type: 'complete' }>

/** Shows the risk score, and what it is made of. */
const Risk = ({ complete }: { complete: Complete }) => {
  const { words } = useWords()
  const { number } = useFormat()
  const { investigate: say } = words
  const { risk_score, by_severity } = complete
  const found = SEVERITIES.filter((severity) => by_severity[severity])
  return (
    <details className="aside">
      <summary>{say.risk(number(risk_score))}</summary>
      <ul>
        {found.map((severity) => (
          <li key={severity}>
            {say.severities[severity]}: {number(by_severity[severity] ?? 0)} × {number(RISK_WEIGHT[severity])}
          </li>
        ))}
      </ul>
      <p>{say.riskWhy(number(riskWeight(by_severity)), number(risk_score))}</p>
    </details>
  )
}

/** Shows the notices of an investigation: what to know before relying on it, and the rules that could not run. */
export const RunNotices = ({ complete }: { complete: Complete }) => {
  const { words } = useWords()
  const { investigate: say } = words
  return (
    <>
      <Risk complete={complete} />
      {complete.warnings.length > 0 && (
        <details className="aside">
          <summary>
            {say.warnings} ({complete.warnings.length})
          </summary>
          <ul>
            {complete.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </details>
      )}
      {complete.skipped.length > 0 && (
        <details className="aside">
          <summary>
            {say.skipped} ({complete.skipped.length})
          </summary>
          <ul>
            {complete.skipped.map(({ anomaly_type, reason }) => (
              <li key={anomaly_type}>
                <strong>{say.types[anomaly_type]}</strong>: {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
