import { useState } from 'react'
import { Failure } from '../parts/parts.tsx'
import { useWords } from '../words/words.tsx'
import { Choices } from './choices.tsx'
import { AS_USUAL, type Order, orderOf, type Subject, useStart } from './order.ts'
import { useRules } from './rules.ts'
import type { Investigation } from './shapes.ts'

/** The button that starts, and the choices behind it. @param before the run that is run again */
export const Starting = ({
  subject,
  label,
  before,
}: {
  subject: Subject
  label?: string
  before?: Investigation | undefined
}) => {
  const { words } = useWords()
  const { investigate: say } = words
  const rules = useRules()
  const { start, isStarting, error } = useStart(before?.investigation_id)
  const [changed, setOrder] = useState<Order>()
  const order = changed ?? (before && rules ? orderOf(before, rules) : AS_USUAL)
  const isNothing = rules !== undefined && order.without.length === rules.length
  return (
    <form
      className="starting"
      onSubmit={(event) => {
        event.preventDefault()
        void start(subject, order, rules)
      }}
    >
      <button type="submit" className="primary" disabled={isStarting || isNothing}>
        {label ?? say.start}
      </button>
      {error && <Failure error={error} />}
      {rules && <Choices rules={rules} order={order} isOpen={before !== undefined} onChange={setOrder} />}
    </form>
  )
}
