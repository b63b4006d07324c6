import { useMemo, useState } from 'react'
import { useFormat } from '../parts/format.ts'
import { useWords } from '../words/words.tsx'
import { buyerOf, countsOf, type Reviews, supplierOf } from './findings.ts'
import { type Finding, VERDICTS } from './shapes.ts'
import { CLEARED, isFiltered, type View } from './view.ts'

/** Names that a list offers; the others are found by the search. */
const MOST_NAMES = 200

/** One filter by a value, each value with the number of its findings. */
const Choice = ({
  label,
  value,
  counts,
  nameOf = (one) => one,
  onChange,
}: {
  label: string
  value: string
  counts: ReadonlyMap<string, number>
  nameOf?(value: string): string
  onChange(value: string): void
}) => {
  const { words } = useWords()
  const { number } = useFormat()
  const offered = [...counts].slice(0, MOST_NAMES)
  if (value !== '' && !counts.has(value)) offered.unshift([value, 0])
  return (
    <label>
      {label}
      <select aria-label={label} value={value} onChange={({ target }) => onChange(target.value)}>
        <option value="">{words.investigate.all}</option>
        {offered.map(([one, n]) => (
          <option key={one} value={one}>
            {nameOf(one)} ({number(n)})
          </option>
        ))}
      </select>
    </label>
  )
}

const Bound = ({
  label,
  value,
  onChange,
}: {
  label: string
  value: number | undefined
  onChange(text: string): void
}) => (
  <label>
    {label}
    <input
      type="number"
      min={0}
      step="any"
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value)}
    />
  </label>
)

/** Filters that are folded away count nothing: a flood of findings would pay for it each frame. */
const NONE: readonly Finding[] = []

/** The less frequent filters, behind a button that shows how many of them are set; they stand in the address. */
export const FindingFilters = ({
  findings,
  reviews,
  view,
  onChange,
}: {
  findings: readonly Finding[]
  reviews: Reviews
  view: View
  onChange(fields: Record<string, string>): void
}) => {
  const { words } = useWords()
  const { number } = useFormat()
  const { investigate: say } = words
  const set = [view.review, view.buyer, view.supplier, view.from ?? '', view.to ?? ''].filter(
    (value) => value !== '',
  ).length
  const [isOpen, setOpen] = useState(set > 0)
  const counted = isOpen ? findings : NONE
  const counts = useMemo(() => {
    const verdicts = countsOf(counted, ({ anomaly_id }) => reviews.get(anomaly_id)?.verdict ?? 'none')
    return {
      review: new Map([...VERDICTS, 'none' as const].map((one) => [one, verdicts.get(one) ?? 0])),
      buyer: countsOf(counted, buyerOf),
      supplier: countsOf(counted, supplierOf),
    }
  }, [counted, reviews])
  return (
    <>
      <input
        type="search"
        aria-label={say.searchFindings}
        placeholder={say.searchFindings}
        value={view.text}
        onChange={({ target }) => onChange({ q: target.value })}
      />
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {say.moreFilters}
        {set > 0 && ` (${number(set)})`}
      </button>
      {isFiltered(view) && (
        <button type="button" onClick={() => onChange({ ...CLEARED })}>
          {say.clear}
        </button>
      )}
      {isOpen && (
        <div className="fields">
          <Choice
            label={say.review}
            value={view.review}
            counts={counts.review}
            nameOf={(verdict) =>
              verdict === 'none'
                ? say.unreviewed
                : (say.verdicts[verdict as keyof typeof say.verdicts] ?? verdict)
            }
            onChange={(review) => onChange({ review })}
          />
          <Choice
            label={say.buyer}
            value={view.buyer}
            counts={counts.buyer}
            onChange={(buyer) => onChange({ buyer })}
          />
          <Choice
            label={say.supplier}
            value={view.supplier}
            counts={counts.supplier}
            onChange={(supplier) => onChange({ supplier })}
          />
          <Bound label={say.amountFrom} value={view.from} onChange={(from) => onChange({ from })} />
          <Bound label={say.amountTo} value={view.to} onChange={(to) => onChange({ to })} />
        </div>
      )}
    </>
  )
}
