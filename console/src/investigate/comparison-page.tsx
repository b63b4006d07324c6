import { useClient, useInvestigation } from '@tributary/client/react'
import { useMemo } from 'react'
import { Link } from 'wouter'
import { useQuery } from '../parts/address.ts'
import { useFormat } from '../parts/format.ts'
import { useLoad } from '../parts/load.ts'
import { Failure, Loading, Scroll } from '../parts/parts.tsx'
import { useTitle } from '../parts/title.ts'
import { useWords } from '../words/words.tsx'
import { type Comparison, compare } from './comparison.ts'
import { currencyOf, numberOf, shownBy, supplierOf } from './findings.ts'
import { useRules } from './rules.ts'
import { RunProgress } from './run-progress.tsx'
import { type Finding, type Investigation, isEnd, type Rule } from './shapes.ts'
import { viewOf } from './view.ts'

const PARTS = ['fresh', 'gone', 'same'] as const
const STEP = 100

/** Shows the settings that differ between two runs: rules that are on in one only, and thresholds. */
const Settings = ({
  before,
  after,
  rules,
}: {
  before: Investigation
  after: Investigation
  rules: readonly Rule[]
}) => {
  const { words } = useWords()
  const { number } = useFormat()
  const { investigate: say } = words
  const isOn = (run: Investigation, { anomaly_type }: Rule): string =>
    run.anomaly_types.includes(anomaly_type) ? say.ruleOn : say.ruleOff
  const rows = rules.flatMap((rule) => [
    {
      key: rule.anomaly_type,
      name: say.types[rule.anomaly_type],
      old: isOn(before, rule),
      now: isOn(after, rule),
    },
    ...Object.entries(rule.thresholds).map(([name, { default: usual, meaning }]) => {
      const of = (run: Investigation): string => number(run.thresholds[rule.anomaly_type]?.[name] ?? usual)
      return {
        key: `${rule.anomaly_type}.${name}`,
        name: `${say.types[rule.anomaly_type]}: ${meaning}`,
        old: of(before),
        now: of(after),
      }
    }),
  ])
  const changed = rows.filter(({ old, now }) => old !== now)
  if (changed.length === 0) return <p className="muted">{say.sameSettings}</p>
  return (
    <Scroll>
      <table aria-label={say.changedSettings}>
        <thead>
          <tr>
            <th scope="col">{say.changedSettings}</th>
            <th scope="col">{say.runBefore}</th>
            <th scope="col">{say.runNow}</th>
          </tr>
        </thead>
        <tbody>
          {changed.map(({ key, name, old, now }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              <td>{old}</td>
              <td>{now}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

/** The findings of one part of a comparison, a hundred at first, or that there are none. */
const Parted = ({ findings, run }: { findings: readonly Finding[]; run: string }) => {
  const { words } = useWords()
  const { money, number } = useFormat()
  const { investigate: say } = words
  const [query, change] = useQuery()
  const most = Number(query.get('most') ?? STEP)
  if (findings.length === 0) return <p className="empty">{say.noneOfPart}</p>
  return (
    <Scroll>
      <table className="findings" aria-label={say.findings}>
        <thead>
          <tr>
            <th scope="col" className="severity">
              {say.severity}
            </th>
            <th scope="col" className="type">
              {say.type}
            </th>
            <th scope="col" className="contract">
              {say.contract}
            </th>
            <th scope="col">{say.supplier}</th>
            <th scope="col" className="amount">
              {say.amount}
            </th>
          </tr>
        </thead>
        <tbody>
          {findings.slice(0, most).map((finding) => (
            <tr key={finding.anomaly_id}>
              <td className="severity">
                <span className={`severity-mark ${finding.severity}`}>
                  {say.severities[finding.severity]}
                </span>
              </td>
              <td className="type">
                <Link href={`/investigations/${run}/findings/${finding.anomaly_id}`}>
                  {say.types[finding.anomaly_type] ?? finding.anomaly_type}
                </Link>
              </td>
              <td className="contract">{numberOf(finding) || words.none}</td>
              <td className="supplier">{supplierOf(finding) || finding.evidence.buyer || words.none}</td>
              <td className="amount">{money(finding.financial_impact, currencyOf(finding))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {findings.length > most && (
        <button type="button" onClick={() => change({ most: String(most + STEP) })}>
          {say.moreOf(number(findings.length - most))}
        </button>
      )}
    </Scroll>
  )
}

/** Two runs beside each other: what was set differently, and which findings are new, gone, or in both. */
export default function ComparisonPage({ id, before: beforeId }: { id: string; before: string }) {
  const client = useClient()
  const { words } = useWords()
  const { number } = useFormat()
  const { investigate: say } = words
  const [query, change] = useQuery()
  const after = useInvestigation(id)
  const before = useInvestigation(beforeId)
  const rules = useRules()
  useTitle(say.comparison)
  const listed = useLoad(`${id}/${beforeId}/${after.status}`, () =>
    Promise.all(
      [id, beforeId].map(
        async (one) =>
          (await client.api.get(`/api/v1/investigations/${encodeURIComponent(one)}`)) as Investigation,
      ),
    ),
  )
  const compared = useMemo<Comparison>(
    () => compare(before.anomalies, after.anomalies),
    [before.anomalies, after.anomalies],
  )
  const part = PARTS.find((one) => one === query.get('part')) ?? 'fresh'
  const shown = useMemo(
    () => shownBy(compared[part], viewOf(new URLSearchParams()), new Map()),
    [compared, part],
  )
  const error = after.error ?? before.error ?? listed.error
  if (error)
    return (
      <div className="page">
        <h1>{say.title}</h1>
        <Failure error={error} />
      </div>
    )
  const [now, old] = listed.value ?? []
  // What is new or in both is known once the run before has told all; what is gone, once both have.
  const isTold = isEnd(before.status)
  const isKnown = { fresh: isTold, gone: isTold && isEnd(after.status), same: isTold }
  return (
    <div className="page">
      <header className="run">
        <h1>{say.comparison}</h1>
        <span className={`badge ${after.status}`}>{say.status[after.status]}</span>
        <span className="spacer" />
        <Link className="button" href={`/investigations/${beforeId}`}>
          {say.runBefore}
        </Link>
        <Link className="button" href={`/investigations/${id}`}>
          {say.runNow}
        </Link>
      </header>
      <RunProgress run={after} status={after.status} />
      {now && old && rules && <Settings before={old} after={now} rules={rules} />}
      <div className="tabs">
        {PARTS.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={part === one}
            onClick={() => change({ part: one === 'fresh' ? '' : one, most: '' })}
          >
            {say.parts[one]} {isKnown[one] && `(${number(compared[one].length)})`}
          </button>
        ))}
      </div>
      {isKnown[part] ? <Parted findings={shown} run={part === 'gone' ? beforeId : id} /> : <Loading />}
    </div>
  )
}
