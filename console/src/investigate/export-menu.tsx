import { useFormat } from '../parts/format.ts'
import { useWords } from '../words/words.tsx'
import type { Reviews } from './findings.ts'
import { csvOf, jsonOf, saveFile } from './findings-file.ts'
import type { Finding } from './shapes.ts'
import { isFiltered, isServed, type View } from './view.ts'

/**
 * Lists the files that can be downloaded, and how many findings each has. Filters that the service knows go to it; with
 * others the file is made here, of exactly the rows that are shown.
 */
export const ExportMenu = ({
  id,
  view,
  shown,
  reviews,
}: {
  id: string
  view: View
  shown: readonly Finding[]
  reviews: Reviews
}) => {
  const { words, language } = useWords()
  const { number } = useFormat()
  const { investigate: say } = words
  const base = `/api/v1/investigations/${encodeURIComponent(id)}`
  const filters = new URLSearchParams({ lang: language })
  if (view.type) filters.set('type', view.type)
  if (view.severity) filters.set('severity', view.severity)
  const served = (format: string, more: Record<string, string> = {}) =>
    `${base}/anomalies/export?${new URLSearchParams([...filters, ['format', format], ...Object.entries(more)])}`
  const report = (format: string) => `${base}/report?${new URLSearchParams({ format, lang: language })}`
  const rows = (isFiltered(view) ? say.rowsShown : say.rowsAll)(number(shown.length), shown.length)
  const name = `investigation-${id}-anomalies`
  const files = [
    { label: say.exportCsv, href: served('csv'), make: () => csvOf(shown, reviews), file: `${name}.csv` },
    {
      label: say.exportExcel,
      href: served('csv', { for: 'excel' }),
      make: () => csvOf(shown, reviews, language),
      file: `${name}.csv`,
    },
    { label: say.exportJson, href: served('json'), make: () => jsonOf(shown, reviews), file: `${name}.json` },
  ]
  return (
    <details className="menu">
      <summary role="button">{say.export}</summary>
      <ul>
        {files.map(({ label, href, make, file }) => (
          <li key={label}>
            {isServed(view) ? (
              <a href={href} download>
                {label} ({rows})
              </a>
            ) : (
              <button type="button" className="quiet" onClick={() => saveFile(file, make())}>
                {label} ({rows})
              </button>
            )}
          </li>
        ))}
        <li>
          <a href={report('html')} target="_blank" rel="noreferrer">
            {say.exportReport}
          </a>
        </li>
        <li>
          <a href={report('md')} download>
            {say.exportMarkdown}
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
