import { useClient, useInvestigation } from '@tributary/client/react'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useQuery } from '../parts/address.ts'
import { useFormat } from '../parts/format.ts'
import { useLoad } from '../parts/load.ts'
import { Failure } from '../parts/parts.tsx'
import { useTitle } from '../parts/title.ts'
import { useWords } from '../words/words.tsx'
import { ExportMenu } from './export-menu.tsx'
import { FindingChips } from './finding-chips.tsx'
import { FindingFilters } from './finding-filters.tsx'
import { FindingPanel } from './finding-panel.tsx'
import { useShown } from './findings.ts'
import { FindingsTable } from './findings-table.tsx'
import { Overview } from './overview.tsx'
import { useRetold } from './retold.ts'
import { useReviews } from './reviews.ts'
import { useRules } from './rules.ts'
import { RunHeader } from './run-header.tsx'
import { RunNotices } from './run-notices.tsx'
import { RunProgress } from './run-progress.tsx'
import { type Dataset, type Finding, isEnd, type Investigation as Listed, titleOf } from './shapes.ts'
import { type Column, viewOf } from './view.ts'

/**
 * The findings under the reader's hand: while somebody reads further down or has one open, those that arrive wait.
 * @returns what is shown, how many wait, and a way to let them in
 */
const useCalm = (findings: readonly Finding[], isBusy: boolean) => {
  const [held, setHeld] = useState<number>()
  if (isBusy && held === undefined) setHeld(findings.length)
  if (!isBusy && held !== undefined) setHeld(undefined)
  const count = isBusy ? held : undefined
  const shown = useMemo(() => findings.slice(0, count), [findings, count])
  return { shown, waiting: findings.length - shown.length, admit: () => setHeld(findings.length) }
}

/** One investigation: how far it is, what it found, and one finding opened beside. */
export default function Investigation({ id, finding: openId }: { id: string; finding?: string | undefined }) {
  const client = useClient()
  const { words } = useWords()
  const { number } = useFormat()
  const { investigate: say } = words
  const [, navigate] = useLocation()
  const [query, change] = useQuery()
  const view = useMemo(() => viewOf(query), [query])
  const run = useInvestigation(id)
  const reviewing = useReviews(id)
  const listed = useLoad(
    id,
    async () => (await client.api.get(`/api/v1/investigations/${encodeURIComponent(id)}`)) as Listed,
  )
  // What a run allows changes as it goes on.
  useEffect(listed.reload, [run.status])
  const dataset = listed.value?.dataset_id ?? undefined
  const file = useLoad(
    dataset,
    async () => (await client.api.get(`/api/v1/datasets/${encodeURIComponent(dataset ?? '')}`)) as Dataset,
  )
  const rules = useRules()
  const [isReading, setReading] = useState(false)

  const status = listed.value?.status === 'paused' ? 'paused' : run.status
  const isOver = isEnd(status)
  const findings = useRetold(run.anomalies, listed.value, isOver)
  const { shown: calm, waiting, admit } = useCalm(findings, isReading || openId !== undefined)
  const { reviews } = reviewing
  const shown = useShown(calm, view, reviews)
  const opened = findings.find(({ anomaly_id }) => anomaly_id === openId)

  const search = query.toString()
  const path = `/investigations/${id}`
  const open = useCallback(
    (one: Finding) =>
      navigate(`${path}/findings/${one.anomaly_id}${location.search}`, { replace: openId !== undefined }),
    [navigate, path, openId],
  )
  const close = useCallback(
    () => navigate(search === '' ? path : `${path}?${search}`),
    [navigate, path, search],
  )
  const sort = (by: Column): void => {
    const isSame = view.sort === by
    change({ sort: by, order: isSame && view.order === 'descending' ? 'ascending' : 'descending' })
  }
  const complete = run.result?.type === 'complete' ? run.result : undefined
  const skipped = useMemo(
    () => new Map(complete?.skipped.map(({ anomaly_type, reason }) => [anomaly_type, reason])),
    [complete],
  )
  useTitle(opened?.title ?? titleOf(listed.value, file.value?.name))
  const at = opened ? shown.indexOf(opened) : -1
  const isCharts = query.get('show') === 'charts'

  if (run.error)
    return (
      <div className="page">
        <h1>{say.title}</h1>
        <Failure error={run.error} />
      </div>
    )
  return (
    <div
      className={['page investigation', opened && 'with-finding', isCharts && 'with-charts']
        .filter(Boolean)
        .join(' ')}
    >
      <div className="story">
        <RunHeader
          id={id}
          listed={listed.value}
          file={file.value?.name}
          status={status}
          onChanged={listed.reload}
        >
          <ExportMenu id={id} view={view} shown={shown.length} />
        </RunHeader>
        <div className="state">
          {file.value && dataset && (
            <Link className="file" href={`/datasets/${encodeURIComponent(dataset)}`}>
              {titleOf(listed.value, file.value.name) === file.value.name ? say.toDataset : file.value.name}
            </Link>
          )}
          <span className={`badge ${status}`}>{say.status[status]}</span>
          <RunProgress run={run} status={status} />
          {complete && <RunNotices complete={complete} />}
        </div>
        <FindingChips
          findings={findings}
          kinds={listed.value?.anomaly_types}
          skipped={skipped}
          view={view}
          onChange={change}
        />
        <div className="filters" role="search">
          <div className="tabs">
            {(['', 'charts'] as const).map((show) => (
              <button
                key={show}
                type="button"
                aria-pressed={isCharts === (show === 'charts')}
                onClick={() => change({ show })}
              >
                {show === '' ? say.findings : say.charts}
              </button>
            ))}
          </div>
          <FindingFilters findings={findings} reviews={reviews} view={view} onChange={change} />
          <span className="count" role="status">
            {say.count(number(shown.length), number(findings.length))}
          </span>
          {waiting > 0 && (
            <button type="button" className="primary news" onClick={admit}>
              {say.more(waiting)}
            </button>
          )}
        </div>
        {isCharts ? (
          <Overview
            findings={shown}
            dataset={dataset}
            onSupplier={(supplier) => change({ supplier, show: '' }, false)}
          />
        ) : (
          <>
            {findings.length === 0 && isOver && <p className="empty">{say.noFindings}</p>}
            {findings.length > 0 && shown.length === 0 && <p className="empty">{say.noMatch}</p>}
            {shown.length > 0 && (
              <div
                className="list-box"
                onScrollCapture={({ target }) => setReading((target as HTMLElement).scrollTop > 0)}
              >
                <FindingsTable
                  findings={shown}
                  reviewing={reviewing}
                  view={view}
                  open={openId}
                  onSort={sort}
                  onOpen={open}
                />
              </div>
            )}
          </>
        )}
      </div>
      {opened && (
        <FindingPanel
          key={opened.anomaly_id}
          finding={opened}
          reviewing={reviewing}
          dataset={dataset}
          thresholds={listed.value?.thresholds?.[opened.anomaly_type]}
          rule={rules?.find(({ anomaly_type }) => anomaly_type === opened.anomaly_type)}
          place={at < 0 ? undefined : { at, of: shown.length }}
          onStep={(step) => {
            const next = shown[at + step]
            if (next) open(next)
          }}
          onClose={close}
        />
      )}
    </div>
  )
}
