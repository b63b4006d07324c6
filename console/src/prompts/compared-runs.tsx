import { useEffect, useMemo, useRef, useState } from 'react'
import { useFormat } from '../parts/format.ts'
import { useWords } from '../words/words.tsx'
import { differenceOf } from './difference.ts'
import type { PromptRun } from './runs.ts'

type Marked = NonNullable<ReturnType<typeof differenceOf>>['left']

/** Shows one of two runs: its figures, and its text with the words that the other one lacks. */
const Side = ({
  run,
  marked,
  as: Own,
}: {
  run: PromptRun
  marked: Marked | undefined
  as: 'del' | 'ins'
}) => {
  const { words } = useWords()
  const { number, cost } = useFormat()
  const { prompts: say } = words
  const { done } = run
  const milliseconds = (value: number | null | undefined) =>
    value != null && `${number(Math.round(value))} ms`
  const model = [...new Set([run.model, done?.provider, done?.model])].filter(Boolean).join(' · ')
  const facts = [
    [say.model, model],
    [
      say.variables,
      Object.entries(run.variables).map(([name, value]) => <div key={name}>{`${name}: ${value}`}</div>),
    ],
    [say.firstToken, milliseconds(done?.ttft_ms)],
    [say.duration, milliseconds(done?.duration_ms)],
    [say.tokens, done && number(done.total_tokens)],
    [say.cost, done && done.usage.cost_usd > 0 && cost(done.usage.cost_usd)],
  ] as const
  return (
    <section aria-label={say.nth(run.number)}>
      <h3>{say.nth(run.number)}</h3>
      <dl className="facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{!value || (Array.isArray(value) && value.length === 0) ? words.none : value}</dd>
          </div>
        ))}
      </dl>
      {run.error && <p className="notice bad">{run.error}</p>}
      {marked && <p className="muted">{say.own(number(marked.own), marked.own)}</p>}
      <pre className="answer">
        {marked
          ? marked.stretches.map(({ text, isOwn }, index) => (isOwn ? <Own key={index}>{text}</Own> : text))
          : run.text}
      </pre>
    </section>
  )
}

/** Sets two runs side by side, one below the other where there is no room. */
const Comparison = ({ left, right }: { left: PromptRun; right: PromptRun }) => {
  const { words } = useWords()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const difference = useMemo(() => differenceOf(left.text, right.text), [left.text, right.text])
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        {words.prompts.compared(left.number, right.number)}
      </h2>
      {!difference && <p className="muted">{words.prompts.tooLong}</p>}
      <div className="columns compared-runs">
        <Side run={left} marked={difference?.left} as="del" />
        <Side run={right} marked={difference?.right} as="ins" />
      </div>
    </>
  )
}

/** Lists a prompt's runs, of which two can be chosen and compared. */
export const ComparedRuns = ({ runs }: { runs: readonly PromptRun[] }) => {
  const { words } = useWords()
  const { prompts: say } = words
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const [pair, setPair] = useState<readonly PromptRun[]>([])
  const [left, right] = pair
  const choose = (number: number, isChosen: boolean): void => {
    const next = new Set(chosen)
    if (isChosen) next.add(number)
    else next.delete(number)
    setChosen(next)
  }
  return (
    <>
      <fieldset>
        <legend>{say.runs}</legend>
        <p className="muted" id="two-runs">
          {say.chooseTwo}
        </p>
        {runs.map(({ number, model, variables, isOver }) => (
          <label key={number} className="check">
            <input
              type="checkbox"
              checked={chosen.has(number)}
              disabled={!isOver}
              onChange={({ target }) => choose(number, target.checked)}
            />
            <span>{[say.nth(number), model, ...Object.values(variables)].filter(Boolean).join(' · ')}</span>
          </label>
        ))}
        <p className="actions">
          <button
            type="button"
            aria-describedby="two-runs"
            disabled={chosen.size !== 2}
            onClick={() => setPair(runs.filter(({ number }) => chosen.has(number)))}
          >
            {say.compare}
          </button>
        </p>
      </fieldset>
      {left && right && <Comparison key={`${left.number} ${right.number}`} left={left} right={right} />}
    </>
  )
}
