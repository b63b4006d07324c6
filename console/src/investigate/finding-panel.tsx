import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useFormat } from '../parts/format.ts'
import { useWords } from '../words/words.tsx'
import { numberOf, supplierOf } from './findings.ts'
import { currencyOf } from './findings-table.tsx'
import type { Finding, Rule } from './shapes.ts'

type Contract = NonNullable<Finding['evidence']['contracts']>[number]

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

/** The columns in which all compared contracts have the same value. */
const sameIn = (contracts: readonly Contract[]): ReadonlySet<string> =>
  new Set(
    contracts.length < 2
      ? []
      : (['value', 'date', 'object'] as const).filter((name) =>
          contracts.every((one) => one[name] !== null && one[name] === contracts[0]?.[name]),
        ),
  )

const Compared = ({ finding }: { finding: Finding }) => {
  const { words } = useWords()
  const { money, day } = useFormat()
  const { investigate: say } = words
  const contracts = finding.evidence.contracts ?? []
  const same = sameIn(contracts)
  if (contracts.length === 0) return null
  const mark = (name: string) => (same.has(name) ? { className: 'same', title: say.equal } : {})
  return (
    <section>
      <h3>{say.compared}</h3>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{say.contract}</th>
              <th scope="col">{say.date}</th>
              <th scope="col">{say.value}</th>
              <th scope="col">{say.object}</th>
            </tr>
          </thead>
          <tbody>
            {contracts.map((contract) => (
              <tr key={contract.contract_id}>
                <th scope="row">{contract.contract_number ?? contract.contract_id}</th>
                <td {...mark('date')}>{contract.date ? day(contract.date) : words.none}</td>
                <td {...mark('value')} className={same.has('value') ? 'figure same' : 'figure'}>
                  {money(contract.value, currencyOf(finding))}
                </td>
                <td {...mark('object')}>{contract.object ?? words.none}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

/** One finding: the sentence, the figures, what was compared, the rule, and how to check it. Escape closes it. */
export const FindingPanel = ({
  finding,
  rule,
  onClose,
}: {
  finding: Finding
  rule: Rule | undefined
  onClose(): void
}) => {
  const { words } = useWords()
  const { money, number, percent } = useFormat()
  const { investigate: say } = words
  const panel = useRef<HTMLElement>(null)
  const { evidence, anomaly_id } = finding
  useEffect(() => panel.current?.focus(), [anomaly_id])
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    onClose()
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
      <Compared finding={finding} />
      {rule && (
        <>
          <section>
            <h3>{say.rule}</h3>
            <p>{rule.rule}</p>
            <ul className="thresholds">
              {Object.entries(rule.thresholds).map(([name, { default: value, meaning }]) => (
                <li key={name}>
                  {meaning}: <strong>{number(value)}</strong>
                </li>
              ))}
            </ul>
            <p className="sources">
              {say.sources}: {rule.sources.join('; ')}
            </p>
          </section>
          <section>
            <h3>{say.innocent}</h3>
            <ul>
              {rule.blind_spots.map((spot) => (
                <li key={spot}>{spot}</li>
              ))}
            </ul>
          </section>
        </>
      )}
      <section>
        <h3>{say.check}</h3>
        <p>{say.checks[finding.anomaly_type]}</p>
      </section>
    </aside>
  )
}
