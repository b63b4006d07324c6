import { useState } from 'react'
import { useWords } from '../words/words.tsx'
import { Scroll } from './parts.tsx'

/** One figure of a chart. */
export interface Datum {
  key: string
  label: string
  value: number
  /** The value that it is compared with: a limit, an expectation. */
  against?: number
}

interface Chart {
  title: string
  rows: readonly Datum[]
  format(value: number): string
  /** The name of what the figures are held against. */
  against?: string
}

/** The table of a chart's numbers, once somebody opens it. */
const Numbers = ({ title, rows, format, against }: Chart) => {
  const { words } = useWords()
  const [isOpen, setOpen] = useState(false)
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{words.charts.table}</summary>
      {isOpen && (
        <Scroll>
          <table aria-label={words.charts.tableOf(title)}>
            <thead>
              <tr>
                <th scope="col">{words.charts.of}</th>
                <th scope="col" className="figure">
                  {words.charts.value}
                </th>
                {against && (
                  <th scope="col" className="figure">
                    {against}
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ key, label, value, against: other }) => (
                <tr key={key}>
                  <th scope="row">{label}</th>
                  <td className="figure">{format(value)}</td>
                  {against && <td className="figure">{other === undefined ? words.none : format(other)}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </details>
  )
}

const mostOf = (rows: readonly Datum[]): number =>
  rows.reduce((most, { value, against = 0 }) => Math.max(most, value, against), 0) || 1

/** Draws a bar for each figure, the figure beside it; a stroke stands where it is held against something. */
export const Bars = ({
  onPick,
  ...chart
}: Chart & {
  /** Makes the labels buttons. */
  onPick?(key: string): void
}) => {
  const { title, rows, format, against } = chart
  const most = mostOf(rows)
  return (
    <figure className="chart">
      <figcaption>{title}</figcaption>
      <ul className="bars">
        {rows.map(({ key, label, value, against: limit }) => (
          <li key={key}>
            {onPick ? (
              <button type="button" className="label" title={label} onClick={() => onPick(key)}>
                {label}
              </button>
            ) : (
              <span className="label" title={label}>
                {label}
              </span>
            )}
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              <rect className="found" width={(100 * value) / most} height={10} />
              {limit !== undefined && (
                <line x1={(100 * limit) / most} x2={(100 * limit) / most} y1={0} y2={10} />
              )}
            </svg>
            <span className="figure">
              {format(value)}
              {against && limit !== undefined && (
                <span className="muted">
                  {' '}
                  ({against} {format(limit)})
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
      <Numbers {...chart} />
    </figure>
  )
}

const WIDTH = 480
const HEIGHT = 150

/** Draws a column for each figure in their order, with the table of the same numbers below. */
export const Columns = (chart: Chart) => {
  const { words } = useWords()
  const { title, rows, format, against } = chart
  const highest = mostOf(rows)
  const step = WIDTH / Math.max(1, rows.length)
  const heightOf = (value: number): number => (HEIGHT * value) / highest
  const top = rows.reduce<Datum | undefined>((a, b) => (a && a.value >= b.value ? a : b), undefined)
  const most = top ? words.charts.most(top.label, format(top.value)) : ''
  const [first, last] = [rows[0], rows.at(-1)]
  return (
    <figure className="chart">
      <figcaption>{title}</figcaption>
      <p className="scale" aria-hidden="true">
        {against ? <span className="stroke">{against}</span> : most}
      </p>
      <svg
        className="columns-chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}. ${most}`}
      >
        {rows.map(({ key, label, value, against: expected }, index) => (
          <g key={key}>
            <title>{`${label}: ${format(value)}`}</title>
            <rect
              className="found"
              x={index * step + step * 0.1}
              width={step * 0.8}
              y={HEIGHT - heightOf(value)}
              height={heightOf(value)}
            />
            {expected !== undefined && (
              <line
                x1={index * step}
                x2={(index + 1) * step}
                y1={HEIGHT - heightOf(expected)}
                y2={HEIGHT - heightOf(expected)}
              />
            )}
          </g>
        ))}
      </svg>
      <p className="axis" aria-hidden="true">
        <span>{first?.label}</span>
        <span>{last === first ? '' : last?.label}</span>
      </p>
      <Numbers {...chart} />
    </figure>
  )
}
