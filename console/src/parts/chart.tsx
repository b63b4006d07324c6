import { useWords } from '../words/words.tsx'

/** One figure of a chart. */
export interface Datum {
  key: string
  label: string
  value: number
  /** What it is held against: a limit, an expectation. */
  against?: number
}

/** Draws a table whose middle column is a bar for each figure; a stroke stands where it is held against something. */
export const Bars = ({
  title,
  rows,
  format,
  against,
}: {
  title: string
  rows: readonly Datum[]
  format(value: number): string
  /** The name of what the figures are held against. */
  against?: string
}) => {
  const { words } = useWords()
  const most = Math.max(...rows.map(({ value, against: limit = 0 }) => Math.max(value, limit)), 0) || 1
  return (
    <figure className="chart">
      <figcaption>{title}</figcaption>
      <table aria-label={title}>
        <thead>
          <tr>
            <th scope="col">{words.charts.of}</th>
            <td />
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
          {rows.map(({ key, label, value, against: limit }) => (
            <tr key={key}>
              <th scope="row" title={label}>
                {label}
              </th>
              <td className="bar">
                <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                  <rect className="found" width={(100 * value) / most} height={10} rx={0.5} />
                  {limit !== undefined && (
                    <line x1={(100 * limit) / most} x2={(100 * limit) / most} y1={0} y2={10} />
                  )}
                </svg>
              </td>
              <td className="figure">{format(value)}</td>
              {against && <td className="figure">{limit === undefined ? words.none : format(limit)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  )
}

const WIDTH = 480
const HEIGHT = 150

/** Draws a column for each figure in their order, with the table of the same numbers below. */
export const Columns = ({
  title,
  rows,
  format,
  against,
}: {
  title: string
  rows: readonly Datum[]
  format(value: number): string
  against?: string
}) => {
  const { words } = useWords()
  const most = Math.max(...rows.map(({ value, against: expected = 0 }) => Math.max(value, expected)), 0) || 1
  const step = WIDTH / Math.max(1, rows.length)
  const heightOf = (value: number): number => (HEIGHT * value) / most
  const top = rows.reduce<Datum | undefined>((a, b) => (a && a.value >= b.value ? a : b), undefined)
  const [first, last] = [rows[0], rows.at(-1)]
  return (
    <figure className="chart">
      <figcaption>{title}</figcaption>
      <svg
        className="columns-chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={top ? words.charts.most(title, top.label, format(top.value)) : title}
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
      <details>
        <summary>{words.charts.table}</summary>
        <div className="scroll">
          <table aria-label={title}>
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
              {rows.map(({ key, label, value, against: expected }) => (
                <tr key={key}>
                  <th scope="row">{label}</th>
                  <td className="figure">{format(value)}</td>
                  {against && (
                    <td className="figure">{expected === undefined ? words.none : format(expected)}</td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  )
}
