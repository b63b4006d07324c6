import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useFormat } from '../parts/format.ts'
import { useWords } from '../words/words.tsx'
import { Compared } from './compared.tsx'
import { currencyOf, numberOf, supplierOf } from './findings.ts'
import { ReviewForm, verdictOfKey } from './review-form.tsx'
import type { Reviewing } from './reviews.ts'
import { PassedLimits, RuleWords } from './rule-words.tsx'
import type { Finding, Rule } from './shapes.ts'

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

/** One finding: the sentence, the figures, what was compared, the rule, and how to check it. Escape closes it. */
export const FindingPanel = ({
  finding,
  reviewing,
  dataset,
  thresholds,
  rule,
  onClose,
}: {
  finding: Finding
  reviewing: Reviewing
  dataset: string | undefined
  /** Thresholds of the run that differ from the rule's own. */
  thresholds: Readonly<Record<string, number>> | undefined
  rule: Rule | undefined
  onClose(): void
}) => {
  const { words } = useWords()
  const { money, number, percent } = useFormat()
  const { investigate: say } = words
  const panel = useRef<HTMLElement>(null)
  const { evidence, anomaly_id } = finding
  useEffect(() => panel.current?.focus(), [anomaly_id])
  // Wherever the focus is, but in a dialog over the page.
  useEffect(() => {
    const leave = ({ key }: globalThis.KeyboardEvent): void => {
      if (key === 'Escape' && !document.querySelector('dialog[open]')) onClose()
    }
    document.addEventListener('keydown', leave)
    return () => document.removeEventListener('keydown', leave)
  }, [onClose])
  const press = (event: KeyboardEvent): void => {
    if (event.target === panel.current) {
      const verdict = verdictOfKey(event.key)
      if (verdict === 'none') void reviewing.review(anomaly_id, undefined)
      else if (verdict)
        void reviewing.review(anomaly_id, {
          verdict,
          note: reviewing.reviews.get(anomaly_id)?.note ?? '',
        })
    }
  }
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
  const figures = FIGURES.map((name) => [name, shown(name)] as const).filter(
    ([, value]) => value !== undefined,
  )
  return (
    <aside className="finding" ref={panel} tabIndex={-1} aria-label={say.finding} onKeyDown={press}>
      <header>
        <span className={`severity-mark ${finding.severity}`}>{say.severities[finding.severity]}</span>
        <span>{say.types[finding.anomaly_type] ?? finding.anomaly_type}</span>
        <span className="spacer" />
        <button type="button" className="quiet" aria-label={words.close} onClick={onClose}>
          ✕
        </button>
      </header>
      <h2>{finding.title}</h2>
      {finding.explanation && <p>{finding.explanation}</p>}
      <p className="flag">
        {say.flag} {say.confidence(percent(finding.confidence))}.
      </p>
      <ReviewForm id={anomaly_id} reviewing={reviewing} />
      <dl className="facts">
        {finding.financial_impact !== null && (
          <div>
            <dt>{say.amount}</dt>
            <dd>{money(finding.financial_impact, currencyOf(finding))}</dd>
          </div>
        )}
        {numberOf(finding) && (
          <div>
            <dt>{say.contract}</dt>
            <dd>{numberOf(finding)}</dd>
          </div>
        )}
        {supplierOf(finding) && (
          <div>
            <dt>{say.supplier}</dt>
            <dd>{supplierOf(finding)}</dd>
          </div>
        )}
        {evidence.buyer && (
          <div>
            <dt>{say.buyer}</dt>
            <dd>{evidence.buyer}</dd>
          </div>
        )}
      </dl>
      {figures.length > 0 && (
        <section>
          <h3>{say.figures}</h3>
          <dl className="facts">
            {figures.map(([name, value]) => (
              <div key={name}>
                <dt>{say.evidence[name]}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {evidence.notes && evidence.notes.length > 0 && (
        <ul className="notes">
          {evidence.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {rule && <PassedLimits finding={finding} rule={rule} thresholds={thresholds} />}
      <Compared finding={finding} dataset={dataset} />
      {rule && <RuleWords rule={rule} thresholds={thresholds} />}
      <section>
        <h3>{say.check}</h3>
        <p>{say.checks[finding.anomaly_type]}</p>
      </section>
    </aside>
  )
}
