import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useFormat } from '../parts/format.ts'
import { isInDialog, useSteps } from '../parts/keys.ts'
import { useWords } from '../words/words.tsx'
import { Compared } from './compared.tsx'
import { FindingFigures } from './finding-figures.tsx'
import { currencyOf, numberOf, supplierOf } from './findings.ts'
import { ReviewForm, verdictOfKey } from './review-form.tsx'
import type { Reviewing } from './reviews.ts'
import { PassedLimits, RuleWords } from './rule-words.tsx'
import type { Finding, Rule } from './shapes.ts'

/**
 * One finding: the sentence, the limits it passed, what was compared, the rule, how to check it, and its review. Escape
 * closes it; `j` and `k` go to the next and the previous one.
 */
export const FindingPanel = ({
  finding,
  reviewing,
  dataset,
  thresholds,
  rule,
  place,
  onStep,
  onClose,
}: {
  finding: Finding
  reviewing: Reviewing
  dataset: string | undefined
  /** Thresholds of the run that differ from the rule's own. */
  thresholds: Readonly<Record<string, number>> | undefined
  rule: Rule | undefined
  /** Where the finding stands in the list beside it, from 0; undefined where the filters leave it out. */
  place: { at: number; of: number } | undefined
  onStep(step: 1 | -1): void
  onClose(): void
}) => {
  const { words } = useWords()
  const { money, number, percent } = useFormat()
  const { investigate: say } = words
  const panel = useRef<HTMLElement>(null)
  const { evidence, anomaly_id } = finding
  useEffect(() => panel.current?.focus({ preventScroll: true }), [anomaly_id])
  // Wherever the focus is, but in a dialog over the page.
  useEffect(() => {
    const leave = ({ key }: globalThis.KeyboardEvent): void => {
      if (key === 'Escape' && !isInDialog()) onClose()
    }
    document.addEventListener('keydown', leave)
    return () => document.removeEventListener('keydown', leave)
  }, [onClose])
  useSteps(onStep)
  const press = (event: KeyboardEvent): void => {
    if (event.target !== panel.current) return
    const verdict = verdictOfKey(event.key)
    if (verdict === 'none') void reviewing.review(anomaly_id, undefined)
    else if (verdict)
      void reviewing.review(anomaly_id, { verdict, note: reviewing.reviews.get(anomaly_id)?.note ?? '' })
  }
  const facts = [
    [say.amount, finding.financial_impact !== null && money(finding.financial_impact, currencyOf(finding))],
    [say.contract, numberOf(finding)],
    [say.supplier, supplierOf(finding)],
    [say.buyer, evidence.buyer],
  ].filter(([, value]) => value)
  return (
    <aside className="finding" ref={panel} tabIndex={-1} aria-label={say.finding} onKeyDown={press}>
      <header>
        <span className={`severity-mark ${finding.severity}`}>{say.severities[finding.severity]}</span>
        <span className="what">{say.types[finding.anomaly_type] ?? finding.anomaly_type}</span>
        <span className="spacer" />
        {place && (
          <span className="steps-through">
            <button
              type="button"
              className="quiet"
              aria-label={say.previous}
              disabled={place.at === 0}
              onClick={() => onStep(-1)}
            >
              ‹
            </button>
            <small>{say.place(number(place.at + 1), number(place.of))}</small>
            <button
              type="button"
              className="quiet"
              aria-label={say.next}
              disabled={place.at === place.of - 1}
              onClick={() => onStep(1)}
            >
              ›
            </button>
          </span>
        )}
        <button type="button" className="quiet" aria-label={words.close} onClick={onClose}>
          ✕
        </button>
      </header>
      <h2>{finding.title}</h2>
      <dl className="facts">
        {facts.map(([label, value]) => (
          <div key={String(label)}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p>{finding.explanation || say.flag}</p>
      {evidence.notes && evidence.notes.length > 0 && (
        <ul className="notes">
          {evidence.notes.map((note) => (
            <li key={note}>{note === 'year_end' ? say.yearEnd : note}</li>
          ))}
        </ul>
      )}
      {rule && <PassedLimits finding={finding} rule={rule} thresholds={thresholds} />}
      <Compared finding={finding} dataset={dataset} />
      {rule && <RuleWords rule={rule} thresholds={thresholds} />}
      <section>
        <h3>{say.innocent}</h3>
        <p>{say.lawful[finding.anomaly_type]}</p>
      </section>
      <section>
        <h3>{say.check}</h3>
        <p>{say.checks[finding.anomaly_type]}</p>
      </section>
      <FindingFigures finding={finding} confidence={percent(finding.confidence)} />
      <ReviewForm id={anomaly_id} reviewing={reviewing} />
    </aside>
  )
}
