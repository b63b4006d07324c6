import { useClient, useInvestigation } from '@tributary/client/react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { useQuery } from '../parts/address.ts'
import { useFormat } from '../parts/format.ts'
import { useLoad } from '../parts/load.ts'
import { Bars, Dialog, Failure } from '../parts/parts.tsx'
import { useWords } from '../words/words.tsx'
import { FindingPanel } from './finding-panel.tsx'
import { bySupplier, countsOf, shownBy, type View } from './findings.ts'
import { FindingsTable } from './findings-table.tsx'
import { type Finding, type Investigation as Listed, type Page, type Rule, SEVERITIES } from './shapes.ts'

const MOST_BARS = 8

const viewOf = (query: URLSearchParams): View => ({
  text: query.get('q') ?? '',
  type: query.get('type') ?? '',
  severity: query.get('severity') ?? '',
  sort: (query.get('sort') as View['sort'] | null) ?? 'severity',
  order: query.get('order') === 'ascending' ? 'ascending' : 'descending',
})

/**
 * The findings under the reader's hand: while somebody reads further down or has one open, those that arrive wait.
 * @returns what is shown, how many wait, and a way to let them in
 */
const useCalm = (findings: readonly Finding[], isBusy: boolean) => {
  const [shown, setShown] = useState(findings)
  useEffect(() => {
    if (!isBusy) setShown(findings)
  }, [findings, isBusy])
  return { shown, waiting: findings.length - shown.length, admit: () => setShown(findings) }
}

const Share = ({ id, onClose }: { id: string; onClose(): void }) => {
  const client = useClient()
  const { words } = useWords()
  const [name, setName] = useState('')
  const [done, setDone] = useState<string>()
  const [error, setError] = useState<Error>()
  const share = async (): Promise<void> => {
    try {
      const answer = await client.api.post(
        `/api/v1/investigations/${encodeURIComponent(id)}/share`,
        name.trim() === '' ? { public: true } : { username: name.trim() },
      )
      setDone((answer as { shared_with: string }).shared_with)
      setError(undefined)
    } catch (failure) {
      setError(failure as Error)
    }
  }
  return (
    <Dialog title={words.investigate.share} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void share()
        }}
      >
        <label>
          {words.investigate.shareWith}
          <input value={name} onChange={({ target }) => setName(target.value)} />
        </label>
        <button type="submit" className="primary">
          {words.investigate.share}
        </button>
        {done && <p role="status">{words.investigate.shared(done)}</p>}
        {error && <Failure error={error} />}
      </form>
    </Dialog>
  )
}

const ExportMenu = ({ id, view }: { id: string; view: View }) => {
  const { words, language } = useWords()
  const { investigate: say } = words
  const base = `/api/v1/investigations/${encodeURIComponent(id)}`
  const filters = new URLSearchParams({ lang: language })
  if (view.type) filters.set('type', view.type)
  if (view.severity) filters.set('severity', view.severity)
  const file = (format: string, more: Record<string, string> = {}) =>
    `${base}/anomalies/export?${new URLSearchParams([...filters, ['format', format], ...Object.entries(more)])}`
  const report = (format: string) => `${base}/report?${new URLSearchParams({ format, lang: language })}`
  return (
    <details className="menu">
      <summary role="button">{say.export}</summary>
      <ul>
        <li>
          <a href={file('csv')} download>
            {say.exportCsv}
          </a>
        </li>
        <li>
          <a href={file('csv', { for: 'excel' })} download>
            {say.exportExcel}
          </a>
        </li>
        <li>
          <a href={file('json')} download>
            {say.exportJson}
          </a>
        </li>
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
      </ul>
    </details>
  )
}

/** One investigation: how far it is, what it found, and one finding opened beside. */
export default function Investigation({ id, finding: openId }: { id: string; finding?: string | undefined }) {
  const client = useClient()
  const { words, language } = useWords()
  const { number, money } = useFormat()
  const { investigate: say } = words
  const [, navigate] = useLocation()
  const [query, change] = useQuery()
  const view = useMemo(() => viewOf(query), [query])
  const run = useInvestigation(id)
  const listed = useLoad(
    `${id}/${run.status}`,
    () => client.api.get(`/api/v1/investigations/${encodeURIComponent(id)}`) as Promise<Listed>,
  )
  const rules = useLoad(
    `rules/${language}`,
    () => client.api.get(`/api/v1/anomaly-types?lang=${language}`) as Promise<Page<Rule>>,
  )
  const [isSharing, setSharing] = useState(false)
  const [error, setError] = useState<Error>()
  const page = useRef<HTMLDivElement>(null)
  const [isReading, setReading] = useState(false)

  const { shown: calm, waiting, admit } = useCalm(run.anomalies, isReading || openId !== undefined)
  const shown = useMemo(() => shownBy(calm, view), [calm, view])
  const opened = run.anomalies.find(({ anomaly_id }) => anomaly_id === openId)
  const status = listed.value?.status === 'paused' ? 'paused' : run.status
  const isOver = status === 'completed' || status === 'failed' || status === 'cancelled'
  const progress = run.result ? 100 : (run.progress?.progress ?? 0)

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
  const sort = (by: View['sort']): void => {
    const isSame = view.sort === by
    change({ sort: by, order: isSame && view.order === 'descending' ? 'ascending' : 'descending' })
  }
  const command = async (verb: 'cancel' | 'pause' | 'resume'): Promise<void> => {
    try {
      await client.api.post(`/api/v1/investigations/${encodeURIComponent(id)}/${verb}`)
      setError(undefined)
      listed.reload()
    } catch (failure) {
      setError(failure as Error)
    }
  }
  const byType = countsOf(run.anomalies, 'anomaly_type')
  const bySeverity = countsOf(run.anomalies, 'severity')
  const complete = run.result?.type === 'complete' ? run.result : undefined
  const isFiltered = view.text !== '' || view.type !== '' || view.severity !== ''

  if (run.error) return <Failure error={run.error} />
  return (
    <div className={opened ? 'page investigation with-finding' : 'page investigation'} ref={page}>
      <div className="story">
        <header className="run">
          <h1>{listed.value?.query ?? say.title}</h1>
          <span className={`badge ${status}`}>{say.status[status]}</span>
          <span className="spacer" />
          {!isOver && status !== 'paused' && (
            <button type="button" onClick={() => void command('pause')}>
              {say.pause}
            </button>
          )}
          {status === 'paused' && (
            <button type="button" onClick={() => void command('resume')}>
              {say.resume}
            </button>
          )}
          {!isOver && (
            <button type="button" onClick={() => void command('cancel')}>
              {say.stop}
            </button>
          )}
          <button type="button" onClick={() => setSharing(true)}>
            {say.share}
          </button>
          <ExportMenu id={id} view={view} />
        </header>
        {error && <Failure error={error} />}
        {!isOver && <progress aria-label={say.progress} value={progress} max={100} />}
        <p className="phase" role="status">
          {!isOver && run.progress?.current_phase && `${say.phases[run.progress.current_phase]} · `}
          {run.progress &&
            !isOver &&
            say.processed(number(run.progress.records_processed), number(run.progress.records_total))}
          {complete &&
            `${say.risk(number(complete.risk_score))} · ${say.processed(number(complete.records_processed), number(complete.records_processed))} ${say.time(complete.execution_time)}`}
          {run.result?.type === 'error' && run.result.message}
        </p>
        {complete && complete.warnings.length > 0 && (
          <details className="notice">
            <summary>
              {say.warnings} ({complete.warnings.length})
            </summary>
            <ul>
              {complete.warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          </details>
        )}
        {complete && complete.skipped.length > 0 && (
          <details className="notice">
            <summary>
              {say.skipped} ({complete.skipped.length})
            </summary>
            <ul>
              {complete.skipped.map(({ anomaly_type, reason }) => (
                <li key={anomaly_type}>
                  <strong>{say.types[anomaly_type]}</strong>: {reason}
                </li>
              ))}
            </ul>
          </details>
        )}
        {run.anomalies.length > 0 && (
          <details className="overview" open>
            <summary>{say.overview}</summary>
            <div className="columns">
              <Bars
                title={say.byType}
                rows={[...byType].map(([type, value]) => ({
                  key: type,
                  label: say.types[type] ?? type,
                  value,
                }))}
                format={number}
              />
              <Bars
                title={say.bySupplier}
                rows={bySupplier(run.anomalies, MOST_BARS)}
                format={(value) => money(value)}
              />
            </div>
          </details>
        )}
        <div className="filters" role="search">
          <input
            type="search"
            aria-label={say.searchFindings}
            placeholder={say.searchFindings}
            value={view.text}
            onChange={({ target }) => change({ q: target.value })}
          />
          <select
            aria-label={say.type}
            value={view.type}
            onChange={({ target }) => change({ type: target.value })}
          >
            <option value="">
              {say.type}: {say.all}
            </option>
            {[...byType].map(([type, n]) => (
              <option key={type} value={type}>
                {say.types[type] ?? type} ({number(n)})
              </option>
            ))}
          </select>
          <select
            aria-label={say.severity}
            value={view.severity}
            onChange={({ target }) => change({ severity: target.value })}
          >
            <option value="">
              {say.severity}: {say.all}
            </option>
            {SEVERITIES.filter((severity) => bySeverity.has(severity)).map((severity) => (
              <option key={severity} value={severity}>
                {say.severities[severity]} ({number(bySeverity.get(severity) ?? 0)})
              </option>
            ))}
          </select>
          {isFiltered && (
            <button type="button" onClick={() => change({ q: '', type: '', severity: '' })}>
              {say.clear}
            </button>
          )}
          <span className="count" role="status">
            {say.count(number(shown.length), number(run.anomalies.length))}
          </span>
          {waiting > 0 && (
            <button type="button" className="primary news" onClick={admit}>
              {say.more(waiting)}
            </button>
          )}
        </div>
        {run.anomalies.length === 0 && isOver && <p className="empty">{say.noFindings}</p>}
        {run.anomalies.length > 0 && shown.length === 0 && <p className="empty">{say.noMatch}</p>}
        {shown.length > 0 && (
          <div onScrollCapture={({ target }) => setReading((target as HTMLElement).scrollTop > 0)}>
            <FindingsTable findings={shown} view={view} open={openId} onSort={sort} onOpen={open} />
          </div>
        )}
      </div>
      {opened && (
        <FindingPanel
          finding={opened}
          rule={rules.value?.items.find(({ anomaly_type }) => anomaly_type === opened.anomaly_type)}
          onClose={close}
        />
      )}
      {isSharing && <Share id={id} onClose={() => setSharing(false)} />}
    </div>
  )
}
