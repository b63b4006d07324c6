import { useClient } from '@tributary/client/react'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useFormat } from '../parts/format.ts'
import { useLoad } from '../parts/load.ts'
import { Failure, Loading } from '../parts/parts.tsx'
import { useWords } from '../words/words.tsx'
import type { Dataset, Investigation, Page } from './shapes.ts'
import { Upload } from './upload.tsx'

const Recent = () => {
  const client = useClient()
  const { words } = useWords()
  const { moment, number } = useFormat()
  const { value, error, isLoading, reload } = useLoad(
    'investigations',
    () => client.api.get('/api/v1/investigations?limit=50') as Promise<Page<Investigation>>,
  )
  return (
    <section aria-labelledby="recent">
      <h2 id="recent">{words.investigate.recent}</h2>
      {isLoading && <Loading />}
      {error && <Failure error={error} retry={reload} />}
      {value?.items.length === 0 && <p className="empty">{words.investigate.noRecent}</p>}
      <ul className="cards">
        {value?.items.map(({ investigation_id: id, query, status, anomalies_detected, created_at }) => (
          <li key={id}>
            <Link href={`/investigations/${id}`}>
              <strong>{query}</strong>
              <span className={`badge ${status}`}>{words.investigate.status[status]}</span>
              <small>
                {words.investigate.count(number(anomalies_detected), number(anomalies_detected))} ·{' '}
                {moment(created_at)}
              </small>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

const Datasets = ({ onStart }: { onStart(datasetId: string): void }) => {
  const client = useClient()
  const { words } = useWords()
  const { number } = useFormat()
  const { value, error, reload } = useLoad(
    'datasets',
    () => client.api.get('/api/v1/datasets?limit=50') as Promise<Page<Dataset>>,
  )
  return (
    <section aria-labelledby="datasets">
      <h2 id="datasets">{words.investigate.datasets}</h2>
      {error && <Failure error={error} retry={reload} />}
      <ul className="cards">
        {value?.items.map(({ dataset_id: id, name, rows, synthetic }) => (
          <li key={id}>
            <Link href={`/datasets/${encodeURIComponent(id)}`}>
              <strong>{name}</strong>
              {synthetic && (
                <span className="badge" title={words.investigate.syntheticWhy}>
                  {words.investigate.synthetic}
                </span>
              )}
              <small>
                {words.investigate.rows}: {number(rows)}
              </small>
            </Link>
            {synthetic && (
              <button type="button" onClick={() => onStart(id)}>
                {words.investigate.sample}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The page one begins on: a file in, an investigation out. */
export const Home = () => {
  const client = useClient()
  const { words, language } = useWords()
  const [, navigate] = useLocation()
  const [error, setError] = useState<Error>()
  const start = async (dataset_id: string): Promise<void> => {
    setError(undefined)
    const run = client.investigate({ query: words.investigate.queryDefault, dataset_id, language })
    try {
      const { investigation_id } = await run.started
      navigate(`/investigations/${investigation_id}`)
    } catch (failure) {
      setError(failure as Error)
    } finally {
      run.detach()
    }
  }
  return (
    <div className="page home">
      <h1>{words.investigate.title}</h1>
      <Upload onStart={start} />
      {error && <Failure error={error} />}
      <div className="columns">
        <Recent />
        <Datasets onStart={start} />
      </div>
    </div>
  )
}
