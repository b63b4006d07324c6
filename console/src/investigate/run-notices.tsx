import type { InvestigationEnd } from '@tributary/client'
import { useWords } from '../words/words.tsx'

/** Shows the notices of an investigation: what to know before relying on it, and the rules that could not run. */
export const RunNotices = ({ complete }: { complete: Extract<InvestigationEnd, { type: 'complete' }> }) => {
  const { words } = useWords()
  const { investigate: say } = words
  return (
    <>
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
