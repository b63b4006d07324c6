import { useFormat } from '../parts/format.ts'
import { useWords } from '../words/words.tsx'
import { filterOf, isFiltered, type View } from './view.ts'

/** Lists the files and reports that can be downloaded: each has the findings that are shown, and names their number. */
export const ExportMenu = ({ id, view, shown }: { id: string; view: View; shown: number }) => {
  const { words, language } = useWords()
  const { number } = useFormat()
  const { investigate: say } = words
  const path = (kind: 'anomalies/export' | 'report', more: Record<string, string>): string => {
    const query = new URLSearchParams({ lang: language, ...more })
    for (const [name, value] of Object.entries(filterOf(view)))
      if (value !== undefined && value !== '') query.set(name, String(value))
    return `/api/v1/investigations/${encodeURIComponent(id)}/${kind}?${query}`
  }
  const rows = (isFiltered(view) ? say.rowsShown : say.rowsAll)(number(shown), shown)
  const files = [
    [say.exportCsv, path('anomalies/export', { format: 'csv' })],
    [say.exportExcel, path('anomalies/export', { format: 'csv', for: 'excel' })],
    [say.exportJson, path('anomalies/export', { format: 'json' })],
    [say.exportMarkdown, path('report', { format: 'md' })],
  ] as const
  return (
    <details className="menu">
      <summary role="button">{say.export}</summary>
      <ul>
        {files.map(([label, href]) => (
          <li key={label}>
            <a href={href} download>
              {label} ({rows})
            </a>
          </li>
        ))}
        <li>
          <a href={path('report', { format: 'html' })} target="_blank" rel="noreferrer">
            {say.exportReport} ({rows})
          </a>
        </li>
        <li>
          <button type="button" className="quiet" onClick={() => print()}>
            {say.print}
          </button>
        </li>
      </ul>
    </details>
  )
}
