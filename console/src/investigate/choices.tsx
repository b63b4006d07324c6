import { useId } from 'react'
import { useFormat } from '../parts/format.ts'
import { useWords } from '../words/words.tsx'
import type { Order } from './order.ts'
import type { Rule } from './shapes.ts'

const RuleChoice = ({
  rule,
  order,
  onChange,
}: {
  rule: Rule
  order: Order
  onChange(order: Order): void
}) => {
  const { words } = useWords()
  const { number } = useFormat()
  const { investigate: say } = words
  const id = useId()
  const { anomaly_type: type } = rule
  const own = order.thresholds[type] ?? {}
  const isOn = !order.without.includes(type)
  const toggle = (): void =>
    onChange({
      ...order,
      without: isOn ? [...order.without, type] : order.without.filter((one) => one !== type),
    })
  const set = (name: string, text: string): void => {
    const { [name]: _, ...rest } = own
    const value = Number(text)
    const isUsual = text === '' || Number.isNaN(value) || value === rule.thresholds[name]?.default
    onChange({
      ...order,
      thresholds: { ...order.thresholds, [type]: isUsual ? rest : { ...rest, [name]: value } },
    })
  }
  return (
    <fieldset className="rule">
      <legend>
        <label className="check">
          <input type="checkbox" checked={isOn} onChange={toggle} />
          {say.types[type]}
        </label>
      </legend>
      <p className="muted">{rule.rule}</p>
      {isOn &&
        Object.entries(rule.thresholds).map(([name, { default: usual, minimum, maximum, meaning }]) => (
          <label key={name} htmlFor={`${id}-${name}`} className="threshold">
            <span>
              {meaning}
              {own[name] !== undefined && <em> {say.usually(number(usual))}</em>}
            </span>
            <input
              id={`${id}-${name}`}
              type="number"
              step="any"
              min={minimum}
              max={maximum}
              value={own[name] ?? usual}
              onChange={({ target }) => set(name, target.value)}
            />
          </label>
        ))}
    </fieldset>
  )
}

/** The rules and thresholds of a start, folded away: who just starts gets all of them, as they are. */
export const Choices = ({
  rules,
  order,
  isOpen = false,
  onChange,
}: {
  rules: readonly Rule[]
  order: Order
  isOpen?: boolean
  onChange(order: Order): void
}) => {
  const { words } = useWords()
  const { investigate: say } = words
  return (
    <details className="choices" open={isOpen}>
      <summary>{say.choices}</summary>
      <label>
        {say.query}
        <input
          maxLength={2000}
          placeholder={say.queryDefault}
          value={order.query ?? ''}
          onChange={({ target }) => onChange({ ...order, query: target.value })}
        />
      </label>
      <div className="rules">
        {rules.map((rule) => (
          <RuleChoice key={rule.anomaly_type} rule={rule} order={order} onChange={onChange} />
        ))}
      </div>
    </details>
  )
}
