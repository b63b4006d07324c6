import { useFormat } from '../parts/format.ts'
import { Scroll } from '../parts/parts.tsx'
import { useWords } from '../words/words.tsx'
import { currencyOf } from './findings.ts'
import type { Finding, Rule } from './shapes.ts'
import { passedBy } from './thresholds.ts'

/** The thresholds that held in a run: those given, else the rule's own. */
const limitsOf = (rule: Rule, given: Readonly<Record<string, number>> = {}) => ({
  ...Object.fromEntries(
    Object.entries(rule.thresholds).map(([name, threshold]) => [name, threshold.default]),
  ),
  ...given,
})

/** The limits that a finding passed, each with what was found and by how much it is beyond. */
export const PassedLimits = ({
  finding,
  rule,
  thresholds,
}: {
  finding: Finding
  rule: Rule
  thresholds: Readonly<Record<string, number>> | undefined
}) => {
  const { words } = useWords()
  const { money, number, percent } = useFormat()
  const { investigate: say } = words
  const passed = passedBy(finding, limitsOf(rule, thresholds))
  if (passed.length === 0) return null
  const write = (value: number, unit: (typeof passed)[number]['unit']): string =>
    unit === 'money' ? money(value, currencyOf(finding)) : unit === 'percent' ? percent(value) : number(value)
  const beyond = ({ found, limit, unit }: (typeof passed)[number]): string =>
    unit === 'percent'
      ? say.points(number(Math.round((found - limit) * 1000) / 10))
      : write(found - limit, unit)
  return (
    <section>
      <h3>{say.passed}</h3>
      <Scroll>
        <table>
          <thead>
            <tr>
              <th scope="col">{say.threshold}</th>
              <th scope="col" className="figure">
                {say.limit}
              </th>
              <th scope="col" className="figure">
                {say.evidence.observed}
              </th>
              <th scope="col" className="figure">
                {say.beyond}
              </th>
            </tr>
          </thead>
          <tbody>
            {passed.map((one) => (
              <tr key={one.name}>
                <th scope="row">{rule.thresholds[one.name]?.meaning ?? say.evidence.limit}</th>
                <td className="figure">{write(one.limit, one.unit)}</td>
                <td className="figure">{write(one.found, one.unit)}</td>
                <td className="figure">
                  <strong>{beyond(one)}</strong>
                  {one.unit === 'money' && one.limit > 0 && (
                    <small>+{percent((one.found - one.limit) / one.limit)}</small>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  )
}

/** The rule of a finding: its sentence, its settings in this run, its sources, and what it cannot see. */
export const RuleWords = ({
  rule,
  thresholds,
}: {
  rule: Rule
  thresholds: Readonly<Record<string, number>> | undefined
}) => {
  const { words } = useWords()
  const { number } = useFormat()
  const { investigate: say } = words
  const limits = limitsOf(rule, thresholds)
  return (
    <>
      <section>
        <h3>{say.rule}</h3>
        <p>{rule.rule}</p>
        <ul className="thresholds">
          {Object.entries(rule.thresholds).map(([name, { default: usual, meaning }]) => (
            <li key={name}>
              {meaning}: <strong>{number(limits[name] ?? usual)}</strong>
              {limits[name] !== usual && <span className="muted"> {say.usually(number(usual))}</span>}
            </li>
          ))}
        </ul>
        <p className="sources">
          {say.sources}: {rule.sources.join('; ')}
        </p>
      </section>
      <details className="blind">
        <summary>{say.blind}</summary>
        <ul>
          {rule.blind_spots.map((spot) => (
            <li key={spot}>{spot}</li>
          ))}
        </ul>
      </details>
    </>
  )
}
