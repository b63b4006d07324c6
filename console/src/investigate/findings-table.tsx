import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { flushSync } from 'react-dom'
import { useFormat } from '../parts/format.ts'
import { useSteps } from '../parts/keys.ts'
import { useWords } from '../words/words.tsx'
import { buyerOf, currencyOf, numberOf, supplierOf } from './findings.ts'
import { verdictOfKey } from './review-form.tsx'
import type { Reviewing } from './reviews.ts'
import type { Finding } from './shapes.ts'
import { COLUMNS, type Column, type View } from './view.ts'

/** The height of a row, in pixels: its cells beside each other, or below each other where the page is narrow. */
const ROW_PX = 56
const NARROW_ROW_PX = 104
const NARROW = matchMedia('(max-width: 48rem)')
const useNarrow = (): boolean =>
  useSyncExternalStore(
    (changed) => {
      NARROW.addEventListener('change', changed)
      return () => NARROW.removeEventListener('change', changed)
    },
    () => NARROW.matches,
  )

/** Rows that are printed at most; the report has all of them. */
const MOST_PRINTED = 1000

/** Tells whether the page is being printed; then all rows have to be there before the browser looks. */
const usePrinting = (): boolean => {
  const [isPrinting, setPrinting] = useState(false)
  useEffect(() => {
    const begin = (): void => flushSync(() => setPrinting(true))
    const end = (): void => setPrinting(false)
    addEventListener('beforeprint', begin)
    addEventListener('afterprint', end)
    return () => {
      removeEventListener('beforeprint', begin)
      removeEventListener('afterprint', end)
    }
  }, [])
  return isPrinting
}

/** Returns the party that a finding is about: its supplier, else its buyer. */
const nameOf = (finding: Finding): string => supplierOf(finding) || buyerOf(finding)

/** The findings as a table of which only the rows in sight are there; rows open by click and Enter. */
export const FindingsTable = ({
  findings,
  reviewing,
  view,
  open,
  onSort,
  onOpen,
}: {
  findings: readonly Finding[]
  reviewing: Reviewing
  view: View
  open: string | undefined
  onSort(sort: Column): void
  onOpen(finding: Finding): void
}) => {
  const { words } = useWords()
  const { money } = useFormat()
  const { investigate: say } = words
  const box = useRef<HTMLDivElement>(null)
  const wasOpen = useRef<string>(undefined)
  const isNarrow = useNarrow()
  const count = findings.length
  const rowPx = isNarrow ? NARROW_ROW_PX : ROW_PX
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    overscan: 8,
  })
  useEffect(() => virtual.measure(), [virtual, rowPx])
  const isPrinting = usePrinting()
  const seen = virtual.getVirtualItems()
  const rows = isPrinting
    ? findings.slice(0, MOST_PRINTED).map(({ anomaly_id }, index) => ({ index, key: anomaly_id }))
    : seen
  const before = isPrinting ? 0 : (seen[0]?.start ?? 0)
  const after = isPrinting ? 0 : virtual.getTotalSize() - (seen.at(-1)?.end ?? 0)

  // A finding that closes gives the focus back to its row, or to the table.
  useEffect(() => {
    if (open === undefined && wasOpen.current !== undefined) {
      const row = box.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(wasOpen.current)}"]`)
      ;(row ?? box.current)?.focus()
    }
    wasOpen.current = open
  }, [open])
  // A finding opened from beside, or by its address, is shown in the list.
  const opened = open === undefined ? -1 : findings.findIndex(({ anomaly_id }) => anomaly_id === open)
  useEffect(() => {
    if (opened >= 0) virtual.scrollToIndex(opened)
  }, [opened, virtual])

  const goTo = useCallback(
    (index: number): void => {
      const next = Math.min(Math.max(0, index), count - 1)
      virtual.scrollToIndex(next)
      requestAnimationFrame(() =>
        box.current?.querySelector<HTMLElement>(`[aria-rowindex="${next + 2}"]`)?.focus(),
      )
    },
    [virtual, count],
  )
  const begin = useCallback(() => goTo(virtual.range?.startIndex ?? 0), [goTo, virtual])
  useSteps(open === undefined ? begin : undefined)

  const move = (event: KeyboardEvent<HTMLTableRowElement>, index: number): void => {
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key]
    const finding = findings[index] as Finding
    const verdict = verdictOfKey(event.key)
    if (event.key === 'Enter') onOpen(finding)
    else if (verdict) {
      const { anomaly_id: id } = finding
      const note = reviewing.reviews.get(id)?.note ?? ''
      void reviewing.review(id, verdict === 'none' ? undefined : { verdict, note })
    } else if (step !== undefined) goTo(index + step)
    else return
    event.preventDefault()
  }

  return (
    <div className="findings-box" ref={box} tabIndex={-1}>
      <table className="findings" aria-label={say.findings} aria-rowcount={findings.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {COLUMNS.map((column) => (
              <th
                key={column}
                scope="col"
                className={column}
                aria-sort={view.sort === column ? view.order : 'none'}
              >
                <button type="button" onClick={() => onSort(column)}>
                  {say[column]}
                  <span aria-hidden="true">
                    {view.sort === column ? (view.order === 'ascending' ? ' ▲' : ' ▼') : ''}
                  </span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && (
            <tr aria-hidden="true" className="gap">
              <td colSpan={COLUMNS.length} style={{ height: before }} />
            </tr>
          )}
          {rows.map(({ index, key }) => {
            const finding = findings[index] as Finding
            const id = finding.anomaly_id
            const review = reviewing.reviews.get(id)
            return (
              <tr
                key={key}
                data-id={id}
                data-verdict={review?.verdict}
                tabIndex={0}
                aria-rowindex={index + 2}
                aria-selected={open === id}
                onClick={() => onOpen(finding)}
                onKeyDown={(event) => move(event, index)}
              >
                <td className="severity">
                  <span className={`severity-mark ${finding.severity}`}>
                    {say.severities[finding.severity]}
                  </span>
                </td>
                <td className="type" title={say.types[finding.anomaly_type]}>
                  {say.types[finding.anomaly_type] ?? finding.anomaly_type}
                </td>
                <td className="contract" title={numberOf(finding)}>
                  {numberOf(finding) || words.none}
                </td>
                <td className="supplier" title={`${supplierOf(finding)}\n${finding.title}`.trim()}>
                  {nameOf(finding) || finding.title}
                  {nameOf(finding) && <small>{finding.title}</small>}
                </td>
                <td className="amount">{money(finding.financial_impact, currencyOf(finding))}</td>
                <td className="review" title={review?.note}>
                  {review && (
                    <span className={`verdict-mark ${review.verdict}`}>{say.verdicts[review.verdict]}</span>
                  )}
                </td>
              </tr>
            )
          })}
          {after > 0 && (
            <tr aria-hidden="true" className="gap">
              <td colSpan={COLUMNS.length} style={{ height: after }} />
            </tr>
          )}
        </tbody>
      </table>
    </div>
  )
}
