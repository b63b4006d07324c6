import { useClient } from '@tributary/client/react'
import { useState } from 'react'
import { useFormat } from '../parts/format.ts'
import { useLoad } from '../parts/load.ts'
import { Scroll } from '../parts/parts.tsx'
import { useWords } from '../words/words.tsx'
import { CorrectionForm, type Corrections } from './corrections.tsx'
import type { Dataset, Investigation, Page } from './shapes.ts'
import { Starting } from './starting.tsx'

const EXAMPLES = 3

const DELIMITERS: Readonly<Record<string, string>> = { '\t': 'Tab', ';': ';', ',': ',', '|': '|' }

/** Shows how a file was read: figures, columns with examples, what was left out. A file at hand can be read again. */
export const Understood = ({
  dataset,
  before,
  onRead,
}: {
  dataset: Dataset
  /** The run that is run again. */
  before?: Investigation | undefined
  onRead?(corrections: Corrections): void
}) => {
  const client = useClient()
  const { words } = useWords()
  const { number } = useFormat()
  const { investigate: say } = words
  const [changes, setChanges] = useState<Record<string, string>>({})
  const {
    dataset_id: id,
    synthetic,
    columns,
    source = {},
    unmapped = [],
    warnings,
    rejects = [],
    currencies = {},
  } = dataset
  const examples = useLoad(
    id,
    async () =>
      (await client.api.get(
        `/api/v1/datasets/${encodeURIComponent(id)}/contracts?limit=${EXAMPLES}`,
      )) as Page<Record<string, unknown>>,
  )
  const asks = {
    buyer: columns.buyer_name === undefined && columns.buyer_id === undefined,
    currency: 'XXX' in currencies,
  }
  const headers = [...new Set([...Object.values(columns), ...unmapped])]
  const facts = (
    [
      [say.rows, number(dataset.rows)],
      [say.lines, dataset.lines === undefined ? undefined : number(dataset.lines)],
      [say.merged, dataset.merged ? number(dataset.merged) : undefined],
      [say.rejected, number(dataset.rejected ?? 0)],
      [say.currencies, Object.keys(currencies).join(', ') || undefined],
      [say.format, source.format],
      [say.encoding, source.encoding],
      [
        say.separator,
        source.delimiter == null ? undefined : (DELIMITERS[source.delimiter] ?? source.delimiter),
      ],
      [say.titleLines, source.title_lines],
      [say.sheet, source.sheet],
    ] as const
  ).filter(([, value]) => value !== undefined && value !== null)

  return (
    <div className="understood">
      <h2>
        {onRead ? `${say.understood}: ${dataset.name}` : say.understood}{' '}
        {synthetic && (
          <span className="badge" title={say.syntheticWhy}>
            {say.synthetic}
          </span>
        )}
      </h2>
      <dl className="facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Starting subject={{ dataset_id: id }} before={before} />
      {warnings.length > 0 && (
        <div className="notice">
          <h3>{say.warnings}</h3>
          <ul>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
          {onRead && (asks.buyer || asks.currency) && <CorrectionForm asks={asks} onRead={onRead} />}
        </div>
      )}
      <details open={warnings.length > 0}>
        <summary>{say.columns}</summary>
        <Scroll>
          <table>
            <thead>
              <tr>
                <th scope="col">{say.field}</th>
                <th scope="col">{say.column}</th>
                <th scope="col">{say.examples}</th>
              </tr>
            </thead>
            <tbody>
              {Object.entries(columns).map(([field, header]) => (
                <tr key={field}>
                  <th scope="row" title={field}>
                    {words.column[field] ?? field}
                  </th>
                  <td>
                    {onRead ? (
                      <select
                        aria-label={words.column[field] ?? field}
                        value={changes[field] ?? header}
                        onChange={({ target }) => setChanges((all) => ({ ...all, [field]: target.value }))}
                      >
                        {headers.map((one) => (
                          <option key={one}>{one}</option>
                        ))}
                      </select>
                    ) : (
                      header
                    )}
                  </td>
                  <td className="examples">
                    {examples.value?.items
                      .map((contract) => contract[field])
                      .filter((value) => value !== null && value !== undefined)
                      .map(String)
                      .join(' · ')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
        {unmapped.length > 0 && (
          <p>
            {say.unmapped}: {unmapped.join(', ')}
          </p>
        )}
        {onRead && Object.keys(changes).length > 0 && (
          <button type="button" onClick={() => onRead({ mapping: { ...columns, ...changes } })}>
            {say.remap}
          </button>
        )}
      </details>
      {rejects.length > 0 && (
        <details>
          <summary>
            {say.rejects} ({number(dataset.rejected ?? rejects.length)})
          </summary>
          <ul>
            {rejects.map(({ line, reason }) => (
              <li key={line}>
                {say.line(line)}: {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
